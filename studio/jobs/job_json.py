"""A job as everyone sees it: the same shape in REST, on the socket and on the page."""

import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from ij8.accounts.models import Membership
from ij8.safety.reports import is_hidden_from
from studio.artifacts.artifact_json import artifact_json
from studio.jobs import eta, previews
from studio.models import Artifact, Job, JobEvent


class BatchJson(BaseModel):
    id: uuid.UUID
    jobs: list[uuid.UUID]
    progress: float
    cost_actual_usd: str
    eta_s: float | None


class ErrorJson(BaseModel):
    code: str
    message: str
    retryable: bool


class EventJson(BaseModel):
    seq: int
    kind: str
    payload: dict[str, Any]
    created: str


class JobJson(BaseModel):
    """`eta_s` seconds until it ends; `queue_position` 0 is next; money in USD as decimal text."""

    id: uuid.UUID
    state: str
    seq: int
    operation: str
    model: str
    batch: BatchJson
    take: int
    session: uuid.UUID | None
    parent: uuid.UUID | None
    params: dict[str, Any]
    progress: float | None
    stage: str
    eta_s: float | None
    queue_position: int | None
    preview_url: str | None
    cost_estimate_usd: str
    cost_actual_usd: str
    artifacts: list[dict[str, Any]]
    result: dict[str, Any] | None
    error: dict[str, Any] | None
    text: str
    retried_by: uuid.UUID | None
    created: str
    ended: str | None


def job_json(job: Job) -> dict[str, Any]:
    return jobs_json([job])[0]


def jobs_json(jobs: Sequence[Job], *, are_whole: bool = False, viewer: Membership | None = None) -> list[dict[str, Any]]:
    """The same number of queries for any number of jobs; two less when `jobs` are all the latest takes of their batches.

    For a `viewer` each work says in `is_hidden` whether this person hid it.
    """
    batches = _grouped(jobs) if are_whole else batches_of({job.batch for job in jobs})
    works = _works((job.id for job in jobs), viewer)
    again = Job.objects.none() if are_whole else Job.objects.filter(retry_of__in=[job.id for job in jobs])
    retried = dict(again.values_list("retry_of_id", "id"))
    told = {take.id: take for takes in batches.values() for take in takes} | {job.id: job for job in jobs}
    outlooks = eta.outlooks(told.values())
    shown = previews.urls_of(jobs)
    return [
        _one(job, batches[job.batch], works.get(job.id, []), retried.get(job.id), outlooks, shown.get(job.id)) for job in jobs
    ]


def _works(ids: Iterable[uuid.UUID], viewer: Membership | None) -> dict[uuid.UUID, list[Artifact]]:
    found: dict[uuid.UUID, list[Artifact]] = {}
    rows = Artifact.objects.filter(job__in=list(ids), purged_at=None).select_related("root")
    if viewer:
        rows = rows.annotate(is_hidden=is_hidden_from(viewer, "root_id"))
    for artifact in rows.order_by("job_id", "ordinal"):
        if artifact.job_id:
            found.setdefault(artifact.job_id, []).append(artifact)
    return found


def _grouped(jobs: Sequence[Job]) -> dict[uuid.UUID, list[Job]]:
    found: dict[uuid.UUID, list[Job]] = {}
    for job in sorted(jobs, key=lambda one: one.take):
        found.setdefault(job.batch, []).append(job)
    return found


def batches_of(ids: set[uuid.UUID]) -> dict[uuid.UUID, list[Job]]:
    """The takes of each batch; a take that was tried again is represented by its latest job."""
    found: dict[uuid.UUID, dict[int, Job]] = {batch: {} for batch in ids}
    rows = Job.objects.filter(batch__in=ids)
    for job in rows.order_by("take", "created", "id"):
        found[job.batch][job.take] = job
    return {batch: list(takes.values()) for batch, takes in found.items()}


def _one(
    job: Job,
    batch: list[Job],
    works: list[Artifact],
    retried_by: uuid.UUID | None,
    outlooks: dict[uuid.UUID, eta.Outlook],
    preview_url: str | None,
) -> dict[str, Any]:
    outlook = outlooks.get(job.id, eta.Outlook())
    return {
        "id": str(job.id),
        "state": job.state,
        "seq": job.seq,
        "operation": job.operation,
        "model": job.model,
        "batch": _batch(job.batch, batch, outlooks),
        "take": job.take,
        "session": str(job.session_id) if job.session_id else None,
        "parent": str(job.parent_id) if job.parent_id else None,
        "params": job.params,
        "progress": job.progress,
        "stage": job.stage,
        "eta_s": _round(outlook.eta_s),
        "queue_position": outlook.queue_position,
        "preview_url": preview_url,
        "cost_estimate_usd": _usd(job.cost_estimate_usd),
        "cost_actual_usd": _usd(job.cost_actual_usd),
        "artifacts": [_work(artifact) for artifact in works],
        "result": job.result,
        "error": job.error,
        "text": job.text,
        "retried_by": str(retried_by) if retried_by else None,
        "created": job.created.isoformat(),
        "ended": job.ended_at.isoformat() if job.ended_at else None,
    }


def progress_of(takes: Sequence[Job]) -> float:
    """Of a batch, 0 to 1: what has ended counts whole."""
    return round(sum(1.0 if take.ended else (take.progress or 0.0) for take in takes) / max(len(takes), 1), 4)


def _batch(ident: uuid.UUID, takes: list[Job], outlooks: dict[uuid.UUID, eta.Outlook]) -> dict[str, Any]:
    """Progress and cost over all takes; the ETA is that of the last one, None while one of them has none."""
    waits = [outlooks.get(take.id, eta.Outlook()).eta_s for take in takes if not take.ended]
    return {
        "id": str(ident),
        "jobs": [str(take.id) for take in takes],
        "progress": progress_of(takes),
        "cost_actual_usd": _usd(sum((take.cost_actual_usd for take in takes), Decimal(0))),
        "eta_s": _round(max((wait or 0.0 for wait in waits), default=None)) if None not in waits else None,
    }


def _work(artifact: Artifact) -> dict[str, Any]:
    """A trashed work is only said to be there: whoever may open it asks for it by its id."""
    told = artifact_json(artifact)
    if hasattr(artifact, "is_hidden"):
        told["is_hidden"] = artifact.is_hidden
    return told if not told["trashed"] else {"id": told["id"], "medium": told["medium"], "trashed": told["trashed"]}


def _usd(amount: Decimal) -> str:
    return f"{amount:.6f}"


def _round(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def event_json(event: JobEvent) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "kind": event.kind,
        "payload": event.payload,
        "created": event.created.isoformat(),
    }
