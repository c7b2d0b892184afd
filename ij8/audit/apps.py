from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "ij8.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ij8.audit.install import install_audit
        from ij8.audit.tracked import NAMES, TRACKED
        from ij8.audit.who import on_connection

        for name in NAMES:
            TRACKED.register(name, f"ij8.audit.tracked.{name.upper()}")
        post_migrate.connect(install_audit, sender=self, dispatch_uid="audit")
        connection_created.connect(on_connection, dispatch_uid="audit")
