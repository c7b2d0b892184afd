"""Lists of people: who is meant, in which order, a page at a time."""

import uuid
from datetime import UTC, datetime
from typing import Literal

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from pydantic import BaseModel, ConfigDict, Field

from ij8.accounts.models import Cohort, CohortMembership, Membership
from ij8.accounts.people.rules import people_seen_by
from ij8.core.paging import Order, Page, page
from ij8.core.search import LONGEST

Sort = Literal["name", "newest", "seen"]
State = Literal["active", "never", "left"]
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
SHOWN_NAME = Lower(
    Coalesce(
        NullIf("user__name", Value("")),
        NullIf("user__username", Value("")),
        F("user__email"),
        Value(""),
        output_field=TextField(),
    )
)
SORTS: dict[str, Order] = {
    "name": Order(SHOWN_NAME, ascending=True, is_text=True),
    "newest": Order("created"),
    "seen": Order(Coalesce("user__last_login", Value(_NEVER))),
}


class PeopleFilter(BaseModel):
    """What is left out asks for nothing. `cohort` is a class's id, or "none" for who is in no class."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    q: str = Field(default="", max_length=LONGEST)
    role: Literal["", "admin", "teacher", "student", "user"] = ""
    age_band: Literal["", "under_13", "13_15", "16_17", "adult", "unknown"] = ""
    cohort: uuid.UUID | Literal["", "none"] = ""
    state: State = "active"
    sort: Sort = "name"


def people(member: Membership, filters: PeopleFilter) -> QuerySet[Membership]:
    """Those whom the member sees and the filter means, unordered."""
    rows = people_seen_by(member).filter(active=filters.state != "left", merged_into=None)
    if filters.state == "never":
        rows = rows.filter(user__last_login=None)
    if filters.role:
        rows = rows.filter(role=filters.role)
    if filters.age_band:
        rows = rows.filter(age_band="" if filters.age_band == "unknown" else filters.age_band)
    places = CohortMembership.objects.in_force()
    if filters.cohort == "none":
        rows = rows.exclude(pk__in=places.filter(school_id=member.school_id).values("member"))
    elif filters.cohort:
        rows = rows.filter(pk__in=places.filter(school_id=member.school_id, cohort_id=filters.cohort).values("member"))
    return rows.filter(named(filters.q, member))


def named(q: str, by: Membership) -> Q:
    """Every word is part of the name or the username; for admins, who see it, also of the address."""
    found = Q()
    for word in q.split()[:8]:
        said = Q(user__name__icontains=word) | Q(user__username__icontains=word)
        found &= said | Q(user__email__icontains=word) if by.role == Membership.Role.ADMIN else said
    return found


def people_page(member: Membership, filters: PeopleFilter, cursor: str | None = None) -> Page[Membership]:
    """Each with her user, and her places in force as `places`. Two queries."""
    found = page(people(member, filters), cursor=cursor, order=SORTS[filters.sort], beside=("user",))
    bring_places(found.items)
    return found


def bring_places(members: list[Membership]) -> None:
    """Sets `places` of each, by the names of the classes. One query."""
    by_member: dict[uuid.UUID, list[CohortMembership]] = {one.pk: [] for one in members}
    rows = CohortMembership.objects.in_force().filter(member__in=members).select_related("cohort")
    for place in rows.order_by(Lower("cohort__name"), "cohort_id"):
        by_member[place.member_id].append(place)
    for one in members:
        one.places = by_member[one.pk]  # type: ignore[attr-defined]


def classes_to_choose(member: Membership) -> list[Cohort]:
    """The running classes of her school that she may put people into, by name. One query."""
    rows = Cohort.objects.filter(school_id=member.school_id, archived_at=None, trashed_at=None)
    if member.role != Membership.Role.ADMIN:
        led = CohortMembership.objects.in_force().filter(member=member, role=CohortMembership.Role.LEAD_TEACHER)
        rows = rows.filter(pk__in=led.values("cohort"))
    return list(rows.only("id", "name", "term").order_by(Lower("name"), "id")[:500])
