"""Several models in turn."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from ij8.accounts.models import Membership
from studio.jobs.backends import ensure_backends
from studio.models import StudioSession, Turn
from studio.pages.model_pool import pool_in
from studio.sessions import create_session

VORONOI, STIPPLE, FLOW = "procedural/voronoi", "procedural/stippling", "procedural/auto"


@pytest.fixture
def session(student: Membership, client: Client) -> StudioSession:
    ensure_backends()
    client.force_login(student.user)
    return create_session(member=student, cohort=None)


def post(client: Client, session: StudioSession, *pool: str, model: str = VORONOI, **more: str) -> list[str]:
    """The models of the session's turns after one Make."""
    marked = {f"pool:{one}": "1" for one in pool}
    answer = client.post(f"/studio/{session.id}/", {"prompt": "sea", "count": "1", "model": model, **marked, **more})
    assert answer.status_code == 302, answer.content.decode()[:300]
    return list(Turn.objects.order_by("created").values_list("model", flat=True))


def test_each_turn_takes_the_next_model_and_says_from_which(client: Client, session: StudioSession) -> None:
    post(client, session, VORONOI, STIPPLE)
    post(client, session, VORONOI, STIPPLE)
    assert post(client, session, VORONOI, STIPPLE) == [VORONOI, STIPPLE, VORONOI]
    params: dict[str, Any] = Turn.objects.latest("created").params
    assert (params["pool"], params["pool_by"]) == ([VORONOI, STIPPLE], "turn")
    page = client.get(f"/studio/{session.id}/").content.decode()
    assert page.count("data-pool=") > 2
    assert page.count(" checked> ") == 2


def test_a_model_is_not_asked_for_settings_that_it_lacks(client: Client, session: StudioSession) -> None:
    assert post(client, session, VORONOI, STIPPLE, quality="high") == [VORONOI]
    assert "quality" not in Turn.objects.get().params


def test_chance_takes_one_of_them(client: Client, session: StudioSession) -> None:
    assert set(post(client, session, VORONOI, STIPPLE, pool_by="random")) <= {VORONOI, STIPPLE}


def test_picking_a_model_ends_the_turns(client: Client, session: StudioSession) -> None:
    assert post(client, session, VORONOI, STIPPLE, model=FLOW, pool_shown=VORONOI) == [FLOW]
    assert "pool" not in Turn.objects.get().params or not Turn.objects.get().params["pool"]


def test_one_model_is_no_pool() -> None:
    assert pool_in({"pool:a": "1", "model": "a"}) == {}


def test_a_model_that_cannot_be_used_is_passed_over(client: Client, session: StudioSession) -> None:
    assert post(client, session, "gemini/gemini-3-pro-image-preview", STIPPLE) == [STIPPLE]


@pytest.mark.django_db(transaction=True)
def test_two_sends_at_once_take_two_models(student: Membership, session: StudioSession) -> None:
    start = threading.Barrier(2)

    def send() -> None:
        client = Client()
        client.force_login(student.user)
        start.wait()
        post(client, session, VORONOI, STIPPLE)
        connection.close()

    both = [threading.Thread(target=send) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(Turn.objects.values_list("model", flat=True)) == sorted([VORONOI, STIPPLE])
