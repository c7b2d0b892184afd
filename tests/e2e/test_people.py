"""An admin's morning in a browser: somebody is found, chosen by keys, ended and brought back; a teacher gets a class going."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Page]


def test_people_are_chosen_by_keys_and_what_is_done_is_taken_back(visit: Visit, axe: Callable[[Page], list[str]]) -> None:
    page = visit("Sofia", at="/school/people/?role=student&sort=name")
    page.locator("[data-item]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    bar = page.get_by_role("form", name="Chosen people")
    expect(bar).to_contain_text("Chosen: 2")
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    page.keyboard.press("Space")
    assert axe(page) == []
    bar.get_by_role("combobox", name="Age").select_option("13_15")
    bar.get_by_role("button", name="Set age").click()
    expect(page.get_by_text("The age of 1 person is set.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back for 1 person.")).to_be_visible()


def test_a_teacher_makes_a_class_times_it_and_deletes_it_again(visit: Visit, axe: Callable[[Page], list[str]]) -> None:
    page = visit("Amara", at="/classes/", width=390)
    page.get_by_role("link", name="New class").click()
    page.get_by_label("Name of the class").fill("Art 7c")
    page.get_by_role("button", name="Make the class").click()
    expect(page.get_by_role("heading", name="Art 7c")).to_be_visible()
    page.get_by_role("link", name="Settings", exact=True).last.click()
    page.get_by_label("Day").first.select_option("1")
    page.get_by_label("From").first.fill("09:00")
    page.get_by_label("To", exact=True).first.fill("10:30")
    page.get_by_role("button", name="Save the timetable").click()
    expect(page.get_by_text("The timetable is saved.")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Delete the class").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("The class is back, with everybody in it.")).to_be_visible()
    page.get_by_role("button", name="Delete the class").click()
