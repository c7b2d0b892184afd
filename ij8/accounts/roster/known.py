"""What the school knows about the people and classes that a file names. The number of queries does not grow with the file."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models.functions import Lower

from ij8.accounts.models import Cohort, CohortMembership, Membership, User
from ij8.accounts.people.rules import led_by
from ij8.accounts.roster.shapes import Row

CohortRole = CohortMembership.Role


@dataclass
class Person:
    """`ours`: the school looks after name and address, for nobody else does. `seats`: roles in classes, those in force; who
    has left has none.
    """

    user: uuid.UUID
    username: str
    name: str
    email: str
    is_off: bool
    ours: bool
    member: uuid.UUID | None = None
    role: str = ""
    age_band: str = ""
    active: bool = True
    merged: bool = False
    seats: dict[uuid.UUID, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Pupil:
    """One place of a pupil in a class that the file names."""

    seat: uuid.UUID
    cohort: uuid.UUID
    member: uuid.UUID
    name: str
    username: str


@dataclass
class Known:
    """`led`: the classes that the importer leads, None for an admin, who leads all; `kept`: those of them that she leads for
    good, and not as a substitute. `cohorts` by name in lower case.
    """

    by: Membership
    led: set[uuid.UUID] | None
    kept: set[uuid.UUID]
    by_username: dict[str, Person]
    by_email: dict[str, Person]
    cohorts: dict[str, list[tuple[uuid.UUID, str]]]
    pupils: list[Pupil]
    others: dict[uuid.UUID, int]  # of pupils: in how many classes they are, of all

    @property
    def is_admin(self) -> bool:
        return self.led is None

    def leads(self, cohort: uuid.UUID) -> bool:
        return self.led is None or cohort in self.led

    def keeps(self, cohort: uuid.UUID) -> bool:
        return self.led is None or cohort in self.kept


def known_to(by: Membership, rows: Iterable[Row]) -> Known:
    rows = list(rows)
    people = _people(by, rows)
    named = {name.lower() for row in rows for name, _ in row.classes}
    cohorts: dict[str, list[tuple[uuid.UUID, str]]] = {}
    running = Cohort.objects.filter(school_id=by.school_id, archived_at=None, trashed_at=None)
    for ident, name in running.order_by("created", "id").values_list("id", "name"):
        if name.lower() in named:
            cohorts.setdefault(name.lower(), []).append((ident, name))
    places = _led(by)
    pupils = _pupils([ident for found in cohorts.values() for ident, _ in found])
    return Known(
        by=by,
        led=None if by.role == Membership.Role.ADMIN else set(places),
        kept={cohort for cohort, until in places.items() if until is None},
        by_username={one.username.lower(): one for one in people if one.username},
        by_email={one.email: one for one in people if one.email},
        cohorts=cohorts,
        pupils=pupils,
        others=_seats_of({pupil.member for pupil in pupils}),
    )


def _led(by: Membership) -> dict[uuid.UUID, datetime | None]:
    """The classes that a teacher leads, and until when."""
    if by.role != Membership.Role.TEACHER:
        return {}
    return dict(led_by(by).filter(role=CohortRole.LEAD_TEACHER).values_list("cohort_id", "until"))


def _people(by: Membership, rows: list[Row]) -> list[Person]:
    usernames = {row.username for row in rows if row.username}
    emails = {row.email for row in rows if row.email}
    columns = ("id", "username", "name", "email", "is_active", "school_id", "platform_role")
    named = User.objects.alias(low=Lower("username")).filter(school_id=by.school_id, low__in=usernames).values_list(*columns)
    addressed = User.objects.filter(email__in=emails).values_list(*columns)
    found = {
        ident: Person(
            ident, username if school == by.school_id else "", name, email or "", is_off=not is_active, ours=not platform
        )
        for ident, username, name, email, is_active, school, platform in [*named, *addressed]
    }
    elsewhere = Membership.objects.filter(user_id__in=found).exclude(school_id=by.school_id)
    for ident in elsewhere.values_list("user_id", flat=True):
        found[ident].ours = False
    _add_memberships(by, found)
    return list(found.values())


def _add_memberships(by: Membership, found: dict[uuid.UUID, Person]) -> None:
    members = {}
    rows = Membership.objects.filter(school_id=by.school_id, user_id__in=found)
    for user, ident, role, band, active, merged in rows.values_list(
        "user_id", "id", "role", "age_band", "active", "merged_into_id"
    ):
        person = members[ident] = found[user]
        person.member, person.role, person.age_band = ident, role, band
        person.active, person.merged = active, merged is not None
    places = CohortMembership.objects.in_force().filter(member_id__in=members)
    for member, cohort, role in places.values_list("member_id", "cohort_id", "role"):
        if members[member].active:
            members[member].seats[cohort] = role


def _pupils(cohorts: list[uuid.UUID]) -> list[Pupil]:
    places = CohortMembership.objects.in_force().filter(cohort_id__in=cohorts, role=CohortRole.STUDENT, member__active=True)
    columns = ("id", "cohort_id", "member_id", "member__user__name", "member__user__username")
    return [Pupil(*row) for row in places.order_by("member__user__name", "id").values_list(*columns)]


def _seats_of(members: set[uuid.UUID]) -> dict[uuid.UUID, int]:
    found = dict.fromkeys(members, 0)
    for member in CohortMembership.objects.in_force().filter(member_id__in=members).values_list("member_id", flat=True):
        found[member] += 1
    return found
