"""A list from its dry run to its undo: what it says, what it does, and that nothing is half done."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from ij8.accounts.models import Cohort, CohortMembership, Invitation, Membership, Roster, School, User
from ij8.accounts.roster.committing import Choices
from ij8.accounts.roster.exporting import cohort_lines, school_lines
from ij8.accounts.roster.rosters import access_roster, commit_roster, make_roster
from ij8.core.chores import CHORES
from ij8.core.errors import Conflict, Forbidden
from tests.accounts.roster.conftest import entries, listed, plan_of, problems, verdicts
from tests.conftest import Person

pytestmark = pytest.mark.django_db
Commit = Callable[..., Roster]
Undo = Callable[[Roster, Membership], None]
As = Callable[[Membership], Client]
CLASS = "username,name,class,role,age band\n"


def people() -> list[tuple[str, str, str, bool]]:
    rows = Membership.objects.order_by("user__username", "user__email")
    return [(row.user.username or row.user.email or "", row.user.name, row.role, row.active) for row in rows]


class TestDryRun:
    def test_it_tells_new_changed_and_unchanged_and_changes_nothing(
        self, school_admin: Membership, pupil: Membership, student: Membership
    ) -> None:
        before = people()
        roster = listed(
            school_admin,
            CLASS.replace("username", "username,email")
            + "lina,,Lina L.,6b,student,16-17\n,mia@linden.test,Mia,6b,student,\nnew.one,,New,7a;6b,student,13-15\n",
        )
        assert verdicts(roster) == {"lina": "changed", "mia@linden.test": "unchanged", "new.one": "new"}
        changes = [(one.field, one.old, one.new) for one in entries(roster)["lina"].changes]
        assert changes == [("name", "Lina", "Lina L."), ("age band", "13_15", "16_17")]
        assert entries(roster)["new.one"].joins == [("7a", "student"), ("6b", "student")]
        assert plan_of(roster).missing == ["7a"]
        assert (people(), Cohort.objects.count()) == (before, 1)

    def test_an_empty_cell_leaves_what_is_there(self, school_admin: Membership, pupil: Membership) -> None:
        assert verdicts(listed(school_admin, CLASS + "LINA,,,,\n")) == {"lina": "unchanged"}

    def test_the_same_person_in_two_rows_counts_once(self, school_admin: Membership) -> None:
        roster = listed(school_admin, CLASS + "a,Ana,6b,,\na,Ana,6b,,\na,Ana,7a,,\na,Other,6b,,\n")
        assert [note.code for note in entries(roster)["a"].notes] == []  # the last entry of that name is the wrong one
        first = plan_of(roster).entries[0]
        assert [(note.code, note.params["line"]) for note in first.notes] == [("same_row", 3), ("same_person", 4)]
        assert [name for name, _ in first.joins] == ["6b", "7a"]
        assert problems(roster) == {5: ["differs_from_row"]}

    def test_one_person_under_two_keys_is_noticed(self, school_admin: Membership, pupil: Membership) -> None:
        User.objects.filter(pk=pupil.user_id).update(email="lina@linden.test")
        head = "username,email,name\n"
        assert problems(listed(school_admin, head + "lina,,Lina\n,lina@linden.test,Lina\n")) == {3: ["same_as_row"]}
        assert problems(listed(school_admin, head + "x,y@z.test,X\nw,y@z.test,W\n")) == {3: ["address_in_two_rows"]}

    def test_name_and_address_of_two_people_in_one_row_is_a_problem(
        self, school_admin: Membership, pupil: Membership, student: Membership
    ) -> None:
        assert problems(listed(school_admin, "username,email\nlina,mia@linden.test\n")) == {2: ["two_people"]}

    def test_a_person_of_another_school_is_invited_and_never_renamed(
        self, school_admin: Membership, stranger: Membership, person: Person, school: School
    ) -> None:
        both = Membership.objects.create(school=school, user=person(stranger.school, "teacher", "Ada").user, role="teacher")
        roster = listed(
            school_admin, "email,name,username\nelif@harbour.test,Elif X,\nada@harbour.test,Ada X,\nelif@harbour.test,,elif\n"
        )
        entry = {one.line: one for one in plan_of(roster).entries}
        assert entry[2].verdict == "invited"
        assert (entry[3].verdict, entry[3].member, entry[3].notes[0].code) == ("unchanged", str(both.pk), "keeps_own")
        assert problems(roster) == {4: ["address_in_two_rows"]}

    def test_nobody_changes_their_own_role(self, school_admin: Membership) -> None:
        assert problems(listed(school_admin, "email,role\nsofia@linden.test,teacher\n")) == {2: ["own_role"]}

    def test_queries_do_not_grow_with_rows(
        self, school_admin: Membership, django_assert_max_num_queries: Callable[..., object]
    ) -> None:
        def of(count: int) -> str:
            return CLASS + "".join(f"p{n},P {n},6b,,\n" for n in range(count))

        for count in (2, 200):
            with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
                listed(school_admin, of(count))


class TestTeachers:
    def test_rows_without_a_class_go_to_hers(self, teacher: Membership, cohort: Cohort) -> None:
        roster = listed(teacher, "username,name\nnew,New\n", cohort)
        assert entries(roster)["new"].joins == [("6b", "student")]

    def test_what_she_may_not_is_said_row_by_row(
        self, teacher: Membership, cohort: Cohort, school: School, person: Person, pupil: Membership, student: Membership
    ) -> None:
        other = Cohort.objects.create(school=school, name="Art")
        elsewhere = person(school, "student", "Kim")
        CohortMembership.objects.create(school=school, cohort=other, member=elsewhere, role="student")
        gone = person(school, "student", "Gone")
        Membership.objects.filter(pk=gone.pk).update(active=False)
        roster = listed(
            teacher,
            "username,email,name,role,class,age band\n"
            "t1,,T,teacher,,\nt2,,T,admin,,\nx,,X,,Art,\n,kim@linden.test,Kimberley,,,\n,kim@linden.test2,K,,,\n"
            ",gone@linden.test,,,,\nlina,,,,,adult\nlina2,,,,,adult\n,amara@linden.test,Amara X,,,\n"
            ",mia@linden.test,,teacher,,\n",
            cohort,
        )
        assert problems(roster) == {
            2: ["role_not_yours"],
            3: ["role_not_yours"],
            4: ["class_not_yours"],
            5: ["not_your_pupil", "pupil_of_others"],
            6: ["email_wrong"],
            7: ["has_left"],
            8: ["adult_by_admin"],
            9: ["adult_by_admin"],
            10: ["is_staff"],
            11: ["role_not_yours"],
        }

    def test_others_may_not_at_all(
        self,
        student: Membership,
        assistant: Membership,
        teacher: Membership,
        stranger: Membership,
        cohort: Cohort,
        school: School,
    ) -> None:
        for by in (student, assistant):
            with pytest.raises(Forbidden):
                listed(by, "username\nx\n", cohort)
        with pytest.raises(Forbidden):
            listed(teacher, "username\nx\n")
        with pytest.raises(Forbidden):
            listed(teacher, "username\nx\n", Cohort.objects.create(school=school, name="Art"))


class TestAddresses:
    def test_nobody_gives_an_admin_another_address(
        self, school_admin: Membership, teacher: Membership, person: Person, school: School
    ) -> None:
        for member, name in ((person(school, "admin", "Ben"), "ben"), (school_admin, "sofia"), (teacher, "amara")):
            User.objects.filter(pk=member.user_id).update(username=name, school=school)
        roster = listed(
            school_admin,
            "username,email,role\nben,mine@over.test,\nsofia,new@linden.test,\namara,new@over.test,admin\n",
        )
        assert problems(roster) == {2: ["address_of_admin"], 3: ["address_of_admin"], 4: ["address_of_admin"]}

    def test_an_admin_in_the_list_with_the_address_she_has_is_no_problem(self, school_admin: Membership, school: School) -> None:
        User.objects.filter(pk=school_admin.user_id).update(username="sofia", school=school)
        assert verdicts(listed(school_admin, "username,email\nsofia,SOFIA@linden.test\n")) == {"sofia": "unchanged"}

    def test_another_address_signs_out_everywhere_and_is_told_to_the_old_one(
        self,
        school_admin: Membership,
        teacher: Membership,
        school: School,
        commit: Commit,
        undo: Undo,
        as_: As,
        mail_connected: None,
        django_capture_on_commit_callbacks: Callable[..., object],
    ) -> None:
        User.objects.filter(pk=teacher.user_id).update(username="amara", school=school)
        there = as_(teacher)
        assert there.get("/home/").status_code == 200
        done = commit(listed(school_admin, "username,email\namara,new@linden.test\n"), school_admin)
        assert there.get("/home/").status_code == 302
        (first,) = mail.outbox
        assert (first.to, "new@linden.test" in first.body) == (["amara@linden.test"], True)
        there = as_(User.objects.get(pk=teacher.user_id).memberships.get())
        assert there.get("/home/").status_code == 200
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            undo(done, school_admin)
        assert there.get("/home/").status_code == 302
        (_first, second) = mail.outbox
        assert (second.to, "amara@linden.test" in second.body) == (["new@linden.test"], True)
        assert User.objects.get(pk=teacher.user_id).email == "amara@linden.test"


class TestCommit:
    def test_all_of_it_comes_in(self, school_admin: Membership, pupil: Membership, cohort: Cohort, commit: Commit) -> None:
        roster = listed(
            school_admin,
            "username,email,name,class,role,age band\nlina,,Lina L.,7a,,\nnew,,New,6b;7a,,13-15\n,t@linden.test,Tea,7a,teacher,\n"
            ",a@linden.test,Asa,6b,assistant,\n",
        )
        done = commit(roster, school_admin)
        assert people() == [
            ("a@linden.test", "Asa", "user", True),
            ("sofia@linden.test", "Sofia", "admin", True),
            ("t@linden.test", "Tea", "teacher", True),
            ("lina", "Lina L.", "student", True),
            ("new", "New", "student", True),
        ]
        seats = set(CohortMembership.objects.values_list("cohort__name", "member__user__name", "role"))
        assert seats == {
            ("6b", "Lina L.", "student"), ("7a", "Lina L.", "student"), ("6b", "New", "student"), ("7a", "New", "student"),
            ("7a", "Tea", "lead_teacher"), ("6b", "Asa", "assistant"),
        }  # fmt: skip
        new = User.objects.get(username="new")
        assert (new.school_id, new.email, new.has_usable_password()) == (school_admin.school_id, None, False)
        assert Membership.objects.get(user__email="t@linden.test").age_band == "adult"
        assert (done.state, done.rows, done.counts["new"], done.counts["created"]) == ("committed", [], 3, 1)

    def test_bringing_it_in_again_changes_nothing(self, school_admin: Membership, commit: Commit) -> None:
        text = CLASS + "a,Ana,6b;7a,student,13-15\nb,Ben,7a,student,\n"
        commit(listed(school_admin, text), school_admin)
        again = listed(school_admin, text)
        assert set(verdicts(again).values()) == {"unchanged"}
        with pytest.raises(Conflict) as nothing:
            commit_roster(roster=again, by=school_admin, choices=Choices())
        assert nothing.value.code == "nothing_to_do"

    def test_without_the_tick_no_class_is_made(self, school_admin: Membership, commit: Commit) -> None:
        commit(listed(school_admin, CLASS + "a,Ana,7a,,\n"), school_admin, create_classes=False)
        assert not Cohort.objects.exists()
        assert User.objects.filter(username="a").exists()

    def test_rows_with_problems_keep_everything_out_until_they_are_left_out(
        self, school_admin: Membership, commit: Commit
    ) -> None:
        roster = listed(school_admin, CLASS + "a,Ana,6b,,\nb b,Ben,6b,,\n")
        with pytest.raises(Conflict) as refused:
            commit_roster(roster=roster, by=school_admin, choices=Choices())
        assert (refused.value.code, User.objects.filter(username="a").exists()) == ("rows_with_problems", False)
        commit(roster, school_admin, skip_errors=True)
        assert list(User.objects.exclude(username="").values_list("username", flat=True)) == ["a"]

    def test_when_the_school_changed_since_the_dry_run_one_looks_again(
        self, school_admin: Membership, pupil: Membership, commit: Commit
    ) -> None:
        roster = listed(school_admin, CLASS + "lina,Lina L.,6b,,\nnew,New,6b,,\n")
        User.objects.filter(pk=pupil.user_id).update(name="Lina M.")
        assert not commit_roster(roster=roster, by=school_admin, choices=Choices())
        assert not User.objects.filter(username="new").exists()
        fresh = access_roster(school_admin, roster.pk)
        assert entries(fresh)["lina"].changes[0].old == "Lina M."
        assert commit(fresh, school_admin).state == "committed"

    def test_it_comes_in_once(self, school_admin: Membership, commit: Commit) -> None:
        roster = listed(school_admin, CLASS + "a,Ana,6b,,\n")
        commit(roster, school_admin)
        with pytest.raises(Conflict) as twice:
            commit_roster(roster=roster, by=school_admin, choices=Choices())
        assert twice.value.code == "not_planned"

    def test_an_admin_who_is_none_any_more_brings_nothing_in(self, school_admin: Membership) -> None:
        roster = listed(school_admin, CLASS + "a,Ana,6b,,\n")
        Membership.objects.filter(pk=school_admin.pk).update(role="teacher")
        with pytest.raises(Forbidden):
            commit_roster(roster=roster, by=school_admin, choices=Choices())
        assert not User.objects.filter(username="a").exists()

    def test_who_became_a_teacher_meanwhile_brings_in_no_more_than_a_teacher_may(
        self, school_admin: Membership, cohort: Cohort
    ) -> None:
        roster = listed(school_admin, CLASS + "a,Ana,6b,teacher,\n", cohort)
        Membership.objects.filter(pk=school_admin.pk).update(role="teacher")
        CohortMembership.objects.create(school=cohort.school, cohort=cohort, member=school_admin, role="lead_teacher")
        assert not commit_roster(roster=roster, by=school_admin, choices=Choices())
        assert problems(access_roster(school_admin, roster.pk)) == {2: ["role_not_yours"]}
        assert not User.objects.filter(username="a").exists()

    def test_who_has_an_account_elsewhere_is_mailed_an_invitation(
        self, school_admin: Membership, stranger: Membership, cohort: Cohort, commit: Commit, mail_connected: None
    ) -> None:
        commit(listed(school_admin, "email,class\nelif@harbour.test,6b\n"), school_admin)
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.cohort, invitation.role) == ("elif@harbour.test", cohort, "student")
        assert [message.to for message in mail.outbox] == [["elif@harbour.test"]]
        assert not Membership.objects.filter(user=stranger.user, school=school_admin.school).exists()


class TestComingBack:
    def test_she_has_the_places_that_the_list_gives_and_none_of_those_she_had(
        self, school_admin: Membership, teacher: Membership, school: School, commit: Commit, as_: As
    ) -> None:
        Cohort.objects.create(school=school, name="7a")
        Membership.objects.filter(pk=teacher.pk).update(active=False, left_at=timezone.now())
        done = commit(listed(school_admin, "email,class\namara@linden.test,7a\n"), school_admin)
        places = CohortMembership.objects.filter(member=teacher)
        assert list(places.values_list("cohort__name", "role")) == [("7a", "lead_teacher")]
        assert done.counts["left"] == 0

    def test_the_place_she_had_is_given_as_a_new_one_where_the_list_names_it(
        self, school_admin: Membership, assistant: Membership, cohort: Cohort, commit: Commit
    ) -> None:
        Membership.objects.filter(pk=assistant.pk).update(active=False, left_at=timezone.now())
        roster = listed(school_admin, f"email,class,role\n{assistant.user.email},6b,observer\n")
        assert [note.code for note in plan_of(roster).entries[0].notes] == ["comes_back"]
        commit(roster, school_admin)
        assert CohortMembership.objects.get(member=assistant).role == "observer"

    def test_an_old_place_does_not_stand_in_the_way_of_another_role(
        self, school_admin: Membership, teacher: Membership, commit: Commit
    ) -> None:
        Membership.objects.filter(pk=teacher.pk).update(active=False, left_at=timezone.now())
        commit(listed(school_admin, "email,role\namara@linden.test,user\n"), school_admin)
        assert Membership.objects.get(pk=teacher.pk).role == "user"
        assert not CohortMembership.objects.filter(member=teacher).exists()


class TestLeaving:
    def test_it_is_shown_and_happens_only_when_ticked(
        self, school_admin: Membership, pupil: Membership, student: Membership, cohort: Cohort, commit: Commit
    ) -> None:
        text = "username,class\nlina,6b\nnew,6b\n"
        roster = listed(school_admin, text)
        assert [(leave.name, leave.classes, leave.ends) for leave in plan_of(roster).leaving] == [("Mia", ["6b"], True)]
        commit(roster, school_admin)
        assert Membership.objects.get(pk=student.pk).active
        commit(listed(school_admin, text + "another,6b\n"), school_admin, end_missing=True)
        assert not Membership.objects.get(pk=student.pk).active
        assert not CohortMembership.objects.filter(member=student).exists()

    def test_who_is_in_another_class_stays_and_a_teachers_list_ends_nothing_else(
        self, teacher: Membership, school_admin: Membership, student: Membership, school: School, cohort: Cohort
    ) -> None:
        other = Cohort.objects.create(school=school, name="Art")
        roster = listed(teacher, "username,class\nnew,6b\n", cohort)
        assert [leave.ends for leave in plan_of(roster).leaving] == [False]
        CohortMembership.objects.create(school=school, cohort=other, member=student, role="student")
        roster = listed(school_admin, "username,class\nnew,6b\n")
        assert [leave.ends for leave in plan_of(roster).leaving] == [False]

    def test_whoever_moves_within_the_file_leaves_the_old_class(
        self, school_admin: Membership, pupil: Membership, school: School, commit: Commit
    ) -> None:
        Cohort.objects.create(school=school, name="7a")
        commit(listed(school_admin, "username,class\nlina,7a\nnew,6b\n"), school_admin, end_missing=True)
        assert [seat.cohort.name for seat in CohortMembership.objects.filter(member=pupil)] == ["7a"]
        assert Membership.objects.get(pk=pupil.pk).active

    def test_somebody_whose_row_has_a_problem_does_not_leave(self, school_admin: Membership, pupil: Membership) -> None:
        assert plan_of(listed(school_admin, CLASS + "lina,Lina,6b,nobody,\nnew,New,6b,,\n")).leaving == []


class TestExport:
    def test_what_is_written_out_changes_nothing_when_it_comes_in_again(
        self, school_admin: Membership, pupil: Membership, student: Membership, teacher: Membership, assistant: Membership,
        school: School, cohort: Cohort,
    ) -> None:  # fmt: skip
        odd = Cohort.objects.create(school=school, name="+1, “Art”; no")
        Cohort.objects.filter(pk=odd.pk).update(name="=Art, 'x")
        CohortMembership.objects.create(school=school, cohort=odd, member=assistant, role="observer")
        User.objects.filter(pk=student.user_id).update(name="=cmd|'x'!A1")
        for lines in (school_lines(school), cohort_lines(cohort)):
            text = "".join(lines)
            assert not any(cell.startswith(("=", "+", "-", "@")) for line in text.splitlines() for cell in line.split(","))
            roster = make_roster(by=school_admin, data=text.encode(), file_name="x.csv")
            assert set(verdicts(roster).values()) == {"unchanged"}, problems(roster)

    def test_who_has_left_is_not_in_it(self, school_admin: Membership, student: Membership, school: School) -> None:
        Membership.objects.filter(pk=student.pk).update(active=False)
        assert "mia@" not in "".join(school_lines(school))


def test_old_lists_forget_their_people(school_admin: Membership, commit: Commit) -> None:
    month = timezone.now() - timezone.timedelta(days=31)
    old, late = listed(school_admin, CLASS + "a,Ana,6b,,\n"), listed(school_admin, CLASS + "b,Ben,6b,,\n")
    commit(late, school_admin)
    Roster.objects.update(created=month)  # the second was looked at for a month before it was brought in
    CHORES["old-rosters"].do()
    old.refresh_from_db()
    assert (old.rows, old.plan, old.counts["rows"]) == ([], {}, 1)
    assert Roster.objects.get(pk=late.pk).undo != {}
    Roster.objects.update(committed_at=month)
    CHORES["old-rosters"].do()
    assert Roster.objects.get(pk=late.pk).undo == {}
