"""What Home shows of the studio: go on, what the class made, how the installation is, one's newest works, ideas."""

from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from ij8.accounts.models import CohortMembership, Membership
from studio.artifacts.artifact_json import artifact_json
from studio.artifacts.library import works
from studio.models import OPEN, Artifact, Job
from studio.pages.present import when_words
from studio.pages.prompt_form import STARTERS
from studio.pages.report import veiled
from studio.pages.sessions import session_cards
from studio.sessions import sessions_of

MAKERS = ("student", "teacher", "admin", "artist", "platform")
CONTINUE_SHOWN, WORKS_SHOWN, CLASSES_NAMED = 3, 8, 2


class Health:
    """How each part is comes afterwards by an address of its own: a part that hangs must not hold up Home."""

    kinds, rank, template = ("platform",), 10, "home/_health.html"

    def context(self, member: Membership) -> dict[str, Any]:
        open_jobs = Job.objects.filter(state__in=OPEN).count()
        return {"heading": _("This installation"), "open_jobs": open_jobs}


class Continue:
    kinds, rank, template = MAKERS, 20, "home/_continue.html"

    def context(self, member: Membership) -> dict[str, Any]:
        cards = session_cards(sessions_of(member).items[:CONTINUE_SHOWN], member)
        return {"heading": _("Continue") if cards else _("Begin"), "sessions": cards}


class OthersWorks:
    """The newest works of the classes that one leads; of the whole school for its admins."""

    kinds, rank, template = ("teacher", "admin"), 30, "home/_others.html"

    def context(self, member: Membership) -> dict[str, Any]:
        shown = {"trashed_at": None, "purged_at": None, "root__trashed_at": None}  # the first two lead to the index
        rows = Artifact.objects.filter(school_id=member.school_id, is_current=True, **shown).exclude(owner=member)
        heading = _("New in your school")
        if member.role != Membership.Role.ADMIN:
            led = _led(member)
            rows = rows.filter(session__cohort__in=[one.cohort_id for one in led])
            heading = _("New in %(classes)s") % {"classes": _named(led)}
        newest = rows.select_related("root", "owner__user").order_by("-created", "-id")[:WORKS_SHOWN]
        told = ({**artifact_json(row), "when": when_words(row.created), "by": str(row.owner.user)} for row in newest)
        tiles = veiled(told, member)
        return {"heading": heading, "works": tiles}


class SchoolAtAGlance:
    kinds, rank, template = ("admin",), 40, "home/_school.html"

    def context(self, member: Membership) -> dict[str, Any]:
        rows = Membership.objects.filter(school_id=member.school_id, active=True)
        people = dict(rows.values_list("role").annotate(n=Count("id")))
        counts = [(_("Pupils"), people.get("student", 0)), (_("Teachers"), people.get("teacher", 0))]
        return {"heading": member.school.name, "counts": [*counts, (_("Classes"), member.school.cohorts.count())]}


class LookingOn:
    kinds, rank, template = ("observer",), 20, "home/_looking_on.html"

    def context(self, member: Membership) -> dict[str, Any]:
        seen = member.cohorts.in_force().select_related("cohort").order_by("cohort__name", "id")
        return {"heading": _("Your classes"), "classes": [one.cohort.name for one in seen]}


class NewestWorks:
    kinds, rank, template = MAKERS, 50, "home/_newest.html"

    def context(self, member: Membership) -> dict[str, Any] | None:
        newest = works(member).items[:WORKS_SHOWN]
        tiles = veiled(({**artifact_json(work), "when": when_words(work.created)} for work in newest), member)
        return {"heading": _("Your newest works"), "works": tiles} if tiles else None


class Ideas:
    kinds, rank, template = MAKERS, 60, "home/_ideas.html"

    def context(self, member: Membership) -> dict[str, Any]:
        return {"heading": _("Ideas"), "starters": STARTERS}


def _led(member: Membership) -> list[CohortMembership]:
    rows = member.cohorts.in_force().filter(role__in=CohortMembership.LEADING)
    return list(rows.select_related("cohort").order_by("cohort__name", "id"))


def _named(led: list[CohortMembership]) -> str:
    names = [one.cohort.name for one in led]
    return ", ".join(names) if 0 < len(names) <= CLASSES_NAMED else _("your classes")
