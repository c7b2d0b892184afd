"""What happened to a job, told once: a gapless row, and a live message after the commit."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from ij8.core import live
from ij8.core.background import Lane
from studio.jobs.job_json import jobs_json
from studio.models import Job, JobEvent

_news = Lane("news")
TICK_WIRE_S = 0.25
TICK_ROW_S = 1.0


def append(job: Job, kind: str, payload: dict[str, Any] | None = None) -> None:
    """Records the event of `job.seq`, which the caller has just raised in this transaction."""
    JobEvent.objects.create(school_id=job.school_id, job=job, seq=job.seq, kind=kind, payload=payload or {})
    transaction.on_commit(lambda: tell(job))


def append_first(jobs: Sequence[Job]) -> None:
    """The first events of new jobs of one batch."""
    JobEvent.objects.bulk_create(
        JobEvent(school_id=job.school_id, job=job, seq=job.seq, kind="state", payload={"state": job.state, "was": ""})
        for job in jobs
    )
    transaction.on_commit(lambda: tell_all(jobs))


def note(job_id: Any, kind: str, *, epoch: int, payload: dict[str, Any], **changes: Any) -> Job | None:
    """An event that is no change of state (stage, cancel asked). None when the epoch has passed."""
    with transaction.atomic():
        if not Job.objects.filter(id=job_id, epoch=epoch).update(seq=F("seq") + 1, **changes):
            return None
        job = Job.objects.select_related("member").get(id=job_id)
        append(job, kind, payload)
        return job


def tell(job: Job) -> None:
    """Sends the job as the API shows it to its person and to who watches its session. Nobody waits for it."""
    tell_all([job])


def tell_all(jobs: Sequence[Job]) -> None:
    _news.later(lambda: _send(jobs))


def _send(jobs: Sequence[Job]) -> None:
    try:
        _send_now(jobs)
    finally:
        connection.close_if_unusable_or_obsolete()


def _send_now(jobs: Sequence[Job]) -> None:
    for job, told in zip(jobs, jobs_json(jobs), strict=True):
        for topic in topics(job):
            live.send(topic, {"type": "job", "seq": job.seq, "job": told})


def tick(job: Job, *, progress: float | None, stage: str, eta_s: float | None, preview_url: str | None) -> None:
    """Progress on the wire; repeats the last seq."""
    message = {
        "type": "tick",
        "job": str(job.id),
        "seq": job.seq,
        "progress": progress,
        "stage": stage,
        "eta_s": eta_s,
        "preview_url": preview_url,
    }
    for topic in topics(job):
        live.send(topic, message)


def topics(job: Job) -> list[str]:
    found = [live.member_topic(job.member_id)]
    if job.session_id:
        found.append(f"session.{job.session_id}")
    return found
