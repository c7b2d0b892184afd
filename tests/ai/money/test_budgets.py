"""Budgets before anything is spent: who is refused, who is told, and that nobody overspends side by side."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from ij8.accounts.models import OPEN_SCHOOL, Cohort, CohortMembership, Membership, Notice, School, User
from ij8.ai.models import Budget, BudgetCounter, BudgetGrant, LedgerEntry, SpendPolicy
from ij8.core.errors import BudgetEnded, PriceUnknown
from studio.jobs.control import cancel_job
from studio.models import Job, StudioSession
from tests.ai.money.conftest import Make, budget, faults, used
from tests.fakes.shop_engine import connect


def test_free_work_asks_no_budget(student: Membership, make: Make) -> None:
    from studio.jobs.backends import ensure_backends
    from studio.jobs.submit import submit_job

    ensure_backends()
    budget("school", student.school, "0")
    params = {"model": "procedural/auto", "prompt": "sea", "width": 64, "height": 64}
    assert len(submit_job(member=student, operation="image.generate", params=params)) == 1
    with pytest.raises(BudgetEnded, match="allows no paid work"):
        make(student)


def test_a_refusal_leaves_nothing_and_says_what_is_left(student: Membership, cohort: Cohort, make: Make) -> None:
    budget("cohort", cohort, "0.05", resets="weekly")
    make(student, "small", 2, cohort=cohort)
    with pytest.raises(BudgetEnded, match=r"\$0\.01 is left, this costs about \$0\.02.*begins afresh on Monday") as refused:
        make(student, cohort=cohort)
    assert refused.value.extra["left_usd"] == "0.010000"
    assert (Job.objects.count(), LedgerEntry.objects.count()) == (2, 2)
    make(student)  # outside of the class that budget does not count
    assert faults() == []


def test_the_narrowest_and_the_widest_budget_both_hold(
    student: Membership, classmate: Membership, cohort: Cohort, make: Make
) -> None:
    school, klass = budget("school", student.school, "1"), budget("cohort", cohort, "0.10")
    each = budget("each", cohort, "0.06")
    make(student, count=3, cohort=cohort)
    with pytest.raises(BudgetEnded, match="Your budget in 6b"):
        make(student, cohort=cohort)
    make(classmate, count=2, cohort=cohort)
    with pytest.raises(BudgetEnded, match="Budget of 6b"):
        make(classmate, cohort=cohort)
    assert [used(one)[0] for one in (school, klass, each)] == [Decimal("0.10")] * 3
    Budget.objects.filter(pk=klass.pk).update(hard_usd=None)
    budget("person", student, "0.01", cohort=cohort)  # her own goes before that for each
    with pytest.raises(BudgetEnded, match="Mia"):
        make(student, cohort=cohort)


def test_another_schools_budget_is_not_ours(student: Membership, other_school: School, make: Make) -> None:
    budget("school", other_school, "0")
    assert len(make(student)) == 1


def test_what_is_cancelled_is_free_again(student: Membership, make: Make) -> None:
    one = budget("person", student, "0.02")
    (job,) = make(student)
    cancel_job(job)
    assert used(one) == (0, 0)
    cancel_job(job)
    make(student)
    assert used(one) == (Decimal("0.02"), 0)
    assert faults() == []


def test_a_grant_counts_until_its_end(student: Membership, teacher: Membership, make: Make) -> None:
    one = budget("each", student.school, "0.02")
    make(student)
    more = BudgetGrant(school=one.school, budget=one, member=student, amount_usd=Decimal("0.02"), granted_by=teacher)
    more.until = timezone.now() + timedelta(hours=1)
    more.save()
    make(student)
    BudgetGrant.objects.update(until=timezone.now())
    with pytest.raises(BudgetEnded):
        make(student)


def test_a_new_period_begins_with_a_new_counter(student: Membership, make: Make) -> None:
    one = budget("person", student, "0.02", resets="daily")
    make(student)
    BudgetCounter.objects.filter(budget=one).update(starts=timezone.now().date() - timedelta(days=2))
    make(student)
    assert BudgetCounter.objects.filter(budget=one).count() == 2
    assert faults() == []


def test_half_four_fifths_and_all_are_told_once_each(
    student: Membership, teacher: Membership, school_admin: Membership, cohort: Cohort, make: Make
) -> None:
    budget("cohort", cohort, "0.10", soft_usd=Decimal("0.05"))
    for _ in range(5):
        make(student, cohort=cohort)
    told = list(Notice.objects.filter(member=teacher).order_by("created").values_list("kind", "params__percent"))
    assert told == [("budget_used", "50"), ("budget_soft", None), ("budget_used", "80"), ("budget_used", "100")]
    assert Notice.objects.filter(member=school_admin).count() == 4
    assert not Notice.objects.filter(member=student).exists()
    budget("person", student, "0.02")
    make(student)
    assert list(Notice.objects.filter(member=student).values_list("params__percent", "url")) == [("100", "/settings/spend/")]


def test_a_model_without_a_price_is_refused_unless_the_school_set_a_ceiling(student: Membership, make: Make) -> None:
    with pytest.raises(PriceUnknown, match="shop/unpriced"):
        make(student, "unpriced")
    SpendPolicy.objects.create(school=student.school, unknown_price_usd=Decimal("0.30"))
    (job,) = make(student, "unpriced")
    assert job.cost_estimate_usd == Decimal("0.30")


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_never_overspend() -> None:
    """Five people of one class, real connections; 20 of 50 fit into the class's budget."""
    open_school_again()
    school = School.objects.create(slug="linden", name="Linden School")
    cohort = Cohort.objects.create(school=school, name="6b")
    members, sessions = [], []
    for number in range(5):
        user = User.objects.create(name=f"P{number}", email=f"p{number}@linden.test")
        member = Membership.objects.create(school=school, user=user, role="student")
        CohortMembership.objects.create(school=school, cohort=cohort, member=member, role="student")
        members.append(member)
        sessions.append(StudioSession.objects.create(school=school, member=member, cohort=cohort))
    connect()
    wide, klass, each = budget("school", school, "9"), budget("cohort", cohort, "0.40"), budget("each", cohort, "0.20")
    line = threading.Barrier(10)

    def ask(number: int) -> int:
        try:
            if number < 10:
                line.wait(timeout=20)
            return len(submit(members[number % 5], sessions[number % 5]))
        except BudgetEnded:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        accepted = sum(pool.map(ask, range(50)))
    assert accepted == 20
    assert [used(one)[0] for one in (wide, klass, each)] == [Decimal("0.40")] * 3
    assert all(row.held_usd <= Decimal("0.20") for row in BudgetCounter.objects.filter(budget=each))
    assert faults() == []


def submit(member: Membership, session: StudioSession) -> list[Job]:
    from studio.jobs.submit import submit_job

    params = {"model": "shop/small", "prompt": "sea", "width": 64, "height": 64}
    return submit_job(member=member, operation="image.generate", params=params, session=session)


def open_school_again() -> None:
    School.objects.get_or_create(slug=OPEN_SCHOOL, defaults={"name": "Open school"})
