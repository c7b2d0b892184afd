from django.apps import AppConfig
from django.core import checks


class AccountsConfig(AppConfig):
    name = "ij8.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ij8.accounts.checks import check_demo_on_loopback, check_no_demo_people_elsewhere
        from ij8.accounts.notices import NOTICES
        from ij8.core.first_steps import FIRST_STEPS
        from ij8.core.chores import CHORES

        for kind in ("asked", "granted", "declined"):
            NOTICES.register(kind, f"ij8.accounts.notices.{kind.upper()}")
        FIRST_STEPS.register("come-in-as-teacher", "ij8.accounts.first_steps.ComeInAsTeacher")
        CHORES.register("daily-mail", "ij8.accounts.notices_mail.DAILY_MAIL")
        CHORES.register("old-notices", "ij8.accounts.notices_mail.OLD_NOTICES")
        for kind in ("Account", "Artist", "School"):
            ASKS.register(kind.lower(), f"ij8.accounts.opening.kinds.{kind}Ask")
        FIRST_STEPS.register("come-in-as-pupil", "ij8.accounts.first_steps.ComeInAsPupil")
        checks.register(check_demo_on_loopback)
        checks.register(check_no_demo_people_elsewhere, checks.Tags.database)
