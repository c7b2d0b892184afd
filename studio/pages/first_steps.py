"""The steps of the demo that are made in the studio. The works that the demo brings are of the batch lane and do not count."""

from django.urls import reverse
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.core.first_steps import Way
from studio.models import Artifact, Job, JobClass, State, StudioSession

MAKERS = ("student", "teacher", "admin", "artist")


class MakePicture:
    kinds, rank = MAKERS, 20

    def label(self, member: Membership) -> str:
        return _("Say a few words and see a picture made of them. The words that the painter understood are underlined.")

    def way(self, member: Membership) -> Way | None:
        return Way(_("Open the studio"), _studio_of(member))

    def is_done(self, member: Membership) -> bool:
        return Job.objects.filter(member=member, job_class__gte=JobClass.INTERACTIVE, state=State.SUCCEEDED).exists()


class KeepOne:
    kinds, rank = MAKERS, 30

    def label(self, member: Membership) -> str:
        return _("Ask for four takes of the same words, and keep one.")

    def way(self, member: Membership) -> Way | None:
        return Way(_("Open the studio"), _studio_of(member))

    def is_done(self, member: Membership) -> bool:
        return Artifact.objects.filter(owner=member, picked=True, purged_at=None).exists()


class LookOn:
    kinds, rank = ("teacher",), 10

    def label(self, member: Membership) -> str:
        return _("Look at what your class has made, and into a pupil's session.")

    def way(self, member: Membership) -> Way | None:
        newest = StudioSession.objects.visible_to(member).exclude(member=member).filter(trashed_at=None).order_by("-updated")
        found = newest.values_list("id", flat=True).first()
        return Way(_("Open a session"), reverse("studio_session", args=[found])) if found else None

    def is_done(self, member: Membership) -> bool:
        """Somebody of the class has made something by hand, so there is something to look at."""
        jobs = Job.objects.visible_to(member).exclude(member=member)
        return jobs.filter(job_class__gte=JobClass.INTERACTIVE, state=State.SUCCEEDED).exists()


def _studio_of(member: Membership) -> str:
    """The session last used, else the list."""
    rows = StudioSession.objects.filter(member=member, trashed_at=None).order_by("-updated", "-id")
    last = rows.values_list("id", flat=True).first()
    return reverse("studio_session", args=[last]) if last else reverse("studio")
