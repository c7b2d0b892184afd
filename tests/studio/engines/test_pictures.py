"""The engines of Gemini and OpenAI, through the vendors' own SDKs, against what the vendors send."""

import base64
import io
import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from PIL import Image

from ij8.ai.providers.base import Credentials
from ij8.core.errors import Busy, Failed, Misconfigured, Refused, Unreachable, Unusable
from studio.engines.base import Asker, Input, Output, Request, Said
from studio.engines.gemini import Gemini
from studio.engines.openai import OpenAI

Answer = Callable[[httpx2.Request], httpx2.Response]
GEMINI, OPENAI = "gemini/gemini-3-pro-image-preview", "openai/gpt-image-1.5"
ENGINES = {GEMINI: Gemini, OPENAI: OpenAI}


def png(width: int = 1024, height: int = 1024, colour: str = "navy") -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(kept, "PNG")
    return kept.getvalue()


def gemini_says(*parts: dict[str, Any], reason: str = "STOP", **more: Any) -> dict[str, Any]:
    content = {"role": "model", "parts": list(parts)}
    usage = {"promptTokenCount": 40, "candidatesTokenCount": 1120, "totalTokenCount": 1160}
    return {"candidates": [{"content": content, "finishReason": reason, "index": 0}], "usageMetadata": usage, **more}


def inline(data: bytes, signature: bytes = b"", **more: Any) -> dict[str, Any]:
    signed = {"thoughtSignature": base64.b64encode(signature).decode()} if signature else {}
    return {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(data).decode()}, **signed, **more}


def openai_says(*pictures: bytes) -> dict[str, Any]:
    details = {"image_tokens": 0, "text_tokens": 40}
    usage = {"input_tokens": 40, "input_tokens_details": details, "output_tokens": 1000, "total_tokens": 1040}
    rows = [{"b64_json": base64.b64encode(one).decode()} for one in pictures]
    return {"created": 1, "data": rows, "usage": usage, "output_format": "png", "size": "1024x1024", "quality": "medium"}


def answer_of(model: str, data: bytes) -> dict[str, Any]:
    return gemini_says(inline(data)) if model == GEMINI else openai_says(data)


def asked(model: str, answer: Answer, *, inputs: tuple[Input, ...] = (), is_minor: bool = False, **params: Any) -> Request:
    asker = Asker(Credentials("key-1"), "p" * 32, is_minor, http=lambda: httpx2.Client(transport=httpx2.MockTransport(answer)))
    operation = "image.edit" if inputs else "image.generate"
    sides = {} if inputs else {"width": 1024, "height": 1024}
    return Request(operation, model, {"prompt": "a red kite", **sides, **params}, inputs=inputs, asker=asker)


def run(request: Request) -> list[Output]:
    return ENGINES[request.model]().run(request, lambda fraction, message: None, lambda image: None)  # type: ignore[no-any-return]


def says(status: int, body: Any, **headers: str) -> Answer:
    return lambda request: httpx2.Response(status, json=body, headers=headers)


@pytest.mark.parametrize("model", ENGINES)
def test_a_picture_is_kept_byte_for_byte(model: str) -> None:
    data = png()
    (output,) = run(asked(model, says(200, answer_of(model, data))))
    assert output.data == data
    assert (output.content_type, output.width_px, output.height_px) == ("image/png", 1024, 1024)
    assert output.used == {"image": 1, "1k_tokens_in": 0.04}
    assert output.meta["resolved_model"] == model


def test_gemini_is_asked_for_the_nearest_shape_and_the_strictest_setting_for_a_minor() -> None:
    seen: list[dict[str, Any]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(json.loads(request.content))
        assert request.headers["x-goog-api-key"] == "key-1"
        return httpx2.Response(200, json=gemini_says(inline(png(2752, 1536))))

    (output,) = run(asked(GEMINI, answer, width=2048, height=1152, is_minor=True))
    config = seen[0]["generationConfig"]
    assert config["imageConfig"] == {"aspectRatio": "16:9", "imageSize": "2K"}
    assert {one["threshold"] for one in seen[0]["safetySettings"]} == {"BLOCK_LOW_AND_ABOVE"}
    assert output.meta["asked_px"] == [2048, 1152]


def test_pictures_that_gemini_thinks_with_are_not_the_answer() -> None:
    thought = inline(png(1024, 1024, "red"), thought=True)
    (output,) = run(asked(GEMINI, says(200, gemini_says(thought, {"text": "Here."}, inline(png())))))
    assert output.data == png()


def test_an_edit_carries_picture_references_and_mask_to_gemini_and_goes_on_with_the_chat() -> None:
    seen: list[dict[str, Any]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(json.loads(request.content))
        return httpx2.Response(200, json=gemini_says(inline(png(64, 48), signature=b"sign")))

    kinds = (("image", "blue"), ("reference", "red"), ("mask", "white"))
    inputs = tuple(Input(role, png(64, 48, colour), "image/png") for role, colour in kinds)
    (first,) = run(asked(GEMINI, answer, inputs=inputs))
    (turn,) = seen[0]["contents"]
    assert [("inlineData" in part, "text" in part) for part in turn["parts"]] == [(True, False)] * 3 + [(False, True)]
    assert "mask" in turn["parts"][3]["text"]
    assert turn["parts"][3]["text"].endswith("a red kite")
    again = Request(**{**vars(asked(GEMINI, answer, inputs=inputs[:1])), "chat": first.chat})
    run(again)
    user, model, now = seen[1]["contents"]
    assert (user["role"], model["role"], now["role"]) == ("user", "model", "user")
    assert base64.b64decode(model["parts"][0]["thoughtSignature"]) == b"sign"
    assert [list(part) for part in now["parts"]] == [["text"]]  # the picture is the chat's last


def test_an_edit_carries_picture_references_and_a_mask_with_holes_to_openai() -> None:
    bodies: list[bytes] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        assert request.url.path == "/v1/images/edits"
        bodies.append(request.read())
        return httpx2.Response(200, json=openai_says(png(1536, 1024)))

    half = Image.new("L", (60, 40), 0)
    half.paste(255, (0, 0, 30, 40))
    kept = io.BytesIO()
    half.save(kept, "PNG")
    sides = tuple(Input(role, png(60, 40), "image/png") for role in ("image", "reference", "reference"))
    (output,) = run(asked(OPENAI, answer, inputs=(*sides, Input("mask", kept.getvalue(), "image/png"))))
    assert (output.width_px, output.height_px) == (1536, 1024)
    assert bodies[0].count(b'name="image[]"') == 3
    start = bodies[0].index(b"\x89PNG", bodies[0].index(b'name="mask"'))
    with Image.open(io.BytesIO(bodies[0][start:])) as mask:
        alpha = mask.getchannel("A")
    assert (alpha.getpixel((5, 5)), alpha.getpixel((55, 5))) == (0, 255)
    assert b'name="size"\r\n\r\n1536x1024' in bodies[0]


GEMINI_BLOCK = {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}
OPENAI_BLOCK = {"error": {"message": "rejected", "type": "image_generation_user_error", "code": "moderation_blocked"}}


@pytest.mark.parametrize(
    ("model", "status", "body", "error", "code"),
    [
        (GEMINI, 200, GEMINI_BLOCK, Refused, "refused"),
        (GEMINI, 200, gemini_says(reason="IMAGE_SAFETY"), Refused, "refused"),
        (GEMINI, 200, gemini_says({"text": "I cannot."}), Unusable, "empty_answer"),
        (GEMINI, 200, gemini_says(reason="NO_IMAGE"), Unusable, "empty_answer"),
        (GEMINI, 200, {"candidates": [{"content": {"parts": []}}]}, Failed, "answer_cut_off"),
        (GEMINI, 200, {}, Unusable, "empty_answer"),
        (GEMINI, 200, gemini_says(inline(png(300, 900))), Unusable, "wrong_size"),
        (GEMINI, 200, gemini_says(inline(png()[:900])), Unusable, "no_picture"),
        (GEMINI, 200, gemini_says(inline(b"<svg/>")), Unusable, "no_picture"),
        (GEMINI, 401, {"error": {"code": 401, "message": "no"}}, Misconfigured, "key_refused"),
        (GEMINI, 500, {"error": {"code": 500, "message": "internal"}}, Failed, "failed"),
        (OPENAI, 400, OPENAI_BLOCK, Refused, "refused"),
        (OPENAI, 400, {"error": {"message": "no such size", "code": "invalid_value"}}, Refused, "refused"),
        (OPENAI, 401, {"error": {"message": "no", "code": "invalid_api_key"}}, Misconfigured, "key_refused"),
        (OPENAI, 429, {"error": {"message": "pay", "code": "insufficient_quota"}}, Misconfigured, "no_credit"),
        (OPENAI, 200, openai_says(), Unusable, "empty_answer"),
        (OPENAI, 200, {"created": 1, "data": [{"b64_json": "?"}]}, Unusable, "no_picture"),
        (OPENAI, 200, openai_says(png(1024, 300)), Unusable, "wrong_size"),
    ],
)  # fmt: skip
def test_what_goes_wrong_becomes_one_of_our_errors(model: str, status: int, body: Any, error: type, code: str) -> None:
    with pytest.raises(error) as told:
        run(asked(model, says(status, body)))
    assert (type(told.value), told.value.code) == (error, code)


@pytest.mark.parametrize("model", ENGINES)
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_vendor_is_called_once_and_says_when(model: str, status: int) -> None:
    calls: list[int] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        calls.append(1)
        return httpx2.Response(status, json={"error": {"code": status, "message": "later"}}, headers={"Retry-After": "7"})

    with pytest.raises(Busy) as told:
        run(asked(model, answer))
    assert len(calls) == 1
    assert (told.value.extra["vendor_status"], told.value.extra["retry_after_s"]) == (status, 7.0)


@pytest.mark.parametrize("model", ENGINES)
def test_only_a_call_that_was_never_sent_may_be_made_again(model: str) -> None:
    def refuses(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("no route", request=request)

    def cuts_off(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.RemoteProtocolError("peer closed connection", request=request)

    def hangs(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadTimeout("silence", request=request)

    with pytest.raises(Unreachable):
        run(asked(model, refuses))
    for answer, code in ((cuts_off, "answer_cut_off"), (hangs, "timeout")):
        with pytest.raises(Failed) as told:
            run(asked(model, answer))
        assert (type(told.value), told.value.code) == (Failed, code)


def test_a_chat_does_not_print_pictures_or_signatures() -> None:
    assert "secret" not in repr(Said("user", picture=Input("image", b"secret", "image/png"), signature=b"secret"))
