"""A Gemini on loopback: `models`, `generateContent` and `streamGenerateContent` as strict as Google's where it matters.

It refuses unknown fields, a wrong order of roles, answers of tools without their calls, calls without a thought signature,
a missing or wrong key, models that it does not have, and pictures asked of a model that makes none.
"""

import base64
import json
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.fakes.providers.script import (
    Answer,
    Call,
    Calls,
    Declined,
    Empty,
    Half,
    Hang,
    Picture,
    Say,
    Wrong,
    WrongWithin,
)  # fmt: skip
from tests.fakes.providers.vendor import Asked, Refusal, Reply, Vendor, common, event, half_event, known, reply_json, serving

TEXT_MODELS = ("gemini-3.5-flash", "gemini-3.1-pro-preview")
IMAGE_MODELS = ("gemini-3-pro-image-preview", "gemini-3.1-flash-image-preview")
SIGNATURE, FOREIGN = b"signed by the fake", b"skip_thought_signature_validator"
TOP = ("contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings", "cachedContent")
GENERATION = (
    "maxOutputTokens", "responseMimeType", "responseJsonSchema", "responseSchema", "responseModalities", "imageConfig",
    "temperature", "topP", "topK", "seed", "candidateCount", "stopSequences", "thinkingConfig",
)  # fmt: skip
PART = ("text", "inlineData", "functionCall", "functionResponse", "thoughtSignature", "thought", "fileData")
DEFINED = ("args", "response", "responseJsonSchema", "responseSchema", "parametersJsonSchema", "parameters")
THRESHOLDS = ("BLOCK_LOW_AND_ABOVE", "BLOCK_MEDIUM_AND_ABOVE", "BLOCK_ONLY_HIGH", "BLOCK_NONE", "OFF")
ASPECTS = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
PICTURES = ("image/png", "image/jpeg", "image/webp", "image/heic", "image/heif")
STATUS = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
          429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE"}  # fmt: skip


class FakeGemini(Vendor):
    def respond(self, asked: Asked) -> Reply:
        self._let_in(asked.headers.get("x-goog-api-key", ""))
        version, _, rest = asked.path.lstrip("/").partition("/")
        if version not in ("v1", "v1beta") or not rest.startswith("models"):
            raise Refusal(404, "no such route")
        if asked.method == "GET" and rest == "models":
            return reply_json(200, {"models": [{"name": f"models/{name}"} for name in (*TEXT_MODELS, *IMAGE_MODELS)]})
        model, _, act = rest.removeprefix("models/").partition(":")
        if act not in ("generateContent", "streamGenerateContent"):
            raise Refusal(404, "no such route")
        if model not in (*TEXT_MODELS, *IMAGE_MODELS):
            raise Refusal(404, f"models/{model} is not found for API version {version}")
        body = _body(asked.raw)
        check(body, makes_pictures=model in IMAGE_MODELS)
        self.requests.append(Asked(asked.method, asked.path, asked.query, asked.headers, asked.raw, body))
        answer = self.next_answer(body)
        if found := common(answer):
            return found
        if isinstance(answer, Wrong):
            return wrong(answer)
        if act == "generateContent":
            return reply_json(200, _joined([one for one in events_of(answer, model) if isinstance(one, dict)]))
        return Reply(200, "text/event-stream", stream_of(answer, model))

    def _let_in(self, key: str) -> None:
        self.asked.append(key)
        if not key:
            raise Refusal(403, "Method doesn't allow unregistered callers.")
        if key not in self.keys:
            raise Refusal(400, f"API key not valid: {key}", "API_KEY_INVALID")

    def refuse(self, refusal: Refusal) -> Reply:
        reason = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": refusal.code, "domain": "googleapis.com"}
        return reply_json(refusal.status, _error(refusal.status, refusal.message, [reason] if refusal.code else []))


def wrong(answer: Wrong) -> Reply:
    delay = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{answer.retry_after_s}s"}
    details = [delay] if answer.retry_after_s is not None else []
    if answer.code:
        details.append({"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": answer.code})
    return reply_json(answer.status, _error(answer.status, "The model is overloaded. Please try again later.", details))


def _error(status: int, message: str, details: list[dict[str, Any]]) -> dict[str, Any]:
    error: dict[str, Any] = {"code": status, "message": message, "status": STATUS.get(status, "UNKNOWN")}
    return {"error": {**error, "details": details} if details else error}


def _body(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except ValueError:
        raise Refusal(400, "Invalid JSON payload received.") from None
    if not isinstance(found, dict):
        raise Refusal(400, "Invalid JSON payload received.")
    camel: dict[str, Any] = _camel(found)
    return camel


def _camel(value: Any) -> Any:
    """Google takes both spellings of its own fields; what people define is left as it is."""
    if isinstance(value, list):
        return [_camel(one) for one in value]
    if not isinstance(value, dict):
        return value
    named = {re.sub("_([a-z])", lambda hit: hit[1].upper(), name): one for name, one in value.items()}
    return {name: one if name in DEFINED else _camel(one) for name, one in named.items()}


# --- what it refuses ---
def _unknown(name: str, why: str) -> Refusal:
    return Refusal(400, f'Invalid JSON payload received. Unknown name "{name}": {why}')


def check(body: dict[str, Any], *, makes_pictures: bool) -> None:
    known(body, TOP, "", _unknown)
    config = known(body.get("generationConfig", {}), GENERATION, "generation_config", _unknown)
    if "IMAGE" in config.get("responseModalities", []) and not makes_pictures:
        raise Refusal(400, "The requested combination of response modalities is not supported by the model.")
    image = known(config.get("imageConfig", {}), ("aspectRatio", "imageSize"), "image_config", _unknown)
    if image.get("aspectRatio", "1:1") not in ASPECTS or image.get("imageSize", "1K") not in ("1K", "2K", "4K"):
        raise Refusal(400, "aspect_ratio or image_size is not supported.")
    if config.get("responseJsonSchema") and config.get("responseMimeType") != "application/json":
        raise Refusal(400, "response_json_schema needs the mime type application/json")
    for setting in body.get("safetySettings", []):
        if setting.get("threshold") not in THRESHOLDS or not setting.get("category", "").startswith("HARM_CATEGORY_"):
            raise Refusal(400, "Invalid value at 'safety_settings'")
    names = [one["name"] for tool in body.get("tools", []) for one in tool.get("functionDeclarations", [])]
    if len(set(names)) != len(names):
        raise Refusal(400, "Duplicate function declaration found")
    _check_contents(body.get("contents"), makes_pictures=makes_pictures)


def _check_contents(contents: object, *, makes_pictures: bool) -> None:
    if not isinstance(contents, list) or not contents:
        raise Refusal(400, "contents is not specified")
    open_calls: list[dict[str, Any]] = []
    for place, content in enumerate(contents):
        known(content, ("role", "parts"), f"contents[{place}]", _unknown)
        role, parts = content.get("role", "user"), content.get("parts") or []
        if role not in ("user", "model") or not parts:
            raise Refusal(400, "Please use a valid role: user, model, with parts.")
        for part in parts:
            _check_part(part, makes_pictures=makes_pictures)
        answers = [part["functionResponse"] for part in parts if "functionResponse" in part]
        if len(answers) != len(open_calls) or sorted(one["name"] for one in answers) != sorted(one["name"] for one in open_calls):
            raise Refusal(
                400, "Please ensure that the number of function response parts is equal to the number of function call "
                "parts of the function call turn.",
            )  # fmt: skip
        open_calls = [part["functionCall"] for part in parts if "functionCall" in part]
        if open_calls and (role != "model" or place == 0):
            raise Refusal(400, "Please ensure that function call turn comes immediately after a user turn.")
        _check_signature(parts)
    if open_calls or contents[-1].get("role", "user") != "user":
        raise Refusal(400, "Please ensure that multiturn requests end with a user turn.")


def _check_part(part: object, *, makes_pictures: bool) -> None:
    found = known(part, PART, "parts", _unknown)
    if not found or (len(set(found) - {"thoughtSignature", "thought"}) != 1):
        raise Refusal(400, "Unable to submit request because it must have one data field in each part.")
    if inline := found.get("inlineData"):
        known(inline, ("mimeType", "data"), "inline_data", _unknown)
        if inline.get("mimeType") not in PICTURES:
            raise Refusal(400, f"Unsupported MIME type: {inline.get('mimeType')}")
        try:
            base64.b64decode(inline["data"].translate(str.maketrans("-_", "+/")), validate=True)
        except (ValueError, KeyError):
            raise Refusal(400, "Unable to process input image") from None
    if "functionResponse" in found and not isinstance(found["functionResponse"].get("response"), dict):
        raise Refusal(400, "Invalid value at function_response.response (type.googleapis.com/google.protobuf.Struct)")


def _check_signature(parts: list[dict[str, Any]]) -> None:
    called = [part for part in parts if "functionCall" in part]
    if not called:
        return
    given = called[0].get("thoughtSignature", "")
    if base64.urlsafe_b64decode(given.translate(str.maketrans("+/", "-_"))) not in (SIGNATURE, FOREIGN):
        raise Refusal(400, "Function call is missing a thought_signature in functionCall parts.")


# --- what it answers ---
def stream_of(answer: Answer, model: str) -> Iterator[bytes | float | None]:
    for one in events_of(answer, model):
        yield event(one) if isinstance(one, dict) else one


def events_of(answer: Answer, model: str) -> Iterator[dict[str, Any] | bytes | float | None]:
    match answer:
        case Say():
            if answer.thought:
                yield _chunk(model, [{"text": answer.thought, "thought": True}])
            for piece in answer.pieces:
                if answer.pause_s:
                    yield answer.pause_s
                yield _chunk(model, [{"text": piece}])
            yield _chunk(model, [{"text": ""}], "MAX_TOKENS" if answer.length else "STOP", answer.tokens)
        case Call() | Calls():
            yield from _calls(answer, model)
        case Picture():
            parts = [{"text": answer.text}] if answer.text else []
            inline = {"mimeType": answer.content_type, "data": base64.b64encode(answer.data).decode()}
            signed = {"inlineData": inline, "thoughtSignature": base64.b64encode(SIGNATURE).decode()}
            yield _chunk(model, [*parts, signed], "STOP", answer.tokens)
        case Declined(text, of):
            if of == "question":
                feedback = {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}
                yield {**feedback, "usageMetadata": {"promptTokenCount": 4, "totalTokenCount": 4}, "modelVersion": model}
                return
            if text:
                yield _chunk(model, [{"text": text}])
            yield _chunk(model, [], "IMAGE_SAFETY" if model in IMAGE_MODELS else "SAFETY")
        case Half(text, rude):
            if text:
                yield _chunk(model, [{"text": text}])
            if rude:
                yield half_event(_chunk(model, [{"text": "never read"}]))
                yield None
        case Hang(seconds, text):
            yield _chunk(model, [{"text": text}])
            yield seconds
            yield None
        case WrongWithin(text):
            if text:
                yield _chunk(model, [{"text": text}])
            yield _error(503, "The model is overloaded. Please try again later.", [])
        case Empty():
            yield _chunk(model, [], "STOP")


def _calls(answer: Call | Calls, model: str) -> Iterator[dict[str, Any]]:
    if answer.text:
        yield _chunk(model, [{"text": answer.text}])
    parts = []
    for place, one in enumerate(answer.calls if isinstance(answer, Calls) else (answer,)):
        if isinstance(one.arguments, str):  # Google's model cannot even send it
            yield _chunk(model, [], "MALFORMED_FUNCTION_CALL", answer.tokens)
            return
        part: dict[str, Any] = {"functionCall": {"id": uuid.uuid4().hex[:8], "name": one.name, "args": dict(one.arguments)}}
        if place == 0:
            part["thoughtSignature"] = base64.b64encode(SIGNATURE).decode()
        parts.append(part)
    yield _chunk(model, parts, "STOP", answer.tokens)


def _chunk(model: str, parts: list[dict[str, Any]], reason: str = "", tokens: tuple[int, int] | None = None) -> dict[str, Any]:
    candidate: dict[str, Any] = {"index": 0}
    if parts:
        candidate["content"] = {"role": "model", "parts": parts}
    if reason:
        candidate["finishReason"] = reason
    found: dict[str, Any] = {"candidates": [candidate], "modelVersion": model, "responseId": uuid.uuid4().hex[:12]}
    if tokens:
        asked, said = tokens
        found["usageMetadata"] = {"promptTokenCount": asked, "candidatesTokenCount": said, "totalTokenCount": asked + said}
    return found


def _joined(chunks: list[dict[str, Any]]) -> dict[str, Any]:
    """A stream's events as one answer."""
    if len(chunks) == 1:
        return chunks[0]
    parts = [part for one in chunks for part in one["candidates"][0].get("content", {}).get("parts", [])]
    last = chunks[-1]
    return {**last, "candidates": [{**last["candidates"][0], "content": {"role": "model", "parts": parts}}]}


@contextmanager
def fake_gemini(*keys: str) -> Iterator[FakeGemini]:
    with serving(FakeGemini(*keys)) as server:
        yield server
