"""Rows of what was refused; and the teacher's second word on texts. A refused picture is not kept: nothing can be allowed.

A refusal ends its request with an error, which rolls the request's transaction back. So within a request rows are noted and
written by `RefusalMiddleware`, outside of that transaction; elsewhere at once.
"""

import uuid
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from ij8.accounts.access import access_cohort
from ij8.accounts.models import Cohort, CohortMembership, Membership, Notice
from ij8.accounts.notices import notify
from ij8.core.errors import Conflict, Forbidden, NotFound
from ij8.safety.bands import is_minor, is_newcomer
from ij8.safety.filter import Hit
from ij8.safety.models import Allowance, Refusal

LONGEST_TEXT = 4000
MOST_A_DAY = 200  # rows of one person, or of all at the door of a class; more say nothing new
_noted: ContextVar[list["Noted"] | None] = ContextVar("refusals", default=None)


@dataclass(frozen=True)
class Noted:
    member: Membership
    text: str
    where: str
    digest: str
    hits: list[Hit]
    cohort_id: uuid.UUID | None


def keep(member: Membership, text: str, where: str, *, digest: str, hits: list[Hit], cohort_id: uuid.UUID | None) -> None:
    """Notes the refusal; it is written at the end of the request, or now where there is none."""
    noted = Noted(member, text[:LONGEST_TEXT], where, digest, hits, cohort_id)
    waiting = _noted.get()
    if waiting is None:
        _write(noted)
    else:
        waiting.append(noted)


class RefusalMiddleware:
    """Stands outside of the request's transaction, which a refusal rolls back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        waiting: list[Noted] = []
        token = _noted.set(waiting)
        try:
            return self.get_response(request)
        finally:
            _noted.reset(token)
            for noted in waiting:
                _write(noted)


def _write(noted: Noted) -> None:
    if is_newcomer(noted.member) and noted.cohort_id is None:
        return  # whoever has no class yet has no teacher who could overrule it
    member = None if is_newcomer(noted.member) else noted.member  # who is refused at the door never was a member
    whose: dict[str, Any] = {"member": member} if member else {"member": None, "cohort_id": noted.cohort_id}
    categories = sorted({hit.category for hit in noted.hits})
    row = {
        "school_id": noted.member.school_id, "cohort_id": noted.cohort_id, "text": noted.text, "last_at": timezone.now(),
        "categories": categories, "hits": [{"word": hit.word, "category": hit.category} for hit in noted.hits],
    }  # fmt: skip
    is_distress = "self_harm" in categories
    with transaction.atomic():
        same = Refusal.objects.filter(**whose, where=noted.where, digest=noted.digest)
        if not same.update(**row, times=F("times") + 1, overruled_at=None, overruled_by=None):
            if _is_full(whose, is_distress):
                return
            Refusal.objects.get_or_create(**whose, where=noted.where, digest=noted.digest, defaults=row)
        if is_distress and noted.where != Refusal.Where.ANSWER and is_minor(noted.member):
            _tell_of_distress(same.get(), noted.member)


def _is_full(whose: dict[str, Any], is_distress: bool) -> bool:
    """Of words of distress and of all others apart: no number of others keeps the first from being heard."""
    today = Refusal.objects.filter(**whose, created__date=timezone.localdate())
    held = Q(categories__contains=["self_harm"])
    return today.filter(held if is_distress else ~held).count() >= MOST_A_DAY


def _tell_of_distress(found: Refusal, member: Membership) -> None:
    """Everybody who looks after her, once a day of the same words."""
    kind = "picture_of_distress" if found.is_picture else "words_of_distress"
    today = Notice.objects.filter(kind=kind, created__date=timezone.localdate(), params__refusal=str(found.pk))
    leaders = leaders_of(member, found.cohort_id)
    name = str(member.user) if found.member_id else _("Somebody at the door of the class")
    url = f"/classes/{found.cohort_id}/refusals/" if found.cohort_id else ""
    told = today.filter(member__in=leaders).values_list("member", flat=True)
    notify(leaders.exclude(pk__in=list(told)), kind, {"name": name, "refusal": str(found.pk)}, url)


def leaders_of(member: Membership, cohort_id: uuid.UUID | None) -> QuerySet[Membership]:
    """Who looks after this person: who leads the class, or outside of one all her classes; else the school's admins."""
    classes = [cohort_id] if cohort_id else list(member.cohorts.in_force().values_list("cohort_id", flat=True))
    leading = CohortMembership.objects.in_force().filter(cohort__in=classes, role__in=CohortMembership.LEADING)
    rows = Membership.objects.filter(school_id=member.school_id, active=True).exclude(pk=member.pk)
    led = rows.filter(pk__in=leading.values("member"))
    return led if led.exists() else rows.filter(role=Membership.Role.ADMIN)


def refusals_of(cohort: Cohort) -> QuerySet[Refusal]:
    """Of the pupils of a class: made in it, or outside of any class; and of those who were refused at its door. Newest first."""
    pupils = CohortMembership.objects.in_force().filter(cohort=cohort, role=CohortMembership.Role.STUDENT).values("member")
    whose = Q(Q(cohort=cohort) | Q(cohort=None), member__in=pupils) | Q(cohort=cohort, member=None)
    rows = Refusal.objects.filter(whose, school_id=cohort.school_id)
    return rows.select_related("member__user", "overruled_by__user").order_by("-last_at", "-id")


def overrule(*, cohort_id: uuid.UUID, refusal_id: uuid.UUID, by: Membership, for_class: bool) -> Refusal:
    """This very text passes from now on, for that pupil or for the class; the pupil is told."""
    cohort = access_cohort(by, cohort_id, "teach")
    with transaction.atomic():
        found = refusals_of(cohort).select_for_update(of=("self",)).filter(pk=refusal_id).first()
        if found is None:
            raise NotFound()
        if found.member_id == by.pk:
            raise Forbidden(_("Somebody else decides about your own words."))
        if found.is_picture:
            raise Conflict(_("This picture was not kept, so it cannot be allowed."), code="not_kept")
        if found.overruled_at:
            raise Conflict(_("This has been allowed already."), code="overruled")
        target = {"cohort": cohort} if for_class or found.member is None else {"member": found.member}
        Allowance.objects.get_or_create(digest=found.digest, **target, defaults={"school_id": by.school_id, "by": by})
        found.overruled_by, found.overruled_at = by, timezone.now()
        found.save(update_fields=["overruled_by", "overruled_at"])
        told = {"teacher": str(by.user), "words": found.text[:80]}
        notify([found.member] if found.member else [], "refusal_overruled", told)
    return found


def take_back(*, cohort_id: uuid.UUID, refusal_id: uuid.UUID, by: Membership) -> None:
    """The text is refused again."""
    cohort = access_cohort(by, cohort_id, "teach")
    with transaction.atomic():
        found = refusals_of(cohort).select_for_update(of=("self",)).filter(pk=refusal_id).first()
        if found is None:
            raise NotFound()
        of_hers = Q(member_id=found.member_id) if found.member_id else Q(pk__in=())
        Allowance.objects.filter(of_hers | Q(cohort=cohort), digest=found.digest).delete()
        Refusal.objects.filter(pk=found.pk).update(overruled_at=None, overruled_by=None)
