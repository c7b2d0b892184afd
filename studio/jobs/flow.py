"""Whose turn it is: hints for the fair claim, and the pokes that wake workers.

Hints may be wrong for a moment; the sweeper rebuilds them from the job rows.
"""

import logging

from django.db import connection, transaction
from kombu.exceptions import OperationalError

from ij8.core.background import Lane
from studio.models import Job

log = logging.getLogger(__name__)
_pokes = Lane("pokes")
AGEING_S = 120  # a waiting job rises one class per this many seconds

# A newcomer starts at the smallest virtual time among the active, or she would be served first for ever; where nobody
# is active, at the largest, or who worked much last month would wait for all who are new today.
_JOINED = """
insert into studio_flow (pool, job_class, member_id, rank, queued, weight, virtual_time)
values (%(pool)s, %(job_class)s, %(member)s, %(job_class)s, %(count)s, 1,
        coalesce((select min(virtual_time) from studio_flow where pool = %(pool)s and queued > 0),
                 (select max(virtual_time) from studio_flow where pool = %(pool)s), 0))
on conflict (pool, job_class, member_id) do update set
  queued = greatest(studio_flow.queued, 0) + excluded.queued,
  rank = case when studio_flow.queued > 0 then studio_flow.rank else excluded.rank end,
  virtual_time = case when studio_flow.queued > 0 then studio_flow.virtual_time
                      else greatest(studio_flow.virtual_time, excluded.virtual_time) end
"""

# A person ages by how long she has waited without being served: by the age of her oldest job alone, whoever asks for a
# thousand pictures would outrank everybody after two minutes.
_REBUILD = """
with truth as (
  select pool, job_class, member_id, count(*) as queued,
         min(created) filter (where not_before <= clock_timestamp()) as since
    from studio_job where state = 'queued' group by pool, job_class, member_id),
floor as (select pool, coalesce(min(virtual_time) filter (where queued > 0), max(virtual_time)) as low
            from studio_flow group by pool),
aged as (
  select t.*, coalesce(l.low, 0) as low,
         t.job_class + least(floor(extract(epoch from
             coalesce(clock_timestamp() - greatest(t.since, o.served_at), interval '0')) / %(ageing)s), 30000)::int as rank
    from truth t left join floor l using (pool) left join studio_flow o using (pool, job_class, member_id))
insert into studio_flow as f (pool, job_class, member_id, rank, queued, weight, virtual_time)
select pool, job_class, member_id, rank, queued, 1, low
  from aged order by pool, job_class, member_id
on conflict (pool, job_class, member_id) do update set queued = excluded.queued, rank = excluded.rank,
  virtual_time = case when f.queued > 0 then f.virtual_time else greatest(f.virtual_time, excluded.virtual_time) end
  where f.queued <> excluded.queued or f.rank <> excluded.rank
"""

_EMPTY = """
update studio_flow f set queued = 0, rank = job_class where f.queued <> 0 and not exists (
  select 1 from studio_job j where j.state = 'queued' and j.pool = f.pool and j.job_class = f.job_class
     and j.member_id = f.member_id)
"""


def joined(job: Job, count: int = 1) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_JOINED, {"pool": job.pool, "job_class": job.job_class, "member": job.member_id, "count": count})


def left(job: Job) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update studio_flow set queued = queued - 1 where pool = %s and job_class = %s and member_id = %s",
            [job.pool, job.job_class, job.member_id],
        )


def rebuild() -> None:
    """Makes the hints true again and ages the waiting. Run by the sweeper, in a transaction of its own."""
    with connection.cursor() as cursor:
        cursor.execute(_REBUILD, {"ageing": AGEING_S})
        cursor.execute(_EMPTY)


def poke_on_commit(pool: str, times: int = 1) -> None:
    transaction.on_commit(lambda: poke(pool, times))


def poke(pool: str, times: int = 1) -> None:
    """Wakes a worker of the pool; nobody waits for the broker. A lost poke changes nothing: the sweeper pokes again."""
    _pokes.later(lambda: _send(pool, times))


def _send(pool: str, times: int) -> None:
    from studio.jobs.tasks import pump

    try:
        for _ in range(times):
            pump.apply_async((pool,), queue=pool, expires=60)
    except OperationalError as error:
        log.warning("poke of %s not sent: %s", pool, error)
