"""OpenAI's chat wire, which MiniMax and Ollama speak too, each with its own habits (`Habits`)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import httpx2

from ij8.ai.language.base import Delta, Event, LanguageRequest, Message, Picture, Text, ToolAnswer, ToolCall
from ij8.ai.language.openai_heard import Heard
from ij8.ai.providers import minimax, openai
from ij8.ai.providers.base import Credentials
from ij8.ai.providers.failures import broken_off, declined, of_status, of_trouble
from ij8.ai.providers.ollama import Ollama
from ij8.core.errors import EngineError

if TYPE_CHECKING:
    from openai import APIError

DECLINING = frozenset({"content_filter", "content_policy_violation", "moderation_blocked", "invalid_prompt"})
STRICTEST = {"model": "omni-moderation-latest", "policy": {"input": {"mode": "block"}, "output": {"mode": "block"}}}


@dataclass(frozen=True)
class Habits:
    """`path` follows the key's address. `is_openai`: takes a person's pseudonym, moderates, and wants its own fields.

    `extra`: fields of the vendor's own. `thinks`: thoughts may stand in the answer, and go back with a call.
    `has_schema`: answers by a schema; else the schema is told in words. `most_tokens`: of one answer, where the vendor
    knows `max_completion_tokens`; 0 where only the older `max_tokens` is known.
    """

    label: str
    standard_url: str
    path: str = ""
    is_openai: bool = False
    thinks: bool = False
    has_schema: bool = True
    most_tokens: int = 0
    extra: Mapping[str, Any] | None = None


OPENAI = Habits(openai.OpenAI.facts.label, openai.STANDARD_URL, is_openai=True, most_tokens=128_000)
MINIMAX = Habits(
    minimax.MiniMax.facts.label, minimax.STANDARD_URL, thinks=True, has_schema=False, most_tokens=2048,
    extra={"reasoning_split": True},
)  # fmt: skip
OLLAMA = Habits(Ollama.facts.label, "", path="/v1", thinks=True)


class OpenAISpeaker:
    habits = OPENAI

    def stream(self, request: LanguageRequest, credentials: Credentials, http: httpx2.Client) -> Iterator[Event]:
        import openai as sdk

        habits, heard = self.habits, Heard(self.habits.label, thinks=self.habits.thinks)
        at = replace(credentials, base_url=(credentials.base_url or habits.standard_url) + habits.path)
        client = openai.client_of(at, http, standard_url=habits.standard_url)
        try:
            answer = client.chat.completions.with_raw_response.create(**_asked(request, habits))
            if "text/event-stream" in answer.headers.get("content-type", ""):
                for chunk in answer.parse():
                    yield from _said(heard.take(chunk))
            else:  # some answer whole whatever was asked
                yield from _said(heard.take_whole(answer.http_response.read()))
            yield from heard.end()
        except sdk.APIError as error:
            raise _of_error(error, habits.label, began=heard.began) from None
        except (sdk.OpenAIError, AttributeError, TypeError, ValueError, httpx2.HTTPError) as error:
            raise (broken_off(habits.label) if heard.began else of_trouble(error, habits.label)) from None


class MiniMaxSpeaker(OpenAISpeaker):
    habits = MINIMAX


class OllamaSpeaker(OpenAISpeaker):
    habits = OLLAMA


def _said(text: str) -> Iterator[Delta]:
    if text:
        yield Delta(text)


def _of_error(error: "APIError", label: str, *, began: bool) -> EngineError:
    """Of what the SDK raised: an answer with a status, an error within the stream, or no answer."""
    import openai as sdk

    code = str(getattr(error, "code", "") or "")
    if code in DECLINING or getattr(error, "type", "") in DECLINING:
        return declined(label)
    if isinstance(error, sdk.APIStatusError):
        if error.status_code == 404 and isinstance(error.body, dict):
            code = "model_not_found"  # an address that is no API answers with a page
        return of_status(error.status_code, label, error.response.headers, code=code)
    if code in ("rate_limit_exceeded", "server_overloaded"):
        return of_status(429, label, {})
    return broken_off(label) if began or not isinstance(error, sdk.APIConnectionError) else of_trouble(error, label)


def _asked(request: LanguageRequest, habits: Habits) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "model": request.model,
        "messages": messages_of(request.messages, _instructions(request, habits)),
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if request.tools:
        asked["tools"] = [
            {"type": "function", "function": {"name": one.name, "description": one.description, "parameters": dict(one.schema)}}
            for one in request.tools
        ]
    if request.schema and habits.has_schema:
        shape = {"name": "answer", "schema": dict(request.schema), "strict": False}
        asked["response_format"] = {"type": "json_schema", "json_schema": shape}
    if habits.most_tokens:
        asked["max_completion_tokens"] = min(request.max_tokens, habits.most_tokens)
    else:
        asked["max_tokens"] = request.max_tokens
    if habits.is_openai:
        asked["store"] = False
        if request.person_id:
            asked["safety_identifier"] = request.person_id
        if request.is_minor:
            asked["moderation"] = STRICTEST
    if habits.extra:
        asked["extra_body"] = dict(habits.extra)
    return asked


def _instructions(request: LanguageRequest, habits: Habits) -> str:
    if not request.schema or habits.has_schema:
        return request.instructions
    say = f"Answer with JSON alone, without any words around it, of this JSON Schema:\n{json.dumps(dict(request.schema))}"
    return f"{request.instructions}\n\n{say}".strip()


def messages_of(messages: Sequence[Message], instructions: str) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = [{"role": "system", "content": instructions}] if instructions else []
    for message in messages:
        made += _of_assistant(message) if message.role == "assistant" else _of_user(message)
    return made


def _of_assistant(message: Message) -> list[dict[str, Any]]:
    said = "".join(part.text for part in message.parts if isinstance(part, Text))
    calls = [part for part in message.parts if isinstance(part, ToolCall)]
    made: dict[str, Any] = {"role": "assistant", "content": said or None}
    if calls:
        made["tool_calls"] = [
            {"id": one.id, "type": "function", "function": {"name": one.name, "arguments": json.dumps(dict(one.arguments))}}
            for one in calls
        ]
        if thoughts := calls[0].raw.get("reasoning_details"):
            made["reasoning_details"] = thoughts
    return [made]


def _of_user(message: Message) -> list[dict[str, Any]]:
    """Answers of tools are messages of their own, and come first: they must follow their calls."""
    answers = [
        {"role": "tool", "tool_call_id": part.call_id, "content": part.content}
        for part in message.parts
        if isinstance(part, ToolAnswer)
    ]
    others = [part for part in message.parts if isinstance(part, Text | Picture)]
    if not others:
        return answers
    if all(isinstance(part, Text) for part in others):
        return [*answers, {"role": "user", "content": "\n\n".join(part.text for part in others if isinstance(part, Text))}]
    return [*answers, {"role": "user", "content": [_content(part) for part in others]}]


def _content(part: Text | Picture) -> dict[str, Any]:
    if isinstance(part, Text):
        return {"type": "text", "text": part.text}
    import base64

    url = f"data:{part.content_type};base64,{base64.b64encode(part.data).decode()}"
    return {"type": "image_url", "image_url": {"url": url}}
