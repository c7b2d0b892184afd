"""Help with prompts: a sheet over the built-in painter, priced before; a preset that brings its words back; earlier wishes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.proof import in_proof

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
