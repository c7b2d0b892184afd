"""OpenAI's moderations: what is refused of a request, and the answer. It takes one picture a call."""

import base64
import binascii
import io
import uuid
from typing import Any

from PIL import Image

from tests.fakes.providers.script import Answer, Say, Seen
from tests.fakes.providers.vendor import Refusal, Reply, known, reply_json

MODELS = ("omni-moderation-latest", "omni-moderation-2024-09-26")
OF_WORDS = ("harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent", "sexual/minors")
OF_PICTURES = ("self-harm", "self-harm/instructions", "self-harm/intent", "sexual", "violence", "violence/graphic")
FLAGGED_FROM = 0.5  # of this fake; the vendor does not say
MOST_BYTES = 20_000_000
KINDS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP", "image/gif": "GIF"}


def refuse(name: str, why: str) -> Refusal:
    return Refusal(400, f"Unknown parameter: '{name}'. {why}", "unknown_parameter")


def check_moderation(body: dict[str, Any]) -> None:
    known(body, ("model", "input"), "", refuse)
    if body.get("model", MODELS[0]) not in MODELS:
        raise Refusal(404, f"The model `{body['model']}` does not exist or you do not have access to it.", "model_not_found")
    given = body.get("input")
    if not given:
        raise Refusal(400, "Missing required parameter: 'input'.", "missing_required_parameter")
    parts = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    pictures = [one for one in parts if one.get("type") == "image_url"]
    if len(pictures) > 1:
        raise Refusal(400, f"Number of images ({len(pictures)}) exceeds maximum of 1", "too_many_images")
    for one in pictures:
        known(one, ("type", "image_url"), "input", refuse)
        _check_address(known(one.get("image_url"), ("url",), "input.image_url", refuse).get("url"))


def _check_address(address: object) -> None:
    head, comma, data = str(address).partition(";base64,")
    kind = KINDS.get(head.removeprefix("data:"))
    if not comma or kind is None:
        raise Refusal(400, "Invalid image data URL.", "invalid_image_url")
    try:
        raw = base64.b64decode(data, validate=True)
        if len(raw) > MOST_BYTES:
            raise Refusal(400, "The image is too large.", "image_too_large")
        with Image.open(io.BytesIO(raw), formats=[kind]) as image:
            image.load()
    except (binascii.Error, OSError, SyntaxError) as error:
        raise Refusal(400, "Invalid image.", "invalid_image") from error


def answer_moderation(answer: Answer, model: str) -> Reply:
    """`Seen` gives scores by name; whatever else is scripted by default says that nothing was seen."""
    if not isinstance(answer, Seen | Say):
        raise Refusal(500, f"no picture is judged by {type(answer).__name__}")
    told = dict(answer.scores) if isinstance(answer, Seen) else {}
    scores = {name: told.get(name, 1e-6) for name in (*OF_WORDS, *OF_PICTURES)}
    categories = {name: score >= FLAGGED_FROM for name, score in scores.items()}
    applied = {name: ["image"] if name in OF_PICTURES else [] for name in scores}
    result = {
        "flagged": any(categories.values()), "categories": categories, "category_scores": scores,
        "category_applied_input_types": applied,
    }  # fmt: skip
    return reply_json(200, {"id": f"modr-{uuid.uuid4().hex[:12]}", "model": model, "results": [result]})
