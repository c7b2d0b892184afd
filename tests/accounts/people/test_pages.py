"""The list of people, what is done with many, and two accounts that become one."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ij8.accounts.models import Cohort, CohortMembership, Membership, School, User
from ij8.accounts.people.merge import merge_members
from ij8.core.errors import Conflict, Forbidden
from studio.models import Job, StudioSession
from tests.architecture.world import _job, _session, _work

pytestmark = pytest.mark.django_db
As = Callable[[Membership], Client]
Person = Callable[..., Membership]
LIST, BULK, UNDO = "/school/people/", "/school/people/bulk/", "/school/people/undo/"


def names(client: Client, **query: str) -> list[str]:
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return [str(one.user) for one in answer.context["people"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Amara", "Mia", "Noah", "Sofia"]),
        ({"q": "mi lind"}, ["Mia"]),
        ({"q": "nobody"}, []),
        ({"role": "student"}, ["Mia", "Noah"]),
        ({"cohort": "none"}, ["Sofia"]),
        ({"state": "never"}, ["Amara", "Mia", "Noah"]),
        ({"state": "left"}, []),
        ({"age_band": "13_15"}, ["Noah"]),
        ({"age_band": "unknown", "role": "student"}, ["Mia"]),
        ({"sort": "newest"}, ["Noah", "Mia", "Amara", "Sofia"]),
    ],
)
def test_the_list_shows_whom_the_filters_mean(
    query: dict[str, str], found: list[str], school_admin: Membership, teacher: Membership, student: Membership,
    classmate: Membership, stranger: Membership, as_: As,
) -> None:  # fmt: skip
    Membership.objects.filter(pk=classmate.pk).update(age_band="13_15")
    client = as_(school_admin)
    assert names(client, **query) == found


def test_a_filter_that_cannot_be_is_named(school_admin: Membership, as_: As) -> None:
    assert as_(school_admin).get(LIST, {"role": "king"}).status_code == 400


def test_a_page_of_people_costs_the_same_however_many_they_are(
    school_admin: Membership, school: School, cohort: Cohort, as_: As
) -> None:
    client = as_(school_admin)

    def cost(address: str) -> int:
        client.get(address)  # what is asked once and then kept is no part of it
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    def add(count: int) -> None:
        at = User.objects.count()
        users = User.objects.bulk_create(User(username=f"p{n}", school=school, name=f"P {n}") for n in range(at, at + count))
        members = Membership.objects.bulk_create(Membership(school=school, user=user, role="student") for user in users)
        CohortMembership.objects.bulk_create(
            CohortMembership(school=school, cohort=cohort, member=one, role="student") for one in members
        )
        Cohort.objects.bulk_create(Cohort(school=school, name=f"{n}x") for n in range(at, at + count))

    lists = (LIST, f"/classes/{cohort.pk}/people/", "/school/cohorts/", "/api/people/", "/api/cohorts/", "/home/")
    add(2)
    few = [cost(one) for one in lists]
    add(38)
    assert [after for after, before in zip(map(cost, lists), few, strict=True) if after > before] == []


def test_many_are_changed_at_once_and_taken_back(
    school_admin: Membership, teacher: Membership, student: Membership, classmate: Membership, as_: As
) -> None:
    client = as_(school_admin)
    ids = f"{student.pk},{classmate.pk},{school_admin.pk}"
    answer = client.post(BULK, {"action": "end", "ids": ids, "next": LIST}, follow=True)
    page = answer.content.decode()
    assert "2 people left the school" in page
    assert "This is the last admin of the school" in page
    assert not Membership.objects.filter(pk__in=[student.pk, classmate.pk], active=True).exists()
    token = answer.context["undo"]["token"]
    assert b"undo-notice" not in client.get(LIST).content
    assert "Taken back for 2 people" in client.post(UNDO, {"undo": token, "next": LIST}, follow=True).content.decode()
    assert Membership.objects.filter(pk__in=[student.pk, classmate.pk], active=True).count() == 2
    assert "too late" in client.post(UNDO, {"undo": token, "next": LIST}, follow=True).content.decode()


def test_an_undo_is_of_its_person_alone(school_admin: Membership, teacher: Membership, student: Membership, as_: As) -> None:
    answer = as_(school_admin).post(BULK, {"action": "end", "ids": str(student.pk), "next": LIST}, follow=True)
    as_(teacher).post(UNDO, {"undo": answer.context["undo"]["token"]})
    assert not Membership.objects.get(pk=student.pk).active


def test_roles_and_places_come_back_as_they_were(
    school_admin: Membership, teacher: Membership, assistant: Membership, student: Membership, cohort: Cohort, as_: As
) -> None:
    client = as_(school_admin)
    before = set(CohortMembership.objects.values_list("member", "role"))
    ids = f"{assistant.pk},{student.pk}"
    for sent in ({"action": "remove", "cohort": str(cohort.pk)}, {"action": "age_band", "age_band": "adult"}):
        answer = client.post(BULK, {**sent, "ids": ids, "next": LIST}, follow=True)
        client.post(UNDO, {"undo": answer.context["undo"]["token"]})
    assert set(CohortMembership.objects.values_list("member", "role")) == before
    assert not Membership.objects.exclude(age_band="").exists()


def test_a_teacher_changes_many_of_her_own_pupils_alone(
    teacher: Membership, student: Membership, person: Person, school: School, cohort: Cohort, as_: As
) -> None:
    elsewhere = person(school, "student", "Ben")
    CohortMembership.objects.create(
        school=school, cohort=Cohort.objects.create(school=school, name="8a"), member=elsewhere, role="student"
    )
    client = as_(teacher)
    client.post(BULK, {"action": "age_band", "age_band": "13_15", "ids": f"{student.pk},{elsewhere.pk}"})
    assert list(Membership.objects.filter(age_band="13_15")) == [student]
    client.post(BULK, {"action": "role", "role": "teacher", "ids": str(student.pk)})
    assert Membership.objects.get(pk=student.pk).role == "student"


def test_what_is_wrong_stands_at_its_field(school_admin: Membership, student: Membership, classmate: Membership, as_: As) -> None:
    client = as_(school_admin)
    client.post(f"{LIST}{classmate.pk}/", {"act": "save", "username": "noah"})
    answer = client.post(f"{LIST}{student.pk}/", {"act": "save", "username": "Noah", "age_band": "13_15"})
    assert answer.context["form"].errors == {"username": ["This username is taken in your school."]}
    assert Membership.objects.get(pk=student.pk).age_band == ""


def test_a_record_asks_only_what_the_asker_may_change(
    school_admin: Membership, teacher: Membership, student: Membership, as_: As
) -> None:
    fields = {
        by.role: list(as_(by).get(f"{LIST}{student.pk}/").context["form"].fields) for by in (school_admin, teacher, student)
    }
    assert fields == {
        "admin": ["name", "username", "email", "age_band", "role"],
        "teacher": ["name", "username", "age_band"],
        "student": [],
    }
    assert "role" not in as_(school_admin).get(f"{LIST}{school_admin.pk}/").context["form"].fields


def test_two_accounts_become_one_and_nothing_is_lost(
    school_admin: Membership, student: Membership, classmate: Membership, cohort: Cohort, as_: As
) -> None:
    session = _session(classmate, cohort, "sea")
    job = _job(session, "succeeded", "sea")  # type: ignore[arg-type]
    work = _work(job, "sea")
    User.objects.filter(pk=classmate.user_id).update(username="mia", school=student.school)
    client, here = as_(school_admin), f"{LIST}{student.pk}/merge/"
    assert b"Merge for good" in client.get(here, {"other": str(classmate.pk)}).content
    assert client.post(here, {"other": str(classmate.pk)}).status_code == 302
    work.refresh_from_db()
    assert work.owner == student
    assert (StudioSession.objects.get(pk=session.pk).member, Job.objects.get(pk=job.pk).member) == (student, student)
    assert list(student.cohorts.values_list("role", flat=True)) == ["student"]
    gone = Membership.objects.select_related("user").get(pk=classmate.pk)
    assert (gone.active, gone.merged_into, gone.user.is_active, gone.user.username) == (False, student, False, "")
    assert client.post(f"{LIST}{classmate.pk}/", {"act": "restore"}, follow=True).status_code == 200
    assert not Membership.objects.get(pk=classmate.pk).active


def test_merging_has_its_limits(
    school_admin: Membership, teacher: Membership, student: Membership, classmate: Membership, other_school: School
) -> None:
    with pytest.raises(Forbidden):
        merge_members(kept=student, dropped=classmate, by=teacher)
    with pytest.raises(Forbidden):
        merge_members(kept=student, dropped=school_admin, by=school_admin)
    with pytest.raises(Conflict):
        merge_members(kept=student, dropped=teacher, by=school_admin)
    Membership.objects.create(school=other_school, user=classmate.user, role="user", created=timezone.now())
    with pytest.raises(Conflict):
        merge_members(kept=student, dropped=classmate, by=school_admin)


def test_an_admin_who_was_sent_away_a_moment_ago_merges_nobody(
    school_admin: Membership, student: Membership, classmate: Membership
) -> None:
    Membership.objects.filter(pk=school_admin.pk).update(active=False)
    with pytest.raises(Forbidden):
        merge_members(kept=student, dropped=classmate, by=school_admin)
    assert Membership.objects.get(pk=classmate.pk).active
