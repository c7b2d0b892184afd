"""How a person wants the house: kept in one row, read on every page without a further query."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone, translation
from django.utils.formats import date_format

from ij8.accounts.locale import PersonLocaleMiddleware
from ij8.accounts.members import memberships_of
from ij8.accounts.models import Membership, Preferences, School, User
from ij8.accounts.preferences import keep_preferences, preferences_of, zone_of, zones

pytestmark = pytest.mark.django_db
Seen = dict[str, Any]


@pytest.fixture
def seen(student: Membership) -> Callable[[], Seen]:
    """What is in force inside of a request of the student."""

    def ask(language: str = "en") -> Seen:
        found: Seen = {}

        def view(request: HttpRequest) -> HttpResponse:
            found.update(language=translation.get_language(), zone=timezone.get_current_timezone_name())
            return HttpResponse()

        request = RequestFactory().get("/")
        request.member = memberships_of(student.user).get()  # type: ignore[attr-defined]
        with translation.override(language):
            found["answer"] = PersonLocaleMiddleware(view)(request)
        return found

    return ask


def test_without_a_row_everything_is_as_it_comes(student: Membership) -> None:
    preferences = preferences_of(User.objects.get(pk=student.user_id))
    assert (preferences.theme, preferences.text_size, preferences.single_keys, preferences.notify_done) == ("", "", True, False)
    assert Preferences.objects.count() == 0


def test_what_is_kept_is_found_again(student: Membership) -> None:
    keep_preferences(user=student.user, theme="dark")
    keep_preferences(user=student.user, single_keys=False)
    row = Preferences.objects.get()
    assert (row.user_id, row.theme, row.single_keys) == (student.user_id, "dark", False)
    assert preferences_of(student.user) == row


@pytest.mark.parametrize("kept", [True, False])
def test_member_school_and_preferences_cost_one_query(student: Membership, kept: bool, django_assert_num_queries: Any) -> None:
    if kept:
        keep_preferences(user=student.user, time_zone="Asia/Tokyo")
    with django_assert_num_queries(1):
        member = memberships_of(User(pk=student.user_id)).get()
        assert zone_of(member) == ZoneInfo("Asia/Tokyo" if kept else "UTC")


def test_times_are_in_the_persons_zone_else_in_the_schools(student: Membership, seen: Callable[[], Seen]) -> None:
    School.objects.update(time_zone="Europe/Berlin")
    assert seen()["zone"] == "Europe/Berlin"
    keep_preferences(user=student.user, time_zone="America/Lima")
    assert seen()["zone"] == "America/Lima"
    keep_preferences(user=student.user, time_zone="Atlantis/Main_Street")
    assert seen()["zone"] == "Europe/Berlin"
    School.objects.update(time_zone="nonsense")
    assert seen()["zone"] == "UTC"


def test_the_chosen_language_goes_before_the_browsers(student: Membership, seen: Callable[..., Seen]) -> None:
    assert seen("en-us")["language"] == "en-us"
    keep_preferences(user=student.user, locale="en")
    found = seen("en-us")
    assert found["language"] == "en"
    assert found["answer"]["Content-Language"] == "en"
    keep_preferences(user=student.user, locale="tlh")
    assert seen("en-us")["language"] == "en-us"


def test_nothing_of_one_request_is_left_for_the_next(student: Membership, seen: Callable[..., Seen]) -> None:
    keep_preferences(user=student.user, locale="en-us", time_zone="Asia/Tokyo")
    before = translation.get_language(), timezone.get_current_timezone_name()
    seen()
    assert (translation.get_language(), timezone.get_current_timezone_name()) == before


@pytest.mark.parametrize(
    ("language", "date", "time"), [("en", "1 February 2026", "15:04"), ("en-us", "February 1, 2026", "3:04 PM")]
)
def test_dates_are_written_as_the_language_writes_them(language: str, date: str, time: str) -> None:
    moment = timezone.datetime(2026, 2, 1, 15, 4)
    with translation.override(language):
        assert date_format(moment, "DATE_FORMAT") == date
        assert date_format(moment, "TIME_FORMAT") == time


def test_every_zone_that_is_offered_exists() -> None:
    assert "Europe/Berlin" in zones()
    assert len({ZoneInfo(name) for name in zones()}) == len(zones()) > 300
