"""A key in the browser: refused in words, replaced, tested, its data key rotated while it serves, removed."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ij8.embedded.places import CHECKOUT
from tests.canary import canary, is_in
from tests.e2e.proof import in_proof
from tests.fakes.providers.openai import MODELS, fake_openai
from tests.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser"), in_proof]
Visit = Callable[..., Page]
AT = "/platform/providers/openai/"


def keep(page: Page, key: str, url: str) -> None:
    page.get_by_label("Key", exact=True).fill(key)
    page.get_by_label("Address", exact=True).fill(url)
    page.get_by_role("button", name="Keep and test").click()


def test_a_key_is_set_tested_rotated_and_removed(visit: Visit, house: Stack, axe: Callable[[Page], list[str]]) -> None:
    good = canary("browser")
    with fake_openai(good) as vendor:
        page = visit("Robin", at=AT)
        state = page.locator("#key-state")
        keep(page, canary("wrong"), vendor.url)
        expect(state).to_contain_text("OpenAI does not accept this key", timeout=60_000)
        keep(page, good, vendor.url)
        expect(state).to_contain_text(MODELS[0], timeout=30_000)
        expect(page.locator("#key-facts")).not_to_contain_text("never")  # the facts beside it came along
        argv = [sys.executable, "manage.py", "rotate_keys", "--fresh"]
        with subprocess.Popen(argv, cwd=CHECKOUT, env=house.env, stdout=subprocess.PIPE, text=True) as rotating:
            school = visit("Sofia", at="/school/providers/", width=390, dark=True)
            openai = school.locator("article", has=school.get_by_role("heading", name="OpenAI"))
            expect(openai).to_contain_text("Provided")
            assert axe(school) == []
            assert axe(page) == []
            assert "1 secrets sealed anew." in rotating.communicate()[0]
        assert rotating.returncode == 0
        with page.expect_navigation():  # what stands there now says that the key works, too
            page.get_by_role("button", name="Test", exact=True).click()
        expect(state).to_contain_text("Works since", timeout=30_000)
        assert vendor.asked == [canary("wrong"), good, good]

        assert not is_in(school.content().encode() + page.content().encode())

        page.get_by_text("Remove the key").click()
        page.get_by_role("button", name="Remove it").click()
        expect(state).to_contain_text("Not connected")
