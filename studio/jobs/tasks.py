"""The one task. The message carries no job: a lost or doubled poke changes nothing."""

from celery import shared_task

from studio.jobs import worker  # noqa: F401  its signals belong to every worker
from studio.jobs.drive import pump_pool


@shared_task(ignore_result=True)
def pump(pool: str) -> None:
    pump_pool(pool)
