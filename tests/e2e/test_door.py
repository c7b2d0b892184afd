"""Monday morning at a school's door: cards are printed, a pupil comes in, forgets the password and gets a new one."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Page]


def test_a_pupil_comes_in_by_card_forgets_the_password_and_gets_a_new_one(visit: Visit, axe: Callable[[Page], list[str]]) -> None:
    teacher = visit("Amara", at="/classes/")
    teacher.get_by_role("link", name="Art 6b").first.click()
    teacher.get_by_role("link", name="Cards", exact=True).click()
    expect(teacher.get_by_role("button", name="New password for Hana")).to_be_visible()
    assert axe(teacher) == []
    with teacher.expect_download() as sheet:
        teacher.get_by_role("row", name="Hana").get_by_role("button", name="Print a card").click()
    link = re.search(rb"/URI \(([^)]+)\)", sheet.value.path().read_bytes())
    assert link
    card = urlsplit(link[1].decode())
    words = new_password(teacher)

    pupil = visit(None, width=390, height=844)
    pupil.goto(f"{card.path}?{card.query}")
    expect(pupil.get_by_role("heading", name="Are you Hana?")).to_be_visible()
    assert axe(pupil) == []
    pupil.get_by_label("Your password").fill(words.replace("-", " ").upper())
    pupil.get_by_role("button", name="Yes, sign in").click()
    pupil.wait_for_url("**/home/")
    pupil.context.clear_cookies(name="sessionid")
    pupil.goto(f"{card.path}?{card.query}")
    pupil.get_by_role("button", name="Yes, sign in").click()
    pupil.wait_for_url("**/home/")

    elsewhere = visit(None, width=390, height=844, dark=True)
    elsewhere.goto("/s/linden/sign-in/")
    elsewhere.get_by_role("link", name="Forgotten?").click()
    elsewhere.get_by_label("Your username").fill("hana")
    elsewhere.get_by_role("button", name="Leave a note").click()
    expect(elsewhere.get_by_role("heading", name="Now tell your teacher")).to_be_visible()
    assert axe(elsewhere) == []
    forgotten = teacher.get_by_text("has forgotten it")
    for _ in range(20):  # the note is left beside the request
        teacher.reload()
        if forgotten.count():
            break
        teacher.wait_for_timeout(100)
    expect(forgotten).to_have_count(1)
    again = new_password(teacher)
    expect(forgotten).to_have_count(0)
    elsewhere.get_by_role("link", name="Back to the door").click()
    elsewhere.get_by_label("Your username").fill("hana")
    elsewhere.get_by_label("Your password").fill(words)
    elsewhere.keyboard.press("Enter")
    expect(elsewhere.get_by_text("do not belong together")).to_be_visible()
    elsewhere.get_by_label("Your password").fill(again)
    elsewhere.keyboard.press("Enter")
    elsewhere.wait_for_url("**/home/")


def new_password(teacher: Page) -> str:
    """Two clicks: make it, and back to the page of cards."""
    teacher.get_by_role("button", name="New password for Hana").click()
    words = teacher.locator(".password").inner_text()
    teacher.get_by_role("link", name="Done").click()
    expect(teacher.get_by_role("button", name="New password for Hana")).to_be_visible()
    return words
