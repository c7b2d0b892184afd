"""How long it takes, learned; and how long until it starts, from the place in the fair queue."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Avg
from django.utils import timezone

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
_PLACE = """
select coalesce(sum(case when f.rank > me.rank then f.queued
                         when f.rank < me.rank then 0
                         else least(f.queued, me.ahead + case when f.virtual_time < me.virtual_time then 1 else 0 end)
                    end), 0)::int
  from studio_flow f, (select rank, virtual_time, %(ahead)s::int as ahead from studio_flow
                        where pool = %(pool)s and job_class = %(job_class)s and member_id = %(member)s) me
 where f.pool = %(pool)s and f.queued > 0 and not (f.member_id = %(member)s and f.job_class = %(job_class)s)
"""


@dataclass(frozen=True)
class Outlook:
    """`queue_position` 0 is next. Both None when nothing can be said."""

    eta_s: float | None
    queue_position: int | None


def size_of(params: dict[str, Any]) -> str:
    """Pixels rounded to a power of two: nearby sizes share an average."""
    pixels = int(params.get("width", 0)) * int(params.get("height", 0))
    return str(1 << (pixels - 1).bit_length()) if pixels else ""


def learn(job: Job) -> None:
    if not job.started_at:
        return
    spent_s = (timezone.now() - job.started_at).total_seconds()
    with connection.cursor() as cursor:
        cursor.execute(_LEARN, [job.operation, job.model, job.backend, size_of(job.params), spent_s, WEIGHT])


def mean_s(job: Job) -> float | None:
    """Seconds of execution to expect; the declared cold start of a backend that never ran it counts in."""
    rows = Timing.objects.filter(operation=job.operation, model=job.model)
    sized = rows.filter(size=size_of(job.params)).aggregate(mean=Avg("mean_s"))["mean"]
    mean: float | None = sized if sized is not None else rows.aggregate(mean=Avg("mean_s"))["mean"]
    if mean is not None:
        return mean
    first = Backend.objects.filter(slug__in=job.allowed_backends[:1]).first()
    return first.cold_start_s or None if first else None


def outlook(job: Job) -> Outlook:
    """A few small queries; for open jobs only."""
    if job.state in LIVE:
        mean = mean_s(job)
        if mean is None or not job.started_at:
            return Outlook(None, None)
        spent = (timezone.now() - job.started_at).total_seconds()
        return Outlook(max(mean - spent, 0.0), None)
    if job.state != State.QUEUED:
        return Outlook(None, None)
    place = _place(job)
    mean = mean_s(job)
    if mean is None:
        return Outlook(None, place)
    slots = sum(Backend.objects.filter(slug__in=job.allowed_backends, enabled=True).values_list("slots", flat=True))
    rounds = (place + _running(job)) / max(slots, 1)
    return Outlook(mean * (rounds + 1), place)


def _running(job: Job) -> int:
    return Job.objects.filter(backend__in=job.allowed_backends, state__in=LIVE).count()


def _place(job: Job) -> int:
    mine = Job.objects.filter(pool=job.pool, member_id=job.member_id, job_class=job.job_class, state=State.QUEUED)
    ahead = mine.filter(created__lt=job.created).count() + mine.filter(created=job.created, id__lt=job.id).count()
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, {"ahead": ahead, "pool": job.pool, "job_class": job.job_class, "member": job.member_id})
        row = cursor.fetchone()
    return ahead + (row[0] if row else 0)
