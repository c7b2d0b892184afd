"""An OpenAI on loopback, and those who speak its wire: models, chat whole and streamed, images made, changed, judged.

It refuses what the real one refuses (`chat_rules`, `openai_images`, `openai_moderations`), and repeats a wrong key in its
refusal as it does.
"""

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.fakes.providers.chat_rules import check_chat
from tests.fakes.providers.openai_images import MODELS as IMAGE_MODELS
from tests.fakes.providers.openai_images import answer_image, check_image, fields_of
from tests.fakes.providers.openai_moderations import answer_moderation, check_moderation
from tests.fakes.providers.script import (
    Answer,
    Call,
    Calls,
    Declined,
    Empty,
    Half,
    Hang,
    Say,
    Wrong,
    WrongWithin,
)  # fmt: skip
from tests.fakes.providers.vendor import Asked, Refusal, Reply, Vendor, common, event, half_event, reply_json, serving

CHAT_MODELS = ("gpt-5.2", "gpt-5.4", "gpt-5.4-mini")
MODELS = ("gpt-5.2", "gpt-image-2")  # the list that `GET /models` gives
DONE = b"data: [DONE]\n\n"


class FakeOpenAI(Vendor):
    base = "/v1"
    models = CHAT_MODELS

    def respond(self, asked: Asked) -> Reply:
        self.let_in(asked.headers.get("authorization", "").removeprefix("Bearer "))
        if asked.method == "GET" and asked.path == "/v1/models":
            rows = [{"id": name, "object": "model", "created": 1, "owned_by": "openai"} for name in MODELS]
            return reply_json(200, {"object": "list", "data": rows})
        if asked.method == "POST" and asked.path == "/v1/chat/completions":
            return self._chat(asked)
        if asked.method == "POST" and asked.path in ("/v1/images/generations", "/v1/images/edits"):
            return self._image(asked, edits=asked.path.endswith("edits"))
        if asked.method == "POST" and asked.path == "/v1/moderations":
            return self._moderation(asked)
        raise Refusal(404, "no such route")

    def let_in(self, key: str) -> None:
        self.asked.append(key)
        if key not in self.keys:
            raise Refusal(401, f"Incorrect API key provided: {key}.", "invalid_api_key")

    def refuse(self, refusal: Refusal) -> Reply:
        error = {"message": refusal.message, "type": "invalid_request_error", "param": None, "code": refusal.code or None}
        return reply_json(refusal.status, {"error": error})

    # --- chat ---
    def check(self, body: dict[str, Any]) -> None:
        check_chat(body)
        if "max_tokens" in body:
            say = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
            raise Refusal(400, say, "unsupported_parameter")

    def _chat(self, asked: Asked) -> Reply:
        body = json.loads(asked.raw)
        self.check(body)
        if body["model"] not in self.models:
            raise Refusal(404, f"The model `{body['model']}` does not exist or you do not have access.", "model_not_found")
        answer = self._next(asked, body)
        if isinstance(answer, Reply):
            return answer
        if not body.get("stream") or (isinstance(answer, Say) and answer.whole):
            return reply_json(200, self.whole(answer, body["model"]))
        return Reply(200, "text/event-stream", self.stream(answer, body["model"]))

    def _next(self, asked: Asked, body: dict[str, Any]) -> Answer | Reply:
        self.requests.append(Asked(asked.method, asked.path, asked.query, asked.headers, asked.raw, body))
        answer = self.next_answer(body)
        if found := common(answer):
            return found
        return self.wrong(answer) if isinstance(answer, Wrong) else answer

    def wrong(self, answer: Wrong) -> Reply:
        headers = {"Retry-After": str(answer.retry_after_s)} if answer.retry_after_s is not None else {}
        error = {"message": "The server had an error.", "type": "server_error", "param": None, "code": answer.code or None}
        return reply_json(answer.status, {"error": error}, **headers)

    def whole(self, answer: Answer, model: str) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": None, "refusal": None}
        reason, tokens = "stop", None
        match answer:
            case Say():
                message["content"], tokens = self.said(answer), answer.tokens
                reason = "length" if answer.length else "stop"
            case Call() | Calls():
                message |= {"content": answer.text or None, "tool_calls": calls_of(answer)}
                reason, tokens = "tool_calls", answer.tokens
            case Declined(text):
                message |= {"content": text or None, "refusal": "I can't help with that."}
        choice = {"index": 0, "message": message, "finish_reason": reason, "logprobs": None}
        body = {"id": f"chatcmpl-{uuid.uuid4().hex}", "object": "chat.completion", "created": 1, "model": model}
        return {**body, "choices": [choice], "usage": usage(tokens) if tokens else None}

    def said(self, answer: Say) -> str:
        return "".join(answer.pieces)

    def stream(self, answer: Answer, model: str) -> Iterator[bytes | float | None]:
        ident = f"chatcmpl-{uuid.uuid4().hex}"

        def chunk(delta: dict[str, Any], reason: str | None = None) -> dict[str, Any]:
            choice = {"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}
            return {"id": ident, "object": "chat.completion.chunk", "created": int(time.time()), "model": model,
                    "choices": [choice], "usage": None}  # fmt: skip

        yield event(chunk({"role": "assistant", "content": "", "refusal": None}))
        match answer:
            case Say():
                yield from self.thought(answer, chunk)
                for piece in answer.pieces:
                    if answer.pause_s:
                        yield answer.pause_s
                    yield event(chunk({"content": piece}))
                yield event(chunk({}, "length" if answer.length else "stop"))
            case Call() | Calls():
                if answer.text:
                    yield event(chunk({"content": answer.text}))
                for place, call in enumerate(calls_of(answer)):
                    yield from (event(chunk({"tool_calls": [piece]})) for piece in pieces_of(place, call))
                yield event(chunk({}, "tool_calls"))
            case Declined(text, of):
                if text:
                    yield event(chunk({"content": text}))
                if of == "answer":
                    yield event(chunk({}, "content_filter"))
                else:
                    yield event(chunk({"refusal": "I can't help with that."}))
                    yield event(chunk({}, "stop"))
            case Half() | Hang() | WrongWithin():
                yield from self.broken(answer, chunk)
                return
            case Empty():
                yield event(chunk({}, "stop"))
        if tokens := getattr(answer, "tokens", None):
            yield event({**chunk({}), "choices": [], "usage": usage(tokens)})
        yield DONE

    def broken(self, answer: Half | Hang | WrongWithin, chunk: Any) -> Iterator[bytes | float | None]:
        """Without an end."""
        if answer.text:
            yield event(chunk({"content": answer.text}))
        match answer:
            case Half(rude=True):
                yield half_event(chunk({"content": "never read"}))
                yield None
            case Hang(seconds):
                yield seconds
                yield None
            case WrongWithin():
                yield event({"error": {"message": "The server had an error.", "type": "server_error", "code": None}})

    def thought(self, answer: Say, chunk: Any) -> Iterator[bytes]:
        """OpenAI keeps its thoughts to itself."""
        return iter(())

    # --- moderations ---
    def _moderation(self, asked: Asked) -> Reply:
        body = json.loads(asked.raw)
        check_moderation(body)
        answer = self._next(asked, body)
        return answer if isinstance(answer, Reply) else answer_moderation(answer, body.get("model", ""))

    # --- images ---
    def _image(self, asked: Asked, *, edits: bool) -> Reply:
        body = fields_of(asked) if edits else json.loads(asked.raw)
        check_image(body, edits=edits)
        answer = self._next(asked, body)
        return answer if isinstance(answer, Reply) else answer_image(answer)


class FakeMiniMax(FakeOpenAI):
    """Thinks aloud, and tells of failures within answers of status 200."""

    models = ("MiniMax-M2.7", "MiniMax-M2.5")
    status = {401: 1004, 402: 1008, 429: 1002, 500: 1000}

    def check(self, body: dict[str, Any]) -> None:
        check_chat(body, extra=("reasoning_split",), extra_of_message=("reasoning_details",))
        for name in ("max_tokens", "response_format", "safety_identifier"):
            if name in body:
                raise Refusal(400, f"invalid params, {name}", "invalid_params")
        if body.get("max_completion_tokens", 0) > 2048:
            raise Refusal(400, "invalid params, max_completion_tokens", "invalid_params")

    def thought(self, answer: Say, chunk: Any) -> Iterator[bytes]:
        if answer.thought:
            yield event(chunk({"content": "", "reasoning_details": [{"type": "reasoning.text", "text": answer.thought}]}))


class FakeOllama(FakeOpenAI):
    """Wants no key, has a list of its own, thinks in its answer, and numbers every call 0."""

    base = ""
    models = ("qwen3:14b",)

    def respond(self, asked: Asked) -> Reply:
        if asked.path == "/api/tags":
            return reply_json(200, {"models": [{"name": name, "size": 1} for name in self.models]})
        return super().respond(asked)

    def let_in(self, key: str) -> None:
        self.asked.append(key)

    def check(self, body: dict[str, Any]) -> None:
        check_chat(body)

    def said(self, answer: Say) -> str:
        return (f"<think>{answer.thought}</think>\n\n" if answer.thought else "") + super().said(answer)

    def thought(self, answer: Say, chunk: Any) -> Iterator[bytes]:
        for piece in ("<th", "ink>", answer.thought, "</thi", "nk>\n\n") if answer.thought else ():
            yield event(chunk({"content": piece}))

    def stream(self, answer: Answer, model: str) -> Iterator[bytes | float | None]:
        for one in super().stream(answer, model):
            yield one.replace(b'"tool_calls": [{"index": 1', b'"tool_calls": [{"index": 0') if isinstance(one, bytes) else one


def calls_of(answer: Call | Calls) -> list[dict[str, Any]]:
    made = []
    for one in answer.calls if isinstance(answer, Calls) else (answer,):
        arguments = one.arguments if isinstance(one.arguments, str) else json.dumps(dict(one.arguments))
        called = {"name": one.name, "arguments": arguments}
        made.append({"id": f"call_{uuid.uuid4().hex[:16]}", "type": "function", "function": called})
    return made


def pieces_of(place: int, call: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The name first, the arguments in two pieces."""
    called = call["function"]
    middle = len(called["arguments"]) // 2
    yield {"index": place, "id": call["id"], "type": "function", "function": {"name": called["name"], "arguments": ""}}
    for piece in (called["arguments"][:middle], called["arguments"][middle:]):
        yield {"index": place, "function": {"arguments": piece}}


def usage(tokens: tuple[int, int]) -> dict[str, int]:
    return {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)}


@contextmanager
def fake_openai(*keys: str) -> Iterator[FakeOpenAI]:
    with serving(FakeOpenAI(*keys)) as server:
        yield server


__all__ = ["CHAT_MODELS", "IMAGE_MODELS", "MODELS", "FakeMiniMax", "FakeOllama", "FakeOpenAI", "fake_openai"]
