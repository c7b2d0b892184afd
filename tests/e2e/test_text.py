"""A text in a browser: written, saved, changed, compared, taken back, taken along, and changed in two tabs."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Page]


def body(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Text", exact=True)


def save(page: Page, words: str) -> None:
    body(page).fill(words)
    page.keyboard.press("Control+s")


def test_a_text_is_written_compared_taken_back_and_taken_along(visit: Visit, axe: Callable[[Page], list[str]]) -> None:
    page = visit("Leo", at="/works/")
    page.get_by_role("link", name="New text").click()
    body(page).fill("# Low tide\n\nA quiet sea.")
    expect(page.locator("#preview h2")).to_have_text("Low tide")
    page.keyboard.press("Control+s")
    versions = page.get_by_role("region", name="Versions")
    expect(versions).to_contain_text("One version")
    assert axe(page) == []
    save(page, "# Low tide\n\nA loud sea.")
    expect(versions).to_contain_text("2 versions")
    expect(page.get_by_text(re.compile(r"^Saved \d"))).to_be_visible()
    editor = page.url
    versions.get_by_role("link", name=re.compile("Version 2")).click()
    expect(page.locator("del")).to_contain_text("quiet")
    expect(page.locator("ins")).to_contain_text("loud")
    assert axe(page) == []
    page.goto(editor)
    versions.get_by_role("link", name=re.compile("Version 1")).click()
    page.get_by_role("button", name="Take version 1 again").click()
    expect(body(page)).to_have_value("# Low tide\n\nA quiet sea.\n")
    expect(versions).to_contain_text("3 versions")
    page.locator("summary", has_text="Download").click()
    with page.expect_download() as pdf:
        page.get_by_role("link", name="PDF to print (.pdf)").click()
    assert pdf.value.suggested_filename == "Low tide.pdf"
    content = pdf.value.path().read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"/Title (Low tide)" in content
    other = page.context.new_page()
    other.goto(editor)
    save(page, "# Low tide\n\nOne gull.")
    expect(versions).to_contain_text("4 versions")
    save(other, "# Low tide\n\nTwo gulls.")
    expect(other.get_by_role("heading", name="Yours, not saved yet")).to_be_visible()
    expect(other.locator("ins")).to_contain_text(["Two"])
    other.get_by_role("button", name="Save yours as the newest version").click()
    expect(other.get_by_role("region", name="Versions")).to_contain_text("5 versions")
    expect(body(other)).to_have_value("# Low tide\n\nTwo gulls.\n")
