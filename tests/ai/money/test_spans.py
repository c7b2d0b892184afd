"""The page of spend says what its file says, for every span of days."""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from ij8.accounts.models import Cohort, Membership
from ij8.ai.models import SpendDay, SpendMonth
from ij8.ai.spend.filters import LONGEST_DAYS
from ij8.ai.spend.sums import MOST_DAYS, Asked, sums

As = Callable[[Membership], Client]
FIRST = date(2024, 2, 20)  # a leap year's February within
Rows = list[tuple[date, Decimal]]


@pytest.fixture
def rows(student: Membership, stranger: Membership, cohort: Cohort) -> Rows:
    """Something on each of 420 days, each day a sum of its own; by the house on every third."""
    found = [(FIRST + timedelta(days=number), Decimal(1 + number * number)) for number in range(420)]
    months: dict[tuple[date, bool], SpendMonth] = {}
    for member, group in ((student, cohort), (stranger, None)):
        fields = {"school": member.school, "member": member, "cohort": group, "model": "m"}
        months.clear()
        for number, (day, usd) in enumerate(found):
            first = (day.replace(day=1), number % 3 == 0)
            row = months.setdefault(first, SpendMonth(**fields, day=first[0], by_house=first[1]))
            row.amount_usd, row.count = row.amount_usd + usd, row.count + 1
        SpendMonth.objects.bulk_create(months.values())
        SpendDay.objects.bulk_create(
            SpendDay(**fields, day=day, by_house=number % 3 == 0, amount_usd=usd, count=1)
            for number, (day, usd) in enumerate(found)
        )
    return found


# from the first day and the last of months, one before and one after, short of the length where months are summed, and beyond
SPANS = [(0, 0), (9, 9), (10, 10), (0, MOST_DAYS - 1), (0, MOST_DAYS), (10, 131), (9, 131), (11, 131), (10, 130), (10, 132)]
SPANS += [(10, 10 + LONGEST_DAYS - 1), (0, 365), (39, 404), (9, 374)]


def test_sums_are_those_of_the_days_chosen(rows: Rows, student: Membership, cohort: Cohort) -> None:
    for first, last in SPANS:
        since, until = FIRST + timedelta(days=first), FIRST + timedelta(days=last)
        wanted = [(number, usd) for number, (day, usd) in enumerate(rows) if since <= day <= until]
        paid = sum((usd for number, usd in wanted if number % 3), Decimal(0))
        house = sum((usd for number, usd in wanted if not number % 3), Decimal(0))
        found = sums(Asked(since, until, (student.school_id,)))
        lines = [
            found.total,
            found.member[student.pk],
            found.cohort[cohort.pk],
            found.model["m"],
            found.school[student.school_id],
        ]
        assert [(line.usd, line.house_usd) for line in lines] == [(paid, house)] * 5, (first, last)
        assert sum((one.usd + one.house_usd for one in found.day.values()), Decimal(0)) == paid + house
        assert all(since <= day <= until for day in found.day)


def test_the_page_of_a_year_is_its_file(as_: As, rows: Rows, school_admin: Membership) -> None:
    address = "/school/spend/?since=2024-03-15&until=2025-03-14"
    page = as_(school_admin).get(address)
    content = b"".join(as_(school_admin).get(f"{address}&as=csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    lines = list(csv.DictReader(content.splitlines()))
    total = page.context["total"]
    assert len(lines) == 365
    assert sum(Decimal(line["USD"]) for line in lines) == total.usd + total.house_usd
    bars = page.context["chart"].bars
    assert [bars[0].label, bars[-1].label, len(bars)] == ["March 2024", "March 2025", 13]
    assert sum(bar.sum.usd for bar in bars) == total.usd
