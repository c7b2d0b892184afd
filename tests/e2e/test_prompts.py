"""Help with prompts: a sheet over the built-in painter, priced before; a preset that brings its words back; earlier wishes;
better words.
"""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.canary import canary
from tests.e2e.proof import in_proof
from tests.fakes.providers.openai import fake_openai
from tests.fakes.providers.script import Say

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser"), in_proof]

WISH = "calm waves in gold"


def test_a_sheet_a_preset_and_what_was_asked_before(visit: Callable[..., Page], axe: Callable[[Page], list[str]]) -> None:
    page = visit("Ilse", at="/studio/")
    page.get_by_role("button", name="New session").first.click()
    words = page.get_by_label("What shall it be? A few words")
    words.fill(WISH)
    if not page.locator(".sheet-fields summary").is_visible():
        page.get_by_role("button", name="All settings").click()
    page.get_by_label("Longer side").select_option("512")
    page.locator(".sheet-fields summary").click()
    page.get_by_label("Across").select_option("seed")
    page.locator("#sheet-across-values").fill("1, 2, 3")
    page.get_by_label("Down").select_option("phrase")
    page.locator("#sheet-down-values").fill("gold, silver")
    expect(page.locator("#sheet-price")).to_have_text("6 pictures · free")

    page.locator(".prompts-of-mine summary").click()
    name = page.get_by_label("Name of the preset")
    name.fill("Waves")
    page.locator(".prompts-menu").get_by_role("button", name="Save").click()
    expect(page.locator(".prompts-menu .chip", has_text="Waves")).to_be_visible()
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Make the sheet").click()
    sheet = page.locator("table.sheet")
    expect(sheet.get_by_role("columnheader", name="Seed 3")).to_be_visible()
    expect(sheet.get_by_role("rowheader", name="silver")).to_be_visible()
    expect(sheet.locator("ij-job")).to_have_count(6)
    assert axe(page) == []
    page.get_by_role("button", name="Cancel all that is left").click()
    expect(page.get_by_role("button", name="Cancel all that is left")).to_have_count(0)

    words.fill("")
    page.locator(".prompts-of-mine summary").click()
    page.locator(".prompts-menu .chip", has_text="Waves").click()
    expect(words).to_have_value(WISH)
    page.goto("/studio/prompts/")
    expect(page.get_by_role("link", name=WISH)).to_be_visible()


def test_better_words_are_shown_against_what_was_typed_and_used_changed_or_left(
    visit: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    better = json.dumps({"prompt": "still waves in gold, low sun behind them", "why": "Says where the light stands."})
    with fake_openai(canary("improving")) as vendor:
        key = visit("Robin", at="/platform/providers/openai/")
        key.get_by_label("Key", exact=True).fill(canary("improving"))
        key.get_by_label("Address", exact=True).fill(vendor.url)
        key.get_by_role("button", name="Keep and test").click()
        expect(key.locator("#key-state")).to_contain_text("gpt-5.2", timeout=60_000)
        vendor.script(Say(better), Say(better), Say(better))
        page = visit("Ilse", at="/studio/")
        page.get_by_role("button", name="New session").first.click()
        words = page.get_by_label("What shall it be? A few words")
        panel = page.get_by_role("region", name="Proposed words")
        ask = page.get_by_role("button", name="Improve")
        proposed = json.loads(better)["prompt"]
        for choice, after in (("Leave it", WISH), ("Edit it", proposed), ("Use it", proposed)):
            words.fill(WISH)
            ask.click()
            expect(panel.get_by_text("Says where the light stands.")).to_be_visible(timeout=30_000)
            expect(panel.locator("del")).to_have_text("calm")
            expect(panel.locator("ins")).to_have_text(["still", ", low sun behind them"])
            expect(words).to_have_value(WISH)
            assert axe(page) == []
            panel.get_by_role("button", name=choice).click()
            expect(panel).to_be_hidden()
            expect(words).to_have_value(after)
        expect(page.get_by_role("button", name="Make", exact=True)).to_be_focused()
        key.get_by_text("Remove the key").click()
        key.get_by_role("button", name="Remove it").click()
        expect(key.locator("#key-state")).to_contain_text("Not connected")
