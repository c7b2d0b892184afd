"""A person and a class as the API tells them, and what may be asked for."""

import uuid
from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ij8.accounts.models import Cohort, CohortMembership, Membership
from ij8.accounts.people.lists import PeopleFilter

PlaceName = Literal["lead_teacher", "assistant", "student", "observer"]
Name = Annotated[str, Field(min_length=1, max_length=120)]


class PlaceShape(BaseModel):
    """`until`: of a substitute."""

    cohort: uuid.UUID
    name: str
    role: PlaceName
    until: datetime | None


class PersonShape(BaseModel):
    """`email` is told to admins and to the person alone."""

    id: uuid.UUID
    name: str
    username: str
    email: str | None
    role: str
    age_band: str
    active: bool
    left: datetime | None
    last_signed_in: datetime | None
    places: list[PlaceShape]


class PeoplePage(BaseModel):
    items: list[PersonShape]
    next: str | None = Field(description="the cursor of the page that follows; null on the last")


class PeopleQuery(PeopleFilter):
    cursor: str | None = Field(default=None, max_length=400)


class SlotShape(BaseModel):
    """`weekday`: 0 is Monday. By the clocks of the school's zone."""

    model_config = ConfigDict(extra="forbid")

    weekday: int = Field(ge=0, le=6)
    starts: time
    ends: time


class CohortShape(BaseModel):
    id: uuid.UUID
    name: str
    term: str
    archived: datetime | None
    trashed: datetime | None
    slots: list[SlotShape]


class CohortPage(BaseModel):
    items: list[CohortShape]
    next: str | None = Field(description="the cursor of the page that follows; null on the last")


class CohortsQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    q: str = Field(default="", max_length=200)
    which: Literal["running", "archived", "trashed"] = "running"
    cursor: str | None = Field(default=None, max_length=400)


class NewCohort(BaseModel):
    """`copy_of`: a class whose teachers and timetable the new one has; `with_pupils`: its pupils too."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    term: str = Field(default="", max_length=60)
    copy_of: uuid.UUID | None = None
    with_pupils: bool = False


class CohortChanges(BaseModel):
    """What is left out stays as it is; `slots` is the whole timetable."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    term: str | None = Field(default=None, max_length=60)
    archived: bool | None = None
    slots: list[SlotShape] | None = Field(default=None, max_length=40)


class NewPlace(BaseModel):
    """`until`: the last day of a substitute."""

    model_config = ConfigDict(extra="forbid")

    member: uuid.UUID
    role: PlaceName = "student"
    until: date | None = None


def person_json(member: Membership, by: Membership) -> dict[str, Any]:
    """No query once `lists.bring_places` was called."""
    user, places = member.user, getattr(member, "places", [])
    sees_address = by.role == Membership.Role.ADMIN or by.pk == member.pk
    shape = PersonShape(
        id=member.pk, name=user.name, username=user.username, email=user.email if sees_address else None, role=member.role,
        age_band=member.age_band, active=member.active, left=member.left_at, last_signed_in=user.last_login,
        places=[place_json(one) for one in places],
    )  # fmt: skip
    return shape.model_dump(mode="json")


def place_json(place: CohortMembership) -> PlaceShape:
    """No query if `cohort` was selected with it."""
    return PlaceShape(cohort=place.cohort_id, name=place.cohort.name, role=place.role, until=place.until)


def cohort_json(cohort: Cohort) -> dict[str, Any]:
    """No query if `slots` were prefetched."""
    slots = [SlotShape(weekday=one.weekday, starts=one.starts, ends=one.ends) for one in cohort.slots.all()]
    shape = CohortShape(
        id=cohort.pk, name=cohort.name, term=cohort.term, archived=cohort.archived_at, trashed=cohort.trashed_at, slots=slots
    )
    return shape.model_dump(mode="json")
