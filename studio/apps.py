from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StudioConfig(AppConfig):
    name = "studio"
    label = "studio"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ij8.accounts import impersonation
        from ij8.accounts.opening.notices import SCHOOL_NOTICES
        from ij8.accounts.people.facts import PERSON_FACTS
        from ij8.accounts.people.handover import HANDOVERS
        from ij8.accounts.people.merge import MERGERS
        from ij8.audit.tracked import TRACKED
        from ij8.core import limits
        from ij8.core.find import FINDERS
        from ij8.core.first_steps import FIRST_STEPS
        from ij8.core.home import HOME_CARDS
        from ij8.safety.consent import WITHDRAWN
        from studio.jobs.holds import HOLDS
        from studio.jobs.install import install_claim
        from studio.topics import TOPICS

        _engine_room()
        HOLDS.register("paused", "studio.jobs.holds.Paused")
        HOLDS.register("words", "studio.jobs.protection.Unread")
        WITHDRAWN.register("jobs", "studio.jobs.protection.on_withdrawn")
        TOPICS.register("session", "studio.topics.watch_session")
        for name in ("sessions", "works", "folders", "people"):
            FINDERS.register(name, f"studio.pages.finders.{name.capitalize()}")
        limits.MAKING |= {"api-jobs", "api-sketch-to-image", "draw", "studio_draw", "api-job-retry", "studio", "studio_session"}
        limits.MAKING |= {"api-artifacts-from-url", "works_bring", "studio_sheet", "api-enhance-prompt", "work_replay"}
        limits.MAKING |= {"api-artifact-replay", "api-sheets"}
        impersonation.SHOWN |= {"studio_canvas", "studio_shelf"}
        impersonation.SHOWN |= {
            "studio", "studio_session", "studio_list", "studio_in_progress", "studio_job", "studio_batch", "works", "work",
            "work_panel", "work_lineage", "works_tags", "api-artifact-file", "api-artifact-thumbnail", "api-job",
            "api-job-preview",
        }  # fmt: skip
        TRACKED.register("school_pause", "studio.tracked.SCHOOL_PAUSE")
        limits.MAKING |= {"studio_turn", "studio_plan"}
        limits.MEDIA |= {"api-artifact-file", "api-artifact-thumbnail", "api-job-preview"}
        for name in ("Health", "Continue", "OthersWorks", "SchoolAtAGlance", "LookingOn", "NewestWorks", "Ideas"):
            HOME_CARDS.register(name.lower(), f"studio.pages.home_cards.{name}")
        for name in ("MakePicture", "KeepOne", "LookOn"):
            FIRST_STEPS.register(name.lower(), f"studio.pages.first_steps.{name}")
        HANDOVERS.register("studio", "studio.handover.copy_some")
        MERGERS.register("studio", "studio.people.merge")
        SCHOOL_NOTICES.register("paused", "studio.jobs.pauses.notices_of")
        PERSON_FACTS.register("studio", "studio.people.facts")
        post_migrate.connect(install_claim, sender=self, dispatch_uid="claim")


def _engine_room() -> None:
    """Where work runs, what can be asked for, and what the conversation may ask for itself."""
    from studio.chat.tools import CHAT_TOOLS
    from studio.engines import ENGINES
    from studio.operations import OPERATIONS

    ENGINES.register("procedural", "studio.engines.procedural.Procedural")
    ENGINES.register("comfy", "studio.engines.comfy.Comfy")
    ENGINES.register("gemini", "studio.engines.gemini.Gemini")
    ENGINES.register("openai", "studio.engines.openai.OpenAI")
    OPERATIONS.register("image.edit", "studio.operations.image_edit.ImageEdit")
    OPERATIONS.register("image.generate", "studio.operations.image_generate.ImageGenerate")
    OPERATIONS.register("image.from_drawing", "studio.operations.image_from_drawing.ImageFromDrawing")
    OPERATIONS.register("provider.check", "studio.operations.provider_check.ProviderCheck")
    OPERATIONS.register("chat.turn", "studio.chat.turn.ChatTurn")
    OPERATIONS.register("image.describe", "studio.chat.describe.ImageDescribe")
    OPERATIONS.register("plan.run", "studio.chat.plans.PlanRun")
    OPERATIONS.register("works.replay", "studio.operations.works_replay.WorksReplay")
    CHAT_TOOLS.register("make_picture", "studio.chat.making.MakePicture")
    CHAT_TOOLS.register("edit_picture", "studio.chat.making.EditPicture")
    CHAT_TOOLS.register("describe_picture", "studio.chat.looking.DescribePicture")
    CHAT_TOOLS.register("find_works", "studio.chat.looking.FindWorks")
    CHAT_TOOLS.register("propose_plan", "studio.chat.plans.ProposePlan")
    OPERATIONS.register("prompt.enhance", "studio.chat.enhance.PromptEnhance")
    OPERATIONS.register("work.bring", "studio.operations.work_bring.WorkBring")
