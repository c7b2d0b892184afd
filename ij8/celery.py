"""The Celery application. It delivers pokes; what is to be done stands in Postgres."""

import os
from typing import Any

from celery import Celery
from kombu import Connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ij8.settings")


class EagerConnection(Connection):
    """Asks each second whether the broker is back: by default the wait grows to 30 s, and jobs must start within 5 s."""

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.update(interval_start=0.2, interval_step=0.2, interval_max=1)
        return super().ensure_connection(*args, **kwargs)


app = Celery("ij8")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.amqp.Connection = EagerConnection
app.autodiscover_tasks(["studio.jobs"])
