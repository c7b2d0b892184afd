from django.apps import AppConfig


class TutorialsConfig(AppConfig):
    name = "tutorials"
    label = "tutorials"
    default_auto_field = "django.db.models.BigAutoField"
