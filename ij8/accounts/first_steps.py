"""Steps of the demo that lead to another person of the same class."""

from django.utils.translation import gettext as _

from ij8.accounts.models import CohortMembership, Membership, User
from ij8.core.first_steps import Way

LEAD, STUDENT = CohortMembership.Role.LEAD_TEACHER, CohortMembership.Role.STUDENT


class ComeInAsTeacher:
    kinds: tuple[str, ...] = ("student",)
    rank = 50
    role: str = LEAD

    def label(self, member: Membership) -> str:
        return _("Come in as the teacher and see your picture among the works of the class.")

    def way(self, member: Membership) -> Way | None:
        other = self._other(member)
        return Way(_("Come in as %(name)s") % {"name": other.name}, person=str(other.pk)) if other else None

    def is_done(self, member: Membership) -> bool:
        other = self._other(member)
        return other is not None and other.last_login is not None

    def _other(self, member: Membership) -> User | None:
        """The first person of the demo with that role in a class of this member."""
        classes = member.cohorts.values("cohort")
        rows = CohortMembership.objects.filter(cohort__in=classes, role=self.role, member__user__is_demo=True)
        found = rows.exclude(member=member).select_related("member__user").order_by("member__created", "id").first()
        return found.member.user if found else None


class ComeInAsPupil(ComeInAsTeacher):
    kinds = ("teacher",)
    rank = 5
    role = STUDENT

    def label(self, member: Membership) -> str:
        return _("Come in as a pupil and see the studio as they see it.")
