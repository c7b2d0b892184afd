"""The log of changes: every way to change a role, a rule or money is seen, by whom, and nothing takes a line back."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from ij8.accounts.members import remove_member
from ij8.accounts.models import Ask, Cohort, CohortMembership, Membership, School, Token, User
from ij8.audit.log import LogFilter, entries_of
from ij8.audit.models import Entry
from ij8.audit.sentences import lines_of
from ij8.audit.tracked import GROUPS, TRACKED
from ij8.core.actor import NOBODY, acting, actor
from ij8.core.logs import bound
from ij8.core.pseudo import changed

pytestmark = pytest.mark.django_db
As = Callable[[Membership], Client]
NOT_TRACKED = {
    "Preferences": "a person's own taste",
    "SignInLink": "a code that lives for minutes",
    "OutboxMessage": "the demo's mail",
    "KnownDevice": "made by each sign-in; the person sees it",
    "DoorTries": "a count of tries",
    "BrowserSession": "made by each sign-in; the person sees it",
    "Notice": "what was told, not what was decided",
    "Roster": "a plan of an import; what it changes is seen in the tables that it changes",
    "Slot": "the timetable",
    "Report": "its own row tells who and when",
    "Hidden": "what one person hid from herself",
    "BudgetCounter": "counts, moved by each job",
    "AdviceDismissed": "a hint that was put away",
    "DataKey": "wrapped secrets alone",
    "LedgerEntry": "a log itself, and written by each job",
    "SpendDay": "sums of the ledger",
    "SpendMonth": "sums of the ledger",
    "Entry": "the log itself",
}


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def newest(kind: str) -> Entry:
    return Entry.objects.filter(kind=kind).latest("id")


def sentence(kind: str) -> str:
    entry = Entry.objects.select_related("actor__user", "about__user", "behind__user", "school").filter(kind=kind).latest("id")
    return lines_of([entry])[0].sentence


class TestWhatIsSeen:
    def test_a_role_given_by_the_product_names_who_did_it(self, school_admin: Membership, student: Membership) -> None:
        with acting(school_admin.pk), bound(request="r" * 10):
            Membership.objects.filter(pk=student.pk).update(role="teacher")
        entry = newest("membership")
        assert (entry.actor_id, entry.about_id, entry.via) == (school_admin.pk, student.pk, "request rrrrrrrrrr")
        assert (entry.was, entry.becomes, entry.school_id) == ({"role": "student"}, {"role": "teacher"}, student.school_id)
        assert sentence("membership") == "Sofia made Mia a teacher."

    def test_a_role_given_by_raw_sql_is_seen_too(self, student: Membership) -> None:
        sql("update accounts_membership set role = 'admin' where id = %s", student.pk)
        assert newest("membership").becomes == {"role": "admin"}

    def test_what_comes_from_no_program_of_ours_is_told_as_such(self, student: Membership) -> None:
        # a connection of another program has no wrapper of ours, so nothing says who
        cursor = connection.connection.cursor()
        cursor.execute("select set_config('ij8.who', '', true)")
        cursor.execute("update accounts_user set platform_role = 'admin' where id = %s", [student.user_id])
        assert sentence("person") == "Somebody at the database made Mia a platform admin."

    def test_who_acts_is_known_again_after_a_savepoint_was_rolled_back(
        self, school_admin: Membership, student: Membership
    ) -> None:
        with acting(school_admin.pk):
            with transaction.atomic():
                Membership.objects.filter(pk=student.pk).update(role="user")
                transaction.set_rollback(True)
            Membership.objects.filter(pk=student.pk).update(role="teacher")
        entries = Entry.objects.filter(kind="membership", about=student, act="UPDATE")
        assert [(one.actor_id, one.becomes) for one in entries] == [(school_admin.pk, {"role": "teacher"})]

    def test_a_change_of_nothing_that_is_watched_leaves_no_line(self, student: Membership) -> None:
        before = Entry.objects.count()
        User.objects.filter(pk=student.user_id).update(name="Mia Lind", last_login=timezone.now())
        Membership.objects.filter(pk=student.pk).update(role="student")
        assert Entry.objects.count() == before

    def test_a_new_person_is_noted_only_with_a_platform_role(self, open_school: School) -> None:
        before = Entry.objects.filter(kind="person").count()
        User.objects.create_user("plain@x.test")
        assert Entry.objects.filter(kind="person").count() == before
        User.objects.create_user("dev@x.test", platform_role="dev")
        becomes = newest("person").becomes
        assert (becomes["platform_role"], becomes["is_active"], "dev@" in str(becomes)) == ("dev", True, False)
        assert newest("person").school_id == open_school.pk

    def test_a_whole_class_at_once_is_a_line_each(self, cohort: Cohort, student: Membership, classmate: Membership) -> None:
        with acting(student.pk):
            CohortMembership.objects.filter(cohort=cohort).update(role="observer")
        lines = Entry.objects.filter(kind="cohort_membership", act="UPDATE")
        assert sorted((str(one.about_id), one.actor_id) for one in lines) == sorted(
            (str(one.pk), student.pk) for one in (student, classmate)
        )

    def test_no_secret_and_no_words_of_people_are_written(self, student: Membership) -> None:
        secret = Token.issue(student, "laptop of Mia")
        Ask.objects.create(
            school=student.school, kind="account", asked_by=student, words="please, please", details={"x": "private"}
        )
        told = json.dumps([[one.was, one.becomes] for one in Entry.objects.all()])
        for hidden in (secret, Token.digest_of(secret), "laptop", "please", "private", "Mia"):
            assert hidden not in told
        assert newest("token").becomes == {"hint": secret[-4:]}

    def test_the_hot_tables_have_no_trigger(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select event_object_table from information_schema.triggers where trigger_name = 'ij8_audit'")
            tables = {row[0] for row in cursor.fetchall()}
        assert tables == {TRACKED[name].table for name in TRACKED}
        assert not tables & {"studio_job", "studio_jobevent", "studio_artifact", "studio_jobattempt", "ai_ledgerentry"}

    def test_every_table_of_people_rules_keys_and_money_is_tracked_or_says_why_not(self) -> None:
        tracked = {TRACKED[name].model for name in TRACKED}
        ours = {model for model in apps.get_models() if model._meta.app_label in ("accounts", "safety", "ai", "audit")}
        assert {model.__name__ for model in ours if model._meta.label not in tracked} == set(NOT_TRACKED)

    def test_every_entry_of_the_table_names_columns_that_exist(self) -> None:
        for name in TRACKED:
            tracked = TRACKED[name]
            columns = {field.column for field in apps.get_model(tracked.model)._meta.concrete_fields}
            named = {*tracked.plain, *tracked.hidden, tracked.about or tracked.key, tracked.school or tracked.key}
            assert named <= columns, name
            assert tracked.group in GROUPS, name


class TestNothingIsTakenBack:
    @pytest.mark.parametrize(
        "statement",
        ["update audit_entry set via = 'x'", "delete from audit_entry", "truncate audit_entry"],
    )
    def test_not_even_by_the_owner_of_the_tables(self, student: Membership, statement: str) -> None:
        sql("select set_config('ij8.forget', '', true)")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            sql(statement)

    def test_the_role_of_the_application_may_only_read(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select rolname from pg_roles where rolname like 'ij8\\_app'")
            role = cursor.fetchone()
            assert role, "the cluster of the tests has the roles of the product"
            for act in ("select", "insert", "update", "delete", "truncate"):
                cursor.execute("select has_table_privilege(%s, 'audit_entry', %s)", [role[0], act])
                assert cursor.fetchone()[0] is (act == "select"), act

    def test_only_its_command_forgets_and_only_what_is_old(self, student: Membership) -> None:
        sql("select set_config('ij8.forget', '', true)")
        sql(
            "insert into audit_entry (school_id, at, kind, act, subject, via, was, becomes) "
            "values (%s, now() - interval '800 days', 'membership', 'UPDATE', 'x', '', '{}', '{}')",
            student.school_id,
        )
        before = Entry.objects.count()
        with pytest.raises(CommandError):
            call_command("forget_audit", older_than_days=30)
        call_command("forget_audit", older_than_days=730)
        assert Entry.objects.count() == before - 1
        with pytest.raises(DatabaseError), transaction.atomic():
            sql("delete from audit_entry")


class TestThePages:
    def page(self, client: Client, path: str = "/school/audit/", **asked: str) -> str:
        answer = client.get(path, asked)
        assert answer.status_code == 200
        return str(answer.content.decode())

    def test_a_school_sees_its_own_alone(
        self, school_admin: Membership, teacher: Membership, stranger: Membership, admin: Membership, as_: As
    ) -> None:
        remove_member(member=stranger)
        remove_member(member=teacher)
        shown = self.page(as_(school_admin))
        assert "ended the membership of Amara" in shown
        assert "Elif" not in shown
        whole = self.page(as_(admin), "/platform/audit/")
        assert "ended the membership of Elif" in whole
        assert "Harbour School" in whole

    def test_what_a_page_does_names_the_person_who_pressed(self, teacher: Membership, school_admin: Membership, as_: As) -> None:
        as_(teacher).post("/settings/tokens/", {"name": "laptop"})
        assert "Amara added a token of Amara." in self.page(as_(school_admin))

    def test_a_request_leaves_its_person_behind(self, teacher: Membership, student: Membership, as_: As, api: As) -> None:
        as_(teacher).get("/home/")
        api(teacher).get("/api/sessions/")
        assert actor() == NOBODY

    def test_it_can_be_narrowed_by_person_part_and_day(
        self, school_admin: Membership, teacher: Membership, student: Membership, as_: As
    ) -> None:
        client = as_(school_admin)
        with acting(school_admin.pk):
            remove_member(member=student)
        assert "membership of Mia" in self.page(client, who="mia")
        assert "membership of Mia" in self.page(client, who="sofia", group="roles")
        assert "membership of Mia" not in self.page(client, who="amara")
        assert "membership of Mia" not in self.page(client, group="money")
        today = timezone.localdate()
        assert "membership of Mia" in self.page(client, since=today.isoformat(), until=today.isoformat())
        assert "membership of Mia" not in self.page(client, until=(today - timedelta(days=1)).isoformat())

    @pytest.mark.parametrize("asked", ["since=soon", "before=x", "before=-1", "until=2026-13-45", "before=99999999999999999999"])
    def test_a_filter_that_is_none_is_refused(self, school_admin: Membership, as_: As, asked: str) -> None:
        assert as_(school_admin).get(f"/school/audit/?{asked}").status_code == 400

    @translation.override("en")  # a request leaves its language behind in the thread of a test
    def test_what_is_no_place_in_it_is_told_in_the_readers_language(self, school_admin: Membership, as_: As) -> None:
        answer = as_(school_admin).get("/school/audit/?before=x", headers={"Accept-Language": "en-XA"})
        assert changed("The place in the list is unknown. Begin at its first page.") in answer.content.decode()

    def test_it_goes_on_page_by_page_with_as_many_queries_as_for_few(
        self, school_admin: Membership, student: Membership, as_: As
    ) -> None:
        client = as_(school_admin)
        Membership.objects.filter(pk=student.pk).update(role="teacher")
        self.page(client)
        with CaptureQueriesContext(connection) as few:
            self.page(client)
        for number in range(49):
            Membership.objects.filter(pk=student.pk).update(role=("student", "teacher")[number % 2])
        with CaptureQueriesContext(connection) as many:
            first = self.page(client)
        assert first.count("made Mia a") == 40
        before = first.partition("before=")[2].partition('"')[0]
        assert self.page(client, before=before).count("made Mia a") == 10
        assert len(many) == len(few)

    def test_the_files_hold_all_of_it_and_no_formula(
        self, school_admin: Membership, student: Membership, cohort: Cohort, as_: As
    ) -> None:
        User.objects.filter(pk=student.user_id).update(name="=SUM(A1)")
        Cohort.objects.filter(pk=cohort.pk).update(name="Art, 6b")
        client = as_(school_admin)
        rows = b"".join(client.get("/school/audit/file/").streaming_content).decode().splitlines()  # type: ignore[attr-defined]
        count = entries_of(school_admin.school, LogFilter()).count()
        assert len(rows) == count + 1
        assert any("'=SUM(A1)" in row for row in rows)
        assert not any(cell.startswith("=") for row in rows for cell in row.split(","))
        lines = b"".join(client.get("/school/audit/file/?format=jsonl&group=classes").streaming_content)  # type: ignore[attr-defined]
        kinds = {json.loads(line)["row"].partition(" ")[0] for line in lines.decode().splitlines()}
        assert kinds == {"cohort", "cohort_membership"}
        assert client.get("/school/audit/file/?format=exe").status_code == 400

    def test_every_kind_and_act_has_a_sentence_in_a_made_up_language_too(self, student: Membership) -> None:
        bare = {"school": student.school, "at": timezone.now(), "subject": str(student.pk), "about": student}
        entries = [Entry(kind=name, act=act, was={}, becomes={}, **bare) for name in TRACKED for act in Entry.Act.values]
        with translation.override("en-xa"):
            assert all(line.sentence for line in lines_of(entries))

    def test_choices_are_told_in_words_and_what_was_given_is_marked_as_data(self, student: Membership) -> None:
        bare = {"school": student.school, "at": timezone.now(), "subject": str(student.pk), "about": student, "was": {}}
        asked = Entry(kind="ask", act="INSERT", becomes={"kind": "account", "state": "open"}, **bare)
        key = Entry(kind="provider_key", act="INSERT", becomes={"last_four": "q9Zx", "enabled": True}, **bare)
        with translation.override("en-xa"):
            changes = [change for line in lines_of([asked, key]) for change in line.changes]
        assert [(change.becomes.startswith("⟦"), change.is_data) for change in changes] == [
            (True, False), (True, False), (False, True), (True, False),
        ]  # fmt: skip
