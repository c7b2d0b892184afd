"""Lists and what is done with them."""

from collections.abc import Callable

import pytest

from ij8.accounts.models import Cohort, CohortMembership, Membership, Roster, School, User
from ij8.accounts.roster.committing import Choices
from ij8.accounts.roster.rosters import access_roster, commit_roster, make_roster, undo_roster
from ij8.accounts.roster.shapes import Entry, Plan

Verdicts = dict[str, str]


def listed(by: Membership, text: str, cohort: Cohort | None = None) -> Roster:
    """The dry run of this file."""
    return make_roster(by=by, data=text.encode(), file_name="people.csv", cohort=cohort)


def plan_of(roster: Roster) -> Plan:
    return Plan.model_validate(roster.plan)


def entries(roster: Roster) -> dict[str, Entry]:
    """By username or address."""
    return {entry.row.username or entry.row.email: entry for entry in plan_of(roster).entries}


def verdicts(roster: Roster) -> Verdicts:
    return {key: entry.verdict for key, entry in entries(roster).items()}


def problems(roster: Roster) -> dict[int, list[str]]:
    """Codes by row."""
    return {entry.line: [one.code for one in entry.problems] for entry in plan_of(roster).entries if entry.problems}


@pytest.fixture
def pupil(school: School, cohort: Cohort) -> Membership:
    """Lina of 6b, by username alone."""
    user = User.objects.create_user(school=school, username="lina", name="Lina")
    member = Membership.objects.create(school=school, user=user, role="student", age_band="13_15")
    CohortMembership.objects.create(school=school, cohort=cohort, member=member, role="student")
    return member


@pytest.fixture
def commit(django_capture_on_commit_callbacks: object) -> Callable[..., Roster]:
    """`commit(roster, by, end_missing=True)` brings it in and returns it as it is then."""

    def bring(roster: Roster, by: Membership, **choices: bool) -> Roster:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            assert commit_roster(roster=roster, by=by, choices=Choices(**choices))
        return access_roster(by, roster.pk)

    return bring


@pytest.fixture
def undo() -> Callable[[Roster, Membership], None]:
    return lambda roster, by: undo_roster(roster=roster, by=by)
