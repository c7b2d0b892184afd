"""How old somebody counts where nobody has said it, and who may say it."""

from collections.abc import Callable

import pytest
from django.test import Client

from ij8.accounts.asks import decide, make_ask
from ij8.accounts.joining.accepting import accept_as_new
from ij8.accounts.joining.invitations import invite
from ij8.accounts.models import Cohort, Membership, Roster, School
from ij8.accounts.opening.kinds import Knock
from ij8.accounts.roster.committing import Choices
from ij8.accounts.roster.rosters import commit_roster, make_roster
from ij8.safety.bands import band_of, is_minor

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "band"), [("student", "under_13"), ("user", "under_13"), ("teacher", "adult"), ("admin", "adult")]
)
def test_who_is_no_staff_counts_as_the_youngest_until_an_admin_says_more(school: School, role: str, band: str) -> None:
    member = Membership(school=school, role=role)
    assert band_of(member) == band
    member.age_band = "16_17"
    assert band_of(member) == "16_17"


def test_the_open_school_takes_adults(artist: Membership) -> None:
    assert band_of(artist) == "adult"


@pytest.mark.parametrize("offer", ["assistant", "observer"])
def test_a_teacher_makes_nobody_an_adult_by_an_invitation_and_an_admin_does(
    teacher: Membership, school_admin: Membership, cohort: Cohort, offer: str
) -> None:
    for by, minor in ((teacher, True), (school_admin, False)):
        made, _link = invite(by=by, email=f"{by.role}s@home.test", offer=offer, cohort=cohort)
        user = accept_as_new(invitation=made, name="Kim")
        assert is_minor(user.memberships.get()) is minor


def lists(by: Membership, text: str, cohort: Cohort) -> Roster:
    roster = make_roster(by=by, data=text.encode(), cohort=cohort)
    if not any(entry["problems"] for entry in roster.plan["entries"]):
        commit_roster(roster=roster, by=by, choices=Choices())
    return roster


def test_a_teacher_makes_nobody_an_adult_by_a_list_and_an_admin_does(
    teacher: Membership, school_admin: Membership, cohort: Cohort
) -> None:
    said = lists(teacher, "username,role,age band\nkim,user,adult\n", cohort)
    assert [problem["code"] for problem in said.plan["entries"][0]["problems"]] == ["adult_by_admin"]
    lists(teacher, "username,role\nkim,user\n", cohort)
    lists(school_admin, "username,role\nlou,user\n", cohort)
    found = {one.user.username: is_minor(one) for one in Membership.objects.filter(role="user").select_related("user", "school")}
    assert found == {"kim": True, "lou": False}


def test_an_admin_who_lets_a_guest_in_says_that_this_is_an_adult(
    school: School, school_admin: Membership, as_: Callable[[Membership], Client]
) -> None:
    for role, minor in (("user", False), ("student", True)):
        ask = make_ask(kind="account", school=school, asked_by=None, details=Knock(name="Ada", email=f"{role}@home.test"))
        assert "adult guest" in as_(school_admin).get(f"/school/requests/{ask.pk}/").content.decode()
        decide(ask_id=ask.pk, by=school_admin, grant=True, values={"role": role})
        assert is_minor(Membership.objects.get(user__email=f"{role}@home.test")) is minor
