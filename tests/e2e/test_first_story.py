"""The first story: sign in, say a few words, watch it being made, keep the picture."""

import os
import re
import signal
import struct
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from tests.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Page]
MADE_MS = 60_000


def begin(page: Page) -> None:
    page.get_by_role("button", name="New session").first.click()
    page.wait_for_url(re.compile(r"/studio/[0-9a-f-]{36}/"))


def ask(page: Page, words: str, count: int = 1, side: str = "512") -> None:
    page.get_by_label("What shall it be? A few words").fill(words)
    page.get_by_label("How many").select_option(str(count))
    settings = page.get_by_role("button", name="All settings", exact=True)
    if settings.get_attribute("aria-expanded") != "true":  # remembered from the last time
        settings.click()
    page.get_by_label("Longer side").select_option(side)
    page.get_by_role("button", name="Make").click()


def pictures(page: Page, count: int) -> None:
    takes = page.get_by_role("list", name="Takes").first.get_by_role("link").locator("img")
    expect(takes).to_have_count(count, timeout=MADE_MS)
    for take in takes.all():
        expect(take).to_have_js_property("complete", True)
        assert take.evaluate("img => img.naturalWidth") > 0


def test_a_pupil_makes_a_picture_and_it_is_still_there(visit: Visit, axe: Callable[[Page], list[str]]) -> None:
    page = visit("Mia")
    begin(page)
    assert axe(page) == []
    ask(page, "northern lights over a calm sea, with a dragon", count=2)
    turn = page.get_by_role("article")
    expect(turn.get_by_role("heading")).to_have_text("northern lights over a calm sea, with a dragon")
    expect(turn.locator("mark").first).to_have_attribute("title", re.compile(r"\w"))
    page.reload()  # in mid-job
    pictures(page, 2)
    expect(turn).to_contain_text("dragon")
    expect(turn).to_contain_text("no AI")
    expect(page.get_by_role("group", name="Ideas that suit this painter").get_by_role("link")).to_have_count(4)
    assert axe(page) == []
    page.reload()
    pictures(page, 2)
    page.get_by_role("region", name="Canvas").get_by_role("button", name="Open large").click()
    viewer = page.get_by_role("dialog")
    for fact in ("procedural/auto", "cpu", "Seed", "512 × 512", "Abstract picture"):
        expect(viewer).to_contain_text(fact)
    assert axe(page) == []
    with page.expect_download() as download:
        viewer.get_by_role("link", name="Download").click()
    data = download.value.path().read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (512, 512)


def test_with_the_socket_blocked_polling_takes_over(visit: Visit) -> None:
    page = visit("Leo")
    tries: list[str] = []

    def refuse(socket: WebSocketRoute) -> None:
        tries.append(socket.url)
        socket.close(code=1011)

    page.route_web_socket("**/ws/events/", refuse)
    begin(page)
    ask(page, "red circles", count=1)
    pictures(page, 1)
    assert tries


def test_a_waiting_take_can_be_cancelled_and_tried_again(visit: Visit) -> None:
    page = visit("Hana")
    begin(page)
    ask(page, "blue rivers and green valleys", count=4, side="2048")
    page.get_by_role("button", name="Cancel", exact=True).last.click()
    again = page.get_by_role("button", name="Retry")
    expect(again).to_have_count(1, timeout=MADE_MS)
    again.click()
    expect(again).to_have_count(0, timeout=MADE_MS)
    page.get_by_role("button", name="Cancel all that is left").click()
    expect(page.get_by_role("button", name="Cancel", exact=True)).to_have_count(0, timeout=MADE_MS)


def test_words_are_kept_when_the_server_refuses_them(visit: Visit) -> None:
    page = visit("Amina")
    begin(page)

    def broken(route: Route) -> None:
        route.fulfill(status=503, content_type="text/html", body="<p>away</p>")

    page.route("**/studio/*/", lambda route: broken(route) if route.request.method == "POST" else route.continue_())
    page.get_by_label("What shall it be? A few words").fill("a quiet garden")
    page.get_by_role("button", name="Make").click()
    page.wait_for_timeout(800)
    expect(page.get_by_label("What shall it be? A few words")).to_have_value("a quiet garden")


def test_the_worker_is_killed_in_the_middle_and_the_picture_comes(visit: Visit, house: Stack) -> None:
    page = visit("Mateo")
    begin(page)
    ask(page, "golden spirals", count=2, side="1536")
    expect(page.get_by_role("progressbar").first).to_be_visible()
    os.kill(house.pids()["cpu"], signal.SIGKILL)
    pictures(page, 2)
