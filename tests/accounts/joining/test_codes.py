"""The code of a class: who comes in by it, what ends it, and why guessing leads nowhere."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ij8.accounts.door.policy import keep_policy
from ij8.accounts.door.tries import forget_ranges
from ij8.accounts.joining import guesses
from ij8.accounts.joining.codes import ALPHABET, canonical, end_code, join_with, new_code
from ij8.accounts.joining.guesses import REGISTERED
from ij8.accounts.models import Cohort, CohortMembership, JoinCode, Membership, School, User
from ij8.core.errors import Conflict, Forbidden

pytestmark = pytest.mark.django_db
As = Callable[[Membership], Client]


@pytest.fixture
def code(teacher: Membership, cohort: Cohort) -> JoinCode:
    return new_code(cohort=cohort, by=teacher)


def seats(member: Membership) -> list[tuple[str, str]]:
    return list(CohortMembership.objects.filter(member=member).values_list("cohort__name", "role"))


@pytest.mark.parametrize("typed", ["BCSG-HJKM", "bcsghjkm", " bcsg hjkm ", "bc5g-hjkm", "BC56HJKM"])
def test_a_code_is_typed_in_any_way(typed: str) -> None:
    assert canonical(typed) == "BCSGHJKM"
    assert set("0O1IL852UAEY6").isdisjoint(ALPHABET)


class TestComingIn:
    def test_a_new_pupil_chooses_a_username_and_is_shown_a_password_once(self, code: JoinCode, school: School) -> None:
        client = Client()
        page = client.get(f"/join/{code.shown.lower()}/").content.decode()
        assert "6b" in page
        assert "Linden School" in page
        answer = client.post(f"/join/{code.shown}/", {"username": "River.Fox"})
        member = Membership.objects.get(user__username="river.fox")
        shown = re.search(r'password" translate="no">([^<]+)<', answer.content.decode())
        assert answer.status_code == 200
        assert shown
        assert (member.role, member.school, member.user.email, member.user.name) == ("student", school, None, "")
        assert (seats(member), JoinCode.objects.get(pk=code.pk).uses) == ([("6b", "student")], 1)
        assert client.get("/home/").status_code == 200
        door = Client().post(f"/s/{school.slug}/sign-in/", {"username": "river.fox", "password": shown[1]})
        assert door.status_code == 302
        assert answer.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"

    @pytest.mark.parametrize(("username", "words"), [("lina", "has this username"), ("a b", "letters, digits"), ("", "required")])
    def test_a_username_that_cannot_be_is_said_at_its_field(
        self, code: JoinCode, school: School, username: str, words: str
    ) -> None:
        User.objects.create_user(school=school, username="Lina")
        answer = Client().post(f"/join/{code.shown}/", {"username": username})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert JoinCode.objects.get(pk=code.pk).uses == 0

    def test_somebody_with_an_account_joins_by_one_click_and_keeps_everything(
        self, code: JoinCode, stranger: Membership, as_: As, school: School
    ) -> None:
        client = as_(stranger)
        assert "Join the class" in client.get(f"/join/{code.shown}/").content.decode()
        assert not Membership.objects.filter(user=stranger.user, school=school).exists()
        client.post(f"/join/{code.shown}/")
        member = Membership.objects.get(user=stranger.user, school=school)
        assert (member.role, seats(member)) == ("student", [("6b", "student")])
        assert client.session["school"] == str(school.pk)
        assert Membership.objects.get(pk=stranger.pk).active
        client.post(f"/join/{code.shown}/")
        assert JoinCode.objects.get(pk=code.pk).uses == 1

    def test_who_is_of_the_school_keeps_her_role_and_staff_is_sent_to_the_teacher(
        self, code: JoinCode, school: School, person: Any, school_admin: Membership, student: Membership
    ) -> None:
        helper = person(school, "user", "Ola")
        assert join_with(code=code, user=helper.user).role == "user"
        assert join_with(code=code, user=student.user) == student
        with pytest.raises(Conflict):
            join_with(code=code, user=school_admin.user)

    def test_who_has_left_the_school_does_not_come_back_by_a_code(self, code: JoinCode, student: Membership) -> None:
        Membership.objects.filter(pk=student.pk).update(active=False)
        with pytest.raises(Conflict) as refused:
            join_with(code=code, user=student.user)
        assert refused.value.code == "left"

    def test_of_two_who_want_the_last_place_one_gets_it(self, code: JoinCode, stranger: Membership, artist: Membership) -> None:
        JoinCode.objects.filter(pk=code.pk).update(most_uses=1)
        join_with(code=code, user=stranger.user)
        with pytest.raises(Conflict):
            join_with(code=code, user=artist.user)
        assert not Membership.objects.filter(user=artist.user, school=code.school).exists()


class TestWhatEnds:
    @pytest.mark.parametrize("how", ["expired", "used up", "rotated", "off", "archived", "trashed", "unknown"])
    def test_every_code_that_opens_nothing_gets_one_answer(
        self, code: JoinCode, cohort: Cohort, teacher: Membership, how: str
    ) -> None:
        rows, now = JoinCode.objects.filter(pk=code.pk), timezone.now()
        typed = code.shown
        if how == "expired":
            rows.update(expires=now - timedelta(seconds=1))
        elif how == "used up":
            rows.update(most_uses=2, uses=2)
        elif how == "rotated":
            assert new_code(cohort=cohort, by=teacher).code != code.code
        elif how == "off":
            end_code(cohort=cohort, by=teacher)
        elif how in ("archived", "trashed"):
            Cohort.objects.update(**{f"{how}_at": now})
        else:
            typed = "BBBB-BBBB"
        page = Client().get(f"/join/{typed}/")
        body = page.content.decode()
        assert page.status_code == 404
        assert "Ask for the one that is shown now" in body
        assert "Linden" not in body
        unknown = Client().get("/join/CCCC-CCCC/").content.decode()
        assert _without_addresses(body) == _without_addresses(unknown)

    @pytest.mark.usefixtures("_one_minute")
    def test_only_wrong_codes_are_counted_and_then_even_a_right_one_waits(self, code: JoinCode, settings: Any) -> None:
        settings.LIMITS = {**settings.LIMITS, "guess": 3}
        client = Client()
        assert [client.get(f"/join/{code.shown}/").status_code for _ in range(10)] == [200] * 10
        assert guess(client, 4) == [404, 404, 404, 429]
        assert client.get(f"/join/{code.shown}/").status_code == 429
        assert Client(REMOTE_ADDR="10.1.2.3").get(f"/join/{code.shown}/").status_code == 200

    @pytest.mark.usefixtures("_one_minute")
    def test_a_class_that_types_the_code_of_yesterday_again_and_again_counts_once(self, code: JoinCode, settings: Any) -> None:
        settings.LIMITS = {**settings.LIMITS, "guess": 3}
        assert {Client().get("/join/BBBB-BBBB/").status_code for _ in range(10)} == {404}
        assert Client().get(f"/join/{code.shown}/").status_code == 200

    @pytest.mark.usefixtures("_one_minute")
    def test_the_network_that_a_school_registered_may_mistype_more(self, code: JoinCode, settings: Any) -> None:
        settings.LIMITS = {**settings.LIMITS, "guess": 2}
        keep_policy(school_id=code.school_id, address_ranges=["198.51.100.0/24"])
        forget_ranges()  # as its commit does
        at_school = Client(REMOTE_ADDR="198.51.100.7")
        assert guess(at_school, 2 * REGISTERED + 1) == [404] * (2 * REGISTERED) + [429]
        assert guess(Client(REMOTE_ADDR="203.0.113.7"), 3) == [404, 404, 429]

    @pytest.mark.usefixtures("_one_minute")
    def test_who_is_signed_in_is_counted_by_herself(
        self, code: JoinCode, settings: Any, stranger: Membership, artist: Membership, as_: As
    ) -> None:
        settings.LIMITS = {**settings.LIMITS, "guess": 2}
        assert guess(as_(stranger), 3) == [404, 404, 429]
        assert guess(as_(stranger), 1) == [429]
        assert as_(artist).get(f"/join/{code.shown}/").status_code == 200
        assert Client().get(f"/join/{code.shown}/").status_code == 200


@pytest.fixture
def _one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands in the middle of a minute."""
    minute = time.time() // 60 * 60 + 30
    monkeypatch.setattr(guesses.time, "time", lambda: minute)


class TestBoard:
    def test_it_shows_code_address_and_qr_and_a_new_code_ends_the_old(self, teacher: Membership, cohort: Cohort, as_: As) -> None:
        client, page = as_(teacher), f"/classes/{cohort.pk}/join/"
        assert "has no code" in client.get(page).content.decode()
        client.post(page, {"act": "new", "days": "7", "most_uses": "30"})
        first = JoinCode.objects.get()
        shown = client.get(page).content.decode()
        assert first.shown in shown
        assert '<svg class="qr"' in shown
        assert "Used by 0 of 30." in shown
        client.post(page, {"act": "new", "days": ""})
        assert JoinCode.objects.get(ended_at=None).expires is None
        assert JoinCode.objects.get(pk=first.pk).ended_at
        client.post(page, {"act": "off"})
        assert not JoinCode.objects.filter(ended_at=None).exists()

    def test_others_make_none(self, cohort: Cohort, student: Membership, assistant: Membership) -> None:
        for by in (student, assistant):
            with pytest.raises(Forbidden):
                new_code(cohort=cohort, by=by)
        with pytest.raises(Forbidden):
            end_code(cohort=cohort, by=assistant)


def guess(client: Client, times: int) -> list[int]:
    return [client.get(f"/join/BBBB-BB{one}{two}/").status_code for one, two in list(product(ALPHABET, ALPHABET))[:times]]


def _without_addresses(body: str) -> str:
    return re.sub(r'data-csrf="[^"]+"|/join/[\w%-]+/', "", body)
