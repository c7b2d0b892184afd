"""Signing out on a device that others use too."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
DRAFTS = "Object.keys(localStorage).filter((key) => key.startsWith('ij-words:'))"


def test_signing_out_shows_what_is_not_sent_takes_it_along_and_closes_the_other_tab(visit: Callable[..., Page]) -> None:
    page = visit("Marek")
    page.get_by_role("button", name="New session").first.click()
    page.wait_for_url(re.compile(r"/studio/[0-9a-f-]{36}/"))
    other = page.context.new_page()
    other.goto("/works/")
    page.get_by_role("textbox", name="What shall it be? A few words").fill("a secret garden")
    assert len(page.evaluate(DRAFTS)) == 1
    page.locator("summary.me-name").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign out?")).to_be_visible()
    draft = page.get_by_role("link", name="a secret garden")
    expect(draft).to_be_visible()
    assert len(page.evaluate(DRAFTS)) == 1
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")
    assert page.evaluate(DRAFTS) == []
    other.wait_for_url("**/sign-in/**")
    page.go_back()
    expect(page.get_by_role("button", name="New session")).to_have_count(0)
