"""Who is asked, who is asked instead, and what becomes of it; answers of a shape; what it costs."""

import time
from collections.abc import Iterator
from decimal import Decimal
from ipaddress import ip_network
from typing import Any

import pytest
from pydantic import BaseModel, Field

from ij8.accounts.models import Membership
from ij8.ai.keys.service import remove_key, scope_of, set_key
from ij8.ai.language.base import Delta, Event, Finished, LanguageRequest, Message, Text, Usage
from ij8.ai.language.price import counted, most_usd, price_usd
from ij8.ai.language.service import Answering, talk
from ij8.ai.language.structured import schema_of, structured
from ij8.ai.language.voices import order_of, voices_of
from ij8.ai.prices.table import ensure_prices
from ij8.core.errors import Busy, Failed, Forbidden, Invalid, NotConnected, Refused
from ij8.safety.models import SafetyPolicy
from ij8.safety.providers import provider_user_id
from tests.canary import canary
from tests.fakes.providers.gemini import FakeGemini, fake_gemini
from tests.fakes.providers.openai import FakeOpenAI, fake_openai
from tests.fakes.providers.script import Declined, Half, Hang, Say, Wrong

KEY = canary("service")
ASKED = LanguageRequest("", (Message("user", (Text("Hello"),)),))
Events = list[Answering | Event]


@pytest.fixture(autouse=True)
def _connected(settings: Any, admin: Membership, gemini: FakeGemini, openai: FakeOpenAI) -> None:
    """The installation has keys for both; where they are used is the operator's setting."""
    settings.TRUSTED_NETWORKS = [ip_network("127.0.0.1")]
    settings.PROVIDER_URLS = {"gemini": gemini.url, "openai": openai.url}
    for provider in ("gemini", "openai"):
        set_key(scope_of(admin, "platform", change=True), provider, key=KEY)


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    with fake_gemini(KEY) as server:
        yield server


@pytest.fixture
def openai() -> Iterator[FakeOpenAI]:
    with fake_openai(KEY) as server:
        yield server


def heard(member: Membership, request: LanguageRequest = ASKED, **options: Any) -> Events:
    return list(talk(member, request, **options))


def text(events: Events) -> str:
    return "".join(one.text for one in events if isinstance(one, Delta))


def test_the_first_provider_answers_and_is_named(teacher: Membership, gemini: FakeGemini, openai: FakeOpenAI) -> None:
    gemini.script(Say("Good morning."))
    events = heard(teacher)
    assert events[0] == Answering("gemini/gemini-3.5-flash", "Gemini")
    assert text(events) == "Good morning."
    assert events[-1] == Finished("stop", Usage(11, 7))
    assert openai.requests == []


def test_a_provider_that_is_busy_for_long_is_passed_over_and_told(
    teacher: Membership, gemini: FakeGemini, openai: FakeOpenAI
) -> None:
    gemini.script(Wrong(503))
    openai.script(Say("Here instead."))
    events = heard(teacher)
    first = events[0]
    assert isinstance(first, Answering)
    assert (first.model, first.provider) == ("openai/gpt-5.4", "openai")
    assert [(one.model, one.code) for one in first.passed] == [("gemini/gemini-3.5-flash", "busy")]
    assert "Gemini is busy" in first.passed[0].say
    assert text(events) == "Here instead."


def test_a_short_wait_is_waited_once(teacher: Membership, gemini: FakeGemini, openai: FakeOpenAI) -> None:
    gemini.script(Wrong(429, retry_after_s=1), Say("Now."), Wrong(429, retry_after_s=1), Wrong(429, retry_after_s=1))
    assert text(heard(teacher)) == "Now."
    assert len(gemini.requests) == 2
    assert heard(teacher)[0] == Answering("openai/gpt-5.4", "OpenAI", heard_passed(gemini))


def heard_passed(gemini: FakeGemini) -> Any:
    from ij8.ai.language.service import Passed

    assert len(gemini.requests) == 4
    return (Passed("gemini/gemini-3.5-flash", "busy", "Gemini is busy. Try again in a minute."),)


def test_nobody_goes_on_with_what_another_began(teacher: Membership, gemini: FakeGemini, openai: FakeOpenAI) -> None:
    gemini.script(Half("Good mor"))
    events: Events = []
    with pytest.raises(Failed) as caught:
        events.extend(talk(teacher, ASKED))
    assert caught.value.code == "answer_broken"
    assert openai.requests == []


def test_what_one_declines_is_asked_of_no_other(teacher: Membership, gemini: FakeGemini, openai: FakeOpenAI) -> None:
    gemini.script(Declined(of="question"))
    with pytest.raises(Refused):
        heard(teacher)
    assert openai.requests == []


def test_a_model_that_was_named_is_asked_alone(teacher: Membership, gemini: FakeGemini, openai: FakeOpenAI) -> None:
    gemini.script(Wrong(503))
    with pytest.raises(Busy) as caught:
        heard(teacher, models=order_of("gemini/gemini-3.5-flash"))
    assert [one["code"] for one in caught.value.extra["passed"]] == ["busy"]
    assert openai.requests == []
    assert order_of("minimax/MiniMax-M2.5") == ("minimax/MiniMax-M2.5",)
    for name in ("openai/gpt-5.5-pro", "minimax/other", "nobody/x", "gemini"):
        with pytest.raises(Invalid):
            order_of(name)


def test_no_provider_hears_a_pupil_before_the_school_lets_it(student: Membership, gemini: FakeGemini, openai: FakeOpenAI) -> None:
    with pytest.raises(Forbidden) as caught:
        heard(student)
    assert caught.value.code == "not_for_minors"
    assert gemini.requests == openai.requests == []
    SafetyPolicy.objects.update_or_create(
        school_id=student.school_id, defaults={"minors_providers": ["openai"], "consent_needed": []}
    )
    openai.script(Say("Hello."))
    first = heard(student)[0]
    assert isinstance(first, Answering)
    assert (first.model, [one.code for one in first.passed]) == ("openai/gpt-5.4", ["not_for_minors"])
    body = openai.bodies[0]
    assert body["safety_identifier"] == provider_user_id(student)
    assert "moderation" in body
    assert gemini.requests == []


def test_without_any_key_it_is_said_who_can_connect_one(admin: Membership, school_admin: Membership, teacher: Membership) -> None:
    for provider in ("gemini", "openai"):
        remove_key(scope_of(admin, "platform", change=True), provider)
    with pytest.raises(NotConnected) as caught:
        heard(teacher)
    assert caught.value.message == "No key for Gemini. Your teacher or an admin can connect one."
    assert {voice.code for voice in voices_of(teacher)} == {"not_connected"}
    assert [voice.where for voice in voices_of(school_admin)] == ["school_providers"] * 4
    assert [voice.where for voice in voices_of(admin)] == ["platform_providers"] * 4


def test_a_stop_is_heard_while_the_provider_is_silent(teacher: Membership, gemini: FakeGemini) -> None:
    gemini.script(Hang(5.0, "Well,"))
    began = time.monotonic()

    class Stopped(BaseException):
        pass

    def check() -> None:
        if time.monotonic() - began > 0.3:
            raise Stopped

    with pytest.raises(Stopped):
        heard(teacher, check=check)
    assert time.monotonic() - began < 2


# --- answers of a shape ---
class Step(BaseModel):
    words: str


class Plan(BaseModel):
    title: str = Field(max_length=20)
    steps: list[Step]


GOOD = '{"title": "Rain", "steps": [{"words": "grey"}]}'


def test_an_answer_of_the_shape_is_read(teacher: Membership, gemini: FakeGemini) -> None:
    gemini.script(Say(f"```json\n{GOOD}\n```"))
    found = structured(teacher, ASKED, Plan)
    assert (found.value.steps[0].words, found.repaired, found.usage) == ("grey", False, Usage(11, 7))
    assert gemini.bodies[0]["generationConfig"]["responseJsonSchema"]["properties"]["steps"]["items"]["type"] == "object"


def test_an_answer_of_another_shape_is_sent_back_once(teacher: Membership, gemini: FakeGemini) -> None:
    gemini.script(Say('{"title": 3}'), Say(GOOD))
    found = structured(teacher, ASKED, Plan)
    assert (found.value.title, found.repaired, found.usage) == ("Rain", True, Usage(22, 14))
    said = str(gemini.bodies[1]["contents"])
    assert "title: Input should be a valid string" in said
    assert "steps: Field required" in said


def test_two_answers_of_another_shape_are_told(teacher: Membership, gemini: FakeGemini, openai: FakeOpenAI) -> None:
    gemini.script(Say("I would rather not."), Say("No."))
    with pytest.raises(Failed) as caught:
        structured(teacher, ASKED, Plan)
    assert caught.value.code == "answer_misshapen"
    assert len(gemini.requests) == 2
    assert openai.requests == []


def test_a_shape_that_holds_itself_is_no_shape() -> None:
    class Tree(BaseModel):
        below: list["Tree"] = []

    assert "$ref" not in str(schema_of(Plan))
    with pytest.raises(TypeError):
        schema_of(Tree)


# --- money ---
def test_tokens_are_priced_by_the_table_and_a_machine_of_ones_own_is_free(db: None) -> None:
    ensure_prices()
    used = Usage(2_000, 1_000)
    assert price_usd("gemini/gemini-3.5-flash", used) == Decimal("0.012")
    assert price_usd("openai/gpt-5.4", used) == Decimal("0.02")
    assert price_usd("minimax/MiniMax-M2.7", used) == Decimal("0.0018")
    assert price_usd("ollama/qwen3:14b", used) == 0
    assert price_usd("openai/unknown", used) is None


def test_the_estimate_is_from_above_and_what_was_not_counted_is_reckoned(db: None) -> None:
    ensure_prices()
    request = LanguageRequest("", (Message("user", (Text("rain " * 300),)),), max_tokens=500)
    most = most_usd("gemini/gemini-3.5-flash", request)
    assert most is not None
    assert most > Decimal("0.0045") + Decimal("0.0005")
    assert counted(request, Usage(), said=300) == Usage(508, 100)
    assert counted(request, Usage(9, 8), said=300) == Usage(9, 8)
