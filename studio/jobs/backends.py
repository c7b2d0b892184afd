"""Backend rows: which are open, which are ill, and the engine that speaks for each."""

import logging
import os
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from ij8.core.errors import Ij8Error, Invalid, NotConnected
from studio.engines import ENGINES
from studio.engines.base import Engine, ModelInfo
from studio.models import LIVE, Backend, Job, State, Timing

log = logging.getLogger(__name__)
FAULTS_TO_QUARANTINE = 3
PROBE_S = 60.0
DOWN_PROBE_S = 2.0
OVERFLOW_WAIT_S = 60.0  # an earlier kind with a longer wait lets later kinds take the work
CPU = "cpu"
VENDORS = frozenset({"comfy", "runcomfy", "gemini", "openai", "ollama", "minimax"})  # engines that can be connected


def ensure_backends() -> None:
    """Makes the rows that every installation has. Called by `manage.py prepare`; idempotent."""
    Backend.objects.get_or_create(
        slug=CPU,
        defaults={
            "engine": "procedural",
            "kind": "cpu",
            "pool": Backend.Pool.CPU,
            "name": "Built-in painter",
            "slots": settings.CPU_SLOTS or os.cpu_count() or 1,
        },
    )


def open_in(pool: str) -> list[Backend]:
    rows = Backend.objects.filter(pool=pool, enabled=True, state=Backend.State.UP)
    return list(rows.annotate(live=_live_count()).filter(live__lt=models.F("slots")).order_by("live", "slug"))


def _live_count() -> Coalesce:
    counted = (
        Job.objects.filter(backend=models.OuterRef("slug"), state__in=LIVE)
        .order_by()
        .values("backend")
        .annotate(n=models.Count("*"))
        .values("n")
    )
    return Coalesce(models.Subquery(counted), 0)


def note_waits() -> None:
    """Keeps on each row how long a job queued now would wait: the claim must not count the queue each time."""
    for backend in Backend.objects.filter(enabled=True):
        Backend.objects.filter(slug=backend.slug).update(wait_s=_wait_s(backend))


def _wait_s(backend: Backend) -> float:
    waiting = Job.objects.filter(state=State.QUEUED, pool=backend.pool, allowed_backends__contains=[backend.slug]).count()
    mean = Timing.objects.filter(backend=backend.slug).aggregate(mean=models.Avg("mean_s"))["mean"] or 0
    return waiting * mean / max(backend.slots, 1)


def known() -> list[Backend]:
    """Enabled backends whose engine this version has, local ones first."""
    return list(Backend.objects.filter(enabled=True, engine__in=list(ENGINES)).order_by("-is_local", "slug"))


def engine_of(backend: Backend) -> Engine:
    return ENGINES[backend.engine]


def find_model(model: str, operation: str) -> tuple[ModelInfo, list[Backend]]:
    """The model and the enabled backends that have it, local ones first.

    Raises NotConnected when its engine is known but no enabled backend speaks it, Invalid for any other name.
    """
    found: ModelInfo | None = None
    places = []
    for backend in known():
        for info in engine_of(backend).models(backend.url):
            if info.id == model and operation in info.operations:
                found = info
                places.append(backend)
    if found is not None:
        return found, places
    engine = model.partition("/")[0]
    if (engine in VENDORS or engine in ENGINES) and not Backend.objects.filter(engine=engine, enabled=True).exists():
        raise NotConnected(
            f"No backend of {engine} is connected, so {model} cannot run. A platform admin can connect one.",
            model=model,
        )
    raise Invalid(
        f"There is no model {model[:80]!r} for {operation}.",
        field="params.model",
        allowed="a model of GET /api/operations/",
    )


def met_fault(slug: str, job_id: uuid.UUID) -> bool:
    """Counts a fault of the backend's own; True when that made it quarantined."""
    with transaction.atomic():
        backend = Backend.objects.select_for_update().get(slug=slug)
        if job_id not in backend.fault_jobs:
            backend.fault_jobs = [*backend.fault_jobs, job_id][-FAULTS_TO_QUARANTINE:]
        if len(backend.fault_jobs) >= FAULTS_TO_QUARANTINE and backend.state == Backend.State.UP:
            backend.state = Backend.State.QUARANTINED
            backend.quarantined_at = timezone.now()
            log.error("backend %s quarantined after faults in three jobs", slug)
        backend.save(update_fields=["fault_jobs", "state", "quarantined_at"])
    return backend.state == Backend.State.QUARANTINED


def met_success(slug: str) -> None:
    Backend.objects.filter(slug=slug).exclude(fault_jobs=[]).update(fault_jobs=[])


def went_away(slug: str) -> None:
    Backend.objects.filter(slug=slug, state=Backend.State.UP).update(state=Backend.State.DOWN, probed_at=timezone.now())


def due_for_probe() -> list[Backend]:
    """Ill backends whose turn to be tried has come."""
    now = timezone.now()
    ill = models.Q(state=Backend.State.QUARANTINED, probed_at__lt=now - timedelta(seconds=PROBE_S))
    ill |= models.Q(state=Backend.State.QUARANTINED, probed_at=None, quarantined_at__lt=now - timedelta(seconds=PROBE_S))
    down = models.Q(state=Backend.State.DOWN, probed_at__lt=now - timedelta(seconds=DOWN_PROBE_S))
    return list(Backend.objects.filter(ill | down, enabled=True, engine__in=list(ENGINES)))


def probe(backend: Backend) -> bool:
    """Tries an ill backend with a tiny piece of work; opens it again when that works. Outside any transaction."""
    Backend.objects.filter(slug=backend.slug).update(probed_at=timezone.now())
    try:
        engine_of(backend).probe(backend.url)
    except Ij8Error as error:
        log.warning("backend %s still ill: %s", backend.slug, error)
        return False
    changed = Backend.objects.filter(slug=backend.slug, state__in=(Backend.State.QUARANTINED, Backend.State.DOWN)).update(
        state=Backend.State.UP, fault_jobs=[], quarantined_at=None
    )
    return bool(changed)
