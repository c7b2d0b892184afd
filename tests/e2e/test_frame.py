"""The frame in a real browser: parts photographed, the search and the keys by keyboard, a connection that goes and comes."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.proof import in_proof

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Page]
Axe = Callable[[Page], list[str]]
PARTS_SEEN: list[tuple[int, Literal["light", "dark"], bool]] = [(1440, "dark", True), (390, "light", True)]
if os.environ.get("IJ8_PROOF") == "1":
    PARTS_SEEN += [(1440, "light", False), (390, "dark", False)]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@in_proof
def test_every_part_is_photographed_in_both_themes_and_has_no_fault(visit: Visit, axe: Axe, shots: Path) -> None:
    page = visit("Mia", reduced_motion="reduce")
    page.goto("/dev/parts/")
    for width, theme, asked in PARTS_SEEN:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        page.wait_for_timeout(100)
        assert page.evaluate(OVERFLOW) == 0
        assert not asked or axe(page) == []
        shot = shots / f"parts-{width}-{theme}.png"
        page.screenshot(path=shot, full_page=True)
        assert shot.stat().st_size > 100_000


def test_the_search_is_used_by_keyboard_alone_and_gives_the_focus_back(visit: Visit, axe: Axe) -> None:
    page = visit("Amara")
    page.get_by_role("link", name="Library").focus()
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Search works")
    expect(field).to_be_focused()
    page.keyboard.type("noah")
    person = page.get_by_role("option", name=re.compile("Noah"))
    expect(person).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == person.get_attribute("id")
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Library")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("trash")
    page.keyboard.press("Enter")  # at once: the answer to the last word counts
    page.wait_for_url("**/works/trash/")


def test_the_list_of_keys_opens_by_its_key_but_never_while_typing(visit: Visit) -> None:
    page = visit("Leo")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys on this page")
    expect(keys).to_contain_text("Search works, sessions, people and pages")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.goto("/find/")
    page.get_by_role("searchbox").first.press("?")
    expect(keys).to_be_hidden()


def test_theme_and_text_size_act_at_once_and_hold_on_the_next_page(visit: Visit) -> None:
    page = visit("Hana")
    page.locator("summary", has_text="Hana").click()
    with page.expect_response("**/settings/look/"):
        page.get_by_role("radio", name="Dark").check()
    with page.expect_response("**/settings/look/"):
        page.get_by_role("radio", name="Larger").check()
    page.goto("/works/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 18, 15)"
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    assert page.evaluate(OVERFLOW) == 0


def test_a_lost_connection_is_said_making_waits_and_reading_goes_on(visit: Visit) -> None:
    page = visit("Noah")
    page.get_by_role("button", name="New session").first.click()
    page.wait_for_url(re.compile(r"/studio/[0-9a-f-]{36}/"))
    words = page.get_by_label("What shall it be? A few words")
    words.fill("a quiet garden")
    banner = page.get_by_text("Not connected. Your text is kept on this device")
    expect(banner).to_be_hidden()
    page.context.set_offline(True)
    expect(banner).to_be_visible()
    expect(page.get_by_role("button", name="Make")).to_be_disabled()
    expect(words).to_have_value("a quiet garden")
    page.context.set_offline(False)
    expect(banner).to_be_hidden()
    expect(page.get_by_role("button", name="Make")).to_be_enabled()


def test_the_front_page_and_homes_have_no_fault(visit: Visit, axe: Axe) -> None:
    for name, width in ((None, 390), ("Robin", 1440), ("Sofia", 720)):
        page = visit(name, width=width)
        if name is None:
            page.goto("/")
        assert axe(page) == [], name
        assert page.evaluate(OVERFLOW) == 0, name
