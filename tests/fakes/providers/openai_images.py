"""OpenAI's images: what is refused of a request, and the answer. Edits come as forms with files."""

import base64
import time
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from tests.fakes.providers.script import Answer, Declined, Empty, Half, Picture
from tests.fakes.providers.vendor import Asked, Refusal, Reply, known, reply_json

MODELS = ("gpt-image-2", "gpt-image-1.5", "gpt-image-1", "gpt-image-1-mini")
SIZES = ("auto", "1024x1024", "1536x1024", "1024x1536")
QUALITIES = ("auto", "low", "medium", "high")
BOTH = ("model", "prompt", "n", "size", "quality", "background", "output_format", "output_compression", "user", "stream",
        "partial_images", "moderation", "safety_identifier")  # fmt: skip
EDITS = (*(name for name in BOTH if name != "moderation"), "input_fidelity", "image", "image[]", "mask")


def refuse(name: str, why: str) -> Refusal:
    return Refusal(400, f"Unknown parameter: '{name}'. {why}", "unknown_parameter")


def fields_of(asked: Asked) -> dict[str, Any]:
    """Of a form: text by name, files as lists of (file name, content type, bytes)."""
    head = f"Content-Type: {asked.headers['content-type']}\r\n\r\n".encode()
    found: dict[str, Any] = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + asked.raw).iter_parts():  # type: ignore[attr-defined]
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if part.get_filename() is None:
            found[name] = data.decode()
        else:
            found.setdefault(name, []).append((part.get_filename(), part.get_content_type(), data))
    return found


def check_image(body: dict[str, Any], *, edits: bool) -> None:
    known(body, EDITS if edits else BOTH, "", refuse)
    if body.get("model") not in MODELS:
        raise Refusal(404, f"The model '{body.get('model')}' does not exist.", "model_not_found")
    if not body.get("prompt"):
        raise Refusal(400, "Missing required parameter: 'prompt'.", "missing_required_parameter")
    if body.get("size", "auto") not in SIZES:
        raise Refusal(400, f"Invalid value: '{body['size']}'. Supported values are: {', '.join(SIZES)}.", "invalid_value")
    if body.get("quality", "auto") not in QUALITIES:
        raise Refusal(400, f"Invalid value: '{body['quality']}'.", "invalid_value")
    if not edits:
        return
    pictures = [*body.get("image", []), *body.get("image[]", [])]
    if not 1 <= len(pictures) <= 16:
        raise Refusal(400, "Missing required parameter: 'image'.", "missing_required_parameter")
    for _name, kind, _data in (*pictures, *body.get("mask", [])):
        if kind not in ("image/png", "image/jpeg", "image/webp"):
            raise Refusal(400, f"Invalid file: unsupported mimetype ('{kind}').", "unsupported_file_mimetype")
    if body.get("mask") and body["mask"][0][1] != "image/png":
        raise Refusal(400, "Invalid mask: it must be a PNG with an alpha channel.", "invalid_image_file")


def answer_image(answer: Answer) -> Reply:
    match answer:
        case Picture(data=data, tokens=tokens):
            body: dict[str, Any] = {"created": int(time.time()), "data": [{"b64_json": base64.b64encode(data).decode()}]}
            if tokens:
                told = {"input_tokens": tokens[0], "output_tokens": tokens[1], "total_tokens": sum(tokens)}
                body["usage"] = {**told, "input_tokens_details": {"text_tokens": tokens[0], "image_tokens": 0}}
            return reply_json(200, body)
        case Declined():
            raise Refusal(400, "Your request was rejected by the safety system.", "moderation_blocked")
        case Empty():
            return reply_json(200, {"created": int(time.time()), "data": []})
        case Half():
            return Reply(200, "application/json", [b'{"created": 1, "data": [{"b64_js', None])
    raise Refusal(500, f"no picture is made of {type(answer).__name__}")
