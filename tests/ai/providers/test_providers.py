"""Each provider over a wire that is faked: what it asks, and what becomes of every kind of answer."""

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from ij8.ai.providers import PROVIDERS
from ij8.ai.providers.base import MOST_MODELS, Credentials
from ij8.core.errors import Busy, EngineError, Failed, Misconfigured, Refused, Unreachable

KEY = "sk-a-key-that-is-long-enough"
NAMES = ("gemini", "openai", "ollama", "minimax")
Answer = Callable[[httpx2.Request], httpx2.Response]
LISTS: dict[str, dict[str, Any]] = {
    "gemini": {"models": [{"name": "models/gemini-3.1-flash"}, {"name": "models/imagen-4"}]},
    "openai": {"object": "list", "data": [{"id": "gpt-image-2", "object": "model", "created": 1, "owned_by": "openai"}]},
    "ollama": {"models": [{"name": "llama3.3:8b", "size": 1}]},
    "minimax": {"object": "list", "data": [{"id": "MiniMax-M3", "object": "model", "created": 1, "owned_by": "minimax"}]},
}
ADDRESSES = {
    "gemini": "https://generativelanguage.googleapis.com/v1/models",
    "openai": "https://api.openai.com/v1/models",
    "ollama": "https://models.linden.test/api/tags",
    "minimax": "https://api.minimax.io/v1/models",
}


def check(name: str, answer: Answer, key: str = KEY) -> tuple[str, ...]:
    url = "https://models.linden.test" if name == "ollama" else ""
    with httpx2.Client(transport=httpx2.MockTransport(answer), timeout=2) as http:
        return PROVIDERS[name].check(Credentials(key, url), http)


def says(status: int, body: object = None, **headers: str) -> Answer:
    return lambda request: httpx2.Response(status, text=body if isinstance(body, str) else json.dumps(body), headers=headers)


def breaks(error: type[httpx2.TransportError]) -> Answer:
    def answer(request: httpx2.Request) -> httpx2.Response:
        raise error("no", request=request)

    return answer


@pytest.mark.parametrize("name", NAMES)
def test_a_check_asks_for_the_models_with_the_key_in_a_header(name: str) -> None:
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(200, json=LISTS[name])

    found = check(name, answer)
    assert found == {
        "gemini": ("gemini-3.1-flash", "imagen-4"), "openai": ("gpt-image-2",), "ollama": ("llama3.3:8b",),
        "minimax": ("MiniMax-M3",),
    }[name]  # fmt: skip
    (one,) = asked
    assert str(one.url).split("?")[0] == ADDRESSES[name]
    assert KEY not in str(one.url)
    assert KEY in (one.headers.get("authorization") or one.headers.get("x-goog-api-key") or "")


def test_an_openai_at_another_address_is_asked_there() -> None:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        return httpx2.Response(200, json=LISTS["openai"])

    with httpx2.Client(transport=httpx2.MockTransport(answer)) as http:
        PROVIDERS["openai"].check(Credentials(KEY, "https://models.linden.test/v1"), http)
    assert asked == ["https://models.linden.test/v1/models"]


WRONG: list[tuple[Answer, type[EngineError], str]] = [
    (says(401, {"error": {"message": f"Incorrect key {KEY}", "code": "invalid_api_key"}}), Misconfigured, "key_refused"),
    (says(403, {"error": {"message": KEY}}), Misconfigured, "key_refused"),
    (says(402, {}), Misconfigured, "no_credit"),
    (says(404, "<html>"), Misconfigured, "wrong_address"),
    (says(429, {}, **{"retry-after": "7"}), Busy, "busy"),
    (says(503, {}), Busy, "busy"),
    (says(500, {}), Failed, "failed"),
    (says(422, {"error": {"message": KEY}}), Refused, "refused"),
    (says(200, "<html>not json"), Failed, "answer_unreadable"),
    (says(200, [1, 2]), Failed, "answer_unreadable"),
    (breaks(httpx2.ReadTimeout), Failed, "timeout"),
    (breaks(httpx2.ConnectTimeout), Failed, "timeout"),
    (breaks(httpx2.ConnectError), Unreachable, "unreachable"),
    (breaks(httpx2.RemoteProtocolError), Unreachable, "unreachable"),
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("answer", "error", "code"), WRONG)
def test_whatever_a_vendor_answers_becomes_one_of_our_errors(
    name: str, answer: Answer, error: type[EngineError], code: str
) -> None:
    with pytest.raises(EngineError) as caught:
        check(name, answer)
    assert (type(caught.value), caught.value.code) == (error, code)
    assert KEY not in caught.value.message
    assert caught.value.__cause__ is None  # what an SDK raised may quote the key, and stays out of logs


def test_google_says_400_for_a_wrong_key_and_why_in_the_details() -> None:
    reason = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
    body = {"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT", "details": [reason]}}
    with pytest.raises(Misconfigured) as caught:
        check("gemini", says(400, body))
    assert caught.value.code == "key_refused"


def test_a_spent_account_is_not_called_busy() -> None:
    with pytest.raises(Misconfigured) as caught:
        check("openai", says(429, {"error": {"message": "no", "code": "insufficient_quota"}}))
    assert caught.value.code == "no_credit"


def test_a_busy_vendor_says_when_to_come_back() -> None:
    with pytest.raises(Busy) as caught:
        check("ollama", says(429, {}, **{"retry-after": "7"}))
    assert caught.value.extra["retry_after_s"] == 7


def test_names_that_cannot_be_shown_are_left_out_and_their_number_is_bounded() -> None:
    many = [{"name": f"m{number}"} for number in range(MOST_MODELS + 50)]
    assert len(check("ollama", says(200, {"models": many}))) == MOST_MODELS
    assert check("ollama", says(200, {"models": [{"name": "a\x00b"}, {"name": 3}, {"name": "fine"}]})) == ("fine",)


def test_credentials_do_not_show_themselves() -> None:
    assert KEY not in repr(Credentials(KEY, "https://models.linden.test"))
