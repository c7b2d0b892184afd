"""A teacher brings in a list and takes it back; a pupil types the code of the board and is in."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
LIST = "username;name;class\r\nlina.k;Lina Köhler;Art 6b\r\nbad name;Tom;Art 6b\r\n"


def test_a_list_is_tried_brought_in_and_undone_and_a_code_lets_a_pupil_in(
    visit: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    page = visit("Amara", at="/classes/")
    page.get_by_role("link", name="Art 6b").first.click()
    page.goto(page.url.rsplit("/", 2)[0] + "/import/")
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": LIST.encode("cp1252")}
    page.get_by_label("The list").set_input_files(file)
    page.get_by_role("button", name="Look what would change").click()
    expect(page.get_by_text("“bad name” cannot be a username", exact=False)).to_be_visible()
    assert axe(page) == []
    page.get_by_role("link", name="New 1").click()
    expect(page.get_by_text("Lina Köhler")).to_be_visible()
    page.get_by_label("Leave out the row with a problem.", exact=False).check()
    page.get_by_role("button", name="Bring in 1 person").click()
    expect(page.get_by_text("1 person came in", exact=False)).to_be_visible()
    page.get_by_role("button", name="Undo this list").click()
    expect(page.get_by_text("It is undone.", exact=False)).to_be_visible()
    page.goto("/classes/")
    page.get_by_role("link", name="Art 6b").first.click()
    page.get_by_role("link", name="Join code").click()
    code = page.locator(".join-code").inner_text()
    assert axe(page) == []

    pupil = visit(None, width=390, height=844, dark=True)
    pupil.goto("/join/")
    pupil.get_by_label("The code of the class").fill(code.lower().replace("-", " "))
    pupil.keyboard.press("Enter")
    expect(pupil.get_by_label("Choose a username")).to_be_visible()
    assert axe(pupil) == []
    pupil.get_by_label("Choose a username").fill("river.fox")
    pupil.get_by_role("button", name="Make my account").click()
    expect(pupil.get_by_role("heading", name="You are in Art 6b")).to_be_visible()
    pupil.get_by_role("link", name="I have written it down").click()
    pupil.wait_for_url("**/home/")
