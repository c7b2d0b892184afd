"""Google's Gemini as an engine of pictures: by words, and by changing a picture in a chat that goes on."""

from decimal import Decimal
from typing import Any

import httpx2

from ij8.core.errors import EngineError, Failed, Refused, Unusable
from studio.comfy.marked import gettext_noop
from studio.engines.base import Input, ModelInfo, Output, PreviewCall, ProgressCall, Reading, Request, Said
from studio.engines.pictures import (
    EDIT,
    PRICE,
    TIMEOUT_S,
    Size,
    asker_of,
    checked_input,
    nearest,
    of_answer,
    of_call,
    proved,
    wanted_size,
)  # fmt: skip
from studio.image.metadata import BadImage
from studio.image.sendable import grey_mask

LABEL = "Gemini"
STANDARD_URL = "https://generativelanguage.googleapis.com"
PREFIX = "gemini/"
MODELS = (
    ("gemini-3-pro-image-preview", "Gemini 3 Pro Image", gettext_noop("Draws what the words name, and changes pictures.")),
    ("gemini-3.1-flash-image-preview", "Gemini 3.1 Flash Image", gettext_noop("As Gemini 3 Pro Image: faster and cheaper.")),
)  # fmt: skip
# the vendor's table of sides at 1K by ratio; 2K and 4K are twice and four times as large
RATIOS: dict[Size, str] = {
    (1024, 1024): "1:1", (848, 1264): "2:3", (1264, 848): "3:2", (896, 1200): "3:4", (1200, 896): "4:3", (928, 1152): "4:5",
    (1152, 928): "5:4", (768, 1376): "9:16", (1376, 768): "16:9", (1584, 672): "21:9",
}  # fmt: skip
CLASSES = {"1K": 1, "2K": 2, "4K": 4}
REFUSALS = frozenset({
    "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_RECITATION", "ESCALATION", "PUP_LIMITED_DISABLED", "LANGUAGE",
})  # fmt: skip
HARMS = ("HARASSMENT", "HATE_SPEECH", "SEXUALLY_EXPLICIT", "DANGEROUS_CONTENT")


class Gemini:
    paid = True
    stand_in = "openai/gpt-image-1.5"  # who is asked when the vendor is overloaded

    def models(self, url: str) -> tuple[ModelInfo, ...]:
        return tuple(
            ModelInfo(
                id=PREFIX + slug,
                name=name,
                note=note,
                operations=("image.generate", EDIT, "image.from_drawing"),
                max_px=2048,
                paid=True,
                price=PRICE,
            )
            for slug, name, note in MODELS
        )

    def check(self, request: Request) -> None:
        """Nothing more than the declared capabilities."""

    def estimate_usd(self, request: Request) -> Decimal | None:
        return None

    def variant(self, request: Request) -> str:
        """By what class of size it is priced."""
        if request.operation == EDIT:
            return "1K"
        return _class_of(wanted_size(request))

    def read(self, request: Request) -> Reading | None:
        return None

    def run(self, request: Request, progress: ProgressCall, preview: PreviewCall) -> list[Output]:
        progress(None, "")
        turn = _turn(request)
        said = (*request.chat, *turn)
        asked = wanted_size(request)
        size = None if request.operation == EDIT else _ordered(asked)
        answer = _ask(request, said, size)
        used = _used(answer)
        parts = _parts_of(answer, used)
        picture = next((part for part in parts if part.inline_data and not part.thought), None)
        if picture is None or picture.inline_data is None or not picture.inline_data.data:
            raise Unusable(
                "Gemini answered without a picture. Say more plainly what it shall show.", code="empty_answer", used=used
            )
        meta = {"resolved_model": request.model, **({"size_class": _class_of(asked)} if size else {})}
        output = proved(picture.inline_data.data, asked=asked, snapped=size, meta=meta, used=used)
        return [_with_chat(output, said, parts, picture)]

    def probe(self, url: str) -> None:
        """Nobody's key is used to try it; the next piece of work tells."""


def _class_of(size: Size) -> str:
    return "1K" if max(size) <= 1024 else "2K" if max(size) <= 2048 else "4K"


def _ordered(asked: Size) -> Size:
    across, down = nearest(asked, list(RATIOS))
    factor = CLASSES[_class_of(asked)]
    return across * factor, down * factor


def _turn(request: Request) -> tuple[Said, ...]:
    """What the person says now: the picture, unless the chat ends with it, then references and mask, then the words."""
    words = str(request.params["prompt"])
    if request.operation != EDIT:
        return (*_pictures(request, "drawing", "reference"), Said("user", text=words))
    shown = _pictures(request, "reference") if request.chat else _pictures(request, "image", "reference")
    masks = _masks(request)
    told = _told_before(request) + "Change the picture as follows, and keep everything else as it is.\n"
    if masks:
        told += "The last picture is a mask: change only what lies under its white parts.\n"
    return (*shown, *masks, Said("user", text=told + words))


def _told_before(request: Request) -> str:
    """By which words the picture came to be, where the chat itself is gone; they are told, not asked again."""
    steps = [] if request.chat else request.earlier
    return "".join(f"Step {n} so far was: {words}\n" for n, words in enumerate(steps, 1)) + ("Now: " if steps else "")


def _pictures(request: Request, *roles: str) -> tuple[Said, ...]:
    found = (one for role in roles for one in request.inputs if one.role == role)
    return tuple(Said("user", picture=one) for one in found)


def _masks(request: Request) -> tuple[Said, ...]:
    mask = next((one for one in request.inputs if one.role == "mask"), None)
    if mask is None:
        return ()
    try:
        drawn = grey_mask(mask.data, wanted_size(request))
    except BadImage as error:
        raise Refused(str(error), code="bad_mask") from error
    return (Said("user", picture=Input("mask", drawn, "image/png", mask.artifact)),)


def _ask(request: Request, said: tuple[Said, ...], size: Size | None) -> Any:
    """One call through Google's SDK, which does not repeat it by itself."""
    from google import genai
    from google.genai import errors, types

    asker = asker_of(request)
    with asker.http() as http:
        options = types.HttpOptions(
            httpx_client=http,
            timeout=int(TIMEOUT_S * 1000),
            base_url=asker.credentials.base_url or STANDARD_URL,
            api_version="v1beta",  # where models in preview are
        )
        try:
            client = genai.Client(vertexai=False, api_key=asker.credentials.key, http_options=options)
            return client.models.generate_content(
                model=request.model.removeprefix(PREFIX),
                contents=_contents(said),
                config=_config(size, _class_of(wanted_size(request)), is_minor=asker.is_minor),
            )
        except errors.APIError as error:
            headers = getattr(error.response, "headers", {})
            raise of_answer(error.code or 500, LABEL, headers, code=_reason(error.details)) from None
        except (httpx2.HTTPError, EngineError, AttributeError, TypeError, ValueError) as error:
            raise of_call(error, LABEL) from None


def _reason(details: object) -> str:
    """Google says 400 for a wrong key, and why in the details."""
    told = details.get("error", {}) if isinstance(details, dict) else {}
    listed = told.get("details", []) if isinstance(told, dict) else []
    reasons = [one.get("reason") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return next((reason for reason in reasons if isinstance(reason, str)), "")


def _config(size: Size | None, size_class: str, *, is_minor: bool) -> Any:
    from google.genai import types

    factor = CLASSES[size_class]
    ordered = types.ImageConfig(
        aspect_ratio=RATIOS[size[0] // factor, size[1] // factor], image_size=size_class
    ) if size else None  # fmt: skip
    strictest = [
        types.SafetySetting(
            category=types.HarmCategory(f"HARM_CATEGORY_{harm}"), threshold=types.HarmBlockThreshold.BLOCK_LOW_AND_ABOVE
        )
        for harm in HARMS
    ]
    return types.GenerateContentConfig(
        response_modalities=["TEXT", "IMAGE"], image_config=ordered, safety_settings=strictest if is_minor else None
    )


def _contents(said: tuple[Said, ...]) -> list[Any]:
    """In the vendor's shape: neighbours of one side become one content."""
    from google.genai import types

    contents: list[Any] = []
    for one in said:
        if not contents or contents[-1].role != one.role:
            contents.append(types.Content(role=one.role, parts=[]))
        part = types.Part(text=one.text) if one.picture is None else _picture_part(one.picture)
        part.thought_signature = one.signature or None
        contents[-1].parts.append(part)
    return contents


def _picture_part(one: Input) -> Any:
    from google.genai import types

    sent = checked_input(one)
    return types.Part.from_bytes(data=sent.data, mime_type=sent.content_type)


def _used(answer: Any) -> dict[str, float]:
    tokens_in = getattr(answer.usage_metadata, "prompt_token_count", None) or 0
    return {"image": 1, "1k_tokens_in": tokens_in / 1000}


def _parts_of(answer: Any, used: dict[str, float]) -> list[Any]:
    """Of the one answer. Raises Refused for a block, Unusable or Failed for what broke off."""
    blocked = getattr(answer.prompt_feedback, "block_reason", None)
    candidate = next(iter(answer.candidates or []), None)
    reason = getattr(getattr(candidate, "finish_reason", None), "value", "")
    if blocked or reason in REFUSALS:
        raise Refused("Gemini refuses to make this picture. Put it in other words.", code="refused")
    if candidate is None:
        raise Unusable("Gemini answered with nothing.", code="empty_answer", used={})
    if not reason:
        raise Failed("Gemini's answer broke off.", code="answer_cut_off")
    parts = getattr(candidate.content, "parts", None) or []
    if reason != "STOP" and not any(part.inline_data for part in parts):
        raise Unusable("Gemini made no picture. Say more plainly what it shall show.", code="empty_answer", used=used)
    return list(parts)


def _with_chat(output: Output, said: tuple[Said, ...], parts: list[Any], picture: Any) -> Output:
    """With the chat that a later change goes on with: signatures go back as they came, or the vendor refuses it."""
    answered = []
    for part in parts:
        signature = part.thought_signature or b""
        if part is picture:
            answered.append(
                Said("model", picture=Input("image", output.data, output.content_type), signature=signature, is_result=True)
            )
        elif part.text and not part.thought:
            answered.append(Said("model", text=part.text, signature=signature))
    return Output(**{**vars(output), "chat": (*said, *answered)})
