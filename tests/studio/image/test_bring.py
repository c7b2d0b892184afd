"""Pictures of every kind that people bring: what is kept of each, and what is refused. Real children, no database."""

import io
import os
import struct
import subprocess
import sys
from typing import Any

import pytest
from PIL import Image

from ij8.embedded.places import CHECKOUT
from studio.image import foreign, svg
from studio.image.bring import BadImage, Brought, bring, sniff
from tests.studio.artifacts.test_metadata import SECRET, exif
from tests.studio.making import picture

IS_PROOF = os.environ.get("IJ8_PROOF") == "1"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 30">%s</svg>'
RED = b'<rect width="40" height="30" fill="#c81e1e"/>'


def photo(kind: str, **save: Any) -> bytes:
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    return picture((64, 48), kind, **save)


def psd(mode: int = 3, channels: int = 3, depth: int = 8, width: int = 40, height: int = 30) -> bytes:
    """Adobe's format with its composite alone. Modes: 3 RGB, 4 CMYK."""
    head = b"8BPS" + struct.pack(">H6xHIIHH", 1, channels, height, width, depth, mode)
    return head + struct.pack(">IIIH", 0, 0, 0, 0) + b"\x80" * (width * height * channels * depth // 8)


def pages() -> bytes:
    out = io.BytesIO()
    first = Image.new("RGB", (40, 30), "red")
    first.save(out, "TIFF", save_all=True, append_images=[Image.new("RGB", (40, 30), "blue")])
    return out.getvalue()


def cmyk(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("CMYK", (40, 30), (0, 255, 255, 0)).save(out, kind)
    return out.getvalue()


def deep() -> bytes:
    out = io.BytesIO()
    Image.new("I;16", (40, 30), 40_000).save(out, "PNG")
    return out.getvalue()


def moving() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "GIF", save_all=True, append_images=[Image.new("RGB", (40, 30), "blue")])
    return out.getvalue()


def shown(found: Brought) -> Image.Image:
    image = Image.open(io.BytesIO(found.data))
    image.load()
    return image


KINDS: list[tuple[str, bytes, str, str, tuple[str, ...]]] = [
    ("a photo of a phone", photo("HEIF", exif=exif()), "HEIC", "image/jpeg", ("photo",)),
    ("a picture in layers, for print", psd(mode=4, channels=4), "PSD", "image/png", ("cmyk",)),
    ("a drawing", SVG % RED, "SVG", "image/png", ("drawing",)),
    ("an AVIF", photo("AVIF"), "AVIF", "image/jpeg", ()),
    ("a picture that moves", moving(), "GIF", "image/gif", ("animated",)),
    ("a deep picture", deep(), "PNG", "image/png", ("16-bit",)),
    ("a photo for print", cmyk("JPEG"), "JPEG", "image/jpeg", ("cmyk",)),
]
if IS_PROOF:
    KINDS += [
        ("a scan of two pages", pages(), "TIFF", "image/png", ("first-of-2",)),
        ("a page for print", cmyk("TIFF"), "TIFF", "image/png", ("cmyk",)),
        ("a bitmap", picture(kind="BMP"), "BMP", "image/png", ()),
        ("a picture in layers", psd(), "PSD", "image/png", ()),
        ("a photo that is shown as it is", picture(kind="JPEG", exif=exif()), "JPEG", "image/jpeg", ("photo",)),
    ]


@pytest.mark.parametrize(("name", "data", "kind", "kept", "facts"), KINDS, ids=[one[0] for one in KINDS])
def test_what_comes_is_kept_as_what_browsers_show_and_told(
    name: str, data: bytes, kind: str, kept: str, facts: tuple[str, ...]
) -> None:
    found = bring(data)
    assert (found.kind, found.content_type, found.facts) == (kind, kept, facts), name
    image = shown(found)
    assert image.format in ("PNG", "JPEG", "GIF")
    assert image.size == (found.still.width_px, found.still.height_px)
    assert SECRET not in found.data
    if kind == "SVG":
        assert image.size == (1024, 768)
        assert image.convert("RGB").getpixel((500, 400)) == (200, 30, 30)


HOSTILE = {
    "an entity that grows": (b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + SVG % b"<text>&b;</text>", "entities"),
    "a file of this machine by entity": (b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + SVG % RED, "entities"),
    "a script": (SVG % b"<script>alert(1)</script>", "script"),
    "a handler": (SVG % b'<rect onload="alert(1)"/>', "script"),
    "a picture elsewhere": (SVG % b'<image href="https://tracker.test/pixel.png"/>', "outside"),
    "a file of this machine": (SVG % b'<image xlink:href="/etc/hostname"/>', "outside"),
    "a drawing within": (SVG % b'<image href="data:image/svg+xml;base64,AAAA"/>', "outside"),
    "a style elsewhere": (SVG % b"<style>@import 'https://tracker.test/x.css'</style>", "outside"),
    "a fill elsewhere": (SVG % b'<rect fill="url(https://tracker.test/x#a)"/>', "outside"),
    "a thread": (b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="9000"/>', "complex"),
    "a web page": (b"<!-- --><html><svg></svg></html>", "drawing"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_drawing_that_is_more_than_a_drawing_is_refused_before_it_is_drawn(name: str) -> None:
    data, why = HOSTILE[name]
    assert sniff(data) == "SVG"
    with pytest.raises(svg.Refused) as caught:
        svg.checked(data)
    assert str(caught.value) == why


DAMAGED = {
    "a cut photo": (photo("HEIF")[:-60], "damaged"),
    "a script": HOSTILE["a script"],
    "a deep one": (psd(depth=16), "deep"),
}
if IS_PROOF:
    DAMAGED |= {
        "a cut photo": (photo("HEIF")[:-60], "damaged"),
        "a cut AVIF": (photo("AVIF")[:-60], "damaged"),
        "a cut scan": (picture((200, 200), "TIFF")[:-60_000], "damaged"),
        "a picture in layers without its end": (psd()[:-500], "damaged"),
        "more pixels than anybody has": (psd(width=30_000, height=30_000)[:2000], "damaged"),
    }


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_refused_with_its_reason(name: str) -> None:
    data, why = DAMAGED[name]
    with pytest.raises(BadImage) as caught:
        bring(data)
    assert str(caught.value) == foreign.REASONS[why]


def test_who_draws_opens_no_file_and_no_connection() -> None:
    """In the child, after it has loaded what it needs."""
    tries = (
        "import socket, sys; from studio.image import foreign\n"
        "foreign._shut(0)\n"
        "for one in (lambda: open('/etc/hostname'), lambda: socket.socket()):\n"
        "    try: one(); sys.exit(1)\n"
        "    except OSError as error: assert error.errno == 24, error\n"
    )
    assert subprocess.run([sys.executable, "-c", tries], check=False, cwd=CHECKOUT).returncode == 0


def test_what_is_no_picture_is_known_by_its_first_bytes() -> None:
    assert sniff(b"%PDF-1.7") is None
    assert sniff(b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41") is None
    assert sniff(b"<html><p>svg</p></html>") is None
