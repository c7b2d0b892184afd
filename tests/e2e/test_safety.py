"""A refusal overruled, a picture that upset, and a consent withdrawn, as those concerned see it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Page]
WORDS = "a castle full of zombies with a machine gun"


def test_a_refusal_is_overruled_and_what_upset_is_hidden_and_answered(visit: Visit, axe: Callable[[Page], list[str]]) -> None:
    pupil = visit("Hana", at="/studio/")
    pupil.get_by_role("link", name="Patterns").first.click()
    box = pupil.locator("#prompt-text")
    box.fill(WORDS)
    box.press("Enter")
    expect(pupil.locator("#prompt-wrong")).to_contain_text("“machine gun” and try again")
    expect(box).to_have_value(WORDS)
    pupil.locator(".report-menu summary").first.click()
    pupil.get_by_role("button", name="This upset me").first.click()
    expect(pupil.get_by_text("The picture is hidden from you.")).to_be_visible()
    expect(pupil.get_by_text("You hid this picture.").first).to_be_visible()

    teacher = visit("Amara", width=390, height=844, dark=True)
    teacher.get_by_role("link", name=re.compile("refusal.? in Art 6b")).click()
    row = teacher.locator("article").filter(has_text=WORDS)
    assert axe(teacher) == []
    row.get_by_role("button", name="Allow for Hana").click()
    expect(teacher.get_by_text("Hana is told.")).to_be_visible()
    teacher.get_by_role("link", name="Reports", exact=True).click()
    teacher.get_by_label("Answer to Hana").fill("Thank you, we look at it together.")
    assert axe(teacher) == []
    teacher.get_by_role("button", name="Answer and close").click()
    expect(teacher.get_by_text("Nothing waits.")).to_be_visible()

    pupil.get_by_role("button", name="Make", exact=True).click()
    expect(pupil.get_by_role("heading", name=WORDS)).to_be_visible(timeout=15_000)


def test_consent_is_entered_and_withdrawn(visit: Visit, axe: Callable[[Page], list[str]]) -> None:
    page = visit("Sofia", at="/school/policy/")
    assert axe(page) == []
    page.goto("/school/consent/?kind=photo")
    page.get_by_role("checkbox", name="Mia").check()
    assert axe(page) == []
    page.get_by_role("button", name="Enter for those ticked").click()
    expect(page.get_by_text("Entered for 1.")).to_be_visible()
    page.get_by_role("button", name="Withdraw for Mia").click()
    expect(page.get_by_text("Withdrawn for Mia.")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Mia")).to_be_visible()
