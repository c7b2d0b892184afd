"""What providers are sent of pictures that they would read wrongly."""

import io
import os
import struct
import time
import zlib

import pytest
from PIL import Image

from studio.engines import pictures
from studio.engines.base import Input, Request
from studio.image.sendable import MAX_PX, Sendable, sendable
from tests.studio.making import picture

IS_PROOF = os.environ.get("IJ8_PROOF") == "1"


def saved(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def deep_colours() -> bytes:
    """A PNG of 16 bits a channel, which Pillow cannot write."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\0" + struct.pack(">HHH", 0x8000, 0x4000, 0xFFFF) * 4 for _row in range(3))
    head = struct.pack(">IIBBBBB", 4, 3, 16, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def shown(sent: Sendable) -> Image.Image:
    with Image.open(io.BytesIO(sent.data)) as image:
        return image.convert("RGB")


@pytest.mark.parametrize(
    ("name", "data", "colour"),
    [
        ("for print", saved(Image.new("CMYK", (40, 30), (0, 255, 255, 0)), "JPEG"), (255, 0, 0)),
        ("deep and grey", saved(Image.new("I;16", (40, 30), 0x8000), "PNG"), (128, 128, 128)),
        ("deep and in colours", deep_colours(), (128, 64, 255)),
    ],
)
def test_what_vendors_would_read_wrongly_is_sent_in_plain_colours(name: str, data: bytes, colour: tuple[int, ...]) -> None:
    sent = sendable(data)
    assert sent.content_type == "image/png"
    assert sent.data[24] == 8, name
    assert all(abs(found - meant) < 4 for found, meant in zip(shown(sent).getpixel((1, 1)), colour, strict=True))  # type: ignore[arg-type]


def test_what_will_do_is_sent_as_it_is() -> None:
    for kind in ("PNG", "JPEG", "WEBP"):
        assert sendable(picture(kind=kind)).data == picture(kind=kind)


def test_a_picture_is_made_ready_once_for_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    monkeypatch.setattr(pictures, "sendable", lambda data: calls.append(len(data)) or sendable(data))
    request = Request("image.edit", "m", {"prompt": "x"}, inputs=(Input("image", picture(kind="GIF"), "image/gif"),))
    for _again in range(3):
        assert pictures.wanted_size(request) == (40, 30)
    assert len(calls) == 1


@pytest.mark.skipif(not IS_PROOF, reason="half a gigabyte")
def test_sixty_megapixels_are_ready_in_seconds() -> None:
    data, since = picture((8944, 6708), "JPEG"), time.monotonic()
    sent = sendable(data)
    assert (sent.width_px, sent.height_px) == (MAX_PX, 2304)
    assert time.monotonic() - since < 8
