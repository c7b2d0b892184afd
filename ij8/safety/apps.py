"""What protects minors: the filter of words, reports, consent, who may use what."""

from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "ij8.safety"
    label = "safety"
    default_auto_field = "django.db.models.BigAutoField"
