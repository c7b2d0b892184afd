"""What waits for an answer: which requests a member may decide, which are her own, and each as a page shows it."""

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ij8.accounts.asks import ASKS, decide
from ij8.accounts.models import Ask, Membership, User
from ij8.accounts.opening.people import welcome_url
from ij8.accounts.settings_forms import HouseForm
from ij8.core.errors import Invalid, NotFound
from ij8.core.paging import Order, Page, page

BESIDE = ("asked_by__user", "decided_by__user", "school")
NEWEST, LATEST_DECIDED = Order("created"), Order("decided_at")


@dataclass(frozen=True)
class Shown:
    """One request on a page. `form`: the decider's choices, bound after a failed send; None where there are none."""

    ask: Ask
    label: str
    sentence: str
    form: forms.Form | None = None
    answered_at: str = ""


def kinds_of(*, platform: bool) -> list[str]:
    return [name for name in ASKS if ASKS[name].decided_by_platform == platform]


def asks_for(member: Membership) -> QuerySet[Ask]:
    """Of the member's school: all of it for its admins, for others what their kinds say concerns them, none of their own."""
    rows = Ask.objects.filter(school_id=member.school_id, kind__in=kinds_of(platform=False))
    if member.role == Membership.Role.ADMIN:
        return rows
    mine = Q(pk__in=())
    for name in kinds_of(platform=False):
        if concerns := getattr(ASKS[name], "concerns", None):
            mine |= Q(kind=name) & Q(pk__in=Ask.objects.filter(concerns(member), school_id=member.school_id).values("pk"))
    return rows.filter(mine).exclude(asked_by=member)


def asks_for_platform() -> QuerySet[Ask]:
    return Ask.objects.filter(kind__in=kinds_of(platform=True))


def own_asks(member: Membership) -> QuerySet[Ask]:
    return Ask.objects.filter(asked_by=member)


def open_page(rows: QuerySet[Ask], cursor: str | None) -> Page[Ask]:
    return page(rows.filter(state=Ask.State.OPEN), cursor=cursor, order=NEWEST, beside=BESIDE)


def decided_page(rows: QuerySet[Ask], cursor: str | None) -> Page[Ask]:
    return page(rows.exclude(state=Ask.State.OPEN), cursor=cursor, order=LATEST_DECIDED, beside=BESIDE)


def access_ask(rows: QuerySet[Ask], ask_id: uuid.UUID) -> Ask:
    """Of the `rows` that somebody may see."""
    ask = rows.filter(pk=ask_id).select_related(*BESIDE).first()
    if ask is None:
        raise NotFound()
    return ask


def shown(ask: Ask) -> Shown:
    kind = ASKS[ask.kind]
    try:
        says = kind.describe(ask)
        form = form_of(ask) if ask.state == Ask.State.OPEN else None
    except NotFound:  # the list must not fail because one thing was taken away meanwhile
        says, form = _("What this was about is gone."), None
    at = getattr(kind, "answered_at", None)
    return Shown(ask, str(kind.label), says, form, at(ask) if at else "")


def shown_all(asks: list[Ask]) -> list[Shown]:
    for name in {ask.kind for ask in asks}:
        if gather := getattr(ASKS[name], "gather", None):
            gather([ask for ask in asks if ask.kind == name])
    return [shown(ask) for ask in asks]


def form_of(ask: Ask, sent: Any = None) -> forms.Form | None:
    """Its fields carry the request's id, since several stand on one page."""
    make = getattr(ASKS[ask.kind], "form", None)
    if make is None:
        return None
    form: forms.Form = make(ask, sent)
    form.prefix = ask.pk.hex
    return form


class AnswerForm(HouseForm):
    LONGEST = Ask._meta.get_field("answer").max_length or 0

    answer = forms.CharField(required=False, max_length=LONGEST, strip=True)


def answer_ask(*, ask: Ask, by: Membership, grant: bool, sent: Any) -> tuple[Ask, forms.Form | None]:
    """The decided request and None, or the request and its form with what is wrong in it."""
    words = AnswerForm(sent)
    if not words.is_valid():
        raise Invalid(str(words.errors["answer"][0]), field="answer", allowed=f"at most {AnswerForm.LONGEST} characters")
    form = form_of(ask, sent) if grant else None
    if form is not None and not form.is_valid():
        return ask, form
    values = form.cleaned_data if form is not None else None
    return decide(ask_id=ask.pk, by=by, grant=grant, answer=words.cleaned_data["answer"], values=values), None


def way_in(ask: Ask) -> str:
    """Where no mail is set up: the link for the decider to hand to somebody whose account the granting made; else ""."""
    if settings.EMAIL_CONNECTED or ask.state != Ask.State.GRANTED or "email" not in ask.details:
        return ""
    user = User.objects.filter(email__iexact=ask.details["email"]).first()
    return welcome_url(user) if user else ""


def platform_deciders() -> QuerySet[Membership]:
    """Wherever they act: a platform admin of several schools is told in each of them."""
    role = User.PlatformRole.ADMIN
    return Membership.objects.filter(user__platform_role=role, user__is_active=True, active=True)


def admins_of(school_id: uuid.UUID) -> QuerySet[Membership]:
    return Membership.objects.filter(school_id=school_id, role=Membership.Role.ADMIN, active=True, user__is_active=True)
