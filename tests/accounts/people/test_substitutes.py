"""What somebody may who stands in for a day, and what must not outlast it. And that a class that is over gives no power."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ij8.accounts.joining.invitations import invite
from ij8.accounts.models import Cohort, CohortMembership, Membership
from ij8.accounts.people.class_lists import cards
from ij8.accounts.people.cohorts import archive_cohort, copy_cohort, create_cohort, trash_cohort
from ij8.accounts.people.rules import handles
from ij8.accounts.people.services import PersonChanges, add_to_cohort, change_person, remove_from_cohort
from ij8.accounts.roster.rosters import make_roster
from ij8.core.errors import Forbidden
from tests.conftest import Person

pytestmark = pytest.mark.django_db
As = Callable[[Membership], Client]


@pytest.fixture
def substitute(person: Person, cohort: Cohort) -> Membership:
    found = person(cohort.school, "teacher", "Olga")
    until = timezone.now() + timedelta(hours=8)
    CohortMembership.objects.create(school=cohort.school, cohort=cohort, member=found, role="lead_teacher", until=until)
    return found


def test_she_handles_the_pupils_of_the_day(substitute: Membership, student: Membership, cohort: Cohort, person: Person) -> None:
    assert handles(substitute, student)
    newcomer = person(cohort.school, "student", "Ben")
    add_to_cohort(cohort=cohort, member=newcomer, by=substitute)
    remove_from_cohort(cohort=cohort, member=newcomer, by=substitute)
    invite(by=substitute, email="x@y.test", offer="student", cohort=cohort)


def test_she_copies_and_deletes_no_class(substitute: Membership, student: Membership, cohort: Cohort) -> None:
    for act in (
        lambda: copy_cohort(cohort=cohort, by=substitute, name="Mine", term="", with_pupils=True),
        lambda: trash_cohort(cohort=cohort, by=substitute),
    ):
        with pytest.raises(Forbidden):
            act()
    cohort.refresh_from_db()
    assert (cohort.trashed_at, Cohort.objects.count()) == (None, 1)


def test_she_appoints_and_dismisses_nobody(
    substitute: Membership, teacher: Membership, assistant: Membership, cohort: Cohort, person: Person
) -> None:
    friend = person(cohort.school, "teacher", "Ada")
    for act in (
        lambda: add_to_cohort(cohort=cohort, member=friend, by=substitute, role="lead_teacher"),
        lambda: add_to_cohort(cohort=cohort, member=friend, by=substitute, role="observer"),
        lambda: add_to_cohort(cohort=cohort, member=teacher, by=substitute, role="student"),
        lambda: remove_from_cohort(cohort=cohort, member=teacher, by=substitute),
        lambda: remove_from_cohort(cohort=cohort, member=assistant, by=substitute),
        lambda: invite(by=substitute, email="x@y.test", offer="assistant", cohort=cohort),
    ):
        with pytest.raises(Forbidden):
            act()
    places = dict(CohortMembership.objects.filter(cohort=cohort, until=None).values_list("member__user__name", "role"))
    assert places == {"Amara": "lead_teacher", "Jonas": "assistant"}


def test_she_takes_no_pupils_into_a_class_of_her_own(substitute: Membership, student: Membership, cohort: Cohort) -> None:
    own = create_cohort(school=cohort.school, name="Art", by=substitute)
    with pytest.raises(Forbidden):
        add_to_cohort(cohort=own, member=student, by=substitute)
    assert not own.members.filter(member=student).exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("email\nada@linden.test\n", "not_by_substitutes"),
        ("username,class\nmia,Art\n", "pupil_of_others"),
        ("username,class\nmia,Her own\n", "pupil_of_others"),
    ],
)
def test_nor_by_a_list(substitute: Membership, student: Membership, cohort: Cohort, person: Person, text: str, code: str) -> None:
    person(cohort.school, "teacher", "Ada")
    create_cohort(school=cohort.school, name="Her own", by=substitute)
    change_person(member=student, changes=PersonChanges(username="mia"), by=substitute)
    roster = make_roster(by=substitute, data=text.encode(), cohort=cohort)
    assert [problem["code"] for problem in roster.plan["entries"][0]["problems"]] == [code]


def test_her_pages_offer_what_she_may(
    substitute: Membership, teacher: Membership, cohort: Cohort, as_: As, person: Person
) -> None:
    person(cohort.school, "teacher", "Zelda")
    for by, may in ((teacher, True), (substitute, False)):
        page = as_(by).get(f"/classes/{cohort.pk}/settings/").content.decode()
        assert [f'value="{act}"' in page for act in ("copy", "trash", "archive", "slots")] == [may, may, True, True]
        invitations = as_(by).get(f"/classes/{cohort.pk}/invitations/").content.decode()
        assert ('value="assistant"' in invitations) is may
        found = as_(by).get(f"/classes/{cohort.pk}/people/", {"find": "zel"}).content
        assert (b"Zelda" in found) is may
    assert as_(substitute).post(f"/classes/{cohort.pk}/settings/", {"act": "trash"}).status_code == 403


def test_a_class_in_the_archive_gives_no_power_over_its_pupils(
    teacher: Membership, student: Membership, school_admin: Membership, cohort: Cohort, as_: As
) -> None:
    change_person(member=student, changes=PersonChanges(username="mia"), by=teacher)
    archive_cohort(cohort=cohort, by=teacher)
    assert not handles(teacher, student)
    assert handles(school_admin, student)
    for act in ("passwords", "sheet", "print"):
        answer = as_(teacher).post(f"/classes/{cohort.pk}/cards/", {"act": act, "member": str(student.pk)})
        assert answer.status_code == 409
    assert as_(teacher).get(f"/school/people/{student.pk}/card/").status_code == 404
    copy = copy_cohort(cohort=cohort, by=teacher, name="7b", term="", with_pupils=True)
    assert (handles(teacher, student), copy.members.filter(member=student).exists()) == (True, True)


def test_a_card_of_a_class_counts_who_is_in_it_now(
    substitute: Membership, teacher: Membership, student: Membership, cohort: Cohort
) -> None:
    assert cards(teacher, [cohort])[0].teachers == "Amara, Olga"
    CohortMembership.objects.filter(member=substitute).update(until=timezone.now())
    assert cards(teacher, [cohort])[0].teachers == "Amara"
    assert cards(substitute, [cohort])[0].role == ""
    trash_cohort(cohort=cohort, by=teacher)
    assert (cards(teacher, [cohort])[0].pupils, cards(teacher, [cohort])[0].role) == (1, "lead_teacher")
