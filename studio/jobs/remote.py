"""Driving work at a place of its own: write the id, commit, then call; after a crash, find it again."""

import logging
import time
import uuid
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ij8.core.errors import BackendFault, Busy, EngineError, Failed, Ij8Error, Stalled, Unreachable
from studio.engines.base import Listening, Output, RemoteEngine, RemoteState, RemoteStatus, Request
from studio.jobs import backends
from studio.jobs.leases import LeaseLost
from studio.jobs.transition import move
from studio.models import Backend, Job, JobAttempt, State

if TYPE_CHECKING:
    from studio.jobs.context import JobContext

log = logging.getLogger(__name__)
T = TypeVar("T")
MAX_SUBMITS = 5


class OutcomeUnknown(EngineError):
    """A paid call that may have been carried out. Final: the person decides."""

    code = "outcome_unknown"

    def __init__(self) -> None:
        super().__init__("It is not known whether this paid call was carried out. Try again only if nothing arrived.")


class BackendAway(EngineError):
    """No failure of the job: it is queued again, uncounted."""

    code = "backend_away"


def run(ctx: "JobContext", engine: RemoteEngine, request: Request) -> list[Output]:
    """Submits or re-attaches, follows, fetches. Who ends the job otherwise calls `stop`."""
    remote_id = _taken_over(ctx, engine, request)
    for _ in range(1 if engine.paid else MAX_SUBMITS):
        if remote_id is None:
            remote_id = _submit(ctx, engine, request)
        status = _follow(ctx, engine, request, remote_id)
        if status.state is RemoteState.DONE:
            return _fetch(ctx, engine, request, remote_id)
        if status.state is RemoteState.FAILED:
            raise status.error or Failed("The backend reported a failure without a reason.")
        remote_id = None  # the place forgot it: a restart there
    if engine.paid:
        raise OutcomeUnknown()
    raise Failed("The backend forgot the work five times.", code="backend_forgets")


def _fetch(ctx: "JobContext", engine: RemoteEngine, request: Request, remote_id: str) -> list[Output]:
    try:
        return _patiently(ctx, partial(engine.fetch, request, remote_id))
    except BackendFault:
        if not engine.paid:  # what cannot be fetched is made again, not taken over
            _attempt(ctx).update(remote_id=None)
        raise


def stop(job_id: uuid.UUID) -> None:
    """Stops what an ended job left running at a place of its own. Outside any transaction.

    A place that does not answer keeps the work until it ends by itself: the job has ended all the same.
    """
    left = JobAttempt.objects.filter(job_id=job_id, remote_id__isnull=False).order_by("-n").first()
    backend = Backend.objects.filter(slug=left.backend).first() if left else None
    if left is None or left.remote_id is None or backend is None:
        return
    engine = backends.engine_of(backend)
    if isinstance(engine, RemoteEngine):
        try:
            engine.cancel(backend.url, left.remote_id)
        except Ij8Error as error:
            log.warning("work %s of job %s not stopped at %s: %s", left.remote_id, job_id, left.backend, error)


def _attempt(ctx: "JobContext") -> QuerySet[JobAttempt]:
    """The present one."""
    return JobAttempt.objects.filter(job_id=ctx.job.id, n=ctx.job.attempt)


def _taken_over(ctx: "JobContext", engine: RemoteEngine, request: Request) -> str | None:
    """The remote id of an earlier attempt here that still runs or is done, now under this attempt's name."""
    if ctx.job.attempt == 1:
        return None
    earlier = JobAttempt.objects.filter(job_id=ctx.job.id, n__lt=ctx.job.attempt, remote_id__isnull=False).order_by("-n")
    last = earlier.first()
    if last is None or last.remote_id is None:
        return None
    if last.backend != ctx.backend.slug:
        stop(ctx.job.id)  # or it would run twice
        _refuse_if_paid(last)
        return None
    known = last.remote_id
    found = _patiently(ctx, lambda: engine.find(request.url, known)) or known
    status = _patiently(ctx, lambda: engine.poll(request.url, found))
    if status.state is RemoteState.UNKNOWN:
        _refuse_if_paid(last)
        return None
    if status.state is RemoteState.FAILED:
        return None
    with transaction.atomic():
        earlier.filter(remote_id=known).update(remote_id=None)
        _attempt(ctx).update(remote_id=found, submitted_at=last.submitted_at)
        _mark_submitted(ctx)
    return found


def _refuse_if_paid(attempt: JobAttempt) -> None:
    """Starting again is free, unless the earlier call may have been carried out and charged."""
    backend = Backend.objects.filter(slug=attempt.backend).first()
    if backend and backends.engine_of(backend).paid:
        raise OutcomeUnknown()


def mark_called(ctx: "JobContext") -> None:
    """Before a paid call that cannot be found again: if the worker is lost from here on, the outcome is unknown."""
    _attempt(ctx).update(submitted_at=timezone.now())


def _mark_submitted(ctx: "JobContext") -> None:
    """Once per attempt; a second submit within it finds the job submitted already."""
    job = move(ctx.job.id, State.SUBMITTED, epoch=ctx.lease.epoch)
    if job:
        ctx.job.seq = job.seq  # ticks repeat the last seq
    elif not Job.objects.filter(id=ctx.job.id, epoch=ctx.lease.epoch, state=State.SUBMITTED).exists():
        raise LeaseLost


def _submit(ctx: "JobContext", engine: RemoteEngine, request: Request) -> str:
    ctx.check_cancelled()
    remote_id = str(uuid.uuid4())
    with transaction.atomic():
        _mark_submitted(ctx)
        _attempt(ctx).update(remote_id=remote_id, submitted_at=timezone.now())
    theirs = (
        _start_once(ctx, engine, request, remote_id)
        if engine.paid
        else _patiently(ctx, partial(engine.start, request, remote_id))
    )
    if theirs != remote_id:
        _attempt(ctx).update(remote_id=theirs)
    return theirs


def _start_once(ctx: "JobContext", engine: RemoteEngine, request: Request, remote_id: str) -> str:
    """A paid call is never repeated silently. Busy and refusals are answers: nothing was carried out."""
    try:
        return engine.start(request, remote_id)
    except Busy:
        _attempt(ctx).update(remote_id=None, submitted_at=None)
        raise
    except Failed as error:
        raise OutcomeUnknown() from error


def _follow(ctx: "JobContext", engine: RemoteEngine, request: Request, remote_id: str) -> RemoteStatus:
    while True:
        status: RemoteStatus = _patiently(ctx, lambda: engine.poll(request.url, remote_id))
        if status.state not in (RemoteState.QUEUED, RemoteState.RUNNING):
            return status
        if status.preview:
            ctx.preview(status.preview)
        ctx.progress(status.progress, status.stage)
        if isinstance(engine, Listening):
            engine.wait(request.url, remote_id, engine.poll_s)  # a slept-through end leaves the place without work
        else:
            time.sleep(engine.poll_s)


def _patiently(ctx: "JobContext", call: Callable[[], T]) -> T:
    """Repeats a short call that met a transient error, listening for cancel in between.

    A place that stays silent is away, and the job waits uncounted. One that answers and goes on failing is an error
    that counts, and so is one that names the time to come back: a job that can only fail must end.
    """
    began = time.monotonic()
    pause_s = 0.1
    while True:
        ctx.check_cancelled()
        try:
            return call()
        except Stalled as error:
            raise BackendAway(error.message) from error
        except (Busy, Failed) as error:
            if "retry_after_s" in error.extra:
                raise
            if time.monotonic() - began > settings.AWAY_S:
                if isinstance(error, Unreachable):
                    raise BackendAway(f"{ctx.backend.name} does not answer.") from error
                raise
        time.sleep(pause_s)
        pause_s = min(pause_s * 2, 2.0)
