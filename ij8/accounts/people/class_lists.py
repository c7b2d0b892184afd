"""Lists of classes, with what one sees of each at a glance."""

import uuid
from dataclasses import dataclass
from typing import Literal

from django.db.models import Count, QuerySet
from django.db.models.functions import Lower

from ij8.accounts.models import Cohort, CohortMembership, Membership
from ij8.accounts.people.timetable import Lesson, lesson_words, next_lessons
from ij8.core.paging import Order, Page, page

Role = CohortMembership.Role
BY_NAME = Order(Lower("name"), ascending=True, is_text=True)
Which = Literal["running", "archived", "trashed"]


@dataclass(frozen=True)
class Card:
    """`role`: the viewer's place, "" for an admin who has none. `lesson`: when it meets next, in words."""

    cohort: Cohort
    role: str
    role_words: str
    pupils: int
    teachers: str
    lesson: str
    next_lesson: Lesson | None
    until: object

    @property
    def leads(self) -> bool:
        return self.role in CohortMembership.LEADING


def narrowed(rows: QuerySet[Cohort], which: Which, q: str = "") -> QuerySet[Cohort]:
    rows = rows.filter(trashed_at__isnull=which != "trashed")
    if which != "trashed":
        rows = rows.filter(archived_at__isnull=which == "running")
    return rows.filter(name__icontains=q.strip()) if q.strip() else rows


def classes_of_school(member: Membership, which: Which, q: str = "", cursor: str | None = None) -> Page[Cohort]:
    """For admins: all of them, by name."""
    return page(narrowed(Cohort.objects.filter(school_id=member.school_id), which, q), cursor=cursor, order=BY_NAME)


def own_classes(member: Membership, which: Which = "running") -> list[Cohort]:
    """Those in which the member has a place in force, by name; of the trash those that she led."""
    places = CohortMembership.objects.filter(member=member)
    places = places.filter(role=Role.LEAD_TEACHER, until=None) if which == "trashed" else places.in_force()
    rows = narrowed(Cohort.objects.filter(pk__in=places.values("cohort")), which)
    return list(rows.order_by(Lower("name"), "pk"))


def cards(member: Membership, cohorts: list[Cohort]) -> list[Card]:
    """Four queries, however many classes."""
    ids = [one.pk for one in cohorts]
    places = CohortMembership.objects.in_time().filter(cohort__in=ids, member__active=True)
    own = {one.cohort_id: one for one in places.filter(member=member)}
    pupils = dict(places.filter(role=Role.STUDENT).values_list("cohort").annotate(n=Count("pk")))
    leading: dict[uuid.UUID, list[str]] = {}
    for place in places.filter(role=Role.LEAD_TEACHER).select_related("member__user").order_by("member__user__name", "pk"):
        leading.setdefault(place.cohort_id, []).append(str(place.member.user))
    lessons = next_lessons(member.school, ids)
    return [
        Card(
            cohort=one,
            role=own[one.pk].role if one.pk in own else "",
            role_words=own[one.pk].get_role_display() if one.pk in own else "",
            pupils=pupils.get(one.pk, 0),
            teachers=", ".join(leading.get(one.pk, [])),
            lesson=lesson_words(lessons[one.pk]) if one.pk in lessons else "",
            next_lesson=lessons.get(one.pk),
            until=own[one.pk].until if one.pk in own else None,
        )
        for one in cohorts
    ]


def people_of_class(cohort: Cohort) -> list[CohortMembership]:
    """Everybody with a place in it who has not left the school: teachers first, then by name. One query."""
    rows = CohortMembership.objects.in_force().filter(cohort=cohort, member__active=True).select_related("member__user")
    rank = {role: place for place, role in enumerate((Role.LEAD_TEACHER, Role.ASSISTANT, Role.OBSERVER, Role.STUDENT))}
    return sorted(rows, key=lambda one: (rank[Role(one.role)], str(one.member.user).lower(), str(one.pk)))
