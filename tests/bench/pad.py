"""What a drawing hand waits for on the largest sheet: `python -m tests.bench.pad`, or `--at http://…` for a demo that runs.

The listeners of the pointer's events in Chromium's own trace, at 2048 × 2048 px, over strokes of every tool; the stroke's end
with its drawing whole is among them. Undo is told beside.
"""

import argparse
import json
import math
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from ij8.embedded.browser import find_browser
from tests.bench.figures import Bar, Measured, best_of, quantile
from tests.bench.load import session_of
from tests.bench.product import running
from tests.e2e.conftest import QUIET

SHEET = "/studio/draw/?shape=square&size=2048"
STROKES, POINTS = 12, 40  # of each tool
POINTER = {"pointerdown", "pointermove", "pointerrawupdate", "pointerup"}
HANDLERS = Bar("a pointer event on the drawing pad at 2048 px, p95", "ms", 8)
WORST = Bar("a pointer event on the drawing pad at 2048 px, p99.5", "ms")
UNDO = Bar("undo on the drawing pad at 2048 px, 36 strokes, p95", "ms")
BARS = [HANDLERS, WORST, UNDO]


def costs_ms(trace: dict[str, Any], types: set[str]) -> list[float]:
    """Milliseconds of each event of these types, from a trace of the category devtools.timeline."""
    events = [one for one in trace["traceEvents"] if one.get("ph") == "X" and one["name"] == "EventDispatch"]
    return [one["dur"] / 1000 for one in events if one["args"]["data"]["type"] in types]


def draw(page: Page) -> None:
    box = page.locator("[data-sheet]").bounding_box()
    assert box
    for tool in ("pen", "brush", "eraser"):
        page.keyboard.press(tool[0])
        for stroke in range(STROKES):
            for at in range(POINTS):
                share = at / POINTS
                x = box["x"] + box["width"] * (0.05 + 0.9 * share)
                y = box["y"] + box["height"] * (0.08 + 0.07 * stroke + 0.05 * math.sin(at / 3 + stroke))
                page.mouse.move(x, y)
                if at == 0:
                    page.mouse.down()
            page.mouse.up()


def measured(browser: Browser, context: BrowserContext) -> Measured:
    page = context.new_page()
    page.goto(SHEET, wait_until="load")
    page.locator("ij-pad[data-ready]").wait_for()
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    draw(page)
    hand = costs_ms(json.loads(browser.stop_tracing()), POINTER)
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    for _ in range(STROKES):
        page.keyboard.press("Control+z")
    undone = costs_ms(json.loads(browser.stop_tracing()), {"keydown"})
    page.close()
    return {HANDLERS.name: quantile(hand, 0.95), WORST.name: quantile(hand, 0.995), UNDO.name: quantile(undone, 0.95)}


def measure_at(url: str) -> bool:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=QUIET)
        _, cookies = session_of(browser, url)

        def measure() -> Measured:
            context = browser.new_context(base_url=url, viewport={"width": 1366, "height": 900})
            context.add_cookies(cookies)  # type: ignore[arg-type]
            found = measured(browser, context)
            context.close()
            return found

        met = best_of(BARS, measure)
        browser.close()
    return met


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pad", description=__doc__)
    parser.add_argument("--at", help="the address of a demo that runs already")
    at = parser.parse_args().at
    if at:
        return 0 if measure_at(at) else 1
    with running(demo=True, settings="ij8.settings") as house:
        return 0 if measure_at(house.url) else 1


if __name__ == "__main__":
    raise SystemExit(main())
