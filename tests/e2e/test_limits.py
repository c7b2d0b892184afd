"""Somebody who asks too often is told when to go on, and keeps the words."""

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.test_first_story import Visit, begin

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]


def test_a_notice_says_when_one_may_go_on(visit: Visit) -> None:
    page = visit("Amina")
    begin(page)

    def too_often(route: Route) -> None:
        route.fulfill(status=429, headers={"Retry-After": "42"}, content_type="text/html", body="<p>too much</p>")

    page.route("**/studio/*/", lambda route: too_often(route) if route.request.method == "POST" else route.continue_())
    words = page.get_by_label("What shall it be? A few words")
    words.fill("a quiet garden")
    page.get_by_role("button", name="Make").click()
    expect(page.locator(".toast")).to_have_text("That was too much at once. You can go on in 42 seconds.")
    expect(words).to_have_value("a quiet garden")
