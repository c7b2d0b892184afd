"""Whether each part of the house works, for `/api/health/`, the doctor and the status page."""

import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import redis
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.models import Count
from django.utils import timezone

from studio.models import LIVE, Backend, Job, State, Worker

log = logging.getLogger(__name__)
OK, DEGRADED, DOWN = "ok", "degraded", "down"
FRESH_S = 20  # a worker says every few seconds that it lives
STUCK_S = 30  # a job that could run and has not been claimed for so long means that claims do not progress
STORAGE_EVERY_S = 15


@dataclass(frozen=True)
class Part:
    """`detail` is a sentence for staff. It holds no address and no secret."""

    name: str
    status: str
    latency_ms: float
    detail: str = ""


def parts() -> list[Part]:
    """Every part. The database comes first: without it nothing below it can be asked."""
    database = _timed("database", _database)
    found = [database, _timed("redis", _redis), _timed("storage", _storage)]
    if database.status == OK:
        found += [_timed("workers", _workers), _timed("backends", _backends)]
    return found


def overall(found: list[Part]) -> str:
    """Pages need the database and the storage; without the others they work, but not as they should."""
    if any(part.status == DOWN and part.name in ("database", "storage") for part in found):
        return DOWN
    return OK if all(part.status == OK for part in found) else DEGRADED


def _timed(name: str, probe: Callable[[], tuple[str, str]]) -> Part:
    start = time.monotonic()
    try:
        status, detail = probe()
    except (DatabaseError, redis.RedisError, OSError) as error:
        log.warning("health: %s: %s", name, error)
        status, detail = DOWN, "It cannot be reached."
    return Part(name, status, round((time.monotonic() - start) * 1000, 1), detail)


def _database() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return OK, ""


def _redis() -> tuple[str, str]:
    with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as client:
        client.ping()
    return OK, ""


_storage_seen: tuple[float, tuple[str, str]] | None = None


def _storage() -> tuple[str, str]:
    """Writes, reads and removes one small file; asked at most every 15 s, for anyone may ask for the health."""
    global _storage_seen
    if _storage_seen and time.monotonic() - _storage_seen[0] < STORAGE_EVERY_S:
        return _storage_seen[1]
    try:
        key = default_storage.save(f"health/{uuid.uuid4()}", ContentFile(b"ok"))
        with default_storage.open(key) as file:
            same = file.read() == b"ok"
        default_storage.delete(key)
        found = (OK, "") if same else (DOWN, "It does not give back what was written.")
    except Exception as error:  # remote storages raise errors of their vendors, which share no base class
        log.warning("health: storage: %s", error)
        found = DOWN, "Files cannot be written: is the disk full, or the folder not ours?"
    _storage_seen = time.monotonic(), found
    return found


def _workers() -> tuple[str, str]:
    now = timezone.now()
    needed = set(Backend.objects.filter(enabled=True).values_list("pool", flat=True))
    alive = set(Worker.objects.filter(seen_at__gt=now - timedelta(seconds=FRESH_S)).values_list("pool", flat=True))
    if missing := sorted(needed - alive):
        return DOWN, f"No worker is alive for: {', '.join(missing)}."
    if _stuck(now - timedelta(seconds=STUCK_S)):
        return DEGRADED, "Jobs wait although slots are free: restart the workers."
    return OK, ""


def _stuck(before: object) -> bool:
    """Whether a job that could have been claimed before that moment is still waiting."""
    busy = dict(Job.objects.filter(state__in=LIVE).values_list("backend").annotate(n=Count("id")))
    free = [b.slug for b in Backend.objects.filter(enabled=True) if b.is_open and busy.get(b.slug, 0) < b.slots]
    rows = Job.objects.filter(state__in=LIVE).values("member").annotate(n=Count("id"))
    at_cap = rows.filter(n__gte=settings.PERSON_CAP).values("member")
    waiting = Job.objects.filter(state=State.QUEUED, created__lt=before, not_before__lt=before)
    return waiting.filter(allowed_backends__overlap=free).exclude(member__in=at_cap).exists()


def _backends() -> tuple[str, str]:
    enabled = list(Backend.objects.filter(enabled=True).order_by("slug"))
    closed = [_closed(backend) for backend in enabled if not backend.is_open]
    if not any(backend.is_open for backend in enabled):
        return DOWN, "No place where work runs is up."
    return (DEGRADED, "; ".join(closed) + ".") if closed else (OK, "")


def _closed(backend: Backend) -> str:
    why = f" ({backend.reason.rstrip('.')})" if backend.reason else ""
    return f"{backend.name} is {backend.state}{why}"
