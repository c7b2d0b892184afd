"""What protects minors: the filter of words, reports, consent, who may use what."""

from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "ij8.safety"
    label = "safety"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ij8.accounts.asks import ASKS
        from ij8.accounts.notices import NOTICES
        from ij8.accounts.people.merge import MERGERS
        from ij8.accounts.policy import POLICY_SECTIONS
        from ij8.accounts.words import WORD_CHECKS, WORD_FINDERS
        from ij8.core.home import HOME_CARDS

        MERGERS.register("safety", "ij8.safety.merging.merge")
        ASKS.register("hpc", "ij8.safety.remote.HpcAsk")
        for kind in ("words_of_distress", "picture_of_distress", "refusal_overruled"):
            NOTICES.register(kind, f"ij8.safety.notices.{kind.upper()}")
        for kind in ("report_wrong", "report_upset", "report_answered"):
            NOTICES.register(kind, f"ij8.safety.notices.{kind.upper()}")
        for name in ("ages", "words", "pictures", "sharing", "minors", "consent", "rules"):
            POLICY_SECTIONS.register(name, f"ij8.safety.sections.{name.capitalize()}")
        POLICY_SECTIONS.register("use", "ij8.safety.sections.SchoolUse")
        WORD_CHECKS.register("filter", "ij8.safety.names.name_must_pass")
        WORD_FINDERS.register("filter", "ij8.safety.names.refused_names")
        HOME_CARDS.register("safety", "ij8.safety.home_cards.Safety")
