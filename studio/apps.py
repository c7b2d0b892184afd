from django.apps import AppConfig
from django.core import checks

from ij8.core.registry import check_registries


class StudioConfig(AppConfig):
    name = "studio"
    label = "studio"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from studio.engines import ENGINES
        from studio.operations import OPERATIONS
        from studio.topics import TOPICS

        ENGINES.register("procedural", "studio.engines.procedural.Procedural")
        OPERATIONS.register("image.generate", "studio.operations.image_generate.ImageGenerate")
        TOPICS.register("session", "studio.topics.watch_session")
        checks.register(check_registries)
