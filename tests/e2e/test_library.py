"""The library in a browser: choosing by keys and boxes, acting on many, taking it back, with and without scripts."""

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Page]
UPLOAD = """async titles => {
  const canvas = new OffscreenCanvas(64, 48);
  canvas.getContext("2d").fillRect(8, 8, 24, 24);
  const file = await canvas.convertToBlob({ type: "image/png" });
  const { csrf, school } = document.body.dataset;
  for (const title of titles) {
    const body = new FormData();
    body.append("file", file, "x.png");
    body.append("title", title);
    const answer = await fetch("/api/artifacts/", { method: "POST", body, headers: { "X-CSRFToken": csrf, "X-School": school } });
    if (!answer.ok) throw new Error(await answer.text());
  }
}"""


def library(page: Page, *titles: str) -> Page:
    """Uploaded works of these titles alone: what the demo paints meanwhile is left out."""
    page.evaluate(UPLOAD, list(titles))
    page.goto("/works/?source=uploaded")
    return page


def chosen(page: Page) -> list[bool]:
    return [bool(box.is_checked()) for box in page.locator("input[name=ids]").all()]


def test_works_are_chosen_by_keys_and_what_is_done_can_be_taken_back(visit: Visit, axe: Callable[[Page], list[str]]) -> None:
    page = library(visit("Amara"), "Fern", "Moss")
    first = page.locator("[data-item]").first
    first.focus()
    page.keyboard.press("Space")
    assert chosen(page)[:2] == [True, False]
    page.keyboard.press("Shift+ArrowRight")
    assert chosen(page)[:2] == [True, True]
    bar = page.get_by_role("form", name="Chosen works")
    expect(bar).to_contain_text("Chosen: 2")
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    page.keyboard.press("Control+a")
    assert all(chosen(page))
    assert axe(page) == []
    bar.get_by_role("button", name="Star", exact=True).click()
    expect(page.locator("[data-star]").first).to_be_visible()
    bar.get_by_role("combobox", name="Tags, with commas between").fill("corridor, big")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Tagged: 2.").first).to_be_visible()
    with page.expect_download() as download:
        bar.get_by_role("button", name="Download as ZIP").click()
    names = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())).namelist()
    assert len(names) == 3
    assert "works.json" in names
    bar.get_by_role("button", name="Delete").click()
    expect(page.locator("[data-tile]:visible")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-tile]:visible")).to_have_count(2)
    page.goto("/works/?tag=corridor")
    expect(page.locator("[data-tile]")).to_have_count(2)


def test_filters_are_in_the_address_and_a_tag_is_found_among_many(visit: Visit, axe: Callable[[Page], list[str]]) -> None:
    page = library(visit("Noah", width=390, height=844, dark=True), "Fern", "Moss")
    page.locator("input[name=ids]").first.check()
    page.get_by_role("combobox", name="Tags, with commas between").fill("moss")
    page.get_by_role("button", name="Tag", exact=True).click()
    expect(page.get_by_text("Tagged: 1.").first).to_be_visible()
    page.goto("/works/")
    page.locator("summary", has_text="Tag").click()
    page.get_by_role("textbox", name="Find a tag").fill("os")
    assert axe(page) == []
    page.get_by_role("link", name="moss", exact=True).click()
    expect(page).to_have_url(re.compile(r"/works/\?tag=moss$"))
    expect(page.locator("[data-tile]")).to_have_count(1)
    expect(page.locator("summary", has_text="Tag: moss")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0


def test_without_scripts_boxes_and_buttons_do_the_same(visit: Visit) -> None:
    library(visit("Hana"), "Fern", "Moss")
    page = visit("Hana", java_script_enabled=False)
    page.goto("/works/?source=uploaded")
    page.locator("input[name=ids]").first.check()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("1 work is in the trash now.")).to_be_visible()
    expect(page.locator("[data-tile]")).to_have_count(1)
    page.goto("/works/trash/")
    page.locator("input[name=ids]").first.check()
    page.get_by_role("button", name="Take back").last.click()
    expect(page.get_by_text("1 work is back.")).to_be_visible()
    page.goto("/works/?source=uploaded")
    expect(page.locator("[data-tile]")).to_have_count(2)
