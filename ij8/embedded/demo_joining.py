"""The demo's ways in: the code of its class, and an invitation that waits."""

from ij8.accounts.joining.codes import new_code
from ij8.accounts.joining.invitations import invite
from ij8.accounts.models import Cohort, Invitation, JoinCode, Membership

INVITED = "new.teacher@linden.example"


def seed_joining(members: dict[str, Membership], cohort: Cohort) -> None:
    """The invitation's link was never shown to anybody; sending it again makes one."""
    if not JoinCode.objects.filter(cohort=cohort).exists():
        new_code(cohort=cohort, by=members["teacher@demo.test"], days=30)
    if not Invitation.objects.filter(school=cohort.school).exists():
        invite(by=members["school@demo.test"], email=INVITED, offer="teacher", words="Welcome to Linden School.")
