from django.apps import AppConfig


class EmbeddedConfig(AppConfig):
    name = "ij8.embedded"
    label = "embedded"

    def ready(self) -> None:
        from ij8.celery import app

        # a shared task is sent by the current app: without this, a process that is no worker pokes Celery's own default
        app.set_default()
