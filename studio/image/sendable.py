"""Pictures as providers take them: PNG, JPEG or WebP, upright, in 8 bits, and not larger than is of use there. Masks as
they want them.

A child of this file, `python -m studio.image.sendable`, reads a picture from stdin and writes it anew: its type, its sides
and its bytes.
"""

import io
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageOps

from studio.image.containers.base import BadImage
from studio.image.foreign import as_plain, limit
from studio.image.metadata import sniff

KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
PLAIN = frozenset({"L", "LA", "RGB", "RGBA", "P", "1"})
MAX_PX, MAX_BYTES = 3072, 6 << 20
TIMEOUT_S = 40
_ROOT = Path(__file__).resolve().parents[2]
_UNREADABLE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)


@dataclass(frozen=True)
class Sendable:
    data: bytes = field(repr=False)
    content_type: str
    width_px: int
    height_px: int


def sendable(data: bytes) -> Sendable:
    """The same bytes where they will do, else the picture anew (its first frame). `BadImage` for what cannot be read.

    For pictures that were let in already: large or malicious ones are refused where they come in.
    """
    try:
        with Image.open(io.BytesIO(data), formats=[*KINDS, "GIF"]) as image:
            fits = max(image.size) <= MAX_PX and len(data) <= MAX_BYTES and not getattr(image, "is_animated", False)
            is_plain = image.mode in PLAIN and not (image.format == "PNG" and data[24:25] == b"\x10")  # 16 bits a channel
            if fits and is_plain and image.format in KINDS and image.getexif().get(0x0112, 1) == 1:
                return Sendable(data, KINDS[image.format], *image.size)
    except _UNREADABLE as error:
        raise BadImage("It cannot be read as a picture.") from error
    return _made_anew(data)


def _made_anew(data: bytes) -> Sendable:
    """In a process of its own, whose memory is given back: 64 megapixels take hundreds of megabytes."""
    command, env = [sys.executable, "-m", "studio.image.sendable"], {"PATH": "/usr/bin:/bin"}
    try:
        child = subprocess.run(command, input=data, capture_output=True, timeout=TIMEOUT_S, cwd=_ROOT, env=env, check=False)
    except subprocess.TimeoutExpired as error:
        raise BadImage("It takes too long to decode.") from error
    if child.returncode:
        raise BadImage("It cannot be read as a picture.")
    head, _, picture = child.stdout.partition(b"\n")
    content_type, width, height = head.decode().split()
    return Sendable(picture, content_type, int(width), int(height))


def _anew(image: Image.Image) -> Sendable:
    image.load()
    plain = as_plain(image)
    plain.thumbnail((MAX_PX, MAX_PX), Image.Resampling.LANCZOS)
    found = _saved(plain, "PNG")
    if len(found) > MAX_BYTES:
        found = _saved(plain.convert("RGB"), "JPEG", quality=92)
    return Sendable(found, sniff(found[:16]) or "image/png", *plain.size)


def _saved(image: Image.Image, kind: str, **options: int) -> bytes:
    kept = io.BytesIO()
    image.save(kept, kind, **options)
    return kept.getvalue()


def grey_mask(data: bytes, size: tuple[int, int]) -> bytes:
    """A PNG of this size, white where the picture shall change. `BadImage` when it cannot be read."""
    return _saved(_mask(data, size), "PNG")


def hole_mask(data: bytes, size: tuple[int, int]) -> bytes:
    """A PNG of this size, fully transparent where the picture shall change, as OpenAI reads it."""
    change = _mask(data, size)
    opaque = Image.new("RGBA", size, (0, 0, 0, 255))
    opaque.putalpha(ImageOps.invert(change))
    return _saved(opaque, "PNG")


def _mask(data: bytes, size: tuple[int, int]) -> Image.Image:
    """L, 255 = change; nothing in between. A mask with transparency counts where it is white and there."""
    try:
        with Image.open(io.BytesIO(data), formats=[*KINDS, "GIF"]) as image:
            grey = Image.new("L", image.size, 0)
            grey.paste(image.convert("L"), mask=image.convert("RGBA").getchannel("A"))
    except _UNREADABLE as error:
        raise BadImage("The mask cannot be read as a picture.") from error
    return grey.resize(size, Image.Resampling.NEAREST).point(lambda value: 255 if value >= 128 else 0)


def _child() -> None:
    limit()
    with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=[*KINDS, "GIF"]) as image:
        made = _anew(image)
    sys.stdout.buffer.write(f"{made.content_type} {made.width_px} {made.height_px}\n".encode() + made.data)


if __name__ == "__main__":
    _child()
