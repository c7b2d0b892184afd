"""What left the building: said in every turn, of every provider that was sent anything for it."""

import re
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from django.test import Client

from ij8.accounts.models import Cohort, Membership
from ij8.ai.keys.service import scope_of, set_key
from ij8.ai.prices.table import ensure_prices
from studio.jobs.backends import ensure_backends
from studio.jobs.drive import pump_pool
from studio.jobs.submit import submit_job
from studio.models import Job, StudioSession
from studio.pages.sent import sent_lines
from studio.sessions import create_session
from tests.canary import canary
from tests.fakes.providers.pictures import FakePictures, fake_pictures
from tests.studio.making import make_work

As = Callable[[Membership], Client]
KEY = canary("sent")
GEMINI = "gemini/gemini-3-pro-image-preview"
BLOCKED = {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}


@pytest.fixture
def vendor(settings: Any, admin: Membership) -> Iterator[FakePictures]:
    settings.TRUSTED_NETWORKS = [ip_network("127.0.0.1")]
    ensure_backends()
    ensure_prices()
    with fake_pictures(KEY) as server:
        settings.PROVIDER_URLS = {"gemini": server.gemini_url, "openai": server.openai_url}
        for provider in ("gemini", "openai"):
            set_key(scope_of(admin, "platform", change=True), provider, key=KEY, base_url="")
        yield server


@pytest.fixture
def canvas(teacher: Membership, cohort: Cohort) -> StudioSession:
    return create_session(member=teacher, cohort=cohort, title="Sea")


@pytest.fixture
def shown(canvas: StudioSession, teacher: Membership, as_: As) -> Callable[..., list[str]]:
    """Asks for it and reads what its turn says."""

    def ask(operation: str = "image.generate", **params: Any) -> list[str]:
        asked = {"model": GEMINI, "prompt": "a red kite", **params}
        submit_job(member=teacher, operation=operation, params=asked, session=canvas)
        while pump_pool("remote") + pump_pool("cpu"):
            pass
        page = as_(teacher).get(f"/studio/{canvas.pk}/").content.decode()
        return re.findall(r"To [^<]*\.", page)

    return ask


def test_a_picture_turn_says_to_whom_its_words_and_pictures_went(
    vendor: FakePictures, shown: Callable[..., list[str]], teacher: Membership
) -> None:
    assert shown(model="procedural/auto", width=64, height=64) == []
    work, other = make_work(teacher), make_work(teacher)
    assert shown("image.edit", image=str(work.pk), references=[str(other.pk)]) == [
        "To Gemini, gemini-3-pro-image-preview: 3 words, 2 pictures."
    ]


def test_a_provider_that_was_overloaded_or_refused_was_sent_the_words_too(
    vendor: FakePictures, shown: Callable[..., list[str]]
) -> None:
    vendor.fail("gemini", 503)
    both = ["To Gemini, gemini-3-pro-image-preview: 3 words, 0 pictures.", "To OpenAI, gpt-image-1.5: 3 words, 0 pictures."]
    assert shown() == both
    vendor.gemini.append((200, BLOCKED, {}))
    assert shown()[2:] == both[:1]


def test_every_try_and_every_provider_of_a_talk_counts() -> None:
    talk = {
        "asked:0": {"words": 90, "pictures": 0},
        "heard:0": {"by": {"label": "OpenAI", "model": "openai/gpt-5.4", "passed": ["Gemini is overloaded."]}},
        "asked:1": {"words": 10, "pictures": 0},
        "left_out": 2,
    }
    look = {
        "asked:0": {"words": 30, "pictures": 1},
        "heard:0": {"by": {"label": "Gemini", "model": "gemini/flash", "passed": []}},
    }
    made = {"sent:0": {"to": "Gemini", "model": GEMINI, "words": 3, "pictures": 0}}
    assert sent_lines(Job(steps=steps) for steps in (talk, look, made, made)) == [
        "To OpenAI, gpt-5.4: 90 words, 0 pictures.",
        "To a provider: 10 words, 0 pictures.",
        "To Gemini, flash: 30 words, 1 picture.",
        "To Gemini, gemini-3-pro-image-preview: 6 words, 0 pictures.",
        "No name goes along; a number that is nobody else's stands for you.",
        "The conversation is long: its first 2 turns were not sent.",
        "Gemini is overloaded.",
    ]
    assert sent_lines([Job(steps={"0": ["an id"]})]) == []
