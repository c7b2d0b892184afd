"""The schools of this installation, with how many people and classes each has."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, prefetch_related_objects
from django.db.models.functions import Lower

from ij8.accounts.models import Cohort, Membership, School
from ij8.accounts.opening.schools import sign_up_of
from ij8.core.paging import Order, page

BY_NAME = Order(Lower("name"), ascending=True, is_text=True)


@dataclass(frozen=True)
class Counted:
    school: School
    people: int
    classes: int

    @property
    def sign_up(self) -> str:
        """Who may come in by themselves, in words."""
        return str(sign_up_of(self.school).get_mode_display())


def schools(q: str) -> QuerySet[School]:
    words = q.split()
    rows = School.objects.all()
    for word in words[:8]:
        rows = rows.filter(Q(name__icontains=word) | Q(slug__icontains=word))
    return rows


def counted_page(q: str, cursor: str | None) -> tuple[list[Counted], str | None]:
    """One page by name with terms, and the cursor of the next. Four queries, however many schools there are."""
    found = page(schools(q), cursor=cursor, order=BY_NAME, beside=("sign_up",))
    prefetch_related_objects(found.items, "terms")
    return counted(found.items), found.next


def counted(rows: list[School]) -> list[Counted]:
    ids = [row.pk for row in rows]
    members = Membership.objects.filter(school__in=ids, active=True)
    people = dict(members.order_by().values_list("school").annotate(n=Count("id")))
    cohorts = Cohort.objects.filter(school__in=ids, trashed_at=None)
    classes = dict(cohorts.order_by().values_list("school").annotate(n=Count("id")))
    return [Counted(row, people.get(row.pk, 0), classes.get(row.pk, 0)) for row in rows]
