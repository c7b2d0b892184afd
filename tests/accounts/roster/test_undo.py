"""Taking a list back: whole, and by whom."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from ij8.accounts.models import Cohort, CohortMembership, Invitation, Membership, Roster, School, User
from ij8.accounts.roster.rosters import access_roster
from ij8.core.errors import Conflict, Forbidden
from tests.accounts.roster.conftest import listed
from tests.conftest import Person

pytestmark = pytest.mark.django_db
Commit = Callable[..., Roster]
Undo = Callable[[Roster, Membership], None]
As = Callable[[Membership], Client]


def test_everything_is_as_it_was(
    school_admin: Membership, pupil: Membership, student: Membership, stranger: Membership, commit: Commit, undo: Undo
) -> None:
    def all_rows() -> list[object]:
        models = (User, Membership, Cohort, CohortMembership, Invitation)
        return [sorted(model.objects.values_list(), key=repr) for model in models]

    before = all_rows()
    roster = listed(
        school_admin,
        "username,email,name,class,role,age band\nlina,,Lina L.,7a,,16-17\nnew,,New,6b;7a,,\n,elif@harbour.test,,7a,,\n",
    )
    done = commit(roster, school_admin, end_missing=True)
    assert not Membership.objects.get(pk=student.pk).active
    undo(done, school_admin)
    assert all_rows() == before
    assert access_roster(school_admin, done.pk).state == "undone"
    with pytest.raises(Conflict):
        undo(done, school_admin)


def test_who_came_back_has_left_again_when_she_had_and_has_her_old_places(
    school_admin: Membership, student: Membership, cohort: Cohort, school: School, commit: Commit, undo: Undo
) -> None:
    Cohort.objects.create(school=school, name="7a")
    long_ago = timezone.now() - timezone.timedelta(days=400)
    Membership.objects.filter(pk=student.pk).update(active=False, left_at=long_ago)
    before = [list(model.objects.order_by("id").values_list()) for model in (Membership, CohortMembership)]
    done = commit(listed(school_admin, "email,class\nmia@linden.test,6b;7a\n"), school_admin)
    came = Membership.objects.get(pk=student.pk)
    assert (came.active, came.left_at, came.cohorts.count()) == (True, None, 2)
    undo(done, school_admin)
    assert [list(model.objects.order_by("id").values_list()) for model in (Membership, CohortMembership)] == before


@pytest.mark.parametrize("since", ["signed in", "renamed", "other class", "changed again", "back", "class filled"])
def test_it_is_refused_whole_where_something_has_changed_since(
    school_admin: Membership,
    pupil: Membership,
    student: Membership,
    school: School,
    commit: Commit,
    undo: Undo,
    since: str,
) -> None:
    text = "username,name,class\nlina,Lina L.,7a\nnew,New,6b;7a\n"
    done = commit(listed(school_admin, text), school_admin, end_missing=True)
    new = Membership.objects.get(user__username="new")
    if since == "signed in":
        User.objects.filter(pk=new.user_id).update(last_login=timezone.now())
    elif since == "renamed":
        User.objects.filter(pk=new.user_id).update(name="Other")
    elif since == "other class":
        other = Cohort.objects.create(school=school, name="Art")
        CohortMembership.objects.create(school=school, cohort=other, member=new, role="student")
    elif since == "changed again":
        User.objects.filter(pk=pupil.user_id).update(name="Lina M.")
    elif since == "back":
        Membership.objects.filter(pk=student.pk).update(active=True)
    else:
        CohortMembership.objects.create(school=school, cohort=Cohort.objects.get(name="7a"), member=student, role="student")
    with pytest.raises(Conflict) as refused:
        undo(done, school_admin)
    assert refused.value.code == "changed_since"
    assert {"changed again": "Lina M.", "back": "Mia", "class filled": "7a"}.get(since, "") in refused.value.message
    assert access_roster(school_admin, done.pk).state == "committed"
    assert User.objects.filter(username="new").exists()


def test_what_an_admin_brought_in_a_teacher_of_the_class_does_not_take_back(
    school_admin: Membership, teacher: Membership, cohort: Cohort, commit: Commit, undo: Undo, as_: As
) -> None:
    done = commit(listed(school_admin, "username,name\nnew,New\n", cohort), school_admin)
    hers = as_(teacher)
    assert "Undo this list" not in hers.get(f"/rosters/{done.pk}/").content.decode()
    assert hers.post(f"/rosters/{done.pk}/undo/").status_code == 403
    assert User.objects.filter(username="new").exists()
    undo(done, school_admin)
    assert not User.objects.filter(username="new").exists()


def test_a_teacher_takes_back_her_own_list_and_no_colleagues(
    teacher: Membership, cohort: Cohort, person: Person, commit: Commit, undo: Undo, as_: As
) -> None:
    colleague = person(cohort.school, "teacher", "Marek")
    CohortMembership.objects.create(school=cohort.school, cohort=cohort, member=colleague, role="lead_teacher")
    done = commit(listed(teacher, "username,name\nnew,New\n", cohort), teacher)
    with pytest.raises(Forbidden):
        undo(done, colleague)
    assert "Undo this list" in as_(teacher).get(f"/rosters/{done.pk}/").content.decode()
    undo(done, teacher)
    assert not User.objects.filter(username="new").exists()


def test_a_teacher_who_leads_one_of_its_classes_no_more_does_not_take_it_back(
    teacher: Membership, cohort: Cohort, pupil: Membership, commit: Commit, undo: Undo
) -> None:
    other = Cohort.objects.create(school=cohort.school, name="Art")
    place = CohortMembership.objects.create(school=cohort.school, cohort=other, member=teacher, role="lead_teacher")
    done = commit(listed(teacher, "username,class\nlina,Art\n", cohort), teacher)
    place.delete()
    with pytest.raises(Forbidden):
        undo(done, teacher)
    assert CohortMembership.objects.filter(member=pupil, cohort=other).exists()


def test_who_is_no_admin_any_more_does_not_take_back_what_she_brought_in_as_one(
    school_admin: Membership, cohort: Cohort, commit: Commit, undo: Undo
) -> None:
    done = commit(listed(school_admin, "username,name\nnew,New\n", cohort), school_admin)
    Membership.objects.filter(pk=school_admin.pk).update(role="teacher")
    CohortMembership.objects.create(school=cohort.school, cohort=cohort, member=school_admin, role="lead_teacher")
    for by in (school_admin, Membership.objects.get(pk=school_admin.pk)):  # as she was when she asked, and as she is
        with pytest.raises(Forbidden):
            undo(done, by)


def test_nobody_takes_back_what_made_her_an_admin_so_one_is_always_left(
    school_admin: Membership, teacher: Membership, commit: Commit, undo: Undo
) -> None:
    done = commit(listed(school_admin, "email,role\namara@linden.test,admin\n"), school_admin)
    Membership.objects.filter(pk=school_admin.pk).update(active=False)
    with pytest.raises(Forbidden):
        undo(done, Membership.objects.get(pk=teacher.pk))
    assert Membership.objects.get(pk=teacher.pk).role == "admin"


@pytest.mark.parametrize("since", ["another role there", "until a day", "leads another class"])
def test_a_place_that_was_given_since_is_not_taken(
    school_admin: Membership, person: Person, school: School, cohort: Cohort, commit: Commit, undo: Undo, since: str
) -> None:
    helper = person(school, "user", "Ola")
    done = commit(listed(school_admin, "email,role,class\nola@linden.test,teacher,6b\n"), school_admin)
    places = CohortMembership.objects.filter(member=helper)
    if since == "another role there":
        places.update(role="assistant")
    elif since == "until a day":
        places.update(until=timezone.now() + timezone.timedelta(days=3))
    else:
        other = Cohort.objects.create(school=school, name="Art")
        CohortMembership.objects.create(school=school, cohort=other, member=helper, role="lead_teacher")
    before = sorted(places.values_list("cohort__name", "role"))
    with pytest.raises(Conflict) as refused:
        undo(done, school_admin)
    assert refused.value.code == "changed_since"
    assert "Ola" in refused.value.message
    assert sorted(places.values_list("cohort__name", "role")) == before


def test_after_thirty_days_it_stays(school_admin: Membership, cohort: Cohort, commit: Commit, undo: Undo, as_: As) -> None:
    done = commit(listed(school_admin, "username,name\nnew,New\n", cohort), school_admin)
    Roster.objects.filter(pk=done.pk).update(committed_at=timezone.now() - timezone.timedelta(days=31))
    assert "Undo this list" not in as_(school_admin).get(f"/rosters/{done.pk}/").content.decode()
    with pytest.raises(Conflict) as late:
        undo(done, school_admin)
    assert late.value.code == "not_committed"


@pytest.mark.parametrize("since", ["admin", "in another school"])
def test_the_address_of_who_looks_after_it_herself_since_stays(
    school_admin: Membership, pupil: Membership, other_school: School, commit: Commit, undo: Undo, since: str
) -> None:
    done = commit(listed(school_admin, "username,email\nlina,lina@linden.test\n"), school_admin)
    if since == "admin":
        Membership.objects.filter(pk=pupil.pk).update(role="admin")
    else:
        Membership.objects.create(school=other_school, user=pupil.user, role="user")
    with pytest.raises(Conflict) as refused:
        undo(done, school_admin)
    assert refused.value.code == "changed_since"
    assert User.objects.get(pk=pupil.user_id).email == "lina@linden.test"
