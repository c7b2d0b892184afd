"""What every provider's speaker does, case by case, through the vendor's own SDK against a fake of its wire."""

import base64
import json

import httpx2
import pytest

from ij8.ai.language.base import Delta, Event, Finished, Message, Picture, Text, Tool, ToolAnswer, ToolCall, Usage
from ij8.core.errors import Busy, EngineError, Failed, Misconfigured, Refused
from tests.ai.language.conftest import KEY, Ask
from tests.fakes.operations import PNG
from tests.fakes.providers.gemini import SIGNATURE
from tests.fakes.providers.script import (
    Answer,
    Call,
    Calls,
    Declined,
    Empty,
    Garbled,
    Half,
    Hang,
    Say,
    Wrong,
    WrongWithin,
)  # fmt: skip
from tests.fakes.providers.vendor import Vendor, serving

QUESTION = Message("user", (Text("How does rain sound?"),))
TOOL = Tool("make_picture", "Makes one.", {"type": "object", "properties": {"prompt": {"type": "string"}}})


def said(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Delta))


def test_an_answer_comes_in_pieces_and_ends_with_what_it_used(vendor: Vendor, ask: Ask) -> None:
    vendor.script(Say("Soft, then loud."))
    events = ask()
    assert events == [Delta("Soft,"), Delta(" then"), Delta(" loud."), Finished("stop", Usage(11, 7))]
    assert vendor.asked[-1] == KEY


def test_an_answer_that_is_cut_off_says_so(vendor: Vendor, ask: Ask) -> None:
    vendor.script(Say("Soft, then", length=True))
    assert ask()[-1] == Finished("length", Usage(11, 7))


def test_what_a_model_thinks_is_no_part_of_its_answer(vendor: Vendor, ask: Ask) -> None:
    vendor.script(Say("Soft.", thought="The person asks about rain."))
    assert said(ask()) == "Soft."


def test_an_answer_that_comes_whole_is_one_piece(name: str, vendor: Vendor, ask: Ask) -> None:
    if name == "gemini":
        pytest.skip("Google always streams")
    vendor.script(Say("Soft, then loud.", whole=True))
    assert ask() == [Delta("Soft, then loud."), Finished("stop", Usage(11, 7))]


def test_a_tool_is_called_and_its_answer_goes_back_with_the_call(name: str, vendor: Vendor, ask: Ask) -> None:
    vendor.script(Call("make_picture", {"prompt": "rain, grey"}, text="Let me draw it."), Say("Here it is."))
    events = ask(tools=(TOOL,))
    [call] = [event for event in events if isinstance(event, ToolCall)]
    assert (call.name, call.arguments, events[-1]) == (
        "make_picture", {"prompt": "rain, grey"}, Finished("tools", Usage(23, 5)),
    )  # fmt: skip
    assert json.loads(json.dumps(dict(call.raw))) == call.raw  # it is kept between two calls
    answer = ToolAnswer(call.id, call.name, '{"works": ["a"]}')
    messages = (QUESTION, Message("assistant", (Text("Let me draw it."), call)), Message("user", (answer,)))
    assert said(ask(tools=(TOOL,), messages=messages)) == "Here it is."
    if name == "gemini":
        assert base64.b64encode(SIGNATURE).decode() in json.dumps(vendor.bodies[-1])


def test_several_tools_are_called_at_once(vendor: Vendor, ask: Ask) -> None:
    vendor.script(Calls((Call("make_picture", {"prompt": "rain"}), Call("make_picture", {"prompt": "snow"}))), Say("Both."))
    calls = [event for event in ask(tools=(TOOL,)) if isinstance(event, ToolCall)]
    assert [call.arguments["prompt"] for call in calls] == ["rain", "snow"]
    answers = tuple(ToolAnswer(call.id, call.name, "[]") for call in calls)
    messages = (QUESTION, Message("assistant", tuple(calls)), Message("user", answers))
    assert said(ask(tools=(TOOL,), messages=messages)) == "Both."


def test_a_call_that_another_provider_made_can_be_gone_on_with(vendor: Vendor, ask: Ask) -> None:
    call = ToolCall("call_of_another", "make_picture", {"prompt": "rain"})
    answer = ToolAnswer("call_of_another", "make_picture", "{}")
    messages = (QUESTION, Message("assistant", (call,)), Message("user", (answer,)))
    vendor.script(Say("Fine."))
    assert said(ask(tools=(TOOL,), messages=messages)) == "Fine."


def test_pictures_and_instructions_go_along(vendor: Vendor, ask: Ask) -> None:
    vendor.script(Say("A dot."))
    ask(messages=(Message("user", (Text("What is this?"), Picture(PNG, "image/png"))),), instructions="Be brief.")
    sent = json.dumps(vendor.bodies[-1])
    assert "Be brief." in sent
    assert "iVBORw0KGgo" in sent


def test_an_answer_of_a_shape_is_asked_for_with_its_schema(vendor: Vendor, ask: Ask) -> None:
    vendor.script(Say('{"title": "Rain"}'))
    schema = {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]}
    assert json.loads(said(ask(schema=schema))) == {"title": "Rain"}
    assert '"title"' in json.dumps(vendor.bodies[-1]).replace("\\", "")


def test_a_minor_gets_the_strictest_setting_and_nobody_is_named(name: str, vendor: Vendor, ask: Ask) -> None:
    ask(is_minor=True, person_id="a1b2")
    body = vendor.bodies[-1]
    if name == "gemini":
        assert {one["threshold"] for one in body["safetySettings"]} == {"BLOCK_LOW_AND_ABOVE"}
    if name == "openai":
        assert body["moderation"]["policy"] == {"input": {"mode": "block"}, "output": {"mode": "block"}}
        assert (body["safety_identifier"], body["store"]) == ("a1b2", False)


WRONG: list[tuple[Answer, type[EngineError], str]] = [
    (Wrong(401), Misconfigured, "key_refused"),
    (Wrong(402), Misconfigured, "no_credit"),
    (Wrong(404, page=True), Misconfigured, "wrong_address"),
    (Wrong(429, retry_after_s=7), Busy, "busy"),
    (Wrong(503), Busy, "busy"),
    (Wrong(500), Failed, "failed"),
    (Wrong(502, page=True), Failed, "failed"),
    (Wrong(400), Refused, "refused"),
    (Declined(of="question"), Refused, "declined"),
    (Declined(of="answer"), Refused, "declined"),
    (Declined("I would", of="answer"), Refused, "declined"),
    (Half(""), Failed, "answer_empty"),
    (Half("Soft, th"), Failed, "answer_broken"),
    (Half("Soft, th", rude=True), Failed, "answer_broken"),
    (Call("make_picture", '{"prompt": "ra'), Failed, "answer_unreadable"),
    (Call("make_picture", "[1, 2]"), Failed, "answer_unreadable"),
    (Empty(), Failed, "answer_empty"),
    (Garbled(), Failed, "answer_unreadable"),
    (Garbled(b"[1, 2]"), Failed, "answer_unreadable|answer_empty"),  # Google's SDK finds nothing in it
]


@pytest.mark.parametrize(("answer", "error", "code"), WRONG, ids=lambda one: str(one)[:40])
def test_whatever_goes_wrong_becomes_one_of_our_errors(
    vendor: Vendor, ask: Ask, answer: Answer, error: type[EngineError], code: str
) -> None:
    vendor.script(answer)
    with pytest.raises(EngineError) as caught:
        ask(tools=(TOOL,))
    assert type(caught.value) is error
    assert caught.value.code in code.split("|")
    assert KEY not in caught.value.message
    assert caught.value.__cause__ is None


def test_an_error_within_the_stream_is_no_end_of_the_answer(vendor: Vendor, ask: Ask) -> None:
    heard: list[Event] = []
    vendor.script(WrongWithin("Soft,"))
    with pytest.raises(EngineError) as caught:
        ask(heard=heard)
    assert said(heard) == "Soft,"
    assert isinstance(caught.value, Busy | Failed)


def test_a_wait_is_told_in_seconds(vendor: Vendor, ask: Ask) -> None:
    vendor.script(Wrong(429, retry_after_s=7))
    with pytest.raises(Busy) as caught:
        ask()
    assert caught.value.extra["retry_after_s"] == 7


def test_a_model_that_is_not_there_is_called_so(vendor: Vendor, ask: Ask) -> None:
    with pytest.raises(Misconfigured) as caught:
        ask(model="gone")
    assert caught.value.code == "model_missing"


def test_a_wrong_key_is_told_without_the_key(name: str, vendor: Vendor, ask: Ask) -> None:
    if name == "ollama":
        pytest.skip("an Ollama asks for none")
    with pytest.raises(Misconfigured) as caught:
        ask(key="sk-another-key-entirely")
    assert caught.value.code == "key_refused"
    assert "another" not in caught.value.message


@pytest.mark.parametrize("before", ["", "Soft,"])
def test_silence_ends_by_itself(vendor: Vendor, ask: Ask, before: str) -> None:
    vendor.script(Hang(1.0, before))
    with serving(vendor), pytest.raises(Failed) as caught:
        ask(http=httpx2.Client(timeout=0.1, trust_env=False), url=vendor.url)
    assert caught.value.code == ("answer_broken" if before else "timeout")
