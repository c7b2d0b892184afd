"""Spend as a table to save: a line for each day, person, class and model, made while it is sent."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ij8.ai.models import SpendDay
from ij8.ai.spend.sums import Asked
from ij8.core.csv_lines import csv_head, csv_line

CHUNK_ROWS = 2000


def csv_pieces(asked: Asked, *, with_people: bool = True) -> Iterator[bytes]:
    """Newest last. `with_people` False: for the platform, which sees schools and money."""
    people = [_("Person")] if with_people else []
    yield csv_head([_("Day"), _("School"), _("Class"), *people, _("Model"), _("Times"), _("USD"), _("Paid by")])
    last = 0
    while rows := _chunk(asked, last):
        last = rows[-1].pk
        yield b"".join(csv_line(_cells(row, with_people)) for row in rows)


def _cells(row: SpendDay, with_people: bool) -> list[Any]:
    paid_by = _("the house") if row.by_house else _("the budget")
    people = [str(row.member.user)] if with_people else []
    school, cohort = row.school.name, row.cohort.name if row.cohort else ""
    return [row.day.isoformat(), school, cohort, *people, row.model, row.count, row.amount_usd, paid_by]


def _chunk(asked: Asked, after: int) -> list[SpendDay]:
    """Lets the connection go: the next chunk may be asked for in another thread, and after minutes."""
    try:
        rows = rows_of(asked).filter(pk__gt=after).select_related("school", "cohort", "member__user")
        return list(rows.order_by("pk")[:CHUNK_ROWS])
    finally:
        if not connection.in_atomic_block:
            connection.close()


def rows_of(asked: Asked) -> QuerySet[SpendDay]:
    wanted = Q(day__range=(asked.since, asked.until))
    if asked.schools is not None:
        wanted &= Q(school__in=asked.schools)
    if asked.cohorts is not None:
        wanted &= Q(cohort__in=asked.cohorts)
    if asked.member:
        wanted &= Q(member=asked.member)
    if asked.model:
        wanted &= Q(model=asked.model)
    return SpendDay.objects.filter(wanted)
