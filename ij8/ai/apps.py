from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AiConfig(AppConfig):
    name = "ij8.ai"
    label = "ai"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ij8.accounts.asks import ASKS
        from ij8.accounts.notices import NOTICES
        from ij8.accounts.opening.schools import TERMS_CHANGED
        from ij8.accounts.people.merge import MERGERS
        from ij8.accounts.policy import POLICY_SECTIONS
        from ij8.ai.install import keep_ledger
        from ij8.ai.language import SPEAKERS
        from ij8.ai.providers import PROVIDERS
        from ij8.safety.pictures import CHECKERS

        post_migrate.connect(keep_ledger, sender=self, dispatch_uid="ledger")
        TERMS_CHANGED.register("budgets", "ij8.ai.budgets.terms.keep_counting")
        MERGERS.register("ai", "ij8.ai.merging.merge")
        ASKS.register("budget", "ij8.ai.budgets.asks.BudgetAsk")
        POLICY_SECTIONS.register("money", "ij8.ai.budgets.policy.MoneySection")
        NOTICES.register("budget_used", "ij8.ai.budgets.alerts.USED")
        NOTICES.register("budget_soft", "ij8.ai.budgets.alerts.SOFT")
        POLICY_SECTIONS.register("providers", "ij8.ai.keys.policy.ProvidersSection")
        CHECKERS.register("openai", "ij8.ai.moderation.OpenAIModeration")
        PROVIDERS.register("gemini", "ij8.ai.providers.gemini.Gemini")
        PROVIDERS.register("openai", "ij8.ai.providers.openai.OpenAI")
        PROVIDERS.register("ollama", "ij8.ai.providers.ollama.Ollama")
        PROVIDERS.register("minimax", "ij8.ai.providers.minimax.MiniMax")
        SPEAKERS.register("gemini", "ij8.ai.language.gemini.GeminiSpeaker")
        SPEAKERS.register("openai", "ij8.ai.language.openai_wire.OpenAISpeaker")
        SPEAKERS.register("minimax", "ij8.ai.language.openai_wire.MiniMaxSpeaker")
        SPEAKERS.register("ollama", "ij8.ai.language.openai_wire.OllamaSpeaker")
