"""Somebody of the platform looks in as a pupil to help: she hears of it at once, and her school's admin reads it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.proof import in_proof

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser"), in_proof]
Visit = Callable[..., Page]
REASON = "asked why a picture does not load"


def test_support_looks_in_and_everybody_concerned_can_read_it(visit: Visit, axe: Callable[[Page], list[str]]) -> None:
    mia = visit("Mia", width=390, height=844)
    robin = visit("Robin", at="/platform/support/?q=mia")
    robin.get_by_role("link", name="Choose Mia").click()
    assert axe(robin) == []
    robin.get_by_label("Why?").fill(REASON)
    robin.get_by_role("button", name="Look in").click()
    expect(robin.get_by_role("heading", level=1)).to_contain_text("Mia")
    expect(robin.get_by_text("You can look, not change.")).to_be_visible()
    robin.goto("/settings/tokens/")
    expect(robin.get_by_text("Stop looking in first.")).to_be_visible()
    expect(mia.locator(".count")).to_have_text("1", timeout=5000)
    mia.goto("/notices/")
    assert axe(mia) == []
    mia.get_by_role("link", name=REASON).click()
    expect(mia.get_by_role("heading", name="Who looked in as you")).to_be_visible()
    robin.get_by_role("button", name="Stop").click()
    expect(robin.get_by_text("You see ij8 as yourself again.")).to_be_visible()
    sofia = visit("Sofia", at="/school/audit/?group=support")
    expect(sofia.get_by_text(f"Robin looked in as Mia: {REASON}")).to_be_visible()
    expect(sofia.get_by_text("Robin stopped looking in as Mia.")).to_be_visible()
    assert axe(sofia) == []
