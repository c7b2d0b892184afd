"""What an admin does with a place where work runs: close it softly, open it, give its waiting work to others."""

import uuid
from typing import Any

from django.db import transaction

from ij8.core.errors import Ij8Error
from studio.jobs import backends, flow
from studio.models import Backend, Job, State


def drain(slug: str, why: str = "") -> None:
    """No new work begins there; what runs goes on to its end."""
    reason = why[: backends.REASON_LENGTH] or "An admin closed it for new work."
    Backend.objects.filter(slug=slug).exclude(state=Backend.State.DRAINING).update(state=Backend.State.DRAINING, reason=reason)


def reopen(slug: str) -> None:
    """Whatever it was closed for; if it is still ill, the next look closes it again."""
    calm: dict[str, Any] = {"state": Backend.State.UP, "reason": "", "fault_jobs": [], "quarantined_at": None, "looked_at": None}
    for backend in Backend.objects.filter(slug=slug).exclude(state=Backend.State.UP):
        Backend.objects.filter(slug=slug).update(**calm)
        flow.poke(backend.pool, backend.slots)


def move_waiting(slug: str) -> tuple[int, int]:
    """Gives work that waits for this place to the others that have its model: (moved, left because no other has it)."""
    waiting = Job.objects.filter(state=State.QUEUED, allowed_backends__contains=[slug])
    elsewhere: dict[tuple[str, str], list[Backend]] = {}
    moved = left = 0
    for job_id, model, operation in list(waiting.values_list("id", "model", "operation")):
        key = (model, operation)
        if key not in elsewhere:
            elsewhere[key] = _others(slug, *key)
        done = bool(elsewhere[key]) and _move(job_id, elsewhere[key])
        moved, left = moved + done, left + (not done)
    for pool in {place.pool for places in elsewhere.values() for place in places}:
        flow.poke(pool, moved)
    return moved, left


def _others(slug: str, model: str, operation: str) -> list[Backend]:
    try:
        places = backends.find_model(model, operation)[1]
    except Ij8Error:
        return []
    return [place for place in places if place.slug != slug and place.is_open]


def _move(job_id: uuid.UUID, places: list[Backend]) -> bool:
    """False when it does not wait any more."""
    pool = places[0].pool
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(id=job_id, state=State.QUEUED).first()
        if job is None:
            return False
        flow.left(job)
        job.pool, job.allowed_backends = pool, [place.slug for place in places if place.pool == pool]
        job.save(update_fields=["pool", "allowed_backends"])
        flow.joined(job)
    return True
