"""The studio as a whole: by keyboard alone, by roles and names alone, at every width, in two tabs, on bad days."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.proof import IS_PROOF, in_proof
from tests.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Page]
Axe = Callable[[Page], list[str]]
MADE_MS = 60_000
WORDS = "What shall it be? A few words"


def begin(page: Page) -> None:
    page.goto("/studio/")
    page.get_by_role("button", name="New session").first.click()
    page.wait_for_url(re.compile(r"/studio/[0-9a-f-]{36}/"))


def small(page: Page) -> None:
    """The smallest pictures, for speed; the pane of settings is left as it was found."""
    page.locator("select[name=size]").evaluate(
        "field => { field.value = '512'; field.dispatchEvent(new Event('change', {bubbles: true})); }"
    )


def make(page: Page, words: str, count: int = 1) -> Locator:
    small(page)
    page.get_by_label(WORDS).fill(words)
    page.get_by_label("How many").select_option(str(count))
    page.get_by_role("button", name="Make", exact=True).click()
    takes = page.get_by_role("list", name="Takes").last.get_by_role("link")
    expect(takes).to_have_count(count, timeout=MADE_MS)
    return takes


def fits(page: Page) -> bool:
    """Whether nothing lies beside the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def tab_to(page: Page, name: str, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        held = page.evaluate("[document.activeElement.textContent, document.activeElement.ariaLabel].join(' ').trim()")
        if held.startswith(name):
            return
    pytest.fail(f"Tab never came to {name!r}")


def test_the_first_story_by_keyboard_alone(visit: Visit) -> None:
    page = visit("Sofia")  # whose settings nobody else opens: it is remembered
    page.goto("/studio/")
    tab_to(page, "New session")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/studio/[0-9a-f-]{36}/"))
    page.keyboard.press("Alt+s")
    expect(page.get_by_label("Model", exact=True)).to_be_focused()
    while page.evaluate("document.activeElement.id") != "size":
        page.keyboard.press("Tab")
    page.keyboard.type("512")
    page.keyboard.press("Alt+s")
    expect(page.get_by_label(WORDS)).to_be_focused()
    tab_to(page, "12345678")  # how many
    page.keyboard.type("3")
    while page.evaluate("document.activeElement.name") != "prompt":
        page.keyboard.press("Shift+Tab")
    page.keyboard.type("quiet sea, gold")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("soft waves")
    page.keyboard.press("Enter")
    takes = page.get_by_role("list", name="Takes").get_by_role("link")
    expect(takes).to_have_count(3, timeout=MADE_MS)
    expect(page.get_by_role("article")).to_contain_text("512 × 512")
    takes.first.focus()
    page.keyboard.press("ArrowRight")
    expect(takes.nth(1)).to_be_focused()
    expect(takes.and_(page.locator("[aria-current=true]"))).to_have_count(1)  # the one that came first lies on the canvas
    if takes.nth(1).get_attribute("aria-current") is None:
        page.keyboard.press("Enter")
        expect(takes.nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("Enter")  # and large when it is asked for once more
    viewer = page.get_by_role("dialog", name="Work")
    shown = viewer.locator("[data-zoom-now]")
    expect(shown).to_have_text(re.compile(r"\d"))  # said once the picture is loaded
    fitted = shown.text_content()
    page.keyboard.press("+")
    expect(shown).not_to_have_text(fitted or "")
    at = page.url
    page.keyboard.press("ArrowRight")  # moves the picture, since it is larger than its window
    assert page.url == at
    page.keyboard.press("0")
    expect(shown).to_have_text(fitted or "")
    page.keyboard.press("ArrowRight")
    expect(page).not_to_have_url(at)
    page.keyboard.press("Escape")
    expect(takes.nth(2)).to_be_focused()
    tab_to(page, "Keep")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Kept")).to_have_count(1)


@in_proof
def test_the_first_story_by_roles_and_names_alone(visit: Visit, axe: Axe) -> None:
    page = visit("Amina")
    begin(page)
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("The teachers and assistants of Art 6b can see")
    page.get_by_role("button", name="I have read it").click()
    page.get_by_role("button", name="All settings").click()
    region = page.get_by_role("region", name="All settings")
    region.get_by_role("combobox", name="Longer side").select_option("512 px")
    region.get_by_role("textbox", name="Seed").fill("7")
    page.get_by_role("combobox", name="How many").select_option("2")
    page.get_by_role("radio", name="Portrait").check(force=True)
    page.get_by_role("textbox", name=WORDS).fill("northern lights over snow")
    page.get_by_role("button", name="Make", exact=True).click()
    said = page.get_by_role("status").and_(page.locator("#say"))
    expect(said).to_have_text("Started.", timeout=MADE_MS)
    takes = page.get_by_role("list", name="Takes").get_by_role("link", name=re.compile("Abstract picture"))
    expect(takes).to_have_count(2, timeout=MADE_MS)
    page.get_by_role("button", name="Keep").last.click()
    page.get_by_role("button", name="Keep").first.click()  # the choice is changed
    expect(page.get_by_role("button", name="Kept")).to_have_count(1)
    expect(page.get_by_role("listitem").filter(has=page.get_by_role("button", name="Kept"))).to_contain_text("Seed 7")
    canvas = page.get_by_role("region", name="Canvas")
    expect(takes.and_(page.locator("[aria-current=true]"))).to_have_count(1)  # the one that came first
    if takes.first.get_attribute("aria-current") is None:
        takes.first.click()
    expect(takes.first).to_have_attribute("aria-current", "true")
    canvas.get_by_role("button", name="Open large").click()
    viewer = page.get_by_role("dialog", name="Work")
    for fact in ("procedural/auto", "Built-in painter (cpu), local", "384 × 512 px", "My teacher", "Generated", "Took"):
        expect(viewer).to_contain_text(fact)
    assert axe(page) == []
    viewer.get_by_text("Title, tags, alt text").click()
    viewer.get_by_role("textbox", name="Tags").fill("winter, sky")
    viewer.get_by_role("textbox", name="Title").fill("First snow")
    viewer.get_by_role("button", name="Save").click()
    expect(viewer.get_by_text(re.compile(r"^Saved "))).to_be_visible()
    viewer.get_by_role("link", name="Use these settings again").click()
    expect(viewer).to_be_hidden()
    expect(page.get_by_role("textbox", name="Seed")).to_have_value("7")
    expect(said).to_have_text("2 of 2 ready.", timeout=15_000)
    page.reload()
    expect(page.get_by_role("button", name="I have read it")).to_have_count(0)
    expect(page.get_by_role("region", name="All settings")).to_be_visible()
    page.get_by_role("button", name="All settings", exact=True).click()


@pytest.mark.parametrize(
    ("width", "height", "dark"), [(390, 844, True), (1366, 768, False), *([(1440, 900, True)] if IS_PROOF else [])]
)
def test_stage_and_prompt_are_in_sight_at_every_width(
    visit: Visit, axe: Axe, shots: Path, width: int, height: int, dark: bool
) -> None:
    page = visit("Noah", width=width, height=height, dark=dark)
    page.goto("/studio/")
    page.get_by_role("link", name=re.compile("My garden")).click()
    box = page.get_by_label(WORDS)
    expect(box).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Make", exact=True)).to_be_in_viewport(ratio=1)
    newest = page.get_by_role("article").last.get_by_role("listitem").get_by_role("img")
    expect(newest).to_be_visible(timeout=MADE_MS)
    expect(newest).to_be_in_viewport(ratio=0.5)
    if width >= 720:
        assert page.evaluate("document.documentElement.scrollTop") == 0
    assert fits(page)
    assert axe(page) == []
    page.screenshot(path=shots / f"studio-{width}.png")
    if width < 1024:
        for name in ("Works", "Canvas", "Conversation"):
            page.get_by_role("group", name="Panes").get_by_role("button", name=name).click()
            assert fits(page)
            assert axe(page) == []
    else:
        page.keyboard.press("Escape")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("[")
        expect(page.get_by_role("region", name="Works and sessions")).to_be_hidden()
        page.reload()
        expect(page.get_by_role("region", name="Works and sessions")).to_be_hidden()
        page.keyboard.press("[")
        page.keyboard.press("Alt+s")
        expect(page.get_by_role("region", name="All settings")).to_be_visible()
        assert axe(page) == []
        with page.expect_response("**/studio/preferences/"):  # the server has it before the next width asks
            page.keyboard.press("Alt+s")


def test_two_tabs_of_a_session_and_its_teacher_stay_in_step(visit: Visit) -> None:
    one = visit("Leo")
    begin(one)
    two = one.context.new_page()
    two.goto(one.url)
    teacher = visit("Amara")
    teacher.goto(one.url)
    one.get_by_label(WORDS).fill("red circles")
    expect(two.get_by_label(WORDS)).to_have_value("red circles")
    make(one, "red circles", count=2)
    there = two.get_by_role("list", name="Takes").get_by_role("link")
    expect(there).to_have_count(2, timeout=MADE_MS)
    expect(two.get_by_role("heading", level=1)).to_have_text("red circles")
    expect(teacher.get_by_role("list", name="Takes").get_by_role("link")).to_have_count(2, timeout=15_000)
    expect(teacher.get_by_role("button", name="Keep")).to_have_count(0)
    one.get_by_role("button", name="Keep").first.click()
    expect(two.get_by_role("button", name="Kept")).to_have_count(1, timeout=15_000)
    expect(two.get_by_role("article")).to_have_count(1)
    one.get_by_role("link", name="Rename").click()
    one.get_by_role("textbox", name="Name of the session").fill("Circles 🔴")
    one.keyboard.press("Enter")
    expect(one.get_by_role("heading", level=1)).to_have_text("Circles 🔴")
    expect(two.get_by_role("heading", level=1)).to_have_text("Circles 🔴")
    expect(two.get_by_role("region", name="Works and sessions")).to_contain_text("Circles 🔴")


def test_a_session_goes_to_the_trash_and_comes_back(visit: Visit) -> None:
    page = visit("Mateo")
    begin(page)
    page.get_by_role("link", name="Rename").click()
    page.get_by_role("textbox", name="Name of the session").fill("Short-lived")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("The session was moved to the trash.")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Short-lived"))).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Short-lived")
    page.goto("/studio/?q=short")
    page.get_by_role("button", name="Delete Short-lived").click()
    expect(page.get_by_role("link", name=re.compile("Short-lived"))).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name=re.compile("Short-lived"))).to_be_focused()
    page.get_by_role("button", name="Delete Short-lived").click()
    expect(page.get_by_role("link", name=re.compile("Short-lived"))).to_be_hidden()
    page.goto("/studio/trash/")
    page.get_by_role("button", name="Take back").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Short-lived")


@pytest.mark.parametrize("width", [390, 1440] if IS_PROOF else [390])
def test_long_titles_emoji_and_words_from_right_to_left_fit(visit: Visit, width: int) -> None:
    page = visit("Hana", width=width)
    begin(page)
    words = "שקיעה מעל הים 🌅 " + "غروب_الشمس_فوق_البحر" * 12
    make(page, words)
    assert page.get_by_role("article").get_by_role("heading").evaluate("one => getComputedStyle(one).direction") == "rtl"
    assert fits(page)
    page.get_by_role("list", name="Takes").get_by_role("link").click()
    expect(page.get_by_role("dialog", name="Work")).to_be_visible()
    assert fits(page)
    page.keyboard.press("Escape")
    page.goto("/studio/")
    assert fits(page)


def test_a_missing_file_shows_a_placeholder_and_the_rest_lives(visit: Visit, house: Stack) -> None:
    page = visit("Ilse")
    page.goto("/studio/")
    page.get_by_role("link", name=re.compile("Studies in ochre")).click()
    gone = page.get_by_role("listitem").get_by_role("img").last.get_attribute("src") or ""
    broken = [True]
    page.route(f"**{gone}*", lambda route: route.fulfill(status=404) if broken else route.continue_())
    page.reload()
    again = page.get_by_role("region", name="Conversation").get_by_role("button", name="Try again")
    expect(again).to_have_count(1)
    again.click()
    expect(page.get_by_text("It still cannot be loaded.")).to_be_visible()
    broken.clear()
    again.click()
    expect(again).to_have_count(0)
    expect(page.get_by_role("listitem").get_by_role("img").last).to_have_js_property("complete", True)
    page.route("**/panel/", lambda route: route.fulfill(status=500, body="away"))
    page.get_by_role("region", name="Canvas").get_by_role("button", name="Open large").click()
    expect(page.get_by_role("dialog", name="Work")).to_contain_text("This work could not be loaded.")
    page.unroute("**/panel/")
    page.get_by_role("dialog", name="Work").get_by_role("button", name="Try again").click()
    expect(page.get_by_role("dialog", name="Work")).to_contain_text("procedural/auto")


def test_signing_out_in_mid_job_takes_the_drafts_and_leaves_the_work(visit: Visit) -> None:
    page = visit("Jonas")
    begin(page)
    here = page.url
    page.get_by_label(WORDS).fill("blue rivers")
    page.get_by_label("How many").select_option("2")
    page.get_by_role("button", name="Make", exact=True).click()
    expect(page.get_by_role("article")).to_have_count(1)
    page.get_by_label(WORDS).fill("not sent yet")
    page.goto("/sign-out/")
    page.get_by_role("main").get_by_role("button", name=re.compile("Sign out")).click()
    page.wait_for_url(lambda url: "sign-out" not in url)
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('ij-words'))") == []
    page.goto("/sign-in/")
    page.get_by_role("button", name="Jonas").first.click()
    page.wait_for_url("**/home/")
    page.goto(here)
    expect(page.get_by_role("list", name="Takes").get_by_role("link")).to_have_count(2, timeout=MADE_MS)
    expect(page.get_by_label(WORDS)).to_have_value("")


def test_what_lies_on_the_canvas_is_worked_on(visit: Visit, axe: Axe) -> None:
    page = visit("Mia")
    begin(page)
    canvas, shelf = page.get_by_role("region", name="Canvas"), page.get_by_role("region", name="Works and sessions")
    expect(canvas).to_contain_text("What you make, draw or bring in is shown here")
    takes = make(page, "green hills", count=2)
    expect(canvas.locator("[data-work]").first).to_be_visible()  # what was asked for comes by itself
    for take in (takes.first, takes.last):
        take.click()
        expect(take).to_have_attribute("aria-current", "true")
        page.keyboard.press("Escape")  # the one that came by itself is large after its first press
        expect(page.get_by_role("dialog", name="Work")).to_be_hidden()
    canvas.get_by_role("button", name="Use as reference").click()
    expect(canvas.get_by_role("button", name=re.compile("Take away Reference"))).to_be_visible()
    page.keyboard.press("i")
    expect(canvas.get_by_role("group", name="About this work")).to_contain_text("procedural/auto")
    assert axe(page) == []
    last = takes.last.get_attribute("data-view") or "none"
    page.goto(page.url.split("?")[0])
    expect(canvas.locator(f"[data-work='{last}']").first).to_be_visible()  # remembered by the session
    expect(shelf.get_by_role("list").first.get_by_role("link")).to_have_count(2)
    canvas.get_by_role("button", name="Delete").click()
    expect(canvas.locator(f"[data-work='{last}']")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(canvas.locator(f"[data-work='{last}']").first).to_be_visible()
