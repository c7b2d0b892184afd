"""How long it takes, learned; and how long until it starts, from the place in the fair queue."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from studio.jobs.backends import live_count
from studio.models import LIVE, Backend, Job, State, Timing

WEIGHT = 0.2  # of the newest observation in the moving average

_LEARN = """
insert into studio_timing (operation, model, backend, size, mean_s, count) values (%s, %s, %s, %s, %s, 1)
on conflict (operation, model, backend, size) do update
   set mean_s = studio_timing.mean_s + (excluded.mean_s - studio_timing.mean_s)
                * greatest(%s, 1.0 / (studio_timing.count + 1)),
       count = studio_timing.count + 1
"""

# Before my k-th job comes, everyone of my rank is served k times, and those above me until they are done.
_PLACES = """
with ranked as (
  select id, pool, job_class, member_id,
         row_number() over (partition by pool, job_class, member_id order by created, id) - 1 as ahead
    from studio_job where state = 'queued' and member_id = any (%(members)s)),
mine as (select * from ranked where id = any (%(ids)s))
select m.id, m.ahead + coalesce((
    select sum(case when f.rank > own.rank then f.queued
                    when f.rank < own.rank then 0
                    else least(f.queued, m.ahead + case when f.virtual_time < own.virtual_time then 1 else 0 end) end)
      from studio_flow f
     where f.pool = m.pool and f.queued > 0 and not (f.member_id = m.member_id and f.job_class = m.job_class)), 0)
  from mine m
  join studio_flow own on own.pool = m.pool and own.job_class = m.job_class and own.member_id = m.member_id
"""


@dataclass(frozen=True)
class Outlook:
    """`queue_position` 0 is next. None where nothing can be said."""

    eta_s: float | None = None
    queue_position: int | None = None


def size_of(params: dict[str, Any]) -> str:
    """Pixels rounded to a power of two: nearby sizes share an average."""
    pixels = int(params.get("width", 0)) * int(params.get("height", 0))
    return str(1 << (pixels - 1).bit_length()) if pixels else ""


def learn(job: Job) -> None:
    """Takes the execution that just ended into the average."""
    if not job.started_at:
        return
    spent_s = (timezone.now() - job.started_at).total_seconds()
    with connection.cursor() as cursor:
        cursor.execute(_LEARN, [job.operation, job.model, job.backend, size_of(job.params), spent_s, WEIGHT])


def has_worked(job: Job, backend: str) -> bool:
    """Whether work of this kind and size has come to an end there before."""
    rows = Timing.objects.filter(operation=job.operation, model=job.model, backend=backend)
    return rows.filter(size=size_of(job.params)).exists()


def outlooks(jobs: Collection[Job]) -> dict[uuid.UUID, Outlook]:
    """For the running and queued among `jobs`; at most three queries for any number of them."""
    running = [job for job in jobs if job.state in LIVE]
    queued = [job for job in jobs if job.state == State.QUEUED]
    if not running and not queued:
        return {}
    places_to_run = list(Backend.objects.annotate(live=live_count()))
    means = _Means([*running, *queued], cold={row.slug: row.cold_start_s for row in places_to_run if row.cold_start_s})
    found = {job.id: _of_running(job, means.of(job)) for job in running}
    if queued:
        places = _places(queued)
        slots = {row.slug: row.slots for row in places_to_run if row.enabled}
        busy = {row.slug: row.live for row in places_to_run}
        for job in queued:
            place, mean_s = places.get(job.id), means.of(job)
            if place is None or mean_s is None:
                found[job.id] = Outlook(None, place)
                continue
            here = [slug for slug in job.allowed_backends if slug in slots]
            rounds = (place + sum(busy[slug] for slug in here)) / max(sum(slots[slug] for slug in here), 1)
            found[job.id] = Outlook(mean_s * (rounds + 1), place)
    return found


def _of_running(job: Job, mean_s: float | None) -> Outlook:
    if mean_s is None or not job.started_at:
        return Outlook()
    return Outlook(max(mean_s - (timezone.now() - job.started_at).total_seconds(), 0.0))


class _Means:
    """Seconds of execution to expect: of the same size, else of any; else the declared cold start of the backend."""

    def __init__(self, jobs: Sequence[Job], *, cold: dict[str, float]) -> None:
        kinds = {(job.operation, job.model) for job in jobs}
        rows = Timing.objects.filter(operation__in={kind[0] for kind in kinds}, model__in={kind[1] for kind in kinds})
        self.rows = list(rows)
        self.cold = cold

    def of(self, job: Job) -> float | None:
        same = [row for row in self.rows if row.operation == job.operation and row.model == job.model]
        sized = [row for row in same if row.size == size_of(job.params)] or same
        if sized:
            return sum(row.mean_s for row in sized) / len(sized)
        return self.cold.get(job.allowed_backends[0]) if job.allowed_backends else None


def _places(jobs: Sequence[Job]) -> dict[uuid.UUID, int]:
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, {"members": list({job.member_id for job in jobs}), "ids": [job.id for job in jobs]})
        return {ident: int(place) for ident, place in cursor.fetchall()}
