from django.apps import AppConfig
from django.core import checks


class AccountsConfig(AppConfig):
    name = "ij8.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ij8.accounts.checks import check_demo_on_loopback, check_no_demo_people_elsewhere

        checks.register(check_demo_on_loopback)
        checks.register(check_no_demo_people_elsewhere, checks.Tags.database)
