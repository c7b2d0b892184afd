"""What somebody is invited as: a role in the school and, for some, in one class."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models import CohortMembership, Membership
from ij8.accounts.people.rules import may_grant

Role, CohortRole = Membership.Role, CohortMembership.Role


@dataclass(frozen=True)
class Offer:
    """`needs_class`: it means nothing without one."""

    label: Promise
    role: str
    cohort_role: str
    needs_class: bool = False


OFFERS = {
    "student": Offer(_("Pupil"), Role.STUDENT, CohortRole.STUDENT),
    "teacher": Offer(_("Teacher"), Role.TEACHER, CohortRole.LEAD_TEACHER),
    "assistant": Offer(_("Assistant in a class"), Role.USER, CohortRole.ASSISTANT, needs_class=True),
    "observer": Offer(_("Observer of a class"), Role.USER, CohortRole.OBSERVER, needs_class=True),
    "admin": Offer(_("School admin"), Role.ADMIN, ""),
}


def offers_of(by: Membership) -> dict[str, Offer]:
    """What this person may offer, by key."""
    return {key: offer for key, offer in OFFERS.items() if may_grant(by, offer.role)}
