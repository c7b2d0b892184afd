"""The settings pages: what is typed is kept and acts on the next page; what is wrong is said at its field."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from ij8.accounts.email_change import why_address_stays
from ij8.accounts.models import Membership, Preferences, School, Token, User
from ij8.accounts.tokens import TOKENS_EACH

pytestmark = pytest.mark.django_db
As = Callable[[Membership], Client]


def said(client: Client, path: str) -> str:
    return str(client.get(path).content.decode())


class TestProfile:
    def test_a_name_is_kept_and_says_when(self, student: Membership, as_: As) -> None:
        School.objects.update(time_zone="Asia/Tokyo")
        answer = as_(student).post("/settings/profile/", {"name": "  Mia \u202e Lind "}, follow=True)
        assert User.objects.get(pk=student.user_id).name == "Mia Lind"
        assert re.search(r"Saved \d\d:\d\d", answer.content.decode())

    @pytest.mark.parametrize("name", ["", "   ", "\u200b\u202e", "x" * 121])
    def test_a_wrong_name_is_said_at_the_field_and_above(self, student: Membership, as_: As, name: str) -> None:
        answer = as_(student).post("/settings/profile/", {"name": name})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'href="#id_name"' in page
        assert 'id="id_name_error"' in page
        assert 'aria-invalid="true"' in page
        assert User.objects.get(pk=student.user_id).name == "Mia"

    def test_it_says_who_can_change_the_address(
        self, student: Membership, teacher: Membership, as_: As, mail_connected: None
    ) -> None:
        assert "an admin of your school can change it" in said(as_(student), "/settings/profile/")
        assert "Change the address" in said(as_(teacher), "/settings/profile/")

    def test_without_mail_it_says_so(self, teacher: Membership, as_: As) -> None:
        assert "No mail can be sent from here" in said(as_(teacher), "/settings/profile/")


class TestNewAddress:
    @pytest.fixture(autouse=True)
    def _mail(self, mail_connected: None) -> None: ...

    def ask(self, client: Client, email: str) -> str:
        """The code that was mailed, "" when the mail holds none."""
        answer = client.post("/settings/profile/address/", {"email": email})
        assert (answer.status_code, answer["Location"]) == (302, "/settings/profile/address/code/")
        found = re.search(r"code is: (\S+)", str(mail.outbox[-1].body))
        return found[1] if found else ""

    def test_the_code_changes_it_and_the_old_address_is_told(self, teacher: Membership, as_: As) -> None:
        client, old = as_(teacher), teacher.user.email
        code = self.ask(client, "New@Linden.test")
        assert mail.outbox[-1].to == ["new@linden.test"]
        assert User.objects.get(pk=teacher.user_id).email == old
        answer = client.post("/settings/profile/address/code/", {"code": code.lower().replace("-", " ")})
        assert answer["Location"] == "/settings/profile/"
        assert User.objects.get(pk=teacher.user_id).email == "new@linden.test"
        assert mail.outbox[-1].to == [old]
        assert client.get("/settings/profile/address/code/").status_code == 302

    def test_guessing_ends_after_five_tries(self, teacher: Membership, as_: As) -> None:
        client = as_(teacher)
        code = self.ask(client, "new@linden.test")
        for _ in range(5):
            assert client.post("/settings/profile/address/code/", {"code": "AAAA-AAAA"}).status_code == 422
        assert client.post("/settings/profile/address/code/", {"code": code}).status_code == 422
        assert User.objects.get(pk=teacher.user_id).email == teacher.user.email

    def test_a_code_is_too_old_after_fifteen_minutes(self, teacher: Membership, as_: As, monkeypatch: Any) -> None:
        client = as_(teacher)
        code = self.ask(client, "new@linden.test")
        session = client.session
        session["new_address"] = {**session["new_address"], "until": 0}
        session.save()
        assert client.post("/settings/profile/address/code/", {"code": code})["Location"] == "/settings/profile/address/"

    def test_whether_an_address_is_taken_is_told_to_that_address_alone(
        self, teacher: Membership, student: Membership, as_: As
    ) -> None:
        client = as_(teacher)
        assert self.ask(client, str(student.user.email).upper()) == ""
        assert mail.outbox[-1].to == [student.user.email]
        assert "belongs to an account already" in str(mail.outbox[-1].body)
        assert client.post("/settings/profile/address/code/", {"code": ""}).status_code == 422
        assert client.post("/settings/profile/address/code/", {"code": "AAAA-AAAA"}).status_code == 422

    def test_who_takes_the_address_first_has_it(self, teacher: Membership, student: Membership, as_: As) -> None:
        client = as_(teacher)
        code = self.ask(client, "new@linden.test")
        User.objects.filter(pk=student.user_id).update(email="new@linden.test")
        answer = client.post("/settings/profile/address/code/", {"code": code})
        assert answer.status_code == 422
        assert "Somebody else has this address by now" in answer.content.decode()

    def test_a_pupil_and_a_demo_person_keep_theirs(self, student: Membership, teacher: Membership, as_: As) -> None:
        assert as_(student).post("/settings/profile/address/", {"email": "new@linden.test"}).status_code == 200
        assert mail.outbox == []
        assert why_address_stays(teacher.user) == ""
        teacher.user.is_demo = True
        assert why_address_stays(teacher.user)


class TestPreferences:
    def test_the_next_page_has_the_theme(self, student: Membership, as_: As) -> None:
        client = as_(student)
        client.post("/settings/appearance/", {"theme": "dark", "locale": "en-us", "time_zone": "Asia/Tokyo"})
        row = Preferences.objects.get()
        assert (row.theme, row.locale, row.time_zone) == ("dark", "en-us", "Asia/Tokyo")
        page = said(client, "/settings/appearance/")
        assert 'lang="en-us"' in page
        assert 'data-theme="dark"' in page
        assert '<option value="Asia/Tokyo" selected>Tokyo</option>' in page

    def test_the_next_page_has_text_contrast_motion_and_keys(self, student: Membership, as_: As) -> None:
        client = as_(student)
        client.post("/settings/accessibility/", {"text_size": "large", "contrast": "more", "motion": "less"})
        page = said(client, "/home/")
        for attribute in ('data-text-size="large"', 'data-contrast="more"', 'data-motion="less"', 'data-single-keys="off"'):
            assert attribute in page

    def test_a_setting_of_one_page_leaves_those_of_others(self, student: Membership, as_: As) -> None:
        client = as_(student)
        client.post("/settings/appearance/", {"theme": "dark"})
        client.post("/settings/notifications/", {"notify_done": "on"})
        row = Preferences.objects.get()
        assert (row.theme, row.notify_done, row.single_keys) == ("dark", True, True)
        assert "data-notify" in said(client, "/home/")

    @pytest.mark.parametrize("wrong", [{"theme": "pink"}, {"locale": "tlh"}, {"time_zone": "Moon/Base"}])
    def test_what_is_no_choice_is_refused(self, student: Membership, as_: As, wrong: dict[str, str]) -> None:
        assert as_(student).post("/settings/appearance/", wrong).status_code == 422
        assert Preferences.objects.count() == 0


class TestTokens:
    def test_a_new_token_is_shown_once_and_works(self, student: Membership, as_: As) -> None:
        client = as_(student)
        answer = client.post("/settings/tokens/", {"name": "My script"})
        secret = re.search(r'value="(ij8_[^"]+)"', answer.content.decode())
        assert secret
        assert "no-store" in answer["Cache-Control"]
        assert Client(headers={"Authorization": f"Bearer {secret[1]}"}).get("/api/sessions/").status_code == 200
        page = said(client, "/settings/tokens/")
        assert "My script" in page
        assert secret[1] not in page
        assert "Last used on" in page

    def test_a_revoked_token_is_refused(self, student: Membership, as_: As) -> None:
        secret = Token.issue(student, "x")
        answer = as_(student).post(f"/settings/tokens/{Token.objects.get().pk}/revoke/")
        assert answer["Location"] == "/settings/tokens/"
        assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/sessions/").status_code == 401

    def test_a_classmates_token_is_not_hers_to_revoke(self, student: Membership, classmate: Membership, as_: As) -> None:
        Token.issue(classmate, "x")
        assert as_(student).post(f"/settings/tokens/{Token.objects.get().pk}/revoke/").status_code == 404
        assert Token.objects.count() == 1

    def test_there_are_at_most_twenty(self, student: Membership, as_: As) -> None:
        for _ in range(TOKENS_EACH):
            Token.issue(student)
        answer = as_(student).post("/settings/tokens/", {"name": "one more"})
        assert answer.status_code == 422
        assert "Revoke one that you do not use" in answer.content.decode()
        assert Token.objects.count() == TOKENS_EACH

    def test_the_list_asks_as_often_for_many_as_for_few(
        self, student: Membership, as_: As, django_assert_num_queries: Any
    ) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        client, counts = as_(student), []
        client.get("/settings/tokens/")  # the first request of a browser is noted in the list of open sessions
        for _ in range(2):
            Token.issue(student)
            with CaptureQueriesContext(connection) as captured:
                client.get("/settings/tokens/")
            counts.append(len(captured))
        assert counts[0] == counts[1]


class TestPrivacy:
    def test_each_role_reads_what_is_true_for_it(
        self, student: Membership, teacher: Membership, artist: Membership, as_: As
    ) -> None:
        pupil, lead, alone = (said(as_(member), "/settings/privacy/") for member in (student, teacher, artist))
        assert "Your teachers and their assistants see all that you make in a session of the class" in pupil
        assert "6b" in pupil
        assert "Your teachers" not in lead
        main = alone[alone.index("<main") : alone.index("</main>")]
        assert "class" not in re.sub(r"<[^>]*>", "", main)

    def test_it_counts_what_is_kept(self, student: Membership, as_: As) -> None:
        assert "0 pictures and files, 0 bytes" in said(as_(student), "/settings/privacy/")
