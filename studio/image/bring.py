"""A picture that somebody brings, of any kind that is read here: whole, without private metadata, and such as browsers show.

Facts, in words of ours: `photo` (a camera wrote it), `drawing`, `animated`, and what had to become other than it was:
`16-bit`, `cmyk`, `colours`, `first-of-N`, `text` (drawn in a plain letter).
"""

import struct
from dataclasses import dataclass

from studio.image import decode, foreign, metadata
from studio.image.containers.base import BadImage
from studio.image.thumbnail import Still

__all__ = ["HEAD_BYTES", "KINDS", "BadImage", "Brought", "bring", "sniff"]

HEAD_BYTES = 4096
KINDS = ("PNG", "JPEG", "WebP", "GIF", "HEIC", "AVIF", "TIFF", "BMP", "PSD", "SVG")
_NAMES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP", "image/gif": "GIF"}
_MAKE, _MODEL = 0x010F, 0x0110


@dataclass(frozen=True)
class Brought:
    """`kind` is what it was (one of KINDS); `data` and `content_type` are what is kept."""

    data: bytes
    content_type: str
    still: Still
    kind: str
    facts: tuple[str, ...]


def sniff(head: bytes) -> str | None:
    """One of KINDS from the first HEAD_BYTES; None for what is no picture."""
    return _NAMES.get(metadata.sniff(head) or "") or foreign.sniff(head)


def bring(data: bytes) -> Brought:
    """Seconds for a large one. Raises BadImage, which says why."""
    kind = sniff(data[:HEAD_BYTES])
    if kind is None:
        raise BadImage("It is no picture that is read here.")
    facts: tuple[str, ...] = ()
    if kind not in _NAMES.values():
        made = foreign.convert(data, kind)
        data, facts = made.data, made.facts
    else:
        facts = _facts(data, kind)
    clean = metadata.strip(data)
    still = decode.decode(clean.data)
    if still.frames > 1:
        facts = (*facts, "animated")
    if still.mode == "CMYK":
        facts = (*facts, "cmyk")
    return Brought(clean.data, clean.content_type, still, kind, facts)


def _facts(data: bytes, kind: str) -> tuple[str, ...]:
    found = []
    if kind == "PNG" and data[24:25] == b"\x10":
        found.append("16-bit")
    at = data.find(b"Exif\0\0", 0, 1 << 16) if kind == "JPEG" else -1
    if at >= 0 and _has_camera(data[at + 6 : at + 6 + (1 << 16)]):
        found.append("photo")
    return tuple(found)


def _has_camera(tiff: bytes) -> bool:
    """Whether an EXIF block names the camera. Only that it does is kept."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return False
    try:
        start = struct.unpack_from(order + "I", tiff, 4)[0]
        count = struct.unpack_from(order + "H", tiff, start)[0]
        tags = [struct.unpack_from(order + "H", tiff, start + 2 + 12 * n)[0] for n in range(min(count, 200))]
    except struct.error:
        return False
    return _MAKE in tags or _MODEL in tags
