"""Language work at the real vendors: `make test-live`, with keys from the environment. Without them it is skipped.

GEMINI_API_KEY, OPENAI_API_KEY, MINIMAX_API_KEY, and OLLAMA_URL (an address without /v1). It costs less than a cent.
"""

import os

import httpx2
import pytest

from ij8.ai.language import SPEAKERS
from ij8.ai.language.base import Delta, Event, Finished, LanguageRequest, Message, Picture, Text, Tool, ToolAnswer, ToolCall
from ij8.ai.providers import PROVIDERS
from ij8.ai.providers.base import Credentials
from ij8.core.errors import Misconfigured
from tests.fakes.operations import PNG

LIVE = os.environ.get("IJ8_LIVE") == "1"
SECRETS = {"gemini": "GEMINI_API_KEY", "openai": "OPENAI_API_KEY", "minimax": "MINIMAX_API_KEY", "ollama": "OLLAMA_URL"}
WEATHER = Tool(
    "weather", "The weather of a town, in a word.",
    {"type": "object", "properties": {"town": {"type": "string"}}, "required": ["town"]},
)  # fmt: skip
SHAPE = {"type": "object", "properties": {"colour": {"type": "string"}}, "required": ["colour"]}
pytestmark = pytest.mark.skipif(not LIVE, reason="asks real vendors: make test-live")


@pytest.fixture(params=list(SECRETS))
def name(request: pytest.FixtureRequest) -> str:
    if not os.environ.get(SECRETS[request.param]):
        pytest.skip(f"no {SECRETS[request.param]}")
    return str(request.param)


def credentials(name: str) -> Credentials:
    secret = os.environ[SECRETS[name]]
    if name == "ollama":
        return Credentials("", secret.rstrip("/"))
    return Credentials(secret, os.environ.get(f"{name.upper()}_BASE_URL", "") or PROVIDERS[name].facts.standard_url)


def ask(name: str, *messages: Message, by: Credentials | None = None, **fields: object) -> list[Event]:
    from django.conf import settings

    request = LanguageRequest(settings.CHAT_MODELS[name], messages, max_tokens=1500, **fields)  # type: ignore[arg-type]
    with httpx2.Client(timeout=120) as http:
        return list(SPEAKERS[name].stream(request, by or credentials(name), http))


def said(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Delta))


def user(*parts: Text | Picture | ToolAnswer) -> Message:
    return Message("user", parts)


def test_it_answers_and_counts(name: str) -> None:
    events = ask(name, user(Text("Say only the word rain.")), is_minor=True, person_id="0" * 32)
    last = events[-1]
    assert "rain" in said(events).lower()
    assert isinstance(last, Finished)
    assert last.usage.tokens_in > 0


def test_it_calls_a_tool_and_goes_on_with_the_answer(name: str) -> None:
    question = user(Text("What is the weather in Ulm? Use the tool."))
    [call] = [event for event in ask(name, question, tools=(WEATHER,)) if isinstance(event, ToolCall)]
    assert (call.name, call.arguments.get("town")) == ("weather", "Ulm")
    answer = user(ToolAnswer(call.id, call.name, '{"weather": "hail"}'))
    assert "hail" in said(ask(name, question, Message("assistant", (call,)), answer, tools=(WEATHER,))).lower()


def test_it_answers_in_a_shape(name: str) -> None:
    assert "colour" in said(ask(name, user(Text("The colour of a clear sky.")), schema=SHAPE))


def test_it_sees_a_picture(name: str) -> None:
    if name in ("minimax", "ollama"):
        pytest.skip("its model reads words alone")
    assert said(ask(name, user(Text("In one word, what is this?"), Picture(PNG, "image/png"))))


def test_it_refuses_a_wrong_key(name: str) -> None:
    if name == "ollama":
        pytest.skip("it asks for none")
    with pytest.raises(Misconfigured):
        ask(name, user(Text("Hello")), by=Credentials("sk-wrong-wrong-wrong-wrong", credentials(name).base_url))
