from django.apps import AppConfig


class GalleryConfig(AppConfig):
    name = "gallery"
    label = "gallery"
    default_auto_field = "django.db.models.BigAutoField"
