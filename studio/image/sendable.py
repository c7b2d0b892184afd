"""Pictures as providers take them: PNG, JPEG or WebP, upright, and not larger than is of use there. Masks as they want them."""

import io
from dataclasses import dataclass, field

from PIL import Image, ImageOps

from studio.image.containers.base import BadImage
from studio.image.metadata import sniff

KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
MAX_PX, MAX_BYTES = 3072, 6 << 20
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
            if fits and image.format in KINDS and image.getexif().get(0x0112, 1) == 1:
                return Sendable(data, KINDS[image.format], *image.size)
            return _anew(image)
    except _UNREADABLE as error:
        raise BadImage("It cannot be read as a picture.") from error


def _anew(image: Image.Image) -> Sendable:
    plain = ImageOps.exif_transpose(image)
    plain = plain.convert("RGBA" if "A" in plain.getbands() or "transparency" in plain.info else "RGB")
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
