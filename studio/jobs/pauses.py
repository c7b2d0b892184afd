"""Stopping the making of one school, and letting it go on."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership, School
from ij8.accounts.opening.notices import SchoolNotice
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


def notices_of(school: School) -> list[SchoolNotice]:
    """For the school's record: who paused it, since when and why."""
    pause = SchoolPause.objects.filter(school=school).select_related("by__user").first()
    if pause is None:
        return []
    told = {"name": pause.by.user, "time": _moment(pause), "why": pause.words or _("No reason was given.")}
    words = _("Making is paused since %(time)s, by %(name)s. %(why)s") % told
    return [SchoolNotice(words, reverse("platform_health"), _("Let it go on"))]


def _moment(pause: SchoolPause) -> str:
    return date_format(timezone.localtime(pause.since), "SHORT_DATETIME_FORMAT")


def refuse_while_paused(member: Membership) -> None:
    """Raises Conflict, which says since when and why."""
    pause = SchoolPause.objects.filter(school_id=member.school_id).first()
    if pause is not None:
        words = pause.words or _("The people who run this installation stopped it for a while.")
        told = {"words": words, "time": _moment(pause)}
        raise Conflict(_("Making is paused in your school since %(time)s. %(words)s Your text is kept.") % told, code="paused")
