"""A school opens: asked for, opened in steps, entered by its first admin; and an account is asked for and granted."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.proof import in_proof

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser"), in_proof]
NAME = "Birch School"


def test_a_school_opens_in_steps_and_its_admin_goes_there_and_answers_who_knocks(
    visit: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    open_in_steps(visit("Robin", at="/platform/schools/"), axe)

    knocking = visit(None, width=390)
    knocking.goto("/sign-in/no-account/")
    knocking.get_by_label("Which school?").fill(NAME)
    knocking.get_by_label("Your name").fill("Ada")
    knocking.get_by_label("Your e-mail address").fill("ada@home.test")
    knocking.get_by_role("button", name="Ask").click()
    expect(knocking.get_by_role("heading", name="Your request is on its way")).to_be_visible()

    sofia = visit("Sofia")
    sofia.locator("summary.me-name").click()
    sofia.get_by_role("button", name=NAME).click()
    sofia.wait_for_url("**/home/")
    sofia.get_by_role("link", name="Answer").click()
    ask = sofia.get_by_role("article", name=re.compile("Ada .* asks for an account"))
    assert axe(sofia) == []
    ask.get_by_label("They come in as").select_option("teacher")
    ask.get_by_role("button", name="Grant").click()
    expect(sofia.get_by_text("Granted.")).to_be_visible()
    link = sofia.locator("ij-copy code").inner_text()
    knocking.goto(link)
    knocking.get_by_label("Choose a password").fill("quiet lake at dawn")
    knocking.get_by_role("button", name="Come in").click()
    knocking.wait_for_url("**/home/")
    sofia.locator("summary.me-name").click()
    sofia.get_by_role("button", name="Linden School").click()
    sofia.wait_for_url("**/home/")


def open_in_steps(page: Page, axe: Callable[[Page], list[str]]) -> None:
    page.get_by_role("link", name="Open a school").click()
    page.get_by_label("Name of the school").fill(NAME)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("group", name="Term 1").get_by_label("Name").fill("Autumn")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".wrong-summary")).to_contain_text("A term needs a name, a first and a last day.")
    page.get_by_role("group", name="Term 1").get_by_label("First day").fill("2026-09-01")
    page.get_by_role("group", name="Term 1").get_by_label("Last day").fill("2026-12-18")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("radio", name="By request").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="School (done)").click()
    expect(page.get_by_label("Name of the school")).to_have_value(NAME)
    page.get_by_role("link", name="First admin").click()
    page.get_by_label("Name of the first admin").fill("Sofia")
    page.get_by_label("Their e-mail address").fill("school@demo.test")
    page.get_by_role("button", name="Go on").click()
    assert axe(page) == []
    page.get_by_role("button", name="Open the school").click()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
