"""The gate before anything is spent: binds an amount in every budget that it counts against, or none of it.

Counters are made first and then locked by id, whoever asks, so that nobody waits in a circle; a second asker waits for the
first one's row and then reads what it left. Free work never comes here.
"""

import uuid
from decimal import Decimal

from django.db import transaction

from ij8.accounts.models import Membership
from ij8.ai.budgets.alerts import tell_crossings
from ij8.ai.budgets.applying import Applying, applying_to, counters_of, lock, move, present
from ij8.ai.budgets.words import ended_words
from ij8.ai.models import BudgetCounter
from ij8.core.errors import BudgetEnded


def hold(member: Membership, cohort_id: uuid.UUID | None, amount_usd: Decimal) -> list[int]:
    """The counters that now hold `amount_usd`. Raises BudgetEnded: the transaction around it must be rolled back then."""
    applying = applying_to(member, cohort_id)
    if not applying:
        return []
    by_key = _counters(applying)
    ids = [by_key[one.key].pk for one in applying]
    fresh = {row.pk: row for row in lock(ids)}
    for one in applying:
        counter = fresh[by_key[one.key].pk]
        if one.limit_usd is not None and counter.used_usd + amount_usd > one.limit_usd:
            left = max(one.limit_usd - counter.used_usd, Decimal(0))
            raise BudgetEnded(
                ended_words(one, left, amount_usd),
                budget=str(one.budget.pk),
                left_usd=str(left),
                needed_usd=str(amount_usd),
                resets=one.period.ends.isoformat() if one.period.ends else None,
            )
    move(ids, held_usd=amount_usd)
    for row in fresh.values():
        row.held_usd += amount_usd
    tell_crossings([(one, fresh[by_key[one.key].pk]) for one in applying], member)
    return sorted(ids)


def _counters(applying: list[Applying]) -> dict[tuple, BudgetCounter]:
    found = counters_of(applying)
    if len(found) == len(applying):
        return found
    missing = [one for one in applying if one.key not in found]
    made = [
        BudgetCounter(school_id=one.budget.school_id, budget=one.budget, member_id=one.member_id, starts=one.period.starts)
        for one in sorted(missing, key=lambda one: (str(one.budget.pk), str(one.member_id)))
    ]
    with transaction.atomic():
        BudgetCounter.objects.bulk_create(made, ignore_conflicts=True)
    return counters_of(applying)


def release(ids: list[int], amount_usd: Decimal) -> None:
    """What was held is free again."""
    if ids:
        list(lock(ids))
        move(ids, held_usd=-amount_usd)


def spend(ids: list[int], amount_usd: Decimal, member: Membership) -> None:
    """What was really spent; negative for what is given back. Never refused: it has happened."""
    if not ids:
        return
    rows = list(lock(ids).select_related("budget__school"))
    move(ids, spent_usd=amount_usd)
    if amount_usd > 0:
        for row in rows:
            row.spent_usd += amount_usd
        tell_crossings(_of_now(rows), member)


def _of_now(rows: list[BudgetCounter]) -> list[tuple[Applying, BudgetCounter]]:
    """Counters of an earlier period are told of no more."""
    shown = present([(row.budget, row.member_id) for row in rows])
    return [(one, row) for one, row in zip(shown, rows, strict=True) if one.period.starts == row.starts]
