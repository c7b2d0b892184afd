"""The fair claim: gives one backend its next job. Its rules stand in claim.sql, which runs in the database."""

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from studio.jobs import backends, events
from studio.jobs.holder import holder
from studio.models import Backend, Job


@dataclass(frozen=True)
class Claimed:
    job_id: uuid.UUID
    epoch: int


def claim(backend: Backend) -> Claimed | None:
    """The next job for this backend, leased to this process, or None when there is none or no slot is free."""
    values: list[str | int | float] = [
        backend.slug,
        backend.kind,
        backend.pool,
        backend.slots,
        settings.PERSON_CAP,
        settings.LEASE_S,
        backends.OVERFLOW_WAIT_S,
        holder(),
    ]
    with connection.cursor() as cursor:
        cursor.execute("select job_id, epoch from studio_claim(%s, %s, %s, %s, %s, %s, %s, %s)", values)
        row = cursor.fetchone()
    return Claimed(job_id=row[0], epoch=row[1]) if row else None


def claim_next(pool: str) -> Claimed | None:
    """The next job for any open backend of the pool, told to who watches."""
    for backend in backends.open_in(pool):
        claimed = claim(backend)
        if claimed:
            events.tell(Job.objects.select_related("member", "school").get(id=claimed.job_id))
            return claimed
    return None
