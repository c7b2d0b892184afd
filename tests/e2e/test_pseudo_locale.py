"""Words two fifths longer, and from right to left: nothing stands out of the page at the side."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e.proof import IS_PROOF

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
PAGES = (
    "/home/", "/studio/", "/works/", "/settings/profile/", "/settings/appearance/", "/settings/accessibility/",
    "/settings/privacy/", "/settings/tokens/", "/help/", "/privacy/",
)  # fmt: skip
WIDTHS = (390, 1440)
STANDING_OUT = """() => [...document.querySelectorAll("body *")].filter((one) => {
  const box = one.getBoundingClientRect();
  if (!box.width || !one.checkVisibility() || one.closest(".sr, .scroll-x, svg")) return false;
  if (getComputedStyle(one).clipPath !== "none") return false;
  return box.right > innerWidth + 1 || box.left < -1;
}).map((one) => `${one.tagName.toLowerCase()}.${one.className}: ${one.textContent.trim().slice(0, 40)}`)"""


@pytest.mark.parametrize(("language", "direction"), [*([("en-XA", "ltr")] if IS_PROOF else []), ("ar-XB", "rtl")])
def test_long_words_fit_in_both_directions(visit: Callable[..., Page], language: str, direction: str) -> None:
    page = visit("Sofia", locale=language)
    assert page.evaluate("document.documentElement.dir || 'ltr'") == direction
    found = {}
    session = page.evaluate("document.querySelector('a[href^=\"/studio/0\"]')?.pathname")
    assert session
    for address in (*PAGES, session):
        page.goto(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if out := page.evaluate(STANDING_OUT):
                found[f"{address} at {width}"] = out
    assert found == {}
