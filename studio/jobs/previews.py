"""Small pictures of work in the making, kept for minutes. Read through a permission-checked URL, so polling has them."""

import time
import uuid
from collections.abc import Iterable

from django.core.cache import cache

from studio.models import LIVE, Job

KEPT_S = 600


def _key(job: Job, what: str) -> str:
    return f"s{job.school_id}:preview:{job.id}:{what}"


def keep(job: Job, image: bytes) -> str:
    """Replaces the job's preview; returns its URL, which names the moment so that a browser asks again."""
    moment = int(time.time() * 1000)
    cache.set(_key(job, "image"), image, KEPT_S)
    cache.set(_key(job, "moment"), moment, KEPT_S)
    return _url(job, moment)


def image_of(job: Job) -> bytes | None:
    found: bytes | None = cache.get(_key(job, "image"))
    return found


def forget(job: Job) -> None:
    """Of what was refused nothing is shown."""
    cache.delete_many([_key(job, "image"), _key(job, "moment")])


def urls_of(jobs: Iterable[Job]) -> dict[uuid.UUID, str]:
    """URLs of those running jobs that have a preview; one call to the cache."""
    running = {_key(job, "moment"): job for job in jobs if job.state in LIVE}
    moments = cache.get_many(running) if running else {}
    return {running[key].id: _url(running[key], moment) for key, moment in moments.items()}


def _url(job: Job, moment: int) -> str:
    return f"/api/jobs/{job.id}/preview/?at={moment}"
