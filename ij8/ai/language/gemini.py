"""Gemini's wire: contents of parts, calls with thought signatures, safety settings, JSON by schema."""

import base64
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import httpx2

from ij8.ai.language.base import (
    Delta,
    Event,
    Finished,
    LanguageRequest,
    Message,
    Part,
    Picture,
    Text,
    ToolAnswer,
    ToolCall,
    Usage,
)
from ij8.ai.providers.base import Credentials
from ij8.ai.providers.failures import broken_off, declined, nothing_said, of_trouble, unreadable
from ij8.ai.providers.gemini import Gemini, of_error

if TYPE_CHECKING:
    from google.genai import types

LABEL = Gemini.facts.label
HARMS = ("HARASSMENT", "HATE_SPEECH", "SEXUALLY_EXPLICIT", "DANGEROUS_CONTENT")
STRICTEST, USUAL = "BLOCK_LOW_AND_ABOVE", "BLOCK_MEDIUM_AND_ABOVE"
LENGTH = frozenset({"MAX_TOKENS", "CONTINUATION"})
DECLINED = frozenset({
    "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "ESCALATION", "PUP_LIMITED_DISABLED",
    "MODEL_ARMOR", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION",
})  # fmt: skip
FOREIGN = b"skip_thought_signature_validator"  # Google's own word for calls that another model made


class GeminiSpeaker:
    def stream(self, request: LanguageRequest, credentials: Credentials, http: httpx2.Client) -> Iterator[Event]:
        from google import genai
        from google.genai import errors, types

        timeout_ms = int((http.timeout.read or 60) * 1000)
        options = types.HttpOptions(
            httpx_client=http, timeout=timeout_ms, base_url=credentials.base_url or Gemini.facts.standard_url
        )
        heard = _Heard()
        try:
            client = genai.Client(vertexai=False, api_key=credentials.key, http_options=options)
            contents: Any = contents_of(request.messages)
            for chunk in client.models.generate_content_stream(model=request.model, contents=contents, config=_config(request)):
                yield from heard.take(chunk)
            yield heard.end()
        except errors.APIError as error:
            raise of_error(error, LABEL) from None
        except (httpx2.HTTPError, AttributeError, TypeError, ValueError) as error:
            raise (broken_off(LABEL) if heard.began else of_trouble(error, LABEL)) from None


class _Heard:
    """What came so far."""

    def __init__(self) -> None:
        self.began = False
        self._called = False
        self._reason = ""
        self._usage = Usage()

    def take(self, chunk: "types.GenerateContentResponse") -> Iterator[Event]:
        if chunk.prompt_feedback and chunk.prompt_feedback.block_reason:
            raise declined(LABEL)
        if told := chunk.usage_metadata:
            out = (told.candidates_token_count or 0) + (told.thoughts_token_count or 0)
            self._usage = Usage(told.prompt_token_count or 0, out)
        for candidate in (chunk.candidates or [])[:1]:
            if candidate.finish_reason:
                self._reason = candidate.finish_reason.value
                if self._reason in DECLINED:
                    raise declined(LABEL)
            for part in (candidate.content.parts if candidate.content else None) or []:
                if part.function_call:
                    self.began = self._called = True
                    yield _call(part)
                elif part.text and not part.thought:
                    self.began = True
                    yield Delta(part.text)

    def end(self) -> Finished:
        if not self._reason:
            raise broken_off(LABEL) if self.began else nothing_said(LABEL)
        if self._reason not in LENGTH and self._reason != "STOP":
            raise unreadable(LABEL)
        if not self.began:
            raise nothing_said(LABEL)
        if self._called:
            return Finished("tools", self._usage)
        return Finished("length" if self._reason in LENGTH else "stop", self._usage)


def _call(part: "types.Part") -> ToolCall:
    called = part.function_call
    if called is None or not called.name:
        raise unreadable(LABEL)
    raw: dict[str, Any] = {"id": called.id} if called.id else {}
    if part.thought_signature:
        raw["thought_signature"] = base64.b64encode(part.thought_signature).decode()
    return ToolCall(called.id or f"call_{uuid.uuid4().hex}", called.name, dict(called.args or {}), raw)


def _config(request: LanguageRequest) -> "types.GenerateContentConfig":
    from google.genai import types

    threshold = STRICTEST if request.is_minor else USUAL
    declared = [
        types.FunctionDeclaration(name=tool.name, description=tool.description, parameters_json_schema=dict(tool.schema))
        for tool in request.tools
    ]
    return types.GenerateContentConfig(
        system_instruction=request.instructions or None,
        max_output_tokens=request.max_tokens,
        thinking_config=types.ThinkingConfig(thinking_level=types.ThinkingLevel.LOW) if _thinks(request.model) else None,
        tools=[types.Tool(function_declarations=declared)] if declared else None,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        response_mime_type="application/json" if request.schema else None,
        response_json_schema=dict(request.schema) if request.schema else None,
        safety_settings=[
            types.SafetySetting(
                category=types.HarmCategory(f"HARM_CATEGORY_{harm}"), threshold=types.HarmBlockThreshold(threshold)
            )
            for harm in HARMS
        ],
    )


def _thinks(model: str) -> bool:
    """Thoughts count towards the limit of tokens, and the first word waits for them: few of them, where that can be said."""
    return model.startswith("gemini-3")


def contents_of(messages: Sequence[Message]) -> "list[types.Content]":
    """In Google's shape. Calls that carry no signature of Google's are marked as another model's."""
    from google.genai import types

    ids = {part.id: part.raw.get("id") for message in messages for part in message.parts if isinstance(part, ToolCall)}
    return [
        types.Content(role="user" if message.role == "user" else "model", parts=_parts(message.parts, ids))
        for message in messages
    ]


def _parts(parts: Sequence[Part], ids: Mapping[str, Any]) -> "list[types.Part]":
    made, is_first = [], True
    for part in parts:
        made.append(_part(part, ids, is_first=is_first))
        is_first = is_first and not isinstance(part, ToolCall)
    return made


def _part(part: Part, ids: Mapping[str, Any], *, is_first: bool) -> "types.Part":
    from google.genai import types

    match part:
        case Text(text):
            return types.Part(text=text)
        case Picture(data, content_type):
            return types.Part(inline_data=types.Blob(data=data, mime_type=content_type))
        case ToolCall(_, name, arguments, raw):
            signature = raw.get("thought_signature")
            kept = base64.b64decode(signature) if signature else FOREIGN if is_first else None
            called = types.FunctionCall(id=raw.get("id"), name=name, args=dict(arguments))
            return types.Part(function_call=called, thought_signature=kept)
        case ToolAnswer(call_id, name, content):
            answer = types.FunctionResponse(id=ids.get(call_id), name=name, response=_object(content))
            return types.Part(function_response=answer)


def _object(content: str) -> dict[str, Any]:
    """Google takes objects only."""
    try:
        found = json.loads(content)
    except ValueError:
        found = content
    return found if isinstance(found, dict) else {"result": found}
