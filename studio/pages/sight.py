"""Who can see what is made in a session, truly: the words of pages for what `visible_to` and `access_x` do."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from studio.models import StudioSession


@dataclass(frozen=True)
class Sight:
    """`label` for a badge; `sentence` for who wants to know; `admins` says what the school's admins may do."""

    label: str
    sentence: str
    admins: str


def sight_of(session: StudioSession | None, viewer: Membership, *, is_own: bool) -> Sight:
    """`session` comes with its cohort; None for a work outside of any session."""
    cohort = session.cohort if session else None
    admins = _("The admins of %(school)s can open works of their school.") % {"school": viewer.school}
    if cohort is None:
        label = _("Only me") if is_own else _("Only its maker")
        sentence = _("Only you see what you make here.") if is_own else _("Only its maker sees it.")
        return Sight(label, sentence, admins)
    teachers = _("Teachers of %(name)s") % {"name": cohort.name}
    if is_own and viewer.role == Membership.Role.STUDENT:
        sentence = _("The teachers and assistants of %(name)s can see what you make here; your classmates cannot.")
        return Sight(_("My teacher"), sentence % {"name": cohort.name}, admins)
    sentence = _("The teachers and assistants of %(name)s can see what is made here.") % {"name": cohort.name}
    return Sight(teachers, sentence, admins)
