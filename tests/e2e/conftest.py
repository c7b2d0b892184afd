"""A real Chromium against the whole product. Every page that a test opens is watched for what must never happen."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from ij8.embedded.browser import find_browser
from ij8.embedded.places import CHECKOUT
from tests.stack import Stack

QUIET = [
    "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-quic", "--disable-default-apps",
]  # fmt: skip
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CSP_EAR = (
    "document.addEventListener('securitypolicyviolation', "
    "event => console.error(`CSP ${event.violatedDirective} ${event.blockedURI}`))"
)


# colours that are on their way have the contrast of neither end
SETTLED = """async () => {
    const moving = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity);
    const ended = Promise.all(moving.map((one) => one.finished.catch(() => {})));
    await Promise.race([ended, new Promise((go) => setTimeout(go, 2000))]);
}"""


@dataclass
class Watched:
    """What a browser context did wrong: errors on the console, requests to other hosts, exceptions."""

    host: str
    faults: list[str] = field(default_factory=list)

    def request(self, request: Request) -> None:
        if not request.url.startswith((self.host, "data:", "blob:", self.host.replace("http", "ws", 1))):
            self.faults.append(f"request off the host: {request.url}")

    def page(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(f"exception: {error}"))
        page.on("console", lambda said: self._heard(said.text) if said.type == "error" else None)

    def _heard(self, text: str) -> None:
        if "WebSocket" not in text and "Failed to load resource" not in text:
            self.faults.append(f"console: {text}")


# of the package, not of the run: a browser left open keeps a loop running, in which Django refuses to ask the database
@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The demo, freshly made."""
    with Stack(
        tmp_path_factory.mktemp("house") / "var",
        demo=True,
        settings="tests.settings",  # with the fakes: a place that costs money
        env={"IJ8_PSEUDO_LOCALES": "1", "IJ8_DEMO_LONG_PX": "240"},
    ) as stack:
        yield stack


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=find_browser(), args=QUIET)


@pytest.fixture(scope="package")
def keys(house: Stack) -> dict[str, list[Any]]:
    """Cookies of people who came in by the door before: whoever is known goes straight to Home."""
    return {}


@pytest.fixture
def visit(house: Stack, browser: Browser, keys: dict[str, list[Any]]) -> Iterator[Callable[..., Page]]:
    """`visit("Mia", at="/works/", width=390, dark=True)` opens a page as a person of the demo, `visit(None)` as a visitor."""
    opened: list[tuple[BrowserContext, Watched]] = []

    def open_page(
        name: str | None, *, at: str = "/home/", width: int = 1440, height: int = 900, dark: bool = False, **options: Any
    ) -> Page:
        context = browser.new_context(
            base_url=house.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            **options,
        )
        watched = Watched(house.url)
        context.add_init_script(CSP_EAR)
        context.on("request", watched.request)
        context.on("page", watched.page)
        opened.append((context, watched))
        page = context.new_page()
        page.set_default_timeout(15_000)
        if name:
            context.add_cookies(keys.get(name, []))
            page.goto(at)
            if "/sign-in/" in page.url:  # nobody yet, or signed out by an earlier test
                page.get_by_role("button", name=name).first.click()
                page.wait_for_url(lambda url: "/sign-in/" not in url)
                keys[name] = [cookie for cookie in context.cookies() if cookie["name"] == "sessionid"]
                if not page.url.endswith(at):
                    page.goto(at)
        return page

    yield open_page
    faults = [fault for _, watched in opened for fault in watched.faults]
    for context, _ in opened:
        context.close()
    assert faults == []


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """Findings of axe-core (WCAG 2.2 AA) on the page as it stands."""
    source = (CHECKOUT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

    def look(page: Page) -> list[str]:
        page.evaluate(source)
        page.evaluate(SETTLED)
        found = page.evaluate("tags => axe.run({runOnly: tags})", AXE_TAGS)
        return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]

    return look


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go."""
    return tmp_path_factory.mktemp("shots")
