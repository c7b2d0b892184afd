"""OpenAI as an engine of pictures."""

import base64
import binascii
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import httpx2

from ij8.core.errors import EngineError, Refused, Unusable
from studio.comfy.marked import gettext_noop
from studio.engines.base import ModelInfo, Output, PreviewCall, ProgressCall, Reading, Request
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
from studio.image.sendable import hole_mask

LABEL = "OpenAI"
STANDARD_URL = "https://api.openai.com/v1"
PREFIX = "openai/"
MODELS = (
    ("gpt-image-1.5", "GPT Image 1.5", gettext_noop("Follows long descriptions closely, and changes pictures.")),
    ("gpt-image-1-mini", "GPT Image 1 mini", gettext_noop("As GPT Image 1.5, simpler and far cheaper.")),
)
SIZES: tuple[Size, ...] = ((1024, 1024), (1536, 1024), (1024, 1536))
QUALITY = "medium"  # where nobody says
REFUSALS = frozenset({"moderation_blocked", "content_policy_violation", "safety_violation"})


class OpenAI:
    paid = True

    def models(self, url: str) -> tuple[ModelInfo, ...]:
        return tuple(
            ModelInfo(
                id=PREFIX + slug,
                name=name,
                note=note,
                operations=("image.generate", EDIT, "image.from_drawing"),
                max_px=2048,
                supports=frozenset({"quality"}),
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
        """By what quality it is priced."""
        return str(request.params.get("quality") or QUALITY)

    def read(self, request: Request) -> Reading | None:
        return None

    def run(self, request: Request, progress: ProgressCall, preview: PreviewCall) -> list[Output]:
        progress(None, "")
        asked = wanted_size(request)
        size = nearest(asked, SIZES)
        answer = _ask(request, size, self.variant(request))
        used = _used(answer)
        row = next(iter(answer.data or []), None)
        try:
            data = base64.b64decode(row.b64_json, validate=True) if row and row.b64_json else b""
        except (binascii.Error, ValueError, TypeError) as error:
            raise Unusable("OpenAI's picture cannot be read.", code="no_picture", used=used) from error
        if not data:
            raise Unusable("OpenAI answered without a picture. Try again in other words.", code="empty_answer", used=used)
        meta = {"resolved_model": request.model, "quality": self.variant(request)}
        return [proved(data, asked=asked, snapped=size, meta=meta, used=used)]

    def probe(self, url: str) -> None:
        """Nobody's key is used to try it; the next piece of work tells."""


def _ask(request: Request, size: Size, quality: str) -> Any:
    """One call through OpenAI's SDK, not repeated. Nothing of the environment is used."""
    import openai

    asker = asker_of(request)
    with asker.http() as http:
        client = openai.OpenAI(
            api_key=asker.credentials.key,
            base_url=asker.credentials.base_url or STANDARD_URL,
            http_client=http,
            max_retries=0,
            timeout=TIMEOUT_S,
        )
        client.organization = client.project = None  # which the SDK would take from the environment
        ordered: dict[str, Any] = {
            "model": request.model.removeprefix(PREFIX),
            "prompt": str(request.params["prompt"]),
            "size": f"{size[0]}x{size[1]}",
            "quality": quality,
            "n": 1,
            "output_format": "png",
            "safety_identifier": asker.person_id,
        }
        try:
            works = _works(request)
            return client.images.edit(**ordered, **works) if works else client.images.generate(**ordered, moderation="auto")
        except openai.APIStatusError as error:
            raise _of_status(error.status_code, error.response.headers, str(error.code or "")) from None
        except (openai.OpenAIError, EngineError, AttributeError, TypeError, ValueError, httpx2.HTTPError) as error:
            raise of_call(error, LABEL) from None


def _of_status(status: int, headers: Mapping[str, str], code: str) -> EngineError:
    if code in REFUSALS:
        return Refused("OpenAI refuses to make this picture. Put it in other words.", code="refused")
    return of_answer(status, LABEL, headers, code=code)


def _works(request: Request) -> dict[str, Any]:
    """The pictures that go in, as files: the one to be changed first, which the mask is for."""
    sent = [
        checked_input(one) for role in ("image", "drawing", "reference") for one in request.inputs if one.role == role
    ]  # fmt: skip
    if not sent:
        return {}
    files = [(f"{n}.{one.content_type.partition('/')[2]}", one.data, one.content_type) for n, one in enumerate(sent)]
    mask = next((one for one in request.inputs if one.role == "mask"), None)
    if mask is None:
        return {"image": files}
    try:
        drawn = hole_mask(mask.data, (sent[0].width_px, sent[0].height_px))
    except BadImage as error:
        raise Refused(str(error), code="bad_mask") from error
    return {"image": files, "mask": ("mask.png", drawn, "image/png")}


def _used(answer: Any) -> dict[str, float]:
    tokens_in = getattr(getattr(answer, "usage", None), "input_tokens", None) or 0
    return {"image": 1, "1k_tokens_in": tokens_in / 1000}
