"""Backend rows: which are open, which are ill, and the engine that speaks for each."""

import logging
import os
import time
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from ij8.ai.providers import PROVIDERS as AI_PROVIDERS
from ij8.core.errors import Ij8Error, Invalid, NotConnected
from ij8.core.once import once
from studio.engines import ENGINES
from studio.engines.base import Engine, ModelInfo, Watched
from studio.models import LIVE, Backend, Job, State, Timing

log = logging.getLogger(__name__)
FAULTS_TO_QUARANTINE = 3
PROBE_S = 60.0
DOWN_PROBE_S = 2.0
OVERFLOW_WAIT_S = 60.0  # an earlier kind with a longer wait lets later kinds take the work
CPU = "cpu"
COMFYUI = "comfyui"
PROVIDERS = "providers"  # calls to providers that are no engine's work, such as tests of keys
PROVIDER_SLOTS = 8
REASON_LENGTH = 300
GPU_SLOTS = 2  # one runs, one waits there, so that the place is never without work
VENDORS = frozenset({"comfy", "runcomfy", "gemini", "openai", "ollama", "minimax"})  # engines that can be connected


def ensure_backends() -> None:
    """Makes the rows that every installation has. Called by `manage.py prepare`; idempotent.

    Each provider is a place, whether or not there is a key: who may go there is asked by person (`studio.jobs.protection`).
    """
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
    Backend.objects.get_or_create(
        slug=PROVIDERS,
        defaults={
            "engine": "providers", "kind": "providers", "pool": Backend.Pool.REMOTE, "name": "Calls to providers",
            "slots": PROVIDER_SLOTS, "is_local": False,
        },
    )  # fmt: skip
    for name in AI_PROVIDERS:
        Backend.objects.get_or_create(
            slug=name,
            defaults={
                "engine": name, "kind": name, "pool": Backend.Pool.REMOTE, "name": AI_PROVIDERS[name].facts.label,
                "slots": PROVIDER_SLOTS, "is_local": False,
            },
        )  # fmt: skip
    _follow_comfyui_url(settings.COMFYUI_URL)


def _follow_comfyui_url(url: str) -> None:
    """The row follows the setting; what an admin changed on the row stays for as long as the address does."""
    row = Backend.objects.filter(slug=COMFYUI).first()
    if row is None and url:
        Backend.objects.create(
            slug=COMFYUI, engine="comfy", kind="local", pool=Backend.Pool.REMOTE, name="ComfyUI", url=url, slots=GPU_SLOTS
        )
    elif row and row.url != url:
        row.url, row.enabled, row.state, row.reason = url, bool(url), Backend.State.UP, ""
        row.offers, row.fault_jobs = [], []
        row.offered_at = row.looked_at = row.quarantined_at = None
        row.save()


def open_in(pool: str) -> list[Backend]:
    rows = Backend.objects.filter(pool=pool, enabled=True, state=Backend.State.UP).defer("offers")  # asked for at each claim
    return list(rows.annotate(live=live_count()).filter(live__lt=models.F("slots")).order_by("live", "slug"))


def live_count() -> Coalesce:
    """For a query of backends: how many jobs each has in its hands."""
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
    rows = Backend.objects.filter(enabled=True, engine__in=list(ENGINES)).order_by("-is_local", "slug")
    return list(once("backends", lambda: list(rows)))


def engine_of(backend: Backend) -> Engine:
    return ENGINES[backend.engine]


def models_at(backend: Backend) -> tuple[ModelInfo, ...]:
    """What it has, offered or not; for a place whose models change by themselves, as it last said."""
    engine = engine_of(backend)
    if isinstance(engine, Watched):
        return tuple(ModelInfo.from_dict(kept) for kept in backend.offers)
    return engine.models(backend.url)


def find_model(model: str, operation: str) -> tuple[ModelInfo, list[Backend]]:
    """The model and the enabled backends that have it, local ones first.

    Raises NotConnected when its engine is known but no enabled backend speaks it or has all it needs, Invalid for any
    other name.
    """
    found: ModelInfo | None = None
    places, lacking = [], ""
    for backend in known():
        for info in models_at(backend):
            if info.id != model or operation not in info.operations:
                continue
            if info.why_not:
                lacking = info.why_not
            else:
                found = info
                places.append(backend)
    if found is not None:
        return found, places
    if lacking:
        raise NotConnected(
            _("%(model)s cannot run now. %(why)s") % {"model": model, "why": lacking}, code="model_missing", model=model
        )
    _raise_unless_known(model)
    raise Invalid(
        _("There is no model %(model)s here.") % {"model": model[:80]},
        field="params.model",
        allowed="a model of GET /api/operations/",
    )


def _raise_unless_known(model: str) -> None:
    """NotConnected when the engine of `model` has no backend, or one that has not told its models yet."""
    engine = model.partition("/")[0]
    if engine not in VENDORS and engine not in ENGINES:
        return
    rows = list(Backend.objects.filter(engine=engine, enabled=True))
    if not rows:
        raise NotConnected(
            _("No place for %(model)s is connected. A platform admin can connect one.") % {"model": model},
            model=model,
        )
    silent = [row.name for row in rows if row.offered_at is None]
    if silent and engine in ENGINES and isinstance(ENGINES[engine], Watched):
        raise NotConnected(
            _("%(place)s has not said yet which models it has. Try again in a minute.") % {"place": silent[0]}, model=model
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
            backend.reason = "Three pieces of work in a row failed there."
            log.error("backend %s quarantined after faults in three jobs", slug)
        backend.save(update_fields=["fault_jobs", "state", "quarantined_at", "reason"])
    return backend.state == Backend.State.QUARANTINED


def met_success(slug: str) -> None:
    Backend.objects.filter(slug=slug).exclude(fault_jobs=[]).update(fault_jobs=[])


def went_away(slug: str, reason: str = "") -> None:
    up = Backend.objects.filter(slug=slug, state=Backend.State.UP)
    if up.update(state=Backend.State.DOWN, probed_at=timezone.now(), reason=reason[:REASON_LENGTH]):
        log.warning("backend %s is down: %s", slug, reason)


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
    start = time.monotonic()
    try:
        engine_of(backend).probe(backend.url)
    except Ij8Error as error:
        log.warning("backend %s still ill: %s", backend.slug, error)
        Backend.objects.filter(slug=backend.slug).exclude(state=Backend.State.UP).update(reason=error.message[:REASON_LENGTH])
        return False
    changed = Backend.objects.filter(slug=backend.slug, state__in=(Backend.State.QUARANTINED, Backend.State.DOWN)).update(
        state=Backend.State.UP, fault_jobs=[], quarantined_at=None, reason="", looked_at=None, offered_at=None,
        answered_ms=ms_since(start),
    )  # fmt: skip
    return bool(changed)


def ms_since(start: float) -> float:
    """`start` as `time.monotonic()` told it."""
    return round((time.monotonic() - start) * 1000, 1)
