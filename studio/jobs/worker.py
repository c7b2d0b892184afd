"""The part of a Celery worker that is ours: it sweeps, says that it lives, and hands its work over on SIGTERM."""

import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from celery import signals
from django.conf import settings
from django.db import connection

from ij8.core.heap import settle
from studio.jobs import leases, sweep
from studio.jobs.drive import pump_pool

log = logging.getLogger(__name__)
OVERDUE_S = 10.0  # consumers have been seen to stop after a broker restart while their process lives


def _pool_of(sender: Any) -> str:
    queues = list(getattr(sender, "app", sender).amqp.queues.consume_from)
    return str(queues[0])


@signals.worker_ready.connect
def _begin(sender: Any, **_: Any) -> None:
    settle()
    threading.Thread(target=_sweep_for_ever, args=(_pool_of(sender),), name="sweeper", daemon=True).start()


@signals.worker_shutting_down.connect
def _drain(**_: Any) -> None:
    leases.drain()


def _sweep_for_ever(pool: str) -> None:
    rescue, tender = _Beside("rescue"), _Beside("tender")
    while not leases.draining():
        try:
            connection.close_if_unusable_or_obsolete()
            sweep.beat_worker(pool)
            if sweep.sweep():
                tender.start(sweep.tend)
            if sweep.overdue(pool, OVERDUE_S):
                rescue.start(partial(_rescue, pool))
        except Exception:  # Postgres away, or anything else: a worker without its sweeper keeps no promise
            log.exception("sweep missed")
            connection.close()
        time.sleep(settings.SWEEP_S)


class _Beside:
    """A thread for calls that may take long: one at a time, a further one is dropped."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.thread: threading.Thread | None = None

    def start(self, call: Callable[[], None]) -> None:
        if self.thread is None or not self.thread.is_alive():
            self.thread = threading.Thread(target=self._run, args=(call,), name=self.name, daemon=True)
            self.thread.start()

    def _run(self, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception:  # the next round calls again
            log.exception("%s missed", self.name)
        finally:
            connection.close()


def _rescue(pool: str) -> None:
    """Does in this process what the pokes should have brought about."""
    ran = pump_pool(pool)
    if ran:
        log.warning("%d jobs of pool %s ran without a poke", ran, pool)
