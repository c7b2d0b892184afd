"""What ij8 tells a person: the bell, the page, and one mail a day at most."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ij8.accounts import notices_mail
from ij8.accounts.models import Membership, Notice, School, User
from ij8.accounts.notices import COUNTED, notify
from ij8.accounts.notices_mail import forget_old_notices, key_of, send_digests
from ij8.accounts.preferences import keep_preferences, preferences_of
from ij8.core import live

pytestmark = pytest.mark.django_db
As = Callable[[Membership], Client]
Person = Callable[..., Membership]


def tell(*members: Membership, sentence: str = "Mia asks for more budget.", url: str = "") -> None:
    notify(members, "asked", {"sentence": sentence}, url=url)


def page(client: Client, path: str = "/notices/") -> str:
    return str(client.get(path).content.decode())


class TestTheBell:
    def test_shows_how_many_are_unread_and_nothing_for_none(self, teacher: Membership, as_: As) -> None:
        client = as_(teacher)
        assert 'class="count"' not in page(client, "/notices/bell/")
        tell(teacher)
        tell(teacher)
        assert ">2</b>" in page(client, "/notices/bell/")
        assert ">2</b>" in page(client, "/home/")

    def test_counts_no_further_than_it_shows(self, teacher: Membership, as_: As) -> None:
        for _ in range(COUNTED + 5):
            tell(teacher)
        assert f">{COUNTED}+</b>" in page(as_(teacher), "/notices/bell/")

    def test_counts_ones_own_alone(self, teacher: Membership, student: Membership, as_: As) -> None:
        tell(student)
        assert 'class="count"' not in page(as_(teacher), "/notices/bell/")

    def test_open_pages_hear_of_it_after_the_commit(
        self, teacher: Membership, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
    ) -> None:
        heard: list[tuple[str, Any]] = []
        monkeypatch.setattr(live, "send", lambda topic, message: heard.append((topic, message)))
        with django_capture_on_commit_callbacks(execute=True):
            tell(teacher)
            assert heard == []
        assert heard == [(f"member.{teacher.pk}", {"type": "notice"})]


class TestThePage:
    def test_an_opened_notice_is_read_and_leads_on(self, teacher: Membership, as_: As) -> None:
        tell(teacher, url="/works/")
        notice = Notice.objects.get()
        answer = as_(teacher).get(f"/notices/{notice.pk}/")
        assert (answer.status_code, answer["Location"]) == (302, "/works/")
        notice.refresh_from_db()
        assert notice.read_at is not None

    @pytest.mark.parametrize("url", ["https://elsewhere.test/", "//elsewhere.test/", "javascript:alert(1)", ""])
    def test_a_notice_leads_nowhere_else_than_here(self, teacher: Membership, as_: As, url: str) -> None:
        tell(teacher, url=url)
        assert as_(teacher).get(f"/notices/{Notice.objects.get().pk}/")["Location"] == "/notices/"

    def test_anothers_notice_is_not_found_and_stays_unread(self, teacher: Membership, student: Membership, as_: As) -> None:
        tell(student)
        notice = Notice.objects.get()
        assert as_(teacher).get(f"/notices/{notice.pk}/").status_code == 404
        notice.refresh_from_db()
        assert notice.read_at is None

    def test_all_can_be_marked_read_at_once_and_only_ones_own(self, teacher: Membership, student: Membership, as_: As) -> None:
        tell(teacher, student)
        as_(teacher).post("/notices/read/")
        assert list(Notice.objects.filter(read_at=None).values_list("member", flat=True)) == [student.pk]

    def test_words_are_escaped_and_params_that_are_missing_leave_a_gap(self, teacher: Membership, as_: As) -> None:
        tell(teacher, sentence="<script>x</script> 100 % sure")
        Notice.objects.create(school=teacher.school, member=teacher, kind="granted", params={})
        shown = page(as_(teacher))
        assert "&lt;script&gt;x&lt;/script&gt; 100 % sure" in shown
        assert "Granted:" in shown

    def test_a_kind_whose_app_is_gone_is_still_shown(self, teacher: Membership, as_: As) -> None:
        Notice.objects.create(school=teacher.school, member=teacher, kind="gone", params={"sentence": "It was so."})
        assert "It was so." in page(as_(teacher))

    def test_more_are_shown_page_by_page_with_as_many_queries_as_for_few(self, teacher: Membership, as_: As) -> None:
        client = as_(teacher)
        tell(teacher, sentence="Number 0.")
        client.get("/notices/")
        with CaptureQueriesContext(connection) as few:
            client.get("/notices/")
        for number in range(1, 45):
            tell(teacher, sentence=f"Number {number}.")
        with CaptureQueriesContext(connection) as many:
            first = page(client)
        following = re.search(r'href="(\?cursor=[^"]+)"', first)
        assert following
        assert "Number 44." in first
        assert "Number 0." not in first
        assert "Number 0." in page(client, f"/notices/{following[1]}")
        assert len(many) == len(few)


MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class TestTheDailyMail:
    @pytest.fixture(autouse=True)
    def _mail(self, mail_connected: None) -> None: ...

    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
        def at(moment: datetime) -> None:
            monkeypatch.setattr(timezone, "now", lambda: moment)

        at(MORNING)
        return at

    def waiting(self, *members: Membership, hours: int = 2) -> None:
        tell(*members)
        Notice.objects.filter(mailed_at=None).update(created=timezone.now() - timedelta(hours=hours))

    def test_tells_once_a_day_what_is_unread(self, teacher: Membership, clock: Callable[[datetime], None]) -> None:
        self.waiting(teacher)
        assert send_digests() == 1
        assert mail.outbox[0].to == [teacher.user.email]
        assert "Waiting for your answer: Mia asks for more budget." in mail.outbox[0].body
        assert mail.outbox[0].subject == "1 notice waits for you on ij8"
        clock(MORNING + timedelta(hours=3))
        self.waiting(teacher)
        assert send_digests() == 0
        clock(MORNING + timedelta(days=1))
        assert send_digests() == 1

    def test_waits_for_seven_in_the_persons_own_morning(self, teacher: Membership, clock: Callable[[datetime], None]) -> None:
        keep_preferences(user=teacher.user, time_zone="America/New_York")  # there it is four in the night
        self.waiting(teacher)
        assert send_digests() == 0
        clock(MORNING + timedelta(hours=3))
        assert send_digests() == 1

    def test_says_nothing_of_what_was_read_or_came_just_now(self, teacher: Membership, clock: Callable[[datetime], None]) -> None:
        self.waiting(teacher)
        Notice.objects.update(read_at=timezone.now())
        tell(teacher)
        Notice.objects.filter(read_at=None).update(created=timezone.now())
        assert send_digests() == 0

    def test_nobody_without_an_address_or_a_membership_gets_one(
        self, teacher: Membership, student: Membership, clock: Callable[[datetime], None]
    ) -> None:
        student.user.email = None
        student.user.save(update_fields=["email"])
        Membership.objects.filter(pk=teacher.pk).update(active=False)
        self.waiting(teacher, student)
        assert send_digests() == 0

    def test_two_workers_send_one_mail(self, teacher: Membership, clock: Callable[[datetime], None]) -> None:
        self.waiting(teacher)
        assert [notices_mail._send_to(teacher.user_id) for _ in range(2)] == [True, False]

    def test_a_mail_that_cannot_be_handed_over_is_tried_again(
        self, teacher: Membership, clock: Callable[[datetime], None], settings: Any
    ) -> None:
        self.waiting(teacher)
        working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_PORT = 1
        assert send_digests() == 0
        settings.EMAIL_BACKEND = working
        assert send_digests() == 1

    def test_a_group_that_is_switched_off_is_not_mailed(
        self, teacher: Membership, as_: As, clock: Callable[[datetime], None]
    ) -> None:
        as_(teacher).post("/settings/notifications/", {"mail_digest": "on", "mail_about": ["money"]})
        self.waiting(teacher)
        assert send_digests() == 0
        assert "requests" in preferences_of(teacher.user).mail_quiet

    def test_those_for_whom_it_is_not_time_stand_in_nobodys_way(
        self, school: School, person: Person, clock: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(notices_mail, "AT_ONCE", 1)
        night, quiet, mailed, demo, due, here = (person(school, "user", f"P{number}") for number in range(6))
        School.objects.filter(pk=school.pk).update(time_zone="America/New_York")
        keep_preferences(user=night.user, time_zone="")
        for other in (quiet, mailed, demo, due):
            keep_preferences(user=other.user, time_zone="Europe/Berlin")
        keep_preferences(user=quiet.user, mail_quiet=["requests"])
        User.objects.filter(pk=demo.user_id).update(is_demo=True)
        Notice.objects.create(school=school, member=mailed, kind="asked", mailed_at=MORNING - timedelta(hours=1))
        self.waiting(night, quiet, mailed, demo, due, here)
        assert [send_digests(), send_digests()] == [1, 0]
        assert mail.outbox[0].to == [due.user.email]
        clock(MORNING + timedelta(hours=3))  # seven at the school
        assert [send_digests(), send_digests(), send_digests()] == [1, 1, 0]

    def test_its_link_switches_it_off_by_one_press_and_not_by_being_opened(
        self, teacher: Membership, clock: Callable[[datetime], None]
    ) -> None:
        self.waiting(teacher)
        send_digests()
        link = re.search(r"<(\S+)>", mail.outbox[0].extra_headers["List-Unsubscribe"])
        assert link
        path = link[1].partition("8008")[2]
        stranger = Client(enforce_csrf_checks=True)
        assert stranger.get(path).status_code == 200
        teacher.user.refresh_from_db()
        assert preferences_of(teacher.user).mail_digest
        assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        teacher.user.refresh_from_db()
        assert not preferences_of(teacher.user).mail_digest
        clock(MORNING + timedelta(days=1))
        self.waiting(teacher)
        assert send_digests() == 0

    def test_a_key_that_was_changed_is_no_key(self, teacher: Membership) -> None:
        assert Client().post(f"/notices/mail-off/?key={key_of(teacher.user)}x").status_code == 410
        assert preferences_of(teacher.user).mail_digest

    def test_a_pupil_without_an_address_is_not_asked_about_mail(self, student: Membership, as_: As) -> None:
        assert "Mail me" in page(as_(student), "/settings/notifications/")
        student.user.email = None
        student.user.save(update_fields=["email"])
        assert "Mail me" not in page(as_(student), "/settings/notifications/")


def test_what_is_older_than_ninety_days_is_forgotten(teacher: Membership) -> None:
    tell(teacher)
    Notice.objects.update(created=timezone.now() - timedelta(days=91))
    tell(teacher, sentence="Young.")
    assert forget_old_notices() == 1
    assert Notice.objects.get().params == {"sentence": "Young."}
