"""Lists are brought in, of one class and of several, and taken back; a pupil types the code of the board and is in."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]
TWO_CLASSES = "username,name,class\nada.w,Ada West,Art 7a\nben.o,Ben Ost,Art 7b\ncleo.n,Cleo Nord,Art 7a;Art 7b\n"
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


def test_a_list_of_several_classes_makes_them_and_their_cards_are_printed(visit: Callable[..., Page]) -> None:
    page = visit("Sofia", at="/school/people/import/")
    page.get_by_label("The list").set_input_files({"name": "7.csv", "mimeType": "text/csv", "buffer": TWO_CLASSES.encode()})
    page.get_by_role("button", name="Look what would change").click()
    expect(page.get_by_label("Make the 2 classes that are not there yet", exact=False)).to_be_checked()
    page.get_by_role("button", name="Bring in 3 people").click()
    expect(page.get_by_text("3 people came in", exact=False)).to_be_visible()
    brought = page.url
    page.goto("/school/cohorts/")
    page.get_by_role("link", name="Art 7a").first.click()
    page.get_by_role("link", name="Cards", exact=True).click()
    expect(page.get_by_role("button", name="New password for Cleo Nord")).to_be_visible()
    with page.expect_download() as sheet:
        page.get_by_role("button", name="Print cards", exact=True).click()
    links = set(re.findall(rb"/URI \(([^)]+)\)", sheet.value.path().read_bytes()))
    assert len(links) == 2  # Ada and Cleo
    page.goto(brought)
    page.get_by_role("button", name="Undo this list").click()
    expect(page.get_by_text("It is undone.", exact=False)).to_be_visible()
