from django.apps import AppConfig


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
