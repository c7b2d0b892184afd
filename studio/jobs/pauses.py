"""Stopping the making of one school, and letting it go on."""

from django.utils.translation import gettext as _

from ij8.accounts.models import Membership, School
from ij8.core.errors import Conflict
from studio.jobs.holds import sort_held
from studio.models import SchoolPause


def pause_school(*, school: School, by: Membership, words: str = "") -> None:
    """What runs goes on to its end; what waits is held; nothing new is accepted."""
    SchoolPause.objects.update_or_create(school=school, defaults={"by": by, "words": words})
    sort_held()


def resume_school(school: School) -> None:
    SchoolPause.objects.filter(school=school).delete()
    sort_held()


def refuse_while_paused(member: Membership) -> None:
    """Raises Conflict, which says who paused it and since when."""
    pause = SchoolPause.objects.filter(school_id=member.school_id).first()
    if pause is not None:
        words = pause.words or _("The people who run this installation stopped it for a while.")
        raise Conflict(_("Making is paused in your school. %(words)s Your text is kept.") % {"words": words}, code="paused")
