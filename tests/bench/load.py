"""The first load of the studio in Chromium, nothing cached: `python -m tests.bench.load`.

Usable is the moment when the prompt box stands and its element is at work; counted from the navigation's start.
"""

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from ij8.embedded.browser import find_browser
from tests.bench.figures import Bar, Measured, best_of
from tests.bench.product import running
from tests.e2e.conftest import QUIET

SLOWED, SLOWED_TIMES = "slowed", 4
SCRIPTS = Bar("first load of the studio, scripts as sent", "KB", 60)
USABLE = {
    "": Bar("first load of the studio, usable", "s", 1.0),
    SLOWED: Bar(f"first load of the studio, usable, CPU slowed {SLOWED_TIMES} times", "s", 2.5),
}
# in every page before its own scripts; the frame after the one that made it usable is when a person sees it
WATCH = """
(function look() {
  if (document.querySelector("ij-prompt:defined textarea")) requestAnimationFrame(() => (window.usable = performance.now()));
  else requestAnimationFrame(look);
})();
"""


def session_of(browser: Browser, url: str) -> tuple[str, list[dict[str, str]]]:
    """The address of the student's session, and the cookies of one who is signed in."""
    context = browser.new_context(base_url=url)
    page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_role("button", name="Mia").first.click()
    page.wait_for_url("**/home/")
    page.goto("/studio/")
    address = page.locator("main a.session-card").first.get_attribute("href") or ""
    cookies = [dict(cookie) for cookie in context.cookies()]
    context.close()
    return address, cookies  # type: ignore[return-value]


def first_load(browser: Browser, url: str, address: str, cookies: list[dict[str, str]], *, slowed: bool) -> tuple[float, float]:
    """Seconds until usable, and kilobytes of scripts as they came over the wire."""
    context = browser.new_context(base_url=url, viewport={"width": 1366, "height": 768})
    context.add_cookies(cookies)  # type: ignore[arg-type]
    context.add_init_script(WATCH)
    page: Page = context.new_page()
    tools: CDPSession = context.new_cdp_session(page)
    scripts, sent = set(), []
    tools.on("Network.responseReceived", lambda e: scripts.add(e["requestId"]) if e["type"] == "Script" else None)
    tools.on("Network.loadingFinished", lambda e: sent.append(e))
    tools.send("Network.enable")
    if slowed:
        tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED_TIMES})
    page.goto(address, wait_until="load")
    while not (usable := page.evaluate("window.usable")):
        page.wait_for_timeout(20)
    context.close()
    return usable / 1000, sum(e["encodedDataLength"] for e in sent if e["requestId"] in scripts) / 1000


def main() -> int:
    with running(demo=True, settings="ij8.settings") as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=QUIET)
        address, cookies = session_of(browser, stack.url)

        def measure() -> Measured:
            usable, sent_kb = first_load(browser, stack.url, address, cookies, slowed=False)
            slow, _ = first_load(browser, stack.url, address, cookies, slowed=True)
            return {SCRIPTS.name: sent_kb, USABLE[""].name: usable, USABLE[SLOWED].name: slow}

        met = best_of([SCRIPTS, *USABLE.values()], measure)
        browser.close()
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
