"""A budget in a browser: set by a teacher, used up by a pupil, asked for and granted; and the Cost Guardian's word."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from ij8.embedded.places import CHECKOUT
from tests.e2e.proof import in_proof
from tests.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser"), in_proof]
Visit = Callable[..., Page]
OPEN_WHILE_HELD = "from tests.fakes.shop_engine import open_while_held; open_while_held()"


@pytest.fixture
def shop(house: Stack) -> Iterator[Callable[[], None]]:
    """The shop is made ready beside what the test does; calling it waits until it is open. It closes with the test."""
    argv = [sys.executable, "manage.py", "shell", "-v", "0", "-c", OPEN_WHILE_HELD]
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, cwd=CHECKOUT, env=house.env, stdin=pipe, stdout=pipe, text=True) as held:
        assert held.stdin
        assert held.stdout
        said = held.stdout
        yield lambda: _is_open(said.readline())
        held.stdin.close()


def _is_open(said: str) -> None:
    assert said == "open\n"


def test_a_budget_runs_out_is_asked_for_and_granted(
    visit: Visit, shop: Callable[[], None], axe: Callable[[Page], list[str]]
) -> None:
    teacher = visit("Amara", at="/school/budgets/")
    teacher.get_by_role("link", name="Set the budget: Mateo").click()
    teacher.get_by_label("Limit in $").fill("0.02")
    teacher.get_by_role("button", name="Set the budget").click()
    expect(teacher.get_by_text("$0.00 of $0.02, 0 %")).to_be_visible()
    assert axe(teacher) == []

    shop()
    pupil = visit("Mateo", at="/studio/")  # whose settings nobody else opens: it is remembered
    pupil.get_by_role("link", name="Weather").first.click()
    if not pupil.get_by_label("Model").is_visible():
        pupil.get_by_role("button", name="All settings", exact=True).click()
    pupil.get_by_label("How many").select_option("1")
    pupil.get_by_label("Model").select_option("shop/large")
    advice = pupil.get_by_text("Small would do it: about $0.02")
    expect(advice).to_be_visible()
    pupil.get_by_role("button", name="Switch").click()
    expect(pupil.get_by_label("Model")).to_have_value("shop/small")
    expect(advice).to_be_hidden()
    words = pupil.get_by_role("textbox", name="What shall it be?")
    words.fill("a red boat")
    pupil.get_by_role("button", name="Make", exact=True).click()
    newest = pupil.locator("#turns > :last-child")
    expect(newest).to_contain_text("a red boat")
    expect(pupil.locator("#prompt[data-busy]")).to_have_count(0)  # or the words typed now would be taken for the sent ones
    words.fill("a green boat")
    pupil.get_by_role("button", name="Make", exact=True).click()
    expect(pupil.get_by_text("Budget of Mateo in Art 6b does not reach")).to_be_visible()
    expect(words).to_have_value("a green boat")
    assert axe(pupil) == []
    session = pupil.url
    pupil.get_by_role("link", name="Ask for more").click()
    pupil.get_by_label("What for").fill("For the exhibition")
    pupil.get_by_role("button", name="Ask", exact=True).click()
    expect(pupil.get_by_text("Your request is waiting for an answer.")).to_be_visible()

    teacher.goto("/school/requests/")
    expect(teacher.get_by_text(re.compile("Mateo asks for .0.02 more"))).to_be_visible()
    teacher.get_by_role("button", name="Grant").first.click()
    expect(teacher.get_by_text(re.compile("Granted|was granted")).first).to_be_visible()

    pupil.goto(session)
    expect(words).to_have_value("a green boat")
    pupil.get_by_role("button", name="Make", exact=True).click()
    expect(newest).to_contain_text("a green boat")
