"""Who changed what: the log that nobody edits."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "ij8.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
