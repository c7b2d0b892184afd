"""A school changes its zone or its terms: what was spent in the present period stays counted."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from ij8.accounts.models import Membership, School, Term
from ij8.accounts.opening.schools import SchoolChanges, TermFacts, change_school
from ij8.ai.models import Budget, BudgetCounter
from ij8.core.errors import BudgetEnded
from tests.ai.money.conftest import Make, budget, faults

Terms = Callable[..., None]


def day(number: int) -> date:
    """So many days from today."""
    return timezone.now().date() + timedelta(days=number)


@pytest.fixture
def terms(school: School) -> Terms:
    """`terms((-10, 50))` is a term from ten days ago to fifty days from now; as an admin sets it."""

    def set_terms(*spans: tuple[int, int]) -> None:
        found = [TermFacts(name="A term", starts=day(first), ends=day(last)) for first, last in spans]
        change_school(school, SchoolChanges(terms=found))

    return set_terms


def is_refused(member: Membership, make: Make) -> bool:
    """Whether the next take is refused; each costs 0.02 of a budget of 0.02."""
    try:
        make(member)
    except BudgetEnded:
        return True
    return False


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shortly before twelve in Greenwich, where most zones have the same day."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 2, 11, 30, tzinfo=UTC))


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("resets", ["daily", "weekly", "monthly"])
def test_another_zone_opens_no_fresh_budget(student: Membership, noon: None, make: Make, resets: str, zone: str) -> None:
    budget("each", student.school, "0.02", resets=resets)
    make(student)
    change_school(student.school, SchoolChanges(time_zone=zone))
    assert is_refused(student, make)
    assert BudgetCounter.objects.get().held_usd == Decimal("0.02")
    assert faults() == []


def test_where_it_is_tomorrow_already_a_day_begins_and_coming_back_finds_today(
    student: Membership, noon: None, make: Make
) -> None:
    budget("each", student.school, "0.02", resets="daily")
    make(student)
    change_school(student.school, SchoolChanges(time_zone="Pacific/Kiritimati"))
    assert not is_refused(student, make)
    change_school(student.school, SchoolChanges(time_zone="UTC"))
    assert is_refused(student, make)


@pytest.mark.parametrize("moved", [(-5, 50), (-20, 50), (-10, 90), (-3, 2)])
def test_a_term_that_begins_on_another_day_goes_on(student: Membership, make: Make, terms: Terms, moved: tuple[int, int]) -> None:
    terms((-10, 50))
    budget("school", student.school, "0.02", resets="term")
    make(student)
    terms(moved)
    student.school.refresh_from_db()
    assert is_refused(student, make)
    assert BudgetCounter.objects.count() == 1


def test_a_term_that_turns_out_to_have_begun_begins_afresh(student: Membership, make: Make, terms: Terms) -> None:
    terms((5, 50))
    budget("school", student.school, "0.02", resets="term")
    make(student)  # in the holidays
    terms((-2, 50))
    assert not is_refused(student, make)
    assert BudgetCounter.objects.count() == 2


def test_where_the_other_period_has_been_counted_its_own_count_stands(student: Membership, make: Make, terms: Terms) -> None:
    terms((-30, -5), (-3, 50))
    one = budget("school", student.school, "0.06", resets="term")
    make(student)
    first = BudgetCounter.objects.get()
    between = BudgetCounter.objects.create(school=one.school, budget=one, starts=first.starts - timedelta(days=1))
    terms((-30, -5), (2, 50))  # today is between the terms now
    assert Term.objects.count() == 2
    make(student)
    between.refresh_from_db()
    assert (Budget.objects.get(), between.held_usd) == (one, Decimal("0.02"))
