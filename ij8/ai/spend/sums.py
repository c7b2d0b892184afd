"""What was spent, summed from the days or months that are kept with the ledger: one query, however much was spent."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

# what a line is for one value of: the bits of grouping(day, school, cohort, member, model), 0 for that one
BY = {"day": 0b01111, "school": 0b10111, "cohort": 0b11011, "member": 0b11101, "model": 0b11110}
MOST_DAYS = 100  # of longer spans the months are summed, whole ones
PAID = """
    coalesce(sum(amount_usd) filter (where not by_house), 0) as usd,
    coalesce(sum(amount_usd) filter (where by_house), 0) as house_usd,
    coalesce(sum(count) filter (where not by_house), 0)::bigint as count
"""
ASKED = """
    ai_spendday
    where day between %(since)s and %(until)s
        and (%(schools)s::uuid[] is null or school_id = any(%(schools)s::uuid[]))
        and (%(cohorts)s::uuid[] is null or cohort_id = any(%(cohorts)s::uuid[]))
        and (%(member)s::uuid is null or member_id = %(member)s::uuid)
        and (%(model)s::text is null or model = %(model)s::text)
"""
# first one line for each of whom and what, without the days: five sums over all rows would take four times as long
SUMS = """
    with lines as (select school_id, cohort_id, member_id, model, :paid from :asked group by 1, 2, 3, 4)
    select 16 | grouping(school_id, cohort_id, member_id, model), null::date, school_id, cohort_id, member_id, model,
        coalesce(sum(usd), 0), coalesce(sum(house_usd), 0), coalesce(sum(count), 0)::bigint
    from lines group by grouping sets ((school_id), (cohort_id), (member_id), (model), ())
    union all
    select 15, day, null::uuid, null::uuid, null::uuid, null, :paid from :asked group by day
""".replace(":paid", PAID).replace(":asked", ASKED)
SUMS_OF_MONTHS = SUMS.replace("ai_spendday", "ai_spendmonth")


@dataclass(frozen=True)
class Asked:
    """Days are those of each school's own calendar. None: all of them; `cohorts` leaves out work outside of classes."""

    since: date
    until: date
    schools: tuple[uuid.UUID, ...] | None = None
    cohorts: tuple[uuid.UUID, ...] | None = None
    member: uuid.UUID | None = None
    model: str | None = None

    @property
    def is_monthly(self) -> bool:
        return (self.until - self.since).days >= MOST_DAYS

    def where(self) -> dict[str, Any]:
        return {
            "since": self.since.replace(day=1) if self.is_monthly else self.since,
            "until": self.until,
            "schools": _list(self.schools),
            "cohorts": _list(self.cohorts),
            "member": self.member,
            "model": self.model,
        }


@dataclass(frozen=True)
class Sum:
    """`usd` is what people paid, `house_usd` what nobody is charged for, `count` how often something was made."""

    usd: Decimal = Decimal(0)
    house_usd: Decimal = Decimal(0)
    count: int = 0


@dataclass
class Sums:
    """By value: a day, the ids of schools, classes (None: outside of all) and members, the name of a model."""

    total: Sum = field(default_factory=Sum)
    day: dict[date, Sum] = field(default_factory=dict)
    school: dict[uuid.UUID, Sum] = field(default_factory=dict)
    cohort: dict[uuid.UUID | None, Sum] = field(default_factory=dict)
    member: dict[uuid.UUID, Sum] = field(default_factory=dict)
    model: dict[str, Sum] = field(default_factory=dict)


def sums(asked: Asked) -> Sums:
    found = Sums()
    with connection.cursor() as cursor:
        cursor.execute(SUMS_OF_MONTHS if asked.is_monthly else SUMS, asked.where())
        for bits, day, school, cohort, member, model, usd, house_usd, count in cursor.fetchall():
            line = Sum(usd, house_usd, count)
            values = {"day": day, "school": school, "cohort": cohort, "member": member, "model": model}
            named = next((name for name, mark in BY.items() if bits == mark), None)
            if named is None:
                found.total = line
            else:
                getattr(found, named)[values[named]] = line
    return found


def _list(ids: Iterable[uuid.UUID] | None) -> list[uuid.UUID] | None:
    return None if ids is None else list(ids)
