"""What was spent, summed from the days and months that are kept with the ledger: one query, however much was spent."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

# what a line is for one value of: the bits of grouping(day, school, cohort, member, model), 0 for that one
BY = {"day": 0b01111, "school": 0b10111, "cohort": 0b11011, "member": 0b11101, "model": 0b11110}
MOST_DAYS = 100  # of longer spans the months within are summed, and the days at both ends
PAID = """
    coalesce(sum(amount_usd) filter (where not by_house), 0) as usd,
    coalesce(sum(amount_usd) filter (where by_house), 0) as house_usd,
    coalesce(sum(count) filter (where not by_house), 0)::bigint as count
"""
DAYS = """
    select day, school_id, cohort_id, member_id, model, by_house, amount_usd, count from ai_spendday
    where day >= %(since)s and day < %(after)s
        and (%(schools)s::uuid[] is null or school_id = any(%(schools)s::uuid[]))
        and (%(cohorts)s::uuid[] is null or cohort_id = any(%(cohorts)s::uuid[]))
        and (%(member)s::uuid is null or member_id = %(member)s::uuid)
        and (%(model)s::text is null or model = %(model)s::text)
"""
MONTHS = DAYS.replace("spendday", "spendmonth").replace("(since)", "(first_month)").replace("(after)", "(after_months)")
MONTHS_AND_ENDS = " union all ".join([
    MONTHS, DAYS.replace("(after)", "(first_month)"), DAYS.replace("(since)", "(after_months)")
])  # fmt: skip
# first one line for each of whom and what, without the days: five sums over all rows would take four times as long
SUMS = """
    with lines as (
        select school_id, cohort_id, member_id, model, :paid from (:asked) as asked group by 1, 2, 3, 4
    )
    select 16 | grouping(school_id, cohort_id, member_id, model), null::date, school_id, cohort_id, member_id, model,
        coalesce(sum(usd), 0), coalesce(sum(house_usd), 0), coalesce(sum(count), 0)::bigint
    from lines group by grouping sets ((school_id), (cohort_id), (member_id), (model), ())
    union all
    select 15, day, null::uuid, null::uuid, null::uuid, null, :paid from (:asked) as asked group by day
""".replace(":paid", PAID)


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

    def query(self) -> str:
        return SUMS.replace(":asked", MONTHS_AND_ENDS if self.is_monthly else DAYS)

    def where(self) -> dict[str, Any]:
        """Within a longer span lie some whole months. `after…` are the first days that no longer belong to it."""
        after = self.until + timedelta(days=1)
        month_before = (self.since - timedelta(days=1)).replace(day=1)
        return {
            "since": self.since,
            "after": after,
            "first_month": (month_before + timedelta(days=32)).replace(day=1),
            "after_months": after.replace(day=1),
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
        cursor.execute(asked.query(), asked.where())
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
