"""The part of a Celery worker that is ours: it sweeps, says that it lives, and hands its work over on SIGTERM."""

import logging
import threading
import time
from typing import Any

from celery import signals
from django.conf import settings
from django.db import Error, connection

from studio.jobs import leases, sweep
from studio.jobs.drive import pump_pool

log = logging.getLogger(__name__)
OVERDUE_S = 10.0  # consumers have been seen to stop after a broker restart while their process lives


def _pool_of(sender: Any) -> str:
    queues = list(getattr(sender, "app", sender).amqp.queues.consume_from)
    return str(queues[0])


@signals.worker_ready.connect
def _start_sweeper(sender: Any, **_: Any) -> None:
    threading.Thread(target=_sweep_for_ever, args=(_pool_of(sender),), name="sweeper", daemon=True).start()


@signals.worker_shutting_down.connect
def _drain(**_: Any) -> None:
    leases.drain()


def _sweep_for_ever(pool: str) -> None:
    rescue: threading.Thread | None = None
    while not leases.draining():
        try:
            connection.close_if_unusable_or_obsolete()
            sweep.beat_worker(pool)
            sweep.sweep()
            if not (rescue and rescue.is_alive()) and sweep.overdue(pool, OVERDUE_S):
                rescue = threading.Thread(target=_rescue, args=(pool,), name="rescue", daemon=True)
                rescue.start()
        except Error as error:  # Postgres away: the next round tries again
            log.warning("sweep missed: %s", error)
            connection.close()
        time.sleep(settings.SWEEP_S)


def _rescue(pool: str) -> None:
    """Does in this process what the pokes should have brought about."""
    try:
        ran = pump_pool(pool)
        if ran:
            log.warning("%d jobs of pool %s ran without a poke", ran, pool)
    except Error as error:
        log.warning("rescue missed: %s", error)
    finally:
        connection.close()
