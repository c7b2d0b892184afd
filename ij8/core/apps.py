from django.apps import AppConfig
from django.core import checks


class CoreConfig(AppConfig):
    name = "ij8.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.conf import settings

        from ij8.core import pseudo
        from ij8.core.checks import check_registries
        from ij8.core.find import FINDERS

        checks.register(check_registries)
        if settings.PSEUDO_LOCALES:
            pseudo.install()
        FINDERS.register("pages", "ij8.core.find.Pages")
        FINDERS.register("help", "ij8.core.find.Help")
