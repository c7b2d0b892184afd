"""People and the schools they act in. School is the tenant; a Membership is who acts."""

from ij8.accounts.models.asks import Ask
from ij8.accounts.models.door import OutboxMessage, SignInLink, Token
from ij8.accounts.models.entry import (
    BrowserSession,
    DoorPolicy,
    DoorTries,
    GivenPassword,
    KnownDevice,
    SecondStepRemoval,
    SignInCard,
)
from ij8.accounts.models.impersonation import LOOK_IN_LASTS, Impersonation
from ij8.accounts.models.joining import Invitation, JoinCode
from ij8.accounts.models.leaving import Handover
from ij8.accounts.models.membership import Cohort, CohortMembership, Membership
from ij8.accounts.models.notices import Notice
from ij8.accounts.models.person import Preferences, User
from ij8.accounts.models.roster import Roster
from ij8.accounts.models.school import OPEN_SCHOOL, AgeBand, School, SignUpPolicy, Term
from ij8.accounts.models.timetable import Slot

__all__ = [
    "LOOK_IN_LASTS",
    "OPEN_SCHOOL",
    "AgeBand",
    "Ask",
    "BrowserSession",
    "Cohort",
    "CohortMembership",
    "DoorPolicy",
    "DoorTries",
    "GivenPassword",
    "Handover",
    "Impersonation",
    "Invitation",
    "JoinCode",
    "KnownDevice",
    "Membership",
    "Notice",
    "OutboxMessage",
    "Preferences",
    "Roster",
    "School",
    "SecondStepRemoval",
    "SignInCard",
    "SignInLink",
    "SignUpPolicy",
    "Slot",
    "Term",
    "Token",
    "User",
]
