"""What keeps the promise that every accepted job ends. Runs in every worker; a lock lets one at a time through."""

import logging
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from ij8.core.chores import do_chores
from ij8.core.errors import Ij8Error
from ij8.core.tenancy import acting_as_engine
from studio.artifacts import store, trash
from studio.engines.base import RemoteEngine
from studio.jobs import backends, flow, remote, watch
from studio.jobs.history import note_health
from studio.jobs.holder import holder, is_dead
from studio.jobs.holds import sort_held
from studio.jobs.transition import end_attempt, move, requeue, wake_parent
from studio.models import ENDED, LIVE, Artifact, Backend, Job, JobAttempt, State, Worker

log = logging.getLogger(__name__)
POISON_LOSSES = 3
POISON_LOST_EVER = 10
REMOTE_POISON_LOSSES = 10  # remote work seldom hurts the worker, which may die for many reasons while it waits there
FLOWS_EVERY_S = 5.0
TRASH_EVERY_S = 60.0
HEALTH_EVERY_S = 15.0
WORKER_KEPT_S = 3600.0
Outcome = JobAttempt.Outcome


def sweep() -> bool:
    """One round. False when another worker swept within the last SWEEP_S."""
    with acting_as_engine():
        if not _my_turn():
            return False
        _to_stop.extend(expire_leases())
    if _due("flows", FLOWS_EVERY_S):
        with acting_as_engine():
            flow.rebuild()
        backends.note_waits()
        sort_held()
    wake_forgotten_parents()
    remove_orphans()
    poke_where_waiting()
    return True


def tend() -> None:
    """What asks other places, and may therefore take long: stops work that nobody wants, tries ill backends, looks at
    those that are well."""
    while _to_stop:
        remote.stop(_to_stop.pop())
    for backend in backends.due_for_probe():
        if backends.probe(backend):
            log.info("backend %s is back", backend.slug)
            flow.poke(backend.pool, backend.slots)
    watch.look_around()
    if _due("health", HEALTH_EVERY_S):
        note_health()
    if _due("trash", TRASH_EVERY_S):
        with acting_as_engine():
            trash.purge_old()
        trash.remove_files()
    do_chores()


def _my_turn() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtext('sweep'))")
        if not cursor.fetchone()[0]:
            return False
    now = timezone.now()
    if Worker.objects.filter(swept_at__gt=now - timedelta(seconds=settings.SWEEP_S * 0.9)).exists():
        return False
    Worker.objects.filter(holder=holder()).update(swept_at=now)
    return True


_did: dict[str, float] = {}
_to_stop: list[uuid.UUID] = []


def _due(what: str, every_s: float) -> bool:
    now = timezone.now().timestamp()
    if now - _did.get(what, 0) < every_s:
        return False
    _did[what] = now
    return True


def expire_leases() -> list[uuid.UUID]:
    """Leases that ran out, whose process is gone, or whose holder did not hear a cancel for two beats.

    Returns the jobs that ended by it: their work may still run at a place of its own.
    """
    now = timezone.now()
    live = Job.objects.filter(state__in=LIVE)
    dead = [name for name in live.values_list("lease_holder", flat=True).distinct() if is_dead(name)]
    unbeaten = now + timedelta(seconds=settings.LEASE_S - 2 * settings.BEAT_S)
    deaf = Q(cancel_requested_at__lt=now - timedelta(seconds=settings.CANCEL_GRACE_S), lease_until__lt=unbeaten)
    lost = live.filter(Q(lease_until__lt=now) | Q(lease_holder__in=dead) | deaf)
    ended = []
    for job in lost.select_related("member").order_by("id").select_for_update(of=("self",), skip_locked=True):
        try:
            with transaction.atomic():
                _lose(job)
        except Exception:  # one job that cannot be expired must not keep the leases of all others
            log.exception("lease of job %s not expired", job.id)
        else:
            ended.append(job.id)
    return list(Job.objects.filter(id__in=ended, state__in=ENDED).values_list("id", flat=True))


def _lose(job: Job) -> None:
    log.warning("lease of job %s lost by %s", job.id, job.lease_holder)
    if job.cancel_requested_at:
        _end(job, State.CANCELLED, Outcome.CANCELLED)
    elif _is_unknown_paid(job):
        _end(job, State.FAILED, Outcome.LOST, remote.OutcomeUnknown())
    elif _is_poison(job):
        error = Ij8Error("This work stopped its worker again and again. It was set aside.", code="poison")
        _end(job, State.FAILED, Outcome.LOST, error)
    else:
        requeue(job, Outcome.LOST, epoch=job.epoch, losses=job.losses + 1)


def _is_poison(job: Job) -> bool:
    """Losses in a row without progress; and work that always gets some way before it takes its worker down."""
    if not _ran_here(job):
        return job.losses + 1 >= REMOTE_POISON_LOSSES
    lost = JobAttempt.objects.filter(job=job, outcome=Outcome.LOST).count() + 1
    return job.losses + 1 >= POISON_LOSSES or lost >= POISON_LOST_EVER


def _end(job: Job, state: State, outcome: Outcome, error: Ij8Error | None = None) -> None:
    with transaction.atomic():
        ended = move(job.id, state, epoch=job.epoch, error=error.as_dict() if error else None, stage="", progress=None)
        if ended:
            end_attempt(ended, outcome)


def _ran_here(job: Job) -> bool:
    """In the worker, as against at a place of its own that survives it."""
    backend = Backend.objects.filter(slug=job.backend).first()
    return backend is None or not isinstance(backends.engine_of(backend), RemoteEngine)


def _is_unknown_paid(job: Job) -> bool:
    backend = Backend.objects.filter(slug=job.backend).first()
    if backend is None or not backends.engine_of(backend).paid:
        return False
    tried = JobAttempt.objects.filter(job=job, n=job.attempt, submitted_at__isnull=False, remote_id=None)
    return tried.exists()


def wake_forgotten_parents() -> None:
    """A safety net: `wake_parent` runs in the transaction that ends the last child."""
    waiting = Job.objects.filter(state=State.WAITING).exclude(children__state__in=set(State) - set(ENDED))
    for parent_id in waiting.values_list("id", flat=True)[:100]:
        with transaction.atomic():
            wake_parent(parent_id)


def remove_orphans() -> None:
    """Files announced by work that ended without them."""
    for job in Job.objects.filter(state__in=ENDED).exclude(pending_keys=[])[:50]:
        wanted = {key for work in Artifact.objects.filter(job=job) for key in work.file_keys}
        left = store.delete_files(key for key in job.pending_keys if key not in wanted)
        # a late writer may have announced more meanwhile; then the next round comes back
        Job.objects.filter(id=job.id, pending_keys=job.pending_keys).update(pending_keys=left)


def poke_where_waiting() -> None:
    """For every pool with work that may start and a free slot: pokes get lost."""
    for pool in Backend.Pool.values:
        free = sum(backend.slots - backend.live for backend in backends.open_in(pool))  # type: ignore[attr-defined]
        if free <= 0:
            continue
        ready = Job.objects.filter(pool=pool, state=State.QUEUED, not_before__lte=timezone.now())
        waiting = ready.filter(created__lt=timezone.now() - timedelta(seconds=0.5))[:free].count()
        if waiting:
            flow.poke(pool, min(waiting, free))


def beat_worker(pool: str) -> None:
    """Says that this worker lives; forgets those long gone."""
    now = timezone.now()
    Worker.objects.update_or_create(holder=holder(), defaults={"pool": pool, "seen_at": now})
    Worker.objects.filter(seen_at__lt=now - timedelta(seconds=WORKER_KEPT_S)).delete()


def overdue(pool: str, since_s: float) -> bool:
    """Whether work that may start here has waited `since_s` beside a free slot."""
    edge = timezone.now() - timedelta(seconds=since_s)
    ready = Job.objects.filter(pool=pool, state=State.QUEUED, created__lt=edge, not_before__lt=edge)
    return bool(backends.open_in(pool)) and ready.exists()
