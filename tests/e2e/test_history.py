"""How a work came to be, in a browser: versions walked by keys, the lineage, a folder, works moved into it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Page]
# a work of three versions, each another colour
GROW = """async title => {
  const { csrf, school } = document.body.dataset;
  let of = "";
  for (const colour of ["#c88a1f", "#2c6238", "#9c2b1b"]) {
    const canvas = new OffscreenCanvas(64, 48), pen = canvas.getContext("2d");
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 64, 48);
    const body = new FormData();
    body.append("file", await canvas.convertToBlob({ type: "image/png" }), "x.png");
    body.append("title", title);
    if (of) body.append("version_of", of);
    const answer = await fetch("/api/artifacts/", { method: "POST", body, headers: { "X-CSRFToken": csrf, "X-School": school } });
    if (!answer.ok) throw new Error(await answer.text());
    of = (await answer.json()).id;
  }
}"""


def test_versions_are_walked_seen_as_a_lineage_and_filed(visit: Visit, axe: Callable[[Page], list[str]]) -> None:
    page = visit("Leo")
    page.evaluate(GROW, "Three colours")
    page.goto("/works/?source=uploaded")
    tile = page.locator("[data-tile]", has_text="Three colours")
    expect(tile).to_have_count(1)
    tile.get_by_role("link").first.click()
    strip = page.get_by_role("dialog").get_by_role("region", name="Versions")
    now = strip.locator("li[aria-current]")
    expect(now).to_contain_text("Version 3")
    page.keyboard.press("Control+z")
    expect(now).to_contain_text("Version 2")
    expect(now).to_contain_text("current")
    page.keyboard.press("Control+z")
    expect(now).to_contain_text("Version 1")
    page.keyboard.press("Shift+Control+z")
    expect(now).to_contain_text("Version 2")
    assert axe(page) == []
    strip.get_by_role("link", name="How it came to be").click()
    drawn = page.get_by_role("group", name="Lineage, drawn")
    expect(drawn.get_by_role("link")).to_have_count(3)
    drawn.get_by_role("link", name=", current").focus()
    page.keyboard.press("ArrowLeft")
    expect(drawn.get_by_role("link", name="Version 1")).to_be_focused()
    assert axe(page) == []
    page.goto("/works/")
    page.get_by_label("Name of a new folder").fill("Colours")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing lies in this folder yet.")).to_be_visible()
    page.goto("/works/?source=uploaded")
    page.locator("[data-tile]", has_text="Three colours").get_by_role("checkbox").check()
    bar = page.get_by_role("form", name="Chosen works")
    bar.get_by_label("Folder to move them into").select_option(label="Colours")
    bar.get_by_role("button", name="Move to the folder").click()
    expect(page.get_by_text("Moved: 1.").first).to_be_visible()
    page.get_by_role("navigation", name="Folders").get_by_role("link", name="Colours").click()
    expect(page.locator("[data-tile]")).to_have_count(1)
    assert axe(page) == []
