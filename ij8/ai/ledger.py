"""The only writer of the ledger. Each call is idempotent per (ref, attempt, kind) and runs in the caller's transaction."""

import uuid
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Sum

from ij8.accounts.models import Membership
from ij8.ai.models import LedgerEntry

Kind = LedgerEntry.Kind


def _add(kind: Kind, member: Membership, refs: Sequence[uuid.UUID], attempt: int, amount_usd: Decimal, model: str) -> None:
    entries = [
        LedgerEntry(
            school_id=member.school_id, member=member, ref=ref, attempt=attempt, kind=kind, amount_usd=amount_usd, model=model
        )
        for ref in refs
    ]
    LedgerEntry.objects.bulk_create(entries, ignore_conflicts=True)


def reserve(*, member: Membership, refs: Sequence[uuid.UUID], amount_usd: Decimal, model: str) -> None:
    """Sets the estimate of each aside when jobs are accepted."""
    _add(Kind.RESERVATION, member, refs, 0, amount_usd, model)


def release(*, member: Membership, ref: uuid.UUID, amount_usd: Decimal, model: str) -> None:
    """Gives the reservation back when the job ends, whatever its end."""
    _add(Kind.RELEASE, member, [ref], 0, -amount_usd, model)


def settle(*, member: Membership, ref: uuid.UUID, attempt: int, amount_usd: Decimal, model: str) -> None:
    """Books what one attempt really cost."""
    _add(Kind.SETTLEMENT, member, [ref], attempt, amount_usd, model)


def spent_usd(ref: uuid.UUID) -> Decimal:
    """What a job has cost so far."""
    total = LedgerEntry.objects.filter(ref=ref, kind=Kind.SETTLEMENT).aggregate(total=Sum("amount_usd"))["total"]
    return total or Decimal(0)
