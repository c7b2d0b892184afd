"""The drawing pad in a browser: by mouse and by keys, kept over a reload, saved, and taken up again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Page]
INKED = """() => {
  const ink = document.querySelector("[data-ink]");
  const { data } = ink.getContext("2d").getImageData(0, 0, ink.width, ink.height);
  let count = 0;
  for (let at = 3; at < data.length; at += 4) count += data[at] > 0;
  return count;
}"""


def drag(page: Page, *shares: tuple[float, float]) -> None:
    """One stroke over points given as shares of the sheet."""
    box = page.locator("[data-sheet]").bounding_box()
    assert box
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in shares]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()


def test_a_drawing_by_mouse_and_keys_survives_a_reload_and_has_versions(visit: Visit, axe: Callable[[Page], list[str]]) -> None:
    page = visit("Hana", at="/studio/draw/?shape=landscape&size=512")
    sheet = page.get_by_role("application", name="Sheet")
    expect(page.locator("ij-pad[data-ready]")).to_be_visible()
    drag(page, (0.1, 0.2), (0.5, 0.3), (0.9, 0.2))
    by_mouse = page.evaluate(INKED)
    assert by_mouse > 500

    sheet.focus()
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    expect(page.locator("[data-say]")).to_have_text("x 0 %, y 50 %, pen down")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Space")
    expect(page.locator("[data-say]")).to_have_text("x 10 %, y 50 %, pen up")
    both = page.evaluate(INKED)
    assert both > by_mouse
    page.keyboard.press("Control+z")
    assert page.evaluate(INKED) == by_mouse
    page.keyboard.press("Control+Shift+z")
    assert page.evaluate(INKED) == both
    page.get_by_role("button", name="Clear").click()
    assert page.evaluate(INKED) == 0
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    assert page.evaluate(INKED) == both
    assert axe(page) == []

    page.reload()
    expect(page.get_by_text("This is what you drew here last and did not save.")).to_be_visible()
    assert page.evaluate(INKED) == both
    page.get_by_role("textbox", name="Title").fill("Two lines")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Open its page")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/studio/draw/\?of="))
    page.get_by_role("link", name="Open its page").click()

    expect(page.get_by_role("heading", name="Two lines", level=1)).to_be_visible()
    page.get_by_role("link", name="Take up again").click()
    expect(page.locator("ij-pad[data-ready]")).to_be_visible()
    assert page.evaluate(INKED) == both
    first = page.url
    drag(page, (0.2, 0.8), (0.8, 0.8))
    page.get_by_role("button", name="Save as next version").click()
    expect(page).not_to_have_url(first)
    page.get_by_role("link", name="Open its page").click()
    expect(page.get_by_text("Versions: 2").or_(page.get_by_text(re.compile("2 versions", re.I))).first).to_be_visible()
