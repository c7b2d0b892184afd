"""How a job ends: files first, then one transaction that makes them works and the job succeeded."""

import logging
import random
from typing import Any

from django.db import transaction
from django.utils import timezone
from pydantic import BaseModel

from ij8.core.errors import Ij8Error, OutOfMemory
from ij8.core.tenancy import acting_in
from studio.artifacts import store
from studio.artifacts.meta import GenerationMeta
from studio.jobs import backends, chats, eta
from studio.jobs.checking import made_must_pass
from studio.jobs.context import JobContext
from studio.jobs.leases import CancelAsked, LeaseLost
from studio.jobs.lines import lines_of
from studio.jobs.transition import end_attempt, move, requeue
from studio.models import Artifact, Job, JobAttempt, State
from studio.operations import OPERATIONS

log = logging.getLogger(__name__)
MAX_FAILURES = 4
LONGEST_DELAY_S = 600.0
Outcome = JobAttempt.Outcome


def succeed(ctx: JobContext, result: BaseModel) -> None:
    """Raises CancelAsked when the person was faster, LeaseLost when another holds the job now; PictureRefused and
    PictureUnread before anything is stored."""
    ctx.flush()
    prepared = [_prepare(ctx, ordinal) for ordinal in range(len(ctx.outputs))]
    made_must_pass(ctx, prepared)
    keys = [key for item in prepared for key in item.keys]
    _announce(ctx, keys)
    try:
        for item in prepared:
            store.write_files(item)
        _record(ctx, prepared, result)
    except BaseException:
        # if another ended or took over the job while we wrote, what we wrote may be nobody's: the sweeper looks at its end
        _announce_late(ctx, keys)
        raise
    backends.met_success(ctx.backend.slug)
    chats.keep_chats(ctx.job, ctx.outputs)


def _record(ctx: JobContext, prepared: list[store.PreparedArtifact], result: BaseModel) -> None:
    kept = {key for item in prepared for key in item.keys}
    with acting_in(ctx.job.school_id):
        # what an earlier attempt left stays named: the sweeper removes it
        left = [key for key in _named(ctx) if key not in kept]
        job = move(
            ctx.job.id,
            State.SUCCEEDED,
            epoch=ctx.lease.epoch,
            unless_cancelled=True,
            result=result.model_dump(mode="json"),
            progress=1.0,
            stage="",
            pending_keys=left,
        )
        if job is None:
            raise CancelAsked if _cancel_asked(ctx) else LeaseLost
        lines = lines_of(job, ctx.outputs)
        for item, line in zip(prepared, lines, strict=True):
            store.insert(
                item,
                owner_id=job.member_id,
                session_id=job.session_id,
                operation=job.operation,
                parents=line.parents,
                version_of=line.version_of,
            )
        end_attempt(job, Outcome.SUCCEEDED, cost_usd=ctx.spent_usd, tokens=ctx.tokens)
        eta.learn(job)
        apply = OPERATIONS[job.operation].apply
        if apply:
            apply(job, job.result or {})


def _prepare(ctx: JobContext, ordinal: int) -> store.PreparedArtifact:
    output, job = ctx.outputs[ordinal], ctx.job
    started = job.started_at or timezone.now()
    return store.prepare(
        school_id=job.school_id,
        data=output.data,
        content_type=output.content_type,
        medium=output.medium,
        source=Artifact.Source.GENERATED,
        job_id=job.id,
        ordinal=ordinal,
        width_px=output.width_px,
        height_px=output.height_px,
        duration_s=output.duration_s,
        prompt=str(job.params.get("prompt", "")),
        alt=output.alt,
        meta=GenerationMeta(
            operation=job.operation,
            model=str(output.meta.get("resolved_model") or job.model),
            backend=ctx.backend.slug,
            seed=job.params.get("seed"),
            params=job.params,
            duration_s=round((timezone.now() - started).total_seconds(), 3),
            notes=output.meta,
        ),
    )


def _announce(ctx: JobContext, keys: list[str]) -> None:
    """Names the files before they are written, beside those that an earlier attempt named."""
    with transaction.atomic():
        named = _named(ctx)
        pending = list(dict.fromkeys([*named, *keys]))
        job = move(ctx.job.id, State.STORING, epoch=ctx.lease.epoch, unless_cancelled=True, pending_keys=pending)
    if job is None:
        raise CancelAsked if _cancel_asked(ctx) else LeaseLost


def _named(ctx: JobContext) -> list[str]:
    """The files announced so far; locks the row, for a late writer may be adding to them."""
    keys: list[str] = Job.objects.select_for_update().values_list("pending_keys", flat=True).get(id=ctx.job.id)
    return keys


def _announce_late(ctx: JobContext, keys: list[str]) -> None:
    with transaction.atomic():
        pending = list(dict.fromkeys([*_named(ctx), *keys]))
        Job.objects.filter(id=ctx.job.id).update(pending_keys=pending)


def _cancel_asked(ctx: JobContext) -> bool:
    return Job.objects.filter(id=ctx.job.id, epoch=ctx.lease.epoch, cancel_requested_at__isnull=False).exists()


def cancelled(ctx: JobContext) -> Job | None:
    return _end(ctx, State.CANCELLED, Outcome.CANCELLED)


def _end(ctx: JobContext, state: State, outcome: JobAttempt.Outcome, error: Ij8Error | None = None) -> Job | None:
    ctx.flush()
    told = error.as_dict() if error else None
    with transaction.atomic():
        job = move(ctx.job.id, state, epoch=ctx.lease.epoch, error=told, stage="", progress=None)
        if job:
            end_attempt(job, outcome, cost_usd=ctx.spent_usd, tokens=ctx.tokens)
    return job


def handed_over(ctx: JobContext, *, delay_s: float = 0, why: str = "") -> Job | None:
    """Drain, or a backend that went away: back to the queue, and no failure. `why` is what is read of it while it waits."""
    ctx.flush()
    used: dict[str, Any] = {"cost_usd": ctx.spent_usd, "tokens": ctx.tokens}
    return requeue(ctx.job, Outcome.RELEASED, epoch=ctx.lease.epoch, delay_s=delay_s, stage=why[:120], **used)


def backoff_s(failures: int) -> float:
    """min(600, 5·2ⁿ) ± 20 %."""
    return min(LONGEST_DELAY_S, 5.0 * 2.0**failures) * random.uniform(0.8, 1.2)


def failed(ctx: JobContext, error: Ij8Error) -> Job | None:
    """Transient errors try again, at most four times; all others end the job."""
    failures = ctx.job.failures
    if error.retryable and failures < MAX_FAILURES:
        ctx.flush()
        delay_s = min(LONGEST_DELAY_S, max(backoff_s(failures), float(error.extra.get("retry_after_s") or 0)))
        used: dict[str, Any] = {"cost_usd": ctx.spent_usd, "tokens": ctx.tokens}
        return requeue(ctx.job, Outcome.FAILED, epoch=ctx.lease.epoch, delay_s=delay_s, failures=failures + 1, **used)
    return _end(ctx, State.FAILED, Outcome.FAILED, error)


def faulted(ctx: JobContext, error: Ij8Error) -> Job | None:
    """The backend itself is ill: once it is quarantined its jobs go back uncounted.

    Memory that runs out at a size which never worked there is the size's fault: tried once more, then final.
    """
    if isinstance(error, OutOfMemory) and not eta.has_worked(ctx.job, ctx.backend.slug):
        return _end(ctx, State.FAILED, Outcome.FAILED, error) if ctx.job.failures else failed(ctx, error)
    if backends.met_fault(ctx.backend.slug, ctx.job.id):
        return handed_over(ctx)
    return failed(ctx, error)
