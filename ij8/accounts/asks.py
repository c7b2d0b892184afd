"""What people ask for and others decide: one table, a kind each. An app brings a kind by one class and one line in its `ready()`.

Two who decide at once: the first is heard, the second gets Conflict.
"""

import uuid
from typing import Any, Protocol

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from pydantic import BaseModel

from ij8.accounts.models import Ask, Membership, School, User
from ij8.accounts.notices import notify
from ij8.core.errors import Conflict, Forbidden, NotFound
from ij8.core.registry import Registry


class AskKind(Protocol):
    """`decided_by_platform`: on /platform/requests/ instead of /school/requests/.

    A kind may also have
    `form(ask, sent=None) -> Form`: what the decider chooses, on the page of requests; its `cleaned_data` are the `values` of
    `grant`. `sent` is the POST.
    `concerns(member) -> Q`: which requests of this kind the member may decide, as a filter over Ask, for those who are no
    admins of the school (whose pages show all of it): teachers of the asker's classes, say. It agrees with `deciders`.
    `gather(asks)`: fetches at once what `describe` and `form` need of many, so that a list asks as often for 40 as for two.
    `answered_at(ask) -> str`: the address at which it is granted, where that takes more than a click; "" for here.
    """

    label: Promise | str
    decided_by_platform: bool
    Details: type[BaseModel]

    def deciders(self, ask: Ask) -> "QuerySet[Membership]":
        """Who may decide, and is told of it."""

    def describe(self, ask: Ask) -> str:
        """One sentence for the decider: who wants what."""

    def grant(self, ask: Ask, by: Membership, values: dict[str, Any]) -> None:
        """Does what was asked, within the deciding transaction. `values`: what the decider chose (an amount, an end date)."""


ASKS: Registry[AskKind] = Registry("kind of request")


def make_ask(
    *, kind: str, school: School, asked_by: Membership | None, details: BaseModel, words: str = "", url: str = ""
) -> Ask:
    """Raises Conflict when the same person asks for the same thing while it is open. `url`: what the deciders' notice leads to,
    the page of requests unless said."""
    found = ASKS[kind]
    shape = found.Details.model_validate(details.model_dump()).model_dump(mode="json")
    with transaction.atomic():
        if asked_by and Ask.objects.filter(asked_by=asked_by, kind=kind, details=shape, state=Ask.State.OPEN).exists():
            raise Conflict(_("You have asked for this already. It is waiting for an answer."), code="asked_already")
        ask = Ask.objects.create(school=school, kind=kind, asked_by=asked_by, details=shape, words=words)
        url = url or ("/platform/requests/" if found.decided_by_platform else "/school/requests/")
        told = found.deciders(ask)
        told = told.exclude(pk=asked_by.pk) if asked_by else told
        notify(told, "asked", {"sentence": found.describe(ask)}, url=url)
    return ask


def decide(*, ask_id: uuid.UUID, by: Membership, grant: bool, answer: str = "", values: dict[str, Any] | None = None) -> Ask:
    """Grants or declines. NotFound for another school's or a missing one, Forbidden, Conflict when it is decided by now.

    Admins alone answer themselves: they may do without asking what is asked for, and there may be no other.
    """
    with transaction.atomic():
        ask = Ask.objects.select_for_update().filter(id=ask_id).first()
        if ask is None or not may_see(ask, by):
            raise NotFound()
        kind = ASKS[ask.kind]
        if (ask.asked_by_id == by.pk and not _is_admin(by, kind)) or not kind.deciders(ask).filter(pk=by.pk).exists():
            raise Forbidden(_("Somebody else decides this."))
        if ask.state != Ask.State.OPEN:
            raise Conflict(_("This has been decided already: %(state)s.") % {"state": ask.get_state_display()}, code="decided")
        ask.state = Ask.State.GRANTED if grant else Ask.State.DECLINED
        ask.answer, ask.decided_by, ask.decided_at = answer, by, timezone.now()
        ask.save(update_fields=["state", "answer", "decided_by", "decided_at"])
        if grant:
            kind.grant(ask, by, values or {})
        if ask.asked_by_id:
            told = {"sentence": kind.describe(ask), "answer": answer}
            asker = Membership.objects.filter(pk=ask.asked_by_id)
            notify(asker, "granted" if grant else "declined", told, url="/settings/requests/")
    return ask


def _is_admin(member: Membership, kind: AskKind) -> bool:
    if kind.decided_by_platform:
        return member.user.platform_role == User.PlatformRole.ADMIN
    return member.role == Membership.Role.ADMIN


def withdraw(*, ask_id: uuid.UUID, by: Membership) -> None:
    if not Ask.objects.filter(id=ask_id, asked_by=by).exists():
        raise NotFound()
    if not Ask.objects.filter(id=ask_id, state=Ask.State.OPEN).update(state=Ask.State.WITHDRAWN, decided_at=timezone.now()):
        raise Conflict(_("This has been decided already."), code="decided")


def may_see(ask: Ask, member: Membership) -> bool:
    """What the platform decides is seen by its people, else by those of the school."""
    if ASKS[ask.kind].decided_by_platform:
        return bool(member.user.platform_role) or ask.asked_by_id == member.pk
    return ask.school_id == member.school_id
