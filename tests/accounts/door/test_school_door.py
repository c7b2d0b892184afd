"""A pupil with a username alone comes in: at her school's door, by a card, and again after forgetting."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from ij8.accounts.door import forgotten, tries
from ij8.accounts.door.cards import make_cards, revoke_cards
from ij8.accounts.door.policy import keep_policy
from ij8.accounts.models import Ask, DoorTries, Membership, Notice, School, SignInCard, User
from tests.accounts.door.conftest import WORDS

pytestmark = pytest.mark.django_db
DOOR = "/s/linden/sign-in/"


def signed_in(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def knock(client: Client, username: str = "mia.k", password: str = WORDS, **extra: Any) -> Any:
    return client.post(DOOR, {"username": username, "password": password}, **extra)


def link_of(member: Membership) -> str:
    [face] = make_cards(members=[member], by=None)
    return face.link.partition("/s/")[2].join(["/s/", ""])


class TestByPassword:
    @pytest.mark.parametrize("typed", [WORDS, "River Lamp 47", "RIVERLAMP47", " river–lämp 47 "])
    def test_words_sign_in_however_they_are_typed(self, pupil: Membership, client: Client, typed: str) -> None:
        answer = knock(client, "MIA.K", typed)
        assert (answer.status_code, answer["Location"]) == (302, "/home/")
        assert signed_in(client) == str(pupil.user.pk)

    def test_words_stay_words_after_signing_in(self, pupil: Membership, client: Client) -> None:
        knock(client, password="RIVER LAMP 47")
        assert User.objects.get(pk=pupil.user.pk).password.startswith("words$argon2id$v=19$m=19456,t=2,p=1$")

    def test_a_username_of_another_school_is_unknown_here(self, pupil: Membership, other_school: School, client: Client) -> None:
        assert client.post("/s/harbour/sign-in/", {"username": "mia.k", "password": WORDS}).status_code == 422
        assert client.get("/s/nowhere/sign-in/").status_code == 404

    def test_known_and_unknown_usernames_are_answered_alike_and_at_the_same_cost(
        self, pupil: Membership, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made: list[str] = []
        for name in ("Argon2id", "Words"):
            hasher = getattr(__import__("ij8.accounts.hashers", fromlist=[name]), name)
            for verb in ("encode", "verify"):
                monkeypatch.setattr(hasher, verb, _counted(getattr(hasher, verb), made, name))
        tries.is_registered("visitor:127.0.0.1")  # what is read once a minute
        found = []
        for username in ("mia.k", "no.one"):
            client = Client()
            client.get(DOOR)
            made.clear()
            with CaptureQueriesContext(connection) as asked:
                answer = knock(client, username, "wrong words 11")
            page = re.sub(r'value="\w{64}"|data-csrf="\w+"', "", answer.content.decode()).replace(username, "NAME")
            queries = [re.sub(r"'[^']*'", "?", one["sql"]) for one in asked.captured_queries]
            found.append((answer.status_code, page, queries, len(made)))
        assert found[0][0] == 422
        assert found[0][:3] == found[1][:3]
        assert found[0][3] == found[1][3] == 1

    def test_guessing_one_account_stops_after_five_tries_also_while_redis_is_away(self, pupil: Membership, settings: Any) -> None:
        away = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
        with override_settings(CACHES={"default": away}):
            assert [knock(Client(), password=f"wrong words {n}").status_code for n in range(6)] == [422] * 5 + [429]
            right = knock(Client())
        assert right.status_code == 429
        assert int(right["Retry-After"]) <= tries.WINDOW_S
        DoorTries.objects.update(since=timezone.now() - timedelta(seconds=tries.WINDOW_S + 1))
        assert knock(Client()).status_code == 302

    @pytest.mark.parametrize("typed", ["MIA.K", "mıa.k", "mİa.k"])
    def test_another_spelling_that_the_database_takes_for_the_same_gives_no_further_tries(
        self, pupil: Membership, typed: str
    ) -> None:
        assert [knock(Client(), password=f"wrong words {n}").status_code for n in range(5)] == [422] * 5
        assert knock(Client(), typed, "wrong words 6").status_code == 429

    def test_guesses_elsewhere_do_not_lock_a_pupil_out_of_her_own_device(self, pupil: Membership, client: Client) -> None:
        knock(client)
        client.post("/sign-out/")
        for n in range(6):
            knock(Client(), password=f"wrong words {n}")
        assert knock(client).status_code == 302

    def test_an_address_may_fail_a_hundred_times_a_minute_and_a_school_s_own_network_more(
        self, pupil: Membership, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(tries.PER_MINUTE, "failed", 2)
        monkeypatch.setitem(tries.PER_MINUTE_REGISTERED, "failed", 4)
        monkeypatch.setattr(tries.time, "time", lambda: 1_000_000_020.0)  # not at the turn of a minute
        fails = [knock(Client(), f"no.one{n}", REMOTE_ADDR="203.0.113.9").status_code for n in range(4)]
        assert fails == [422, 422, 429, 429]
        keep_policy(school_id=pupil.school_id, address_ranges=["198.51.100.0/24"])
        tries.forget_ranges()
        fails = [knock(Client(), f"no.two{n}", REMOTE_ADDR="198.51.100.9").status_code for n in range(6)]
        assert fails == [422] * 4 + [429] * 2

    def test_the_door_counts_for_itself_whom_other_pages_count_as_visitors(self, pupil: Membership, settings: Any) -> None:
        settings.LIMITS = {**settings.LIMITS, "visit": 1}
        assert {knock(Client(), f"no.one{n}").status_code for n in range(3)} == {422}
        assert [Client().post("/sign-in/school/", {"code": "nowhere"}).status_code for _ in range(2)] == [422, 429]

    def test_forty_pupils_behind_one_address_sign_in_within_a_minute(
        self, pupil: Membership, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        member = Membership.objects.get(pk=pupil.pk)
        words, school = pupil.user.password, member.school
        pupils = User.objects.bulk_create(User(school=school, username=f"pupil{n}", password=words) for n in range(40))
        Membership.objects.bulk_create(Membership(school=member.school, user=one, role="student") for one in pupils)
        monkeypatch.setattr(hashers, "verify_password", lambda *args, **kwargs: (True, False))  # 0.05 s each
        assert {knock(Client(), one.username).status_code for one in pupils} == {302}


def _counted(call: Any, made: list[str], name: str) -> Any:
    def counting(self: Any, *args: Any, **kwargs: Any) -> Any:
        if type(self).__name__ == name:
            made.append(name)
        return call(self, *args, **kwargs)

    return counting


class TestByCard:
    def test_a_new_device_asks_for_the_password_once_and_then_for_a_click(self, pupil: Membership, client: Client) -> None:
        link = link_of(pupil)
        address, _, key = link.partition("?key=")
        shown = client.get(link)
        assert shown.status_code == 200
        assert b'name="password"' in shown.content
        assert client.post(address, {"key": key}).status_code == 422
        assert client.post(address, {"key": key, "password": "wrong words 11"}).status_code == 422
        assert signed_in(client) is None
        assert client.post(address, {"key": key, "password": WORDS}).status_code == 302
        client.post("/sign-out/")
        assert b'name="password"' not in client.get(link).content
        assert signed_in(client) is None, "opening a link signs nobody in"
        assert client.post(address, {"key": key}).status_code == 302
        assert signed_in(client) == str(pupil.user.pk)

    def test_a_device_that_knows_a_classmate_does_not_know_her(
        self, pupil: Membership, classmate: Membership, client: Client
    ) -> None:
        knock(client)
        client.post("/sign-out/")
        User.objects.filter(pk=classmate.user.pk).update(username="noah", school=classmate.school)
        assert b'name="password"' in client.get(link_of(Membership.objects.get(pk=classmate.pk))).content

    def test_an_ended_card_and_a_leavers_card_open_nothing(self, pupil: Membership, client: Client) -> None:
        link = link_of(pupil)
        assert revoke_cards([pupil]) == 1
        assert client.get(link).status_code == 410
        link = link_of(pupil)
        Membership.objects.filter(pk=pupil.pk).update(active=False)
        assert client.get(link).status_code == 410

    def test_the_database_holds_no_secret_and_five_cards_at_most(self, pupil: Membership) -> None:
        first, *_, last = [link_of(pupil).partition("?key=")[2] for _ in range(6)]
        kept = str(list(SignInCard.objects.values()))
        assert last not in kept
        assert SignInCard.objects.filter(member=pupil).count() == SignInCard.KEPT_EACH
        assert Client().get(f"/s/linden/card/?key={first}").status_code == 410


class TestForgotten:
    def test_the_teacher_is_told_once_and_nobody_of_an_unknown_name(self, pupil: Membership, teacher: Membership) -> None:
        for username in ("MIA.K ", "mia.k", "no.one"):
            forgotten.tell(pupil.school, username)
        [ask] = Ask.objects.all()
        assert (ask.kind, ask.asked_by, ask.details) == ("password", pupil, {"name": "Mia", "username": "mia.k"})
        [notice] = Notice.objects.all()
        assert notice.member == teacher
        assert notice.url.endswith(f"/cards/?member={pupil.pk}")

    def test_known_and_unknown_names_get_the_same_page(self, pupil: Membership) -> None:
        told = [Client().post("/s/linden/forgotten/", {"username": name}).content.decode() for name in ("mia.k", "no.one")]
        assert len({re.sub(r'value="\w{64}"|data-csrf="\w+"', "", page) for page in told}) == 1

    def test_without_a_teacher_the_admins_are_asked(self, pupil: Membership, school_admin: Membership) -> None:
        pupil.cohorts.all().delete()
        forgotten.tell(pupil.school, "mia.k")
        assert [one.member for one in Notice.objects.all()] == [school_admin]


class TestSchoolCode:
    def test_a_device_remembers_the_school_until_told_otherwise(self, school: School, client: Client) -> None:
        assert client.post("/sign-in/school/", {"code": " LINDEN "})["Location"] == DOOR
        assert b'href="/s/linden/sign-in/"' in client.get("/sign-in/").content
        client.post("/sign-in/school/", {"act": "forget"})
        assert b'href="/sign-in/school/"' in client.get("/sign-in/").content

    def test_an_unknown_code_says_so(self, client: Client) -> None:
        assert client.post("/sign-in/school/", {"code": "nowhere"}).status_code == 422
