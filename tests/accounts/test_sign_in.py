import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from ij8.accounts.models import Membership, School, SignInLink, User

pytestmark = pytest.mark.django_db


def signed_in(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def ask_for_code(client: Client, email: str, **extra: Any) -> HttpResponse:
    return client.post("/sign-in/", {"email": email, **extra})


def code_in(message: Any) -> str:
    found = re.search(r"Your code: (\S+)", message.body)
    assert found, message.body
    return found[1]


def key_in(message: Any) -> str:
    found = re.search(r"/sign-in/link/\?key=(\S+)", message.body)
    assert found, message.body
    return found[1]


@pytest.mark.usefixtures("mail_connected")
class TestByCode:
    def test_a_mailed_code_signs_in_and_goes_where_one_wanted_to_go(self, student: Membership, client: Client) -> None:
        asked = ask_for_code(client, student.user.email, next="/works/")
        assert asked.status_code == 302
        assert asked["Location"] == "/sign-in/code/?next=%2Fworks%2F"
        entered = client.post(asked["Location"], {"code": code_in(mail.outbox[0])})
        assert (entered.status_code, entered["Location"]) == (302, "/works/")
        assert signed_in(client) == str(student.user.pk)

    def test_the_case_of_an_address_does_not_matter(self, student: Membership, client: Client) -> None:
        ask_for_code(client, student.user.email.upper())
        client.post("/sign-in/code/", {"code": code_in(mail.outbox[0])})
        assert signed_in(client) == str(student.user.pk)

    def test_a_wrong_code_says_so_and_the_third_starts_again(self, student: Membership, client: Client) -> None:
        ask_for_code(client, student.user.email)
        first = client.post("/sign-in/code/", {"code": "NOPE-NOPE"})
        assert first.status_code == 200
        assert b'class="wrong"' in first.content
        client.post("/sign-in/code/", {"code": "NOPE-NOPE"})
        third = client.post("/sign-in/code/", {"code": "NOPE-NOPE"})
        assert (third.status_code, third["Location"]) == (302, "/sign-in/")
        client.post("/sign-in/code/", {"code": code_in(mail.outbox[0])})
        assert signed_in(client) is None

    def test_a_new_code_can_be_sent_and_the_first_one_ends(self, student: Membership, client: Client) -> None:
        ask_for_code(client, student.user.email)
        client.post("/sign-in/code/", {"action": "resend"})
        assert len(mail.outbox) == 2
        client.post("/sign-in/code/", {"code": code_in(mail.outbox[0])})
        assert signed_in(client) is None
        client.post("/sign-in/code/", {"code": code_in(mail.outbox[1])})
        assert signed_in(client) == str(student.user.pk)

    def test_one_may_leave_and_use_a_password(self, student: Membership, client: Client) -> None:
        ask_for_code(client, student.user.email)
        assert client.get("/sign-in/password/").status_code == 302  # the code is asked for first
        assert client.post("/sign-in/code/", {"action": "leave"})["Location"] == "/sign-in/"
        assert client.get("/sign-in/password/").status_code == 200

    def test_an_unknown_address_is_answered_like_a_known_one(self, student: Membership) -> None:
        pages = []
        for email in (student.user.email, "nobody@linden.test"):
            client = Client()
            asked = ask_for_code(client, email)
            shown = client.get(asked["Location"]).content.decode().replace(email, "ADDRESS")
            pages.append((asked.status_code, asked["Location"], re.sub(r'value="\w{64}"|data-csrf="\w+"', "", shown)))
        assert pages[0] == pages[1]
        assert [message.to for message in mail.outbox] == [[student.user.email], ["nobody@linden.test"]]
        assert "No account here has this address" in mail.outbox[1].body

    def test_a_closed_account_gets_no_code(self, student: Membership, client: Client) -> None:
        User.objects.filter(pk=student.user.pk).update(is_active=False)
        assert ask_for_code(client, student.user.email).status_code == 302
        assert "Your code" not in mail.outbox[0].body

    def test_a_fourth_code_within_a_minute_is_refused(self, student: Membership) -> None:
        answers = [ask_for_code(Client(), student.user.email).status_code for _ in range(4)]
        assert answers == [302, 302, 302, 200]
        assert len(mail.outbox) == 3

    def test_a_whole_class_may_sign_in_from_one_address(self, school: School, person: Callable[..., Membership]) -> None:
        pupils = [person(school, "student", f"pupil{n}") for n in range(40)]
        assert {ask_for_code(Client(), pupil.user.email).status_code for pupil in pupils} == {302}

    def test_a_foreign_next_is_ignored(self, student: Membership, client: Client) -> None:
        ask_for_code(client, student.user.email)
        entered = client.post("/sign-in/code/?next=https://evil.test/", {"code": code_in(mail.outbox[0])})
        assert entered["Location"] == "/home/"


@pytest.mark.usefixtures("mail_connected")
class TestByLink:
    def test_the_link_signs_in_in_another_browser_once(self, student: Membership, client: Client) -> None:
        ask_for_code(client, student.user.email)
        key = key_in(mail.outbox[0])
        other, third = Client(), Client()
        assert other.post("/sign-in/link/", {"key": key})["Location"] == "/home/"
        assert signed_in(other) == str(student.user.pk)
        assert third.post("/sign-in/link/", {"key": key}).status_code == 410
        assert signed_in(third) is None

    def test_opening_a_link_spends_nothing_and_signs_nobody_in(self, student: Membership, client: Client) -> None:
        ask_for_code(client, student.user.email)
        key = key_in(mail.outbox[0])
        for _ in range(2):
            shown = client.get("/sign-in/link/", {"key": key})
            assert shown.status_code == 200
            assert b"Sign in as Mia?" in shown.content
        assert signed_in(client) is None

    def test_a_link_ends_after_15_minutes(self, student: Membership, client: Client) -> None:
        ask_for_code(client, student.user.email)
        SignInLink.objects.update(created=timezone.now() - timedelta(minutes=15, seconds=1))
        assert client.post("/sign-in/link/", {"key": key_in(mail.outbox[0])}).status_code == 410
        assert signed_in(client) is None

    def test_the_code_is_spent_with_the_link(self, student: Membership, client: Client) -> None:
        ask_for_code(client, student.user.email)
        Client().post("/sign-in/link/", {"key": key_in(mail.outbox[0])})
        late = client.post("/sign-in/code/", {"code": code_in(mail.outbox[0])})
        assert late.status_code == 200
        assert b"This code has been used" in late.content
        assert signed_in(client) is None

    def test_the_link_is_spent_with_the_code(self, student: Membership, client: Client) -> None:
        ask_for_code(client, student.user.email)
        client.post("/sign-in/code/", {"code": code_in(mail.outbox[0])})
        assert Client().post("/sign-in/link/", {"key": key_in(mail.outbox[0])}).status_code == 410

    def test_a_made_up_key_is_used_up(self, client: Client) -> None:
        assert client.get("/sign-in/link/", {"key": "x" * 43}).status_code == 410
        assert client.post("/sign-in/link/").status_code == 410

    def test_the_database_does_not_hold_the_key(self, student: Membership, client: Client) -> None:
        ask_for_code(client, student.user.email)
        assert key_in(mail.outbox[0]) not in str(SignInLink.objects.values().get())


class TestByPassword:
    @pytest.fixture
    def pupil(self, student: Membership) -> Membership:
        student.user.set_password("correct horse")
        student.user.save()
        return student

    def test_a_password_signs_in(self, pupil: Membership, client: Client) -> None:
        entered = client.post("/sign-in/password/", {"login": pupil.user.email, "password": "correct horse"})
        assert (entered.status_code, entered["Location"]) == (302, "/home/")
        assert signed_in(client) == str(pupil.user.pk)

    def test_passwords_are_kept_as_argon2id(self, pupil: Membership) -> None:
        assert pupil.user.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")

    def test_a_wrong_password_says_so(self, pupil: Membership, client: Client) -> None:
        answer = client.post("/sign-in/password/", {"login": pupil.user.email, "password": "wrong horse"})
        assert answer.status_code == 200
        assert b'role="alert"' in answer.content
        assert signed_in(client) is None

    def test_guessing_stops_after_five_tries(self, pupil: Membership, client: Client) -> None:
        for _ in range(5):
            client.post("/sign-in/password/", {"login": pupil.user.email, "password": "wrong horse"})
        client.post("/sign-in/password/", {"login": pupil.user.email, "password": "correct horse"})
        assert signed_in(client) is None

    def test_a_closed_account_is_told_so_only_with_its_password(self, pupil: Membership, client: Client) -> None:
        User.objects.filter(pk=pupil.user.pk).update(is_active=False)
        wrong = client.post("/sign-in/password/", {"login": pupil.user.email, "password": "wrong horse"})
        right = client.post("/sign-in/password/", {"login": pupil.user.email, "password": "correct horse"})
        assert (wrong.status_code, right.status_code, right["Location"]) == (200, 302, "/sign-in/closed/")
        assert signed_in(client) is None

    def test_the_address_typed_at_the_door_comes_along(self, pupil: Membership, client: Client) -> None:
        shown = client.post("/sign-in/password/", {"email": pupil.user.email})
        assert shown.status_code == 200
        assert f'value="{pupil.user.email}"'.encode() in shown.content
        assert b'class="wrong"' not in shown.content


class TestTheDoor:
    def test_without_mail_no_page_promises_a_code(self, student: Membership, client: Client) -> None:
        page = client.get("/sign-in/")
        assert page.status_code == 200
        assert b"No mail can be sent from here" in page.content
        assert b"Send me a code" not in page.content
        assert ask_for_code(client, student.user.email).status_code == 503
        assert mail.outbox == []

    def test_google_is_offered_only_when_it_is_connected(self, client: Client) -> None:
        assert b"Google" not in client.get("/sign-in/").content
        assert client.get("/sign-in/google/").status_code == 404

    def test_nobody_can_make_an_account_here(self, school: School, client: Client) -> None:
        page = client.get("/sign-in/no-account/")
        assert page.status_code == 200
        assert b"Accounts are given by schools" in page.content
        assert client.post("/sign-in/no-account/", {"email": "new@linden.test"}).status_code == 422
        asked = {"school": school.name, "name": "New", "email": "new@linden.test"}
        assert b"Your request is on its way" in client.post("/sign-in/no-account/", asked).content
        assert User.objects.count() == 0

    def test_signing_out_needs_a_click(self, student: Membership, as_: Callable[..., Client]) -> None:
        client = as_(student)
        assert client.get("/sign-out/").status_code == 200
        assert signed_in(client) == str(student.user.pk)
        assert client.post("/sign-out/")["Location"] == "/sign-in/"
        assert signed_in(client) is None

    def test_forms_refuse_a_forged_sender(self, student: Membership) -> None:
        strict = Client(enforce_csrf_checks=True)
        for path in ("/sign-in/", "/sign-in/password/", "/sign-in/link/", "/sign-in/as/", "/sign-out/", "/school/switch/"):
            assert strict.post(path, {"email": student.user.email}).status_code == 403, path
