"""A conversation in the browser: without a provider; then talk, a picture by a tool, stop, and a branch."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.canary import canary
from tests.e2e.proof import in_proof
from tests.fakes.providers.openai import fake_openai
from tests.fakes.providers.script import Call, Say
from tests.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser"), in_proof]
Visit = Callable[..., Page]
LONG = Say(tuple(f"wave {n} " for n in range(400)), pause_s=0.1)


def send(page: Page, words: str) -> None:
    page.get_by_role("textbox", name="What shall it be? A few words").fill(words)
    page.get_by_role("button", name="Send", exact=True).click()


def test_talk_makes_a_picture_stops_and_branches(visit: Visit, house: Stack, axe: Callable[[Page], list[str]]) -> None:
    page = visit("Ilse", at="/studio/")
    page.get_by_role("button", name="New session").first.click()
    page.get_by_role("radio", name="Talk").check()
    expect(page.get_by_text("No AI is connected to talk with.")).to_be_visible()
    session = page.url
    with fake_openai(canary("talking")) as vendor:
        key = visit("Robin", at="/platform/providers/openai/")
        key.get_by_label("Key", exact=True).fill(canary("talking"))
        key.get_by_label("Address", exact=True).fill(vendor.url)
        key.get_by_role("button", name="Keep and test").click()
        expect(key.locator("#key-state")).to_contain_text("gpt-5.2", timeout=60_000)
        vendor.script(
            Call("make_picture", {"prompt": "quiet sea"}, text="I make **one**."), Say("There it is."), LONG, Say("Red.")
        )
        page.goto(f"{session}?mode=talk")
        send(page, "a sea please")
        turn = page.locator(".turn").last
        expect(turn.get_by_text("There it is.")).to_be_visible(timeout=30_000)
        expect(turn.locator("strong", has_text="one")).to_be_visible()
        expect(turn.locator(".take-box img")).to_have_count(1)
        expect(turn).to_contain_text("OpenAI, gpt-5.4")
        assert axe(page) == []

        send(page, "tell me of waves")
        turn = page.locator(".turn").last
        expect(turn.get_by_text("wave 3", exact=False)).to_be_visible(timeout=20_000)
        turn.get_by_role("button", name="Stop").click()
        expect(turn.get_by_text("Stopped. What was said is kept.")).to_be_visible(timeout=20_000)
        expect(turn).to_contain_text("wave 3")

        turn.get_by_text("Edit", exact=True).click()
        turn.get_by_role("textbox", name="The words of this turn").fill("which red?")
        turn.get_by_role("button", name="Send as a branch").click()
        turn = page.locator(".turn").last
        expect(turn.get_by_text("Red.")).to_be_visible(timeout=20_000)
        expect(turn).to_contain_text("2 of 2")
        turn.get_by_role("button", name="Earlier branch").click()
        expect(page.locator(".turn").last).to_contain_text("wave 3")
        key.get_by_text("Remove the key").click()
        key.get_by_role("button", name="Remove it").click()
        expect(key.locator("#key-state")).to_contain_text("Not connected")
