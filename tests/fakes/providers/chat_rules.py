"""What OpenAI's chat wire refuses of a request."""

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.fakes.providers.vendor import Refusal, known

FIELDS = (
    "model", "messages", "stream", "stream_options", "tools", "tool_choice", "parallel_tool_calls", "response_format",
    "max_completion_tokens", "max_tokens", "store", "safety_identifier", "moderation", "temperature", "top_p", "n", "seed",
    "stop", "user", "reasoning_effort", "metadata", "service_tier", "prompt_cache_key",
)  # fmt: skip
MESSAGE = {
    "system": ("role", "content", "name"),
    "developer": ("role", "content", "name"),
    "user": ("role", "content", "name"),
    "assistant": ("role", "content", "name", "tool_calls", "refusal"),
    "tool": ("role", "content", "tool_call_id"),
}
NAME = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")
DATA_URL = re.compile(r"^data:image/(png|jpeg|webp|gif);base64,[A-Za-z0-9+/]+=*$")


def refuse(name: str, why: str) -> Refusal:
    return Refusal(400, f"Unknown parameter: '{name}' {why}", "unknown_parameter")


def check_chat(body: dict[str, Any], *, extra: tuple[str, ...] = (), extra_of_message: tuple[str, ...] = ()) -> None:
    known(body, (*FIELDS, *extra), "", refuse)
    if not isinstance(body.get("model"), str):
        raise Refusal(400, "you must provide a model parameter")
    if body.get("stream_options") is not None and not body.get("stream"):
        raise Refusal(400, "The 'stream_options' parameter is only allowed when 'stream' is enabled.")
    for tool in body.get("tools", []):
        function = known(tool.get("function"), ("name", "description", "parameters", "strict"), "tools", refuse)
        if tool.get("type") != "function" or not NAME.match(function.get("name", "")):
            raise Refusal(400, f"Invalid 'tools[0].function.name': does not match {NAME.pattern}", "invalid_value")
        if function.get("parameters", {}).get("type") != "object":
            raise Refusal(400, "Invalid schema for function: schema must be a JSON Schema of 'type: \"object\"'")
    if body.get("tools") == []:
        raise Refusal(400, "Invalid 'tools': empty array.", "empty_array")
    _check_format(body.get("response_format"))
    _check_messages(body.get("messages"), extra_of_message)


def _check_format(found: Mapping[str, Any] | None) -> None:
    if found is None:
        return
    if found.get("type") not in ("text", "json_object", "json_schema"):
        raise Refusal(400, "Invalid value for response_format.type")
    if found["type"] == "json_schema":
        shape = known(found.get("json_schema"), ("name", "schema", "strict", "description"), "response_format", refuse)
        if not NAME.match(shape.get("name", "")) or not isinstance(shape.get("schema"), dict):
            raise Refusal(400, "Missing required parameter: 'response_format.json_schema'")


def _check_messages(messages: object, extra: tuple[str, ...]) -> None:
    if not isinstance(messages, list) or not messages:
        raise Refusal(400, "Invalid 'messages': empty array.")
    waiting: list[str] = []
    for place, message in enumerate(messages):
        role = message.get("role")
        if role not in MESSAGE:
            raise Refusal(400, f"Invalid value: '{role}'.", "invalid_value")
        known(message, (*MESSAGE[role], *(extra if role == "assistant" else ())), f"messages[{place}]", refuse)
        if role == "tool":
            if message.get("tool_call_id") not in waiting:
                raise Refusal(400, "messages with role 'tool' must be a response to a preceding message with 'tool_calls'.")
            waiting.remove(message["tool_call_id"])
            continue
        if waiting:
            raise Refusal(
                400, "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
                f"'tool_call_id'. The following tool_call_ids did not have response messages: {', '.join(waiting)}",
            )  # fmt: skip
        if role == "assistant":
            waiting = _calls_of(message)
        if role == "user":
            _check_content(message.get("content"))
    if waiting:
        raise Refusal(400, "An assistant message with 'tool_calls' must be followed by tool messages.")


def _calls_of(message: Mapping[str, Any]) -> list[str]:
    calls = message.get("tool_calls")
    if calls is None and message.get("content") is None:
        raise Refusal(400, "Invalid value for 'content': expected a string, got null.")
    for call in calls or []:
        json.loads(call["function"]["arguments"])
    return [call["id"] for call in calls or []]


def _check_content(content: object) -> None:
    if isinstance(content, str) and content:
        return
    if not isinstance(content, list) or not content:
        raise Refusal(400, "Invalid value for 'content'.")
    for part in content:
        if part.get("type") == "image_url":
            if not DATA_URL.match(part["image_url"]["url"]):
                raise Refusal(400, "Invalid image data.", "invalid_image")
        elif part.get("type") != "text":
            raise Refusal(400, "Invalid content part.")
