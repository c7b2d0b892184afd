"""Whether each part of the house works, for `/api/health/`, the doctor and the status page."""

import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import redis
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ij8.ai.keys.presence import Presence, presence
from ij8.ai.models import ProviderKey
from ij8.ai.providers import PROVIDERS
from studio.jobs.backends import PROVIDERS as CALLS
from studio.models import LIVE, Backend, Job, State, Worker

log = logging.getLogger(__name__)
OK, DEGRADED, DOWN, OFF = "ok", "degraded", "down", "off"  # off: not set up, which is no fault
FRESH_S = 20  # a worker says every few seconds that it lives
STUCK_S = 30  # a job that could run and has not been claimed for so long means that claims do not progress
STORAGE_EVERY_S, MAIL_EVERY_S = 15, 60  # anyone may ask for the health, and these cost something each time
MAIL_TIMEOUT_S = 3
TRIED, LEFT_S = "health", 60  # the folder of the files by which the storage is tried
BACKEND = "backend "  # before the slug of a place where work runs
PROVIDER = "provider "  # before the name of a provider


@dataclass(frozen=True)
class Part:
    """`detail` is a sentence for staff. It holds no address and no secret.

    `latency_ms` of a place where work runs is of its last look or probe by a worker; None when it was never asked.
    """

    name: str
    status: str
    latency_ms: float | None
    detail: str = ""


def parts() -> list[Part]:
    """Every part. The database comes first: without it the workers and places cannot be asked for."""
    database = _timed("database", _database)
    found = [database, _timed("redis", _redis), _timed("storage", _storage)]
    if database.status == OK:
        found += [_timed("workers", _workers), _timed("backends", _backends), *_each_backend(), *_each_provider()]
    return [*found, _timed("mail", _mail)]


def place_of(part: Part) -> str:
    """The slug of the place or provider that a part is; "" for the others."""
    kind, space, slug = part.name.partition(" ")
    return slug if f"{kind}{space}" in (BACKEND, PROVIDER) else ""


def overall(found: list[Part]) -> str:
    """Pages need the database and the storage; without the others they work, but not as they should."""
    if any(part.status == DOWN and part.name in ("database", "storage") for part in found):
        return DOWN
    return OK if all(part.status in (OK, OFF) for part in found) else DEGRADED


def _timed(name: str, probe: Callable[[], tuple[str, str]]) -> Part:
    start = time.monotonic()
    try:
        status, detail = probe()
    except (DatabaseError, redis.RedisError, OSError) as error:
        log.warning("health: %s: %s", name, error)
        status, detail = DOWN, _("It cannot be reached.")
    return Part(name, status, round((time.monotonic() - start) * 1000, 1), detail)


def _database() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return OK, ""


def _redis() -> tuple[str, str]:
    with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as client:
        client.ping()
    return OK, ""


_seen: dict[str, tuple[float, tuple[str, str]]] = {}


def _at_most_every(name: str, every_s: float, probe: Callable[[], tuple[str, str]]) -> tuple[str, str]:
    """What was found a moment ago, or finds it."""
    if name in _seen and time.monotonic() - _seen[name][0] < every_s:
        return _seen[name][1]
    found = probe()
    _seen[name] = time.monotonic(), found
    return found


def _storage() -> tuple[str, str]:
    return _at_most_every("storage", STORAGE_EVERY_S, _try_storage)


def _try_storage() -> tuple[str, str]:
    """Writes, reads and removes one small file."""
    try:
        key = default_storage.save(f"{TRIED}/{uuid.uuid4()}", ContentFile(b"ok"))
        with default_storage.open(key) as file:
            same = file.read() == b"ok"
        default_storage.delete(key)
        _remove_left()
        return (OK, "") if same else (DOWN, _("It does not give back what was written."))
    except Exception as error:  # remote storages raise errors of their vendors, which share no base class
        log.warning("health: storage: %s", error)
        return DOWN, _("Files cannot be written: is the disk full, the folder not ours, or the bucket away?")


def _remove_left() -> None:
    """What a process that was killed in the midst of trying has left."""
    for name in default_storage.listdir(TRIED)[1]:
        key = f"{TRIED}/{name}"
        if default_storage.get_modified_time(key) < timezone.now() - timedelta(seconds=LEFT_S):
            default_storage.delete(key)


def _mail() -> tuple[str, str]:
    if not settings.EMAIL_CONNECTED:
        return OFF, _("No codes are sent.")
    return _at_most_every("mail", MAIL_EVERY_S, _try_mail)


def _try_mail() -> tuple[str, str]:
    """Greets the mail server and signs in to it; sends nothing."""
    connection = get_connection(fail_silently=False, timeout=MAIL_TIMEOUT_S)
    try:
        connection.open()
        connection.close()
    except OSError as error:  # also what smtplib raises
        log.warning("health: mail: %s", type(error).__name__)
        return DOWN, _("The mail server cannot be reached, or refuses us.")
    return OK, ""


def _workers() -> tuple[str, str]:
    now = timezone.now()
    needed = set(Backend.objects.filter(enabled=True).values_list("pool", flat=True))
    alive = set(Worker.objects.filter(seen_at__gt=now - timedelta(seconds=FRESH_S)).values_list("pool", flat=True))
    if missing := sorted(needed - alive):
        return DOWN, _("No worker is alive for: %(pools)s.") % {"pools": ", ".join(missing)}
    if _stuck(now - timedelta(seconds=STUCK_S)):
        return DEGRADED, _("Jobs wait although slots are free: restart the workers.")
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
    """All places together; each by itself follows."""
    enabled = list(_own_places())
    if not any(backend.is_open for backend in enabled):
        return DOWN, _("No place where work runs is up.")
    closed = sorted(backend.name for backend in enabled if not backend.is_open)
    return (DEGRADED, _("Not up: %(places)s.") % {"places": ", ".join(closed)}) if closed else (OK, "")


def _each_backend() -> list[Part]:
    return [_of_backend(backend) for backend in _own_places()]


def _own_places() -> QuerySet[Backend]:
    """All but the providers, which are parts of their own: one without a key is not ill. Their calls are no place either."""
    return Backend.objects.filter(enabled=True).exclude(engine__in=[*PROVIDERS, CALLS]).order_by("slug")


def _of_backend(backend: Backend) -> Part:
    """As the workers know it: health asks no place by itself, for that would be work there."""
    name = f"{BACKEND}{backend.slug}"
    if backend.is_open:
        return Part(name, DEGRADED if backend.reason else OK, backend.answered_ms, backend.reason)
    told = {"name": backend.name, "state": _state_words()[backend.state], "why": backend.reason.rstrip(".")}
    say = _("%(name)s is %(state)s (%(why)s).") if backend.reason else _("%(name)s is %(state)s.")
    return Part(name, DOWN, backend.answered_ms, say % told)


def _state_words() -> dict[str, str]:
    return {
        Backend.State.UP: _("up"),
        Backend.State.DOWN: _("down"),
        Backend.State.QUARANTINED: _("quarantined"),
        Backend.State.DRAINING: _("draining"),
    }


def _each_provider() -> list[Part]:
    """Whether the installation has a key for it; schools may have their own. Nobody is asked: the last test counts."""
    rows = Backend.objects.filter(engine__in=list(PROVIDERS)).in_bulk()
    return [_of_provider(one, rows.get(one.provider)) for one in presence()]


def _of_provider(one: Presence, row: Backend | None) -> Part:
    name = f"{PROVIDER}{one.provider}"
    if row and row.enabled and not row.is_open:  # it matters to schools with keys of their own as well
        return replace(_of_backend(row), name=name)
    if not one.state:
        return Part(name, OFF, None, _("The installation has no key for it."))
    if one.state == "off":
        return Part(name, OFF, None, _("Its key is switched off."))
    if one.state == ProviderKey.State.FAILING:
        return Part(name, DEGRADED, None, _("The last test of its key failed."))
    return Part(name, OK, None, "" if one.state == ProviderKey.State.CONNECTED else _("Its key was not tested yet."))
