"""The same vendors for every case: each wire's fake behind a transport without a socket."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from ij8.ai.language import SPEAKERS
from ij8.ai.language.base import Event, LanguageRequest, Message, Text
from ij8.ai.providers.base import Credentials
from tests.canary import canary
from tests.fakes.providers.gemini import FakeGemini
from tests.fakes.providers.openai import FakeMiniMax, FakeOllama, FakeOpenAI
from tests.fakes.providers.vendor import Vendor

KEY = canary("language")
FAKES: dict[str, type[Vendor]] = {
    "gemini": FakeGemini, "openai": FakeOpenAI, "minimax": FakeMiniMax, "ollama": FakeOllama,
}  # fmt: skip
MODELS = {"gemini": "gemini-3.5-flash", "openai": "gpt-5.4", "minimax": "MiniMax-M2.7", "ollama": "qwen3:14b"}
Ask = Callable[..., list[Event]]


@pytest.fixture(params=list(FAKES))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def vendor(name: str) -> Iterator[Vendor]:
    server = FAKES[name](KEY)
    yield server
    server.server_close()


@pytest.fixture
def ask(name: str, vendor: Vendor) -> Ask:
    """`ask(**fields)` sends one question through the real SDK and returns all events."""

    def send(*, key: str = KEY, heard: list[Event] | None = None, http: Any = None, url: str = "", **fields: object) -> Any:
        asked = {"model": MODELS[name], "messages": (Message("user", (Text("How does rain sound?"),)),), **fields}
        url = url or ("https://models.linden.test" if name == "ollama" else "")
        events = [] if heard is None else heard
        with http or httpx2.Client(transport=vendor.transport()) as client:
            for event in SPEAKERS[name].stream(LanguageRequest(**asked), Credentials(key, url), client):  # type: ignore[arg-type]
                events.append(event)
        return events

    return send
