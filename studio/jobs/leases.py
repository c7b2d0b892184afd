"""Leases of this process: one beat for all of them, and what a running job must hear (cancel, loss, drain)."""

import logging
import mmap
import os
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from studio.jobs.claim import Claimed
from studio.jobs.holder import holder
from studio.models import LIVE, Job

log = logging.getLogger(__name__)
HUNG_S = 60.0
LOOK_S = 0.5  # how often a running job asks for its cancel flag

# One shared byte, made before the pool forks: the children of a prefork worker see the parent's SIGTERM too.
# No lock, for a process killed while holding one would stop all the others.
_draining = mmap.mmap(-1, 1)


def drain() -> None:
    """From now on nothing is claimed, and running jobs are handed over."""
    _draining[0] = 1


def draining() -> bool:
    return _draining[0] == 1


class Stop(BaseException):
    """Ends a running operation from within. Not an Exception: no operation may swallow it."""


class CancelAsked(Stop):
    pass


class LeaseLost(Stop):
    pass


class Drained(Stop):
    pass


class Lease:
    """One held job. `raise_if_stopped` is cheap: it reads the row at most every LOOK_S."""

    def __init__(self, claimed: Claimed) -> None:
        self.job_id: uuid.UUID = claimed.job_id
        self.epoch = claimed.epoch
        self.lost = False
        self.deadline: float | None = None  # of the present stage, monotonic seconds
        self._looked = 0.0

    def raise_if_stopped(self) -> None:
        if self.lost:
            raise LeaseLost
        if draining():
            raise Drained
        now = time.monotonic()
        if now - self._looked < LOOK_S:
            return
        self._looked = now
        row = Job.objects.filter(id=self.job_id, epoch=self.epoch, state__in=LIVE).values_list("cancel_requested_at")
        found = row.first()
        if found is None:
            raise LeaseLost
        if found[0] is not None:
            raise CancelAsked


_held: dict[uuid.UUID, Lease] = {}
_beating_pid = 0
_lock = threading.Lock()


@contextmanager
def held(claimed: Claimed) -> Iterator[Lease]:
    """Keeps the lease alive for as long as the block runs."""
    lease = Lease(claimed)
    _start_beat()
    _held[claimed.job_id] = lease
    try:
        yield lease
    finally:
        if _held.get(claimed.job_id) is lease:  # this process may have claimed the job anew in another thread
            del _held[claimed.job_id]


def _start_beat() -> None:
    global _beating_pid
    with _lock:
        if _beating_pid != os.getpid():
            _held.clear()
            _beating_pid = os.getpid()
            threading.Thread(target=_beat_for_ever, name="beat", daemon=True).start()


def _beat_for_ever() -> None:
    while True:
        time.sleep(settings.BEAT_S)
        try:
            _beat()
        except Exception:  # Postgres away, or anything else: a lease outlives several beats, a worker without beat does not
            log.exception("beat missed")
            connection.close()


def _beat() -> None:
    now = time.monotonic()
    # a thread that hangs in its engine long after its stage should have ended is given up
    leases = [lease for lease in _held.values() if lease.deadline is None or now < lease.deadline + HUNG_S]
    if not leases:
        return
    until = timezone.now() + timedelta(seconds=settings.LEASE_S)
    mine = Job.objects.filter(id__in=[lease.job_id for lease in leases], lease_holder=holder(), state__in=LIVE)
    mine.update(lease_until=until)
    alive = dict(mine.values_list("id", "epoch"))
    for lease in leases:
        if alive.get(lease.job_id) != lease.epoch and _held.get(lease.job_id) is lease:
            lease.lost = True
