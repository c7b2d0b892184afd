"""Bad days of the whole product: Redis does not answer, somebody is removed while the page is open."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
SMALL = {"model": "procedural/auto", "prompt": "green hills", "width": 128, "height": 128}


@pytest.fixture
def client(house: Stack) -> Iterator[httpx2.Client]:
    token = house.manage("token", "student2@demo.test").strip()
    with httpx2.Client(base_url=house.url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as opened:
        yield opened


def wait_for(job: Callable[[], dict[str, Any]], wanted: Callable[[dict[str, Any]], bool], timeout_s: float) -> float:
    began = time.monotonic()
    while not wanted(job()):
        assert time.monotonic() - began < timeout_s, job()
        time.sleep(0.1)
    return time.monotonic() - began


def test_redis_hangs_and_everything_goes_on_without_it(house: Stack, client: httpx2.Client) -> None:
    first = client.post("/api/jobs/", json={"operation": "image.generate", "params": SMALL}).json()["id"]
    wait_for(lambda: client.get(f"/api/jobs/{first}/").json(), lambda job: job["state"] == "succeeded", 60)  # the workers are up
    redis = house.pids()["redis"]
    os.kill(redis, signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert client.get("/api/sessions/").status_code == 200
        answer = client.post("/api/jobs/", json={"operation": "image.generate", "params": SMALL})
        assert answer.status_code == 202
        assert time.monotonic() - began < 5
        time.sleep(2)
    finally:
        os.kill(redis, signal.SIGCONT)
    path = f"/api/jobs/{answer.json()['id']}/"
    waited_s = wait_for(lambda: client.get(path).json(), lambda job: job["state"] != "queued", 10)
    assert waited_s <= 5
    wait_for(lambda: client.get(path).json(), lambda job: job["state"] == "succeeded", 30)


def test_who_is_removed_is_shown_out(house: Stack, visit: Callable[..., Page], shots: Path) -> None:
    page = visit("Elif")
    closed: list[float] = []
    page.on("websocket", lambda socket: socket.on("close", lambda _: closed.append(time.monotonic())))
    with page.expect_websocket():
        page.goto("/studio/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    leave = "from ij8.accounts.models import *; from ij8.accounts.members import remove_member; "
    house.manage("shell", "-v", "0", "-c", leave + "remove_member(member=Membership.objects.get(user__name='Elif'))")
    began = time.monotonic()
    while not closed and time.monotonic() - began < 8:
        page.wait_for_timeout(100)
    assert closed
    assert closed[0] - began <= 5
    page.goto("/studio/")
    expect(page.get_by_role("button", name="New session")).to_have_count(0)
    page.screenshot(path=shots / "removed.png")
