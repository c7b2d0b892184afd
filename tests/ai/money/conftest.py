from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from ij8.accounts.models import Cohort, Membership
from ij8.ai.models import Budget, BudgetCounter, LedgerEntry, SpendDay, SpendMonth
from studio.jobs.submit import submit_job
from studio.models import Job, StudioSession
from tests.fakes.shop_engine import connect

Make = Callable[..., list[Job]]


@pytest.fixture
def paid(db: None) -> None:
    """A paid place with two priced models and one without a price."""
    connect()


@pytest.fixture
def make(paid: None) -> Make:
    """`make(member, "small", 4, cohort=…)` asks for that many takes."""

    def submit(
        member: Membership, model: str = "small", count: int = 1, *, cohort: Cohort | None = None, **more: Any
    ) -> list[Job]:
        session = StudioSession.objects.create(school=member.school, member=member, cohort=cohort) if cohort else None
        params = {"model": f"shop/{model}", "prompt": "sea", "width": 1024, "height": 1024, "count": count, **more}
        return submit_job(member=member, operation="image.generate", params=params, session=session)

    return submit


def budget(level: str, whose: Any, hard: str | None, **more: Any) -> Budget:
    """`whose`: a School, Cohort or Membership."""
    fields: dict[str, Any] = {"school": getattr(whose, "school", whose)}
    if isinstance(whose, Cohort):
        fields["cohort"] = whose
    if isinstance(whose, Membership):
        fields["member"] = whose
    return Budget.objects.create(level=level, hard_usd=None if hard is None else Decimal(hard), **{**fields, **more})


def used(one: Budget) -> tuple[Decimal, Decimal]:
    """(held, spent) over all of its counters."""
    rows = list(BudgetCounter.objects.filter(budget=one))
    return sum((row.held_usd for row in rows), Decimal(0)), sum((row.spent_usd for row in rows), Decimal(0))


def faults() -> list[str]:
    """Where counters or sums by day differ from the ledger."""
    held: dict[int, Decimal] = {}
    spent: dict[int, Decimal] = {}
    days: dict[bool, Decimal] = {True: Decimal(0), False: Decimal(0)}
    for row in LedgerEntry.objects.all():
        bound = row.kind in (LedgerEntry.Kind.RESERVATION, LedgerEntry.Kind.RELEASE)
        for counter in row.counters:
            sums = held if bound else spent
            sums[counter] = sums.get(counter, Decimal(0)) + row.amount_usd
        if row.kind == LedgerEntry.Kind.WAIVER:
            days[True] -= row.amount_usd
        if not bound:
            days[row.by_house] += row.amount_usd
    found = [f"held of {row.pk}" for row in BudgetCounter.objects.all() if row.held_usd != held.get(row.pk, 0)]
    found += [f"spent of {row.pk}" for row in BudgetCounter.objects.all() if row.spent_usd != spent.get(row.pk, 0)]
    for by_house, total in days.items():
        for table in (SpendDay, SpendMonth):
            kept = sum((row.amount_usd for row in table.objects.filter(by_house=by_house)), Decimal(0))
            found += [f"{table.__name__} by_house={by_house}: {kept}, ledger {total}"] if kept != total else []
    return found
