from django.apps import AppConfig
from django.core import checks


class AccountsConfig(AppConfig):
    name = "ij8.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ij8.accounts.asks import ASKS
        from ij8.accounts.checks import check_demo_on_loopback, check_no_demo_people_elsewhere
        from ij8.accounts.notices import NOTICES
        from ij8.accounts.policy import POLICY_SECTIONS
        from ij8.core import limits
        from ij8.core.chores import CHORES
        from ij8.core.first_steps import FIRST_STEPS
        from ij8.core.home import HOME_CARDS

        for kind in ("asked", "granted", "declined"):
            NOTICES.register(kind, f"ij8.accounts.notices.{kind.upper()}")
        NOTICES.register("invitation_accepted", "ij8.accounts.joining.accepting.ACCEPTED")
        NOTICES.register("second-step-removed", "ij8.accounts.door.lost_step.REMOVED")
        NOTICES.register("looked_in", "ij8.accounts.impersonation.LOOKED_IN")
        CHORES.register("daily-mail", "ij8.accounts.notices_mail.DAILY_MAIL")
        CHORES.register("handovers", "ij8.accounts.people.handover.GO_ON")
        NOTICES.register("handover-offered", "ij8.accounts.people.handover.OFFERED")
        NOTICES.register("handover-done", "ij8.accounts.people.handover.DONE")
        CHORES.register("old-rosters", "ij8.accounts.roster.rosters.OLD_ROSTERS")
        CHORES.register("old-notices", "ij8.accounts.notices_mail.OLD_NOTICES")
        for kind in ("Account", "Artist", "School"):
            ASKS.register(kind.lower(), f"ij8.accounts.opening.kinds.{kind}Ask")
        ASKS.register("password", "ij8.accounts.door.forgotten.PasswordAsk")
        limits.DOORS |= {"school_sign_in", "school_card"}
        POLICY_SECTIONS.register("sign-in", "ij8.accounts.door.policy.SignInSection")
        POLICY_SECTIONS.register("school", "ij8.accounts.opening.policy.SchoolSection")
        POLICY_SECTIONS.register("sign-up", "ij8.accounts.opening.policy.SignUpSection")
        HOME_CARDS.register("waiting", "ij8.accounts.opening.home_cards.WaitingForMe")
        HOME_CARDS.register("you-asked", "ij8.accounts.opening.home_cards.YouAsked")
        for card in ("YourClasses", "YourClass", "PeopleToLookAfter"):
            HOME_CARDS.register(card.lower(), f"ij8.accounts.people.home_cards.{card}")
        FIRST_STEPS.register("come-in-as-teacher", "ij8.accounts.first_steps.ComeInAsTeacher")
        FIRST_STEPS.register("come-in-as-pupil", "ij8.accounts.first_steps.ComeInAsPupil")
        checks.register(check_demo_on_loopback)
        checks.register(check_no_demo_people_elsewhere, checks.Tags.database)
