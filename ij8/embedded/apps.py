from django.apps import AppConfig


class EmbeddedConfig(AppConfig):
    name = "ij8.embedded"
    label = "embedded"
