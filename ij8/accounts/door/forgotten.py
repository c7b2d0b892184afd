"""A pupil has forgotten the password: her teachers are told, once. They make a new one on the page of cards."""

import uuid
from typing import Any

from django.db import close_old_connections, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel

from ij8.accounts.asks import make_ask
from ij8.accounts.door.entry import person_at
from ij8.accounts.models import Ask, CohortMembership, Membership, School
from ij8.core.background import Lane
from ij8.core.errors import Conflict

KIND = "password"
_lane = Lane("forgotten")


class Forgotten(BaseModel):
    """`name` as her teachers know her."""

    name: str
    username: str


class PasswordAsk:
    """Answered by making a new password, which only the page of cards can show."""

    label = gettext_lazy("A new password")
    decided_by_platform = False
    Details = Forgotten

    def deciders(self, ask: Ask) -> "QuerySet[Membership]":
        """The lead teachers of her classes; the school's admins where she has none."""
        people = Membership.objects.filter(school_id=ask.school_id, active=True)
        leading = people.filter(pk__in=_leading(ask.asked_by_id))
        return leading if leading.exists() else people.filter(role=Membership.Role.ADMIN)

    def concerns(self, member: Membership) -> Q:
        places = CohortMembership.objects.in_force().filter(cohort__archived_at=None)
        led = places.filter(member=member, role=CohortMembership.Role.LEAD_TEACHER)
        inside = CohortMembership.objects.in_force().filter(cohort__in=led.values("cohort"), role=CohortMembership.Role.STUDENT)
        return Q(asked_by__in=inside.values("member"))

    def describe(self, ask: Ask) -> str:
        return str(_("%(name)s (%(username)s) has forgotten the password.") % ask.details)

    def answered_at(self, ask: Ask) -> str:
        return reverse("person_card", args=[ask.asked_by_id]) if ask.asked_by_id else ""

    def grant(self, ask: Ask, by: Membership, values: dict[str, Any]) -> None:
        raise Conflict(_("Make the new password on the cards page of the class: only there can it be shown."), code="elsewhere")


def _leading(member_id: uuid.UUID | None) -> QuerySet[Any]:
    places = CohortMembership.objects.in_force().filter(cohort__archived_at=None)
    cohorts = places.filter(member_id=member_id, role=CohortMembership.Role.STUDENT).values("cohort")
    return places.filter(cohort__in=cohorts, role=CohortMembership.Role.LEAD_TEACHER).values("member")


def tell_later(school: School, username: str) -> None:
    """Beside the request, so that a username that exists takes no longer than one that does not."""
    transaction.on_commit(lambda: _lane.later(lambda: _tell_and_let_go(school, username)))


def _tell_and_let_go(school: School, username: str) -> None:
    try:
        tell(school, username)
    finally:
        close_old_connections()


def tell(school: School, username: str) -> None:
    """Asks the teachers, unless she has asked and waits. An unknown username asks nobody."""
    member = person_at(school, username.strip())
    if member is None or member.role != Membership.Role.STUDENT:
        return
    with transaction.atomic():
        Membership.objects.select_for_update().filter(pk=member.pk).first()  # two at once ask once
        if Ask.objects.filter(asked_by=member, kind=KIND, state=Ask.State.OPEN).exists():
            return
        details = Forgotten(name=member.user.name, username=member.user.username)
        make_ask(kind=KIND, school=school, asked_by=member, details=details, url=_where(member))


def _where(member: Membership) -> str:
    """The page on which the password is made: of her class, else of the school."""
    places = CohortMembership.objects.in_force().filter(member=member, role=CohortMembership.Role.STUDENT)
    cohort = places.order_by("id").values_list("cohort", flat=True).first()
    page = reverse("class_cards", args=[cohort]) if cohort else reverse("school_cards")
    return f"{page}?member={member.pk}"


def answered(members: list[Membership], by: Membership | None) -> None:
    """They have new passwords: what they asked for is done."""
    waiting = Ask.objects.filter(asked_by__in=members, kind=KIND, state=Ask.State.OPEN)
    waiting.update(state=Ask.State.GRANTED, decided_by=by, decided_at=timezone.now())


def waiting_among(members: QuerySet[Membership]) -> set[uuid.UUID | None]:
    """Who of these has forgotten the password and waits. One query."""
    rows = Ask.objects.filter(kind=KIND, state=Ask.State.OPEN, asked_by__in=members.values("pk"))
    return set(rows.values_list("asked_by_id", flat=True))
