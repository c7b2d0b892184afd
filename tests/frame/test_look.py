"""The own menu keeps how pages look, with the person."""

from collections.abc import Callable

import pytest
from django.test import Client

from ij8.accounts.models import Membership, Preferences

As = Callable[[Membership], Client]
pytestmark = pytest.mark.django_db


def test_a_choice_is_kept_with_the_person_and_drawn_by_the_server(student: Membership, as_: As) -> None:
    client = as_(student)
    assert client.post("/settings/look/", {"theme": "dark"}).status_code == 204
    assert client.post("/settings/look/", {"text_size": "larger"}).status_code == 204
    kept = Preferences.objects.get(user=student.user)
    assert (kept.theme, kept.text_size) == ("dark", "larger")
    client.cookies["theme"] = "light"  # of this device, from before
    page = as_(student).get("/home/").content.decode()
    assert '<html lang="en" data-theme="dark" data-text-size="larger">' in page


def test_what_is_no_choice_is_refused_and_changes_nothing(student: Membership, as_: As) -> None:
    assert as_(student).post("/settings/look/", {"theme": "pink"}).status_code == 400
    assert not Preferences.objects.exists()


def test_single_keys_are_off_for_whom_they_disturb(student: Membership, as_: As) -> None:
    assert b"data-single-keys" not in as_(student).get("/home/").content
    Preferences.objects.create(user=student.user, single_keys=False)
    assert b'data-single-keys="off"' in as_(student).get("/home/").content
