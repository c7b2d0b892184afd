"""Pictures by providers in the browser: by Gemini, by OpenAI where Gemini is overloaded, changed by words, from a drawing."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.canary import canary
from tests.e2e.proof import in_proof
from tests.e2e.test_pad import drag
from tests.fakes.providers.gemini import fake_gemini
from tests.fakes.providers.openai import fake_openai
from tests.fakes.providers.pictures import painted
from tests.fakes.providers.script import Picture, Wrong
from tests.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser"), in_proof]
Visit = Callable[..., Page]
KEY = canary("painting")
SQUARE = (1024, 1024)


def connect(visit: Visit, provider: str, address: str, model: str) -> Page:
    page = visit("Robin", at=f"/platform/providers/{provider}/")
    page.get_by_label("Key", exact=True).fill(KEY)
    page.get_by_label("Address", exact=True).fill(address)
    page.get_by_role("button", name="Keep and test").click()
    expect(page.locator("#key-state")).to_contain_text(model, timeout=30_000)
    return page


def make(page: Page, words: str) -> None:
    page.get_by_role("textbox", name="What shall it be? A few words").fill(words)
    page.get_by_role("button", name="Make", exact=True).click()


def draw_and_send(page: Page, session: str) -> None:
    page.goto(f"{session}draw/")
    expect(page.locator("ij-pad[data-ready]")).to_be_visible()
    drag(page, (0.1, 0.6), (0.9, 0.6))
    page.get_by_label("What shall it become?").fill("a harbour at dawn")
    page.get_by_role("button", name="Make", exact=True).click()
    turn = page.locator(".turn").last
    expect(turn).to_contain_text("from a drawing", timeout=30_000)
    expect(turn.locator(".take-box a img")).to_have_count(1, timeout=30_000)


def test_gemini_paints_openai_steps_in_and_words_make_the_next_version(
    visit: Visit, house: Stack, axe: Callable[[Page], list[str]]
) -> None:
    with fake_gemini(KEY) as gemini, fake_openai(KEY) as openai:
        keys = [
            connect(visit, "gemini", gemini.url, "gemini-3-pro-image-preview"),
            connect(visit, "openai", openai.url, "gpt-image-2"),
        ]
        red, blue, evening, dawn = (Picture(painted(words, SQUARE, words)) for words in ("red", "blue", "evening", "dawn"))
        gemini.script(red, Wrong(503), evening, dawn)
        openai.script(blue)
        page = visit("Ilse", at="/studio/")
        page.get_by_role("button", name="New session").first.click()
        page.wait_for_url(re.compile(r"/studio/[0-9a-f-]{36}/"))
        session = page.url
        fold = page.locator("button[data-all-settings]")
        if fold.get_attribute("aria-expanded") == "false":
            fold.click()
        page.get_by_label("Model", exact=True).select_option("gemini/gemini-3-pro-image-preview")
        page.get_by_label("How many").first.select_option("1")
        expect(page.locator("span[data-estimate]")).to_have_text("about $0.13")
        make(page, "a red kite")
        expect(page.locator(".turn").last.locator(".take-box a img")).to_have_count(1, timeout=30_000)

        make(page, "a blue kite")
        turn = page.locator(".turn").last
        expect(turn).to_contain_text("Gemini was overloaded (503), so GPT Image 1.5 made it instead.", timeout=30_000)
        assert axe(page) == []

        first = page.locator(".turn").first.locator(".take-box a")
        first.click()
        expect(first).to_have_attribute("aria-current", "true")
        canvas = page.get_by_role("region", name="Canvas")
        canvas.get_by_role("textbox", name="What shall change?").fill("at evening")
        canvas.get_by_role("button", name="Change", exact=True).click()
        expect(page.locator(".turn").last).to_contain_text("a change of this work")
        turn = page.locator(".turn").last
        expect(turn.locator(".take-box a img")).to_have_count(1, timeout=30_000)
        turn.get_by_role("link", name="a change of this work").click()
        expect(page.get_by_text("2 versions")).to_be_visible()

        draw_and_send(page, session)
        for key in keys:
            key.get_by_text("Remove the key").click()
            key.get_by_role("button", name="Remove it").click()
            expect(key.locator("#key-state")).to_contain_text("Not connected")
