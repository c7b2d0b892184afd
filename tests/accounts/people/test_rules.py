"""Who may change whom. Every rule stands here as a sentence."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from ij8.accounts.access import access_cohort
from ij8.accounts.models import Cohort, CohortMembership, Membership, School, Token
from ij8.accounts.people.places import end_of_day
from ij8.accounts.people.rules import access_member, handles, may_grant
from ij8.accounts.people.services import (
    PersonChanges,
    add_to_cohort,
    change_person,
    end_membership,
    remove_from_cohort,
    restore_member,
    set_role,
)
from ij8.audit.models import Entry
from ij8.core.errors import Conflict, Forbidden, Ij8Error, Invalid, NotFound
from studio.models import StudioSession

pytestmark = pytest.mark.django_db
Person = Callable[..., Membership]
As = Callable[[Membership], Client]


@pytest.mark.parametrize("role", ["teacher", "admin", "user", "student"])
def test_nobody_changes_her_own_role(role: str, school_admin: Membership, teacher: Membership, student: Membership) -> None:
    for member in (school_admin, teacher, student):
        with pytest.raises(Forbidden):
            set_role(member=member, role=role, by=member)


def test_only_an_admin_changes_roles(school_admin: Membership, teacher: Membership, classmate: Membership) -> None:
    for role in ("admin", "teacher", "user"):
        with pytest.raises(Forbidden):
            set_role(member=classmate, role=role, by=teacher)
    set_role(member=classmate, role="teacher", by=school_admin)
    assert Membership.objects.get(pk=classmate.pk).role == "teacher"


def test_only_admins_bring_in_admins_and_teachers(school_admin: Membership, teacher: Membership, student: Membership) -> None:
    assert [role for role in Membership.Role.values if may_grant(teacher, role)] == ["student", "user"]
    assert [role for role in Membership.Role.values if may_grant(school_admin, role)] == ["admin", "teacher", "student", "user"]
    assert not any(may_grant(student, role) for role in Membership.Role.values)


def test_another_school_is_not_found(school_admin: Membership, stranger: Membership) -> None:
    for action in ("view", "change", "manage"):
        with pytest.raises(NotFound):
            access_member(school_admin, stranger.pk, action)
    with pytest.raises(NotFound):
        set_role(member=stranger, role="teacher", by=school_admin)


def test_the_last_admin_is_neither_demoted_nor_removed(school_admin: Membership, person: Person, school: School) -> None:
    with pytest.raises(Conflict, match="last admin"):
        end_membership(member=school_admin, by=school_admin)
    second = person(school, "admin", "Ada")
    set_role(member=school_admin, role="teacher", by=second)
    with pytest.raises(Conflict, match="last admin"):
        end_membership(member=second, by=second)


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_remove_each_other_at_once_leave_one(school_admin: Membership, person: Person, school: School) -> None:
    second = person(school, "admin", "Ada")
    told: list[object] = []
    both = threading.Barrier(2)

    def remove(member: Membership, by: Membership) -> None:
        try:
            with transaction.atomic():
                both.wait()
                end_membership(member=member, by=by)
            told.append("done")
        except Ij8Error as error:
            told.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=remove, args=pair) for pair in ((school_admin, second), (second, school_admin))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(map(str, told)) == ["done", "forbidden"]
    assert Membership.objects.filter(school=school, role="admin", active=True).count() == 1


def test_a_teacher_handles_pupils_of_her_own_classes_alone(
    teacher: Membership, student: Membership, assistant: Membership, person: Person, school: School
) -> None:
    other_class = Cohort.objects.create(school=school, name="8a")
    elsewhere = person(school, "student", "Ben")
    add_to_cohort(cohort=other_class, member=elsewhere, by=None)
    colleague = person(school, "teacher", "Olga")
    assert [handles(teacher, one) for one in (student, elsewhere, colleague, assistant)] == [True, False, False, False]
    assert not handles(assistant, student)
    with pytest.raises(NotFound):
        access_member(teacher, elsewhere.pk, "view")
    with pytest.raises(Forbidden):
        add_to_cohort(cohort=CohortMembership.objects.get(member=teacher).cohort, member=elsewhere, by=teacher)


def test_nobody_gives_herself_a_place_in_a_class(teacher: Membership, assistant: Membership, cohort: Cohort) -> None:
    substitute_until = timezone.now() + timedelta(days=1)
    CohortMembership.objects.filter(member=teacher).update(until=substitute_until)
    with pytest.raises(Forbidden):
        add_to_cohort(cohort=cohort, member=teacher, role="lead_teacher", until=None, by=teacher)
    with pytest.raises(Forbidden):
        add_to_cohort(cohort=cohort, member=assistant, role="observer", by=assistant)


def test_a_pupil_leads_no_class(school_admin: Membership, student: Membership, cohort: Cohort) -> None:
    for place in ("lead_teacher", "assistant", "observer"):
        with pytest.raises(Invalid):
            add_to_cohort(cohort=cohort, member=student, role=place, by=school_admin)


def test_a_role_that_would_not_fit_her_class_waits(school_admin: Membership, teacher: Membership) -> None:
    with pytest.raises(Conflict, match="6b"):
        set_role(member=teacher, role="student", by=school_admin)
    assert Membership.objects.get(pk=teacher.pk).role == "teacher"


def test_a_substitute_sees_the_class_until_the_end_of_the_day_and_not_longer(
    school_admin: Membership, student: Membership, person: Person, school: School, cohort: Cohort
) -> None:
    substitute = person(school, "teacher", "Olga")
    session = StudioSession.objects.create(school=school, member=student, cohort=cohort, title="Sea")
    today = timezone.now().date()
    place = add_to_cohort(cohort=cohort, member=substitute, role="lead_teacher", until=end_of_day(school, today), by=school_admin)
    assert access_cohort(substitute, cohort.pk, "change") == cohort
    assert StudioSession.objects.visible_to(substitute).get() == session
    CohortMembership.objects.filter(pk=place.pk).update(until=timezone.now())
    with pytest.raises(Forbidden):
        access_cohort(substitute, cohort.pk, "view")
    assert not StudioSession.objects.visible_to(substitute).exists()
    assert not handles(substitute, student)


def test_a_day_ends_by_the_clocks_of_the_school(school: School) -> None:
    from datetime import UTC, date, datetime

    school.time_zone = "America/New_York"
    assert end_of_day(school, date(2026, 11, 20)) == datetime(2026, 11, 21, 5, tzinfo=UTC)


def test_who_leaves_keeps_the_works_and_comes_back_into_her_classes(
    school_admin: Membership, student: Membership, cohort: Cohort
) -> None:
    StudioSession.objects.create(school=student.school, member=student, title="Sea")
    Token.issue(student)
    end_membership(member=student, by=school_admin)
    assert not Token.objects.filter(member=student).exists()
    assert StudioSession.objects.filter(member=student).count() == 1
    restore_member(member=student, by=school_admin)
    assert Membership.objects.get(pk=student.pk).active
    assert student.cohorts.in_force().get().cohort == cohort


def test_who_comes_back_after_a_month_is_in_no_class(school_admin: Membership, student: Membership) -> None:
    end_membership(member=student, by=school_admin)
    Membership.objects.filter(pk=student.pk).update(left_at=timezone.now() - timedelta(days=31))
    restore_member(member=student, by=school_admin)
    assert Membership.objects.get(pk=student.pk).active
    assert not student.cohorts.exists()


def test_a_username_changes_and_nothing_is_lost(teacher: Membership, student: Membership, classmate: Membership) -> None:
    change_person(member=classmate, changes=PersonChanges(username="Noah.b"), by=teacher)
    change_person(member=student, changes=PersonChanges(username="mia-1"), by=teacher)
    with pytest.raises(Conflict, match="taken"):
        change_person(member=student, changes=PersonChanges(username="NOAH.B"), by=teacher)
    with pytest.raises(Invalid):
        change_person(member=student, changes=PersonChanges(username="mia b"), by=teacher)
    student.user.refresh_from_db()
    assert (student.user.username, student.user.school) == ("mia-1", student.school)
    assert student.cohorts.in_force().count() == 1


def test_only_an_admin_changes_an_address_and_says_who_is_an_adult(
    school_admin: Membership, teacher: Membership, student: Membership
) -> None:
    for changes in (PersonChanges(email="x@y.test"), PersonChanges(age_band="adult")):
        with pytest.raises(Forbidden):
            change_person(member=student, changes=changes, by=teacher)
        change_person(member=student, changes=changes, by=school_admin)
    change_person(member=student, changes=PersonChanges(), by=teacher)
    with pytest.raises(Forbidden):
        change_person(member=student, changes=PersonChanges(age_band="13_15"), by=teacher)


def test_only_those_who_see_addresses_find_people_by_them(
    teacher: Membership, school_admin: Membership, student: Membership, api: As
) -> None:
    for by, found in ((teacher, []), (school_admin, [str(student.pk)])):
        assert [one["id"] for one in api(by).get("/api/people/?q=mia@linden").json()["items"]] == found
        assert [one["id"] for one in api(by).get("/api/people/?q=mia").json()["items"]] == [str(student.pk)]


def test_nobody_gives_an_admin_another_address(school_admin: Membership, person: Person, school: School, as_: As) -> None:
    other = person(school, "admin", "Ben")
    for member in (other, school_admin):
        with pytest.raises(Forbidden):
            change_person(member=member, changes=PersonChanges(email="mine@over.test"), by=school_admin)
    assert set(as_(school_admin).get(f"/school/people/{other.pk}/").context["form"].fields) == {
        "name",
        "username",
        "age_band",
        "role",
    }


def test_another_address_signs_out_everywhere_and_is_told_to_the_old_one_and_noted(
    school_admin: Membership, teacher: Membership, as_: As, mailoutbox: list[EmailMessage], settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    settings.EMAIL_CONNECTED = True
    there = as_(teacher)
    assert there.get("/home/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        as_(school_admin).post(f"/school/people/{teacher.pk}/", {"act": "save", "email": "new@linden.test"})
    teacher.user.refresh_from_db()
    assert teacher.user.email == "new@linden.test"
    assert there.get("/home/").status_code == 302
    (mail,) = mailoutbox
    assert (mail.to, "new@linden.test" in mail.body) == (["amara@linden.test"], True)
    entry = Entry.objects.filter(kind="person").latest("id")
    assert (entry.school, entry.actor, set(entry.becomes)) == (school_admin.school, school_admin, {"email"})
    assert "linden.test" not in str(entry.was) + str(entry.becomes)
    assert "e-mail address" in as_(school_admin).get("/school/audit/").content.decode()


def test_a_school_never_renames_who_belongs_elsewhere_too(
    school_admin: Membership, student: Membership, other_school: School, admin: Membership, school: School
) -> None:
    Membership.objects.create(school=other_school, user=student.user, role="user")
    staff = Membership.objects.create(school=school, user=admin.user, role="user")
    for member in (student, staff):
        with pytest.raises(Conflict):
            change_person(member=member, changes=PersonChanges(email="taken@over.test"), by=school_admin)


def test_all_of_a_change_or_nothing(school_admin: Membership, student: Membership, classmate: Membership) -> None:
    change_person(member=classmate, changes=PersonChanges(username="noah"), by=school_admin)
    with pytest.raises(Conflict):
        change_person(member=student, changes=PersonChanges(age_band="adult", username="noah"), by=school_admin)
    assert Membership.objects.get(pk=student.pk).age_band == ""


def test_only_leads_and_admins_take_somebody_out(
    teacher: Membership, assistant: Membership, student: Membership, cohort: Cohort
) -> None:
    with pytest.raises(Forbidden):
        remove_from_cohort(cohort=cohort, member=student, by=assistant)
    place = remove_from_cohort(cohort=cohort, member=student, by=teacher)
    assert place is not None
    assert place.role == "student"
    assert not student.cohorts.exists()
