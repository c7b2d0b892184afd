"""Where one is signed in, how long a pupil's session lasts, and the second step that a school asks of its staff."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from ij8.accounts.door.policy import DoorPolicyForm, keep_policy
from ij8.accounts.door.sessions import device_words, idle_too_long
from ij8.accounts.models import BrowserSession, Membership, User
from tests.accounts.door.conftest import WORDS

pytestmark = pytest.mark.django_db
As = Callable[[Membership], Client]
PAGE = {"Accept": "text/html"}


def code_now(user: User) -> str:
    secret = Authenticator.objects.get(user=user, type="totp").wrap().instance.data["secret"]
    from allauth.mfa.utils import decrypt

    return str(totp.format_hotp_value(totp.hotp_value(decrypt(secret), int(time.time()) // 30)))


def set_up_app(browser: Client) -> Any:
    shown = browser.get("/settings/security/app/")
    secret = shown.context["form"].secret
    return browser.post(
        "/settings/security/app/", {"code": totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))}
    )


class TestIdle:
    def test_a_pupil_who_does_nothing_is_signed_out(self, as_: As, pupil: Membership, teacher: Membership) -> None:
        browsers = {member: as_(member) for member in (pupil, teacher)}
        for browser in browsers.values():
            browser.get("/home/", headers=PAGE)
        BrowserSession.objects.update(seen=timezone.now() - timedelta(minutes=61))
        cache.clear()
        assert browsers[teacher].get("/home/", headers=PAGE).status_code == 200
        answer = browsers[pupil].get("/works/", headers=PAGE)
        assert (answer.status_code, answer["Location"]) == (302, "/s/linden/sign-in/?next=%2Fworks%2F")
        assert not BrowserSession.objects.filter(user=pupil.user).exists()
        assert browsers[pupil].get("/home/").status_code == 302

    def test_what_scripts_ask_for_is_no_sign_of_life(self, as_: As, pupil: Membership) -> None:
        browser = as_(pupil)
        browser.get("/home/", headers=PAGE)
        then = timezone.now() - timedelta(minutes=50)
        BrowserSession.objects.update(seen=then)
        cache.clear()
        browser.get("/api/jobs/")
        assert BrowserSession.objects.get().seen == then
        browser.post("/settings/security/here/")
        assert BrowserSession.objects.get().seen > then

    def test_the_school_says_how_long_and_sockets_end_with_it(self, as_: As, pupil: Membership, teacher: Membership) -> None:
        keys = []
        for member in (pupil, teacher):
            browser = as_(member)
            browser.get("/home/", headers=PAGE)
            keys.append(browser.session.session_key)
        BrowserSession.objects.update(seen=timezone.now() - timedelta(minutes=20))
        assert idle_too_long(keys) == set()
        keep_policy(school_id=pupil.school_id, idle_minutes=15)
        assert idle_too_long(keys) == {keys[0]}

    def test_the_page_tells_a_pupil_alone_how_long(self, as_: As, pupil: Membership, teacher: Membership) -> None:
        assert b'<ij-idle data-minutes="60"' in as_(pupil).get("/home/").content
        assert b"ij-idle" not in as_(teacher).get("/home/").content


class TestSessions:
    def test_one_sees_where_one_is_signed_in_and_ends_the_others(self, as_: As, pupil: Membership) -> None:
        here, there = as_(pupil), as_(pupil)
        here.get("/home/", headers={**PAGE, "User-Agent": "Mozilla/5.0 (X11; CrOS x86_64) Chrome/130.0 Safari/537"})
        there.get("/home/", headers={**PAGE, "User-Agent": "Mozilla/5.0 (iPad; CPU OS 17) Safari/604"})
        page = here.get("/settings/security/").content.decode()
        assert "Chrome, Chromebook" in page
        assert "Safari, iPad" in page
        other = BrowserSession.objects.get(device="Safari, iPad")
        assert here.post(f"/settings/security/sessions/{other.pk}/end/").status_code == 302
        assert there.get("/home/").status_code == 302
        assert here.get("/home/").status_code == 200

    def test_a_new_password_ends_every_other_session_and_keeps_this_one(self, as_: As, pupil: Membership) -> None:
        here, there = as_(pupil), as_(pupil)
        for browser in (here, there):
            browser.get("/home/", headers=PAGE)
        sent = {"old": "RIVER LAMP 47", "new": "blue whale song"}
        assert here.post("/settings/security/", sent).status_code == 302
        assert here.get("/home/").status_code == 200
        assert there.get("/home/").status_code == 302
        assert User.objects.get(pk=pupil.user.pk).check_password("Blue Whale-Song")
        assert Session.objects.filter(session_key__in=BrowserSession.objects.values("session_key")).count() == 1

    @pytest.mark.parametrize("sent", [{"old": "wrong", "new": "blue whale song"}, {"old": WORDS, "new": "mia k"}])
    def test_a_wrong_old_or_a_poor_new_password_is_refused(self, as_: As, pupil: Membership, sent: dict[str, str]) -> None:
        assert as_(pupil).post("/settings/security/", sent).status_code == 422

    def test_a_strange_browser_has_no_name(self) -> None:
        assert device_words("curl/8") == ""
        assert device_words("Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537 Edg/130") == "Edge, Windows"


class TestSecondStep:
    def test_staff_without_one_can_only_set_it_up(self, as_: As, teacher: Membership, pupil: Membership) -> None:
        keep_policy(school_id=teacher.school_id, staff_second_step=True)
        browser = as_(teacher)
        assert browser.get("/home/")["Location"] == "/settings/security/"
        assert browser.post("/studio/", {"words": "sea"})["Location"] == "/settings/security/"
        refused = browser.get("/api/jobs/")
        assert (refused.status_code, refused.json()["code"]) == (403, "second_step_needed")
        assert browser.get("/settings/security/").status_code == 200
        assert browser.get("/help/settings-security/").status_code == 200
        assert as_(pupil).get("/home/").status_code == 200
        assert set_up_app(browser).status_code == 302
        assert browser.get("/home/").status_code == 200

    def test_the_code_is_asked_for_at_the_next_sign_in(self, as_: As, teacher: Membership) -> None:
        set_up_app(as_(teacher))
        teacher.user.set_password("correct horse")
        teacher.user.save()
        door = Client()
        asked = door.post("/sign-in/password/", {"login": teacher.user.email, "password": "correct horse"})
        assert asked["Location"].startswith("/sign-in/second/")
        assert door.get("/home/").status_code == 302
        assert door.post("/sign-in/second/", {"code": "000000"}).status_code == 200
        assert door.post("/sign-in/second/", {"code": code_now(teacher.user)}).status_code == 302
        assert door.get("/home/").status_code == 200

    def test_a_recovery_code_works_once(self, as_: As, teacher: Membership) -> None:
        browser = as_(teacher)
        set_up_app(browser)
        teacher.user.set_password("correct horse")
        teacher.user.save()
        codes = Authenticator.objects.get(user=teacher.user, type="recovery_codes").wrap().get_unused_codes()
        found = []
        for _ in range(2):
            door = Client()
            door.post("/sign-in/password/", {"login": teacher.user.email, "password": "correct horse"})
            found.append(door.post("/sign-in/second/", {"code": codes[0]}).status_code)
        assert found == [302, 200]

    def test_the_secret_is_not_kept_in_clear(self, as_: As, teacher: Membership) -> None:
        browser = as_(teacher)
        secret = browser.get("/settings/security/app/").context["form"].secret
        browser.post("/settings/security/app/", {"code": totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))})
        assert secret not in str(Authenticator.objects.filter(user=teacher.user).values_list("data", flat=True))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("203.0.113.7/24", ["203.0.113.0/24"]),
        ("203.0.113.7,2001:db8::/48", ["203.0.113.7/32", "2001:db8::/48"]),
        ("10.0.0.0/8", None),
        ("0.0.0.0/0", None),
        ("the school", None),
    ],
)
def test_networks_of_a_school_are_checked(typed: str, kept: list[str] | None) -> None:
    form = DoorPolicyForm({"idle_minutes": "60", "address_ranges": typed})
    assert form.is_valid() == (kept is not None)
    if kept:
        assert form.cleaned_data["address_ranges"] == kept
