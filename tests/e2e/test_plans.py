"""A plan in the browser: proposed by the provider that stands in, changed, started once; and an answer kept as a work."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.canary import canary
from tests.e2e.proof import in_proof
from tests.fakes.providers.gemini import fake_gemini
from tests.fakes.providers.openai import fake_openai
from tests.fakes.providers.script import Call, Say, Wrong
from tests.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser"), in_proof]
Visit = Callable[..., Page]
KEY = canary("planning")
PLAN = {"title": "Two seas", "steps": [{"prompt": "quiet sea", "reason": "calm"}, {"prompt": "storm at sea"}]}


def connect(visit: Visit, provider: str, address: str, model: str) -> Page:
    page = visit("Robin", at=f"/platform/providers/{provider}/")
    page.get_by_label("Key", exact=True).fill(KEY)
    page.get_by_label("Address", exact=True).fill(address)
    page.get_by_role("button", name="Keep and test").click()
    expect(page.locator("#key-state")).to_contain_text(model, timeout=60_000)
    return page


def send(page: Page, words: str) -> None:
    page.get_by_role("textbox", name="What shall it be? A few words").fill(words)
    page.get_by_role("button", name="Send", exact=True).click()


def test_who_stands_in_proposes_a_plan_that_starts_once_and_an_answer_becomes_a_work(
    visit: Visit, house: Stack, axe: Callable[[Page], list[str]]
) -> None:
    with fake_gemini(KEY) as gemini, fake_openai(KEY) as openai:
        keys = [connect(visit, "gemini", gemini.url, "gemini"), connect(visit, "openai", openai.url, "gpt-5.2")]
        gemini.script(*[Wrong(503)] * 12)  # all through the story
        openai.script(Call("propose_plan", PLAN), Say("Start it if you like."), Say("# Rain\n\nIt falls on the sea."))
        page = visit("Ilse", at="/studio/")
        page.get_by_role("button", name="New session").first.click()
        page.goto(f"{page.url}?mode=talk")
        send(page, "two seas please")
        turn = page.locator(".turn").last
        expect(turn.get_by_text("Start it if you like.")).to_be_visible(timeout=60_000)
        expect(turn.get_by_text("Gemini was overloaded, so OpenAI answered instead.")).to_be_visible()
        expect(turn.get_by_role("heading", name="Two seas", exact=True)).to_be_visible()
        assert axe(page) == []
        turn.get_by_role("textbox", name="Step 2").fill("harbour in fog")
        turn.get_by_role("textbox", name="Step 2").press("Tab")
        expect(turn.get_by_text("In all: free")).to_be_visible(timeout=30_000)
        turn.get_by_role("button", name="Start", exact=True).click()
        made = page.locator(".turn").last
        expect(made.get_by_text("2. harbour in fog")).to_be_visible(timeout=30_000)
        expect(made.locator(".take-box img")).to_have_count(2, timeout=120_000)
        proposed = page.locator(".turn").first
        expect(proposed.get_by_text("Started.")).to_be_visible()
        expect(proposed.get_by_role("link", name="See what it makes")).to_have_attribute("href", f"#{made.get_attribute('id')}")
        assert axe(page) == []

        send(page, "a poem of rain")
        turn = page.locator(".turn").last
        expect(turn.get_by_text("It falls on the sea.")).to_be_visible(timeout=60_000)
        turn.get_by_role("button", name="Save as work").click()
        expect(page.get_by_role("heading", name="Rain").first).to_be_visible(timeout=30_000)
        expect(page).to_have_url(f"{house.url}/works/{page.url.rstrip('/').rpartition('/')[2]}/")
        for key in keys:
            key.get_by_text("Remove the key").click()
            key.get_by_role("button", name="Remove it").click()
            expect(key.locator("#key-state")).to_contain_text("Not connected")
