"""The fair claim: one short transaction gives one backend its next job.

The highest class with work, in it the person served least so far who is under the cap, then her oldest job that allows
this backend. Two statements: the advisory lock must be one of its own, for a snapshot taken before the lock would not
see the rows that the last holder made live, and more would run than there are slots. For the same reason times are
read from the clock: `now()` is older than the wait for the lock.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from ij8.core.tenancy import acting_as_engine
from studio.jobs import backends, events
from studio.jobs.holder import holder
from studio.models import Backend, Job

_LOCK = "select pg_advisory_xact_lock(hashtext('claim:' || %(backend)s::text))"

# `elsewhere`: open backends of another kind whose wait is short; a job that lists one of them first is left to it.
_CLAIM = """
with elsewhere as (
  select array(select o.slug from studio_backend o where o.pool = %(pool)s and o.kind <> %(kind)s and o.enabled
                  and o.state = 'up' and o.wait_s <= %(overflow_s)s) as slugs),
live as (
  select count(*) as n from studio_job where backend = %(backend)s and state in ('leased', 'submitted', 'storing')),
fair as (
  select f.rank, f.job_class, f.member_id, f.virtual_time from studio_flow f
   where (select n from live) < %(slots)s and f.pool = %(pool)s and f.queued > 0
   order by f.rank desc, f.virtual_time
   limit %(look)s),
pick as (
  select j.id from fair
  cross join lateral (
    select job.id from studio_job job
     where job.pool = %(pool)s and job.member_id = fair.member_id and job.job_class = fair.job_class
       and job.state = 'queued' and job.not_before <= clock_timestamp() and %(backend)s = any (job.allowed_backends)
       and not (job.allowed_backends[:array_position(job.allowed_backends, %(backend)s) - 1] && (select slugs from elsewhere))
     order by job.created, job.id limit 1 for update skip locked) j
  where (select count(*) from studio_job r where r.member_id = fair.member_id
           and r.state in ('leased', 'submitted', 'storing')) < %(cap)s
  order by fair.rank desc, fair.virtual_time limit 1),
won as (
  update studio_job set state = 'leased', backend = %(backend)s, epoch = epoch + 1, attempt = attempt + 1,
         seq = seq + 1, lease_until = clock_timestamp() + make_interval(secs => %(lease_s)s), lease_holder = %(holder)s,
         started_at = clock_timestamp(), stage = 'starting', progress = null
    from pick where studio_job.id = pick.id and studio_job.state = 'queued'
  returning studio_job.id, epoch, attempt, seq, school_id, member_id, job_class),
paid as (
  update studio_flow f set queued = f.queued - 1, virtual_time = f.virtual_time + 1 / f.weight, served_at = clock_timestamp()
    from won where f.pool = %(pool)s and f.member_id = won.member_id and f.job_class = won.job_class returning 1),
told as (
  insert into studio_jobevent (school_id, job_id, seq, kind, payload, created)
  select school_id, id, seq, 'state', '{"state": "leased", "was": "queued"}'::jsonb, now() from won returning 1),
tried as (
  insert into studio_jobattempt (school_id, job_id, n, backend, holder, listener_id, started_at, outcome, cost_usd)
  select school_id, id, attempt, %(backend)s, %(holder)s, '', now(), '', 0 from won returning 1)
select id, epoch from won
"""
# The first places may be filled by people at their cap, or whose jobs need another backend: look near, then far.
_LOOKS = (8, 1000)


@dataclass(frozen=True)
class Claimed:
    job_id: uuid.UUID
    epoch: int


def claim(backend: Backend) -> Claimed | None:
    """The next job for this backend, leased to this process, or None when there is none or no slot is free."""
    values: dict[str, Any] = {
        "backend": backend.slug,
        "pool": backend.pool,
        "slots": backend.slots,
        "kind": backend.kind,
        "overflow_s": backends.OVERFLOW_WAIT_S,
        "cap": settings.PERSON_CAP,
        "lease_s": settings.LEASE_S,
        "holder": holder(),
    }
    with acting_as_engine(), _preparing() as raw:
        for look in _LOOKS:
            with raw.pipeline():  # both on their way at once: nobody waits for this process while it holds the lock
                raw.execute(_LOCK, values)
                found = raw.execute(_CLAIM, {**values, "look": look})
            row = found.fetchone()
            if row:
                return Claimed(job_id=row[0], epoch=row[1])
    return None


@contextmanager
def _preparing() -> Iterator[psycopg.Connection[Any]]:
    """psycopg's own connection; its statements are prepared, for planning them again took half of a claim's time.

    Django prepares nothing of its own accord, for poolers that give each transaction another connection; those that
    know psycopg's protocol-level statements (PgBouncer from 1.22) are fine. Errors are Django's, as elsewhere.
    """
    raw: psycopg.Connection[Any] = connection.connection
    factory, raw.cursor_factory, raw.prepare_threshold = raw.cursor_factory, psycopg.Cursor, 0
    try:
        with connection.wrap_database_errors:
            yield raw
    finally:
        raw.cursor_factory, raw.prepare_threshold = factory, None


def claim_next(pool: str) -> Claimed | None:
    """The next job for any open backend of the pool, told to who watches."""
    for backend in backends.open_in(pool):
        claimed = claim(backend)
        if claimed:
            events.tell(Job.objects.select_related("member", "school").get(id=claimed.job_id))
            return claimed
    return None
