"""The one task. The message carries no job: a lost or doubled poke changes nothing."""

from celery import shared_task
from django.db import connection

from studio.jobs import worker  # noqa: F401  its signals belong to every worker
from studio.jobs.drive import pump_pool


@shared_task(ignore_result=True)
def pump(pool: str) -> None:
    connection.close_if_unusable_or_obsolete()  # after a restart of Postgres this thread's connection is dead
    pump_pool(pool)
