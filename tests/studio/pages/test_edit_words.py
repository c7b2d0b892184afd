"""Changing a work by words, at its page."""

from collections.abc import Callable
from typing import Any

import pytest

from ij8.accounts.models import Membership
from studio.jobs.backends import ensure_backends
from studio.models import Job, StudioSession
from tests.studio.making import make_work


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    ensure_backends()


@pytest.fixture
def page(client: Any, teacher: Membership) -> Callable[..., Any]:
    client.force_login(teacher.user)

    def ask(url: str, **form: str) -> Any:
        return client.post(url, form) if form else client.get(url)

    return ask


def test_without_a_provider_the_box_says_what_works_and_who_can_connect_one(
    page: Callable[..., Any], teacher: Membership
) -> None:
    work = make_work(teacher)
    html = page(f"/works/{work.id}/").content.decode()
    assert "No model that changes pictures can be used now." in html
    assert "No key for Gemini." in html
    assert f"/works/{work.id}/edit/" not in html


def test_a_refused_change_leaves_no_empty_session_and_keeps_the_words(page: Callable[..., Any], teacher: Membership) -> None:
    work = make_work(teacher)
    answer = page(f"/works/{work.id}/edit/", prompt="at evening", count="2")
    assert answer.status_code == 503
    assert "No key for Gemini" in answer.content.decode()
    assert not StudioSession.objects.exists()
    assert not Job.objects.exists()


def test_words_are_needed(page: Callable[..., Any], teacher: Membership) -> None:
    answer = page(f"/works/{make_work(teacher).id}/edit/", prompt=" ", count="1")
    assert (answer.status_code, "Say in a few words what shall change." in answer.content.decode()) == (400, True)
