"""The only writer of the ledger. Each call is idempotent per (ref, attempt, kind) and runs in the caller's transaction,
and moves the budgets' counters and the sums by day with the row.

Whoever also changes the queue's flow rows in that transaction does so after: a submit locks counters first, then flows.
"""

import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from ij8.accounts.models import Membership
from ij8.ai.budgets import check
from ij8.ai.budgets.applying import lock, zone_of
from ij8.ai.models import LedgerEntry

Kind = LedgerEntry.Kind
ADD = """
    insert into ai_ledgerentry
        (school_id, member_id, cohort_id, ref, attempt, kind, amount_usd, model, by_house, counters, created,
         tokens_in, tokens_out)
    select %s, %s, %s, ref, %s, %s, %s, %s, %s, %s::bigint[], %s, %s, %s from unnest(%s::uuid[]) as ref
    on conflict do nothing returning ref
"""
SUM_UP_DAY = """
    insert into ai_spendday (school_id, day, member_id, cohort_id, model, by_house, amount_usd, count)
    values (%s, %s, %s, %s, %s, %s, %s, %s)
    on conflict (school_id, day, member_id, cohort_id, model, by_house) do update
    set amount_usd = ai_spendday.amount_usd + excluded.amount_usd, count = ai_spendday.count + excluded.count
"""
SUM_UP_MONTH = """
    insert into ai_spendmonth (school_id, day, member_id, cohort_id, model, by_house, amount_usd, count)
    values (%s, %s, %s, %s, %s, %s, %s, %s)
    on conflict (school_id, day, member_id, cohort_id, model, by_house) do update
    set amount_usd = ai_spendmonth.amount_usd + excluded.amount_usd, count = ai_spendmonth.count + excluded.count
"""


def reserve(
    *, member: Membership, refs: Sequence[uuid.UUID], amount_usd: Decimal, model: str, cohort_id: uuid.UUID | None = None
) -> None:
    """Sets the estimate of each aside when jobs are accepted. Raises BudgetEnded: then nothing of the caller's stands."""
    counters = check.hold(member, cohort_id, amount_usd * len(refs)) if amount_usd else []
    _add(Kind.RESERVATION, member, cohort_id, refs, 0, amount_usd, model, counters=counters)


def enlarge(*, member: Membership, ref: uuid.UUID, amount_usd: Decimal, model: str, cohort_id: uuid.UUID | None = None) -> None:
    """Sets more aside for a job under way, which its worker alone does. Raises BudgetEnded: then nothing of the caller's stands.

    Its reservations are numbered by `attempt`, the first with 0.
    """
    counters = check.hold(member, cohort_id, amount_usd)
    number = LedgerEntry.objects.filter(ref=ref, kind=Kind.RESERVATION).count()
    _add(Kind.RESERVATION, member, cohort_id, [ref], number, amount_usd, model, counters=counters)


def release(*, member: Membership, ref: uuid.UUID, model: str, cohort_id: uuid.UUID | None = None) -> None:
    """Gives all that was set aside back when the job ends, whatever its end."""
    rows = list(LedgerEntry.objects.filter(ref=ref, kind=Kind.RESERVATION).order_by("attempt"))
    if len(rows) > 1:
        list(lock({counter for row in rows for counter in row.counters}))  # all at once, in the one order
    for row in rows:
        if _add(Kind.RELEASE, member, cohort_id, [ref], row.attempt, -row.amount_usd, model, counters=row.counters):
            check.release(row.counters, row.amount_usd)


def settle(
    *,
    member: Membership,
    ref: uuid.UUID,
    attempt: int,
    amount_usd: Decimal,
    model: str,
    cohort_id: uuid.UUID | None = None,
    by_house: bool = False,
    tokens: tuple[int, int] = (0, 0),
) -> None:
    """Books what one attempt really cost: to the person, or to the house where it was no fault or gain of hers.

    `tokens`: of language models, in and out.
    """
    counters = [] if by_house else _counters_of(ref)
    new = _add(
        Kind.SETTLEMENT, member, cohort_id, [ref], attempt, amount_usd, model, by_house=by_house, counters=counters, tokens=tokens
    )
    if new:
        check.spend(counters, amount_usd, member)
        _sum_up(member, cohort_id, model, amount_usd, by_house=by_house, count=1)


def waive(*, member: Membership, ref: uuid.UUID, model: str, cohort_id: uuid.UUID | None = None) -> Decimal:
    """A job failed after all: what its person had paid for it goes to the house. Returns how much."""
    paid = LedgerEntry.objects.filter(ref=ref, kind=Kind.SETTLEMENT, by_house=False).aggregate(total=Sum("amount_usd"))["total"]
    if not paid:
        return Decimal(0)
    counters = _counters_of(ref)
    if not _add(Kind.WAIVER, member, cohort_id, [ref], 0, -paid, model, counters=counters):
        return Decimal(0)
    check.spend(counters, -paid, member)
    _sum_up(member, cohort_id, model, -paid, by_house=False, count=0)
    _sum_up(member, cohort_id, model, paid, by_house=True, count=0)
    return Decimal(paid)


def spent_usd(ref: uuid.UUID) -> Decimal:
    """What a job has cost so far, whoever paid it."""
    total = LedgerEntry.objects.filter(ref=ref, kind=Kind.SETTLEMENT).aggregate(total=Sum("amount_usd"))["total"]
    return total or Decimal(0)


def _add(
    kind: Kind,
    member: Membership,
    cohort_id: uuid.UUID | None,
    refs: Sequence[uuid.UUID],
    attempt: int,
    amount_usd: Decimal,
    model: str,
    *,
    by_house: bool = False,
    counters: Sequence[int] = (),
    tokens: tuple[int, int] = (0, 0),
) -> int:
    """How many rows are new."""
    values = [member.school_id, member.pk, cohort_id, attempt, kind, amount_usd, model, by_house, list(counters), timezone.now()]
    with connection.cursor() as cursor:
        cursor.execute(ADD, [*values, *tokens, list(refs)])
        return len(cursor.fetchall())


def _counters_of(ref: uuid.UUID) -> list[int]:
    """What its reservation bound: the same counters are moved until the end, whatever the budgets are by then."""
    found = LedgerEntry.objects.filter(ref=ref, attempt=0, kind=Kind.RESERVATION).values_list("counters", flat=True).first()
    return sorted(found or [])


def _sum_up(
    member: Membership, cohort_id: uuid.UUID | None, model: str, amount_usd: Decimal, *, by_house: bool, count: int
) -> None:
    day: date = timezone.now().astimezone(zone_of(member.school_id)).date()
    with connection.cursor() as cursor:
        for sum_up, first in ((SUM_UP_DAY, day), (SUM_UP_MONTH, day.replace(day=1))):
            cursor.execute(sum_up, [member.school_id, first, member.pk, cohort_id, model, by_house, amount_usd, count])
