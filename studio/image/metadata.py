"""Pictures without private metadata, pixel for pixel the same: containers are re-cut, nothing is decoded.

Dropped: EXIF (place, time, camera, serial numbers, embedded thumbnails), XMP, IPTC, comments, text chunks, unknown
chunks and whatever lies behind the picture's end. Kept: what changes how the picture looks (colour profile, gamma,
transparency, animation) and, of EXIF, the orientation alone. Sources: ITU T.81, PNG 3rd edition, RFC 9649, GIF89a.
"""

import struct
from dataclasses import dataclass

from studio.image.containers import gif, jpeg, png, webp
from studio.image.containers.base import MAX_PIXELS, BadImage

__all__ = ["MAX_PIXELS", "BadImage", "Stripped", "sniff", "strip"]


@dataclass(frozen=True)
class Stripped:
    """`width_px` × `height_px` as stored, before the orientation is applied."""

    data: bytes
    content_type: str
    width_px: int
    height_px: int


_KINDS = {
    "image/jpeg": jpeg.strip,
    "image/png": png.strip,
    "image/webp": webp.strip,
    "image/gif": gif.strip,
}


def sniff(head: bytes) -> str | None:
    """The content type that the first 16 bytes show; None for what is none of the four."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    return None


def strip(data: bytes) -> Stripped:
    """Raises `BadImage` for what is not a whole picture of at most 64 megapixels."""
    content_type = sniff(data[:16])
    if content_type is None:
        raise BadImage("It is not a PNG, JPEG, WebP or GIF.")
    try:
        clean, width, height = _KINDS[content_type](data)
    except (struct.error, IndexError) as error:
        raise BadImage("It is cut off.") from error
    return Stripped(clean, content_type, width, height)
