"""JPEG: segments, then entropy-coded data in which only FF00 and RST markers may occur, until EOI."""

import re
import struct

from studio.image.containers.base import BadImage, check_size, orientation_of, tiff_with

SOI, EOI, SOS, COM, APP0, APP15 = 0xD8, 0xD9, 0xDA, 0xFE, 0xE0, 0xEF
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_JFIF_START = b"\xff\xe0\x00\x10JFIF\0"


def strip(data: bytes) -> tuple[bytes, int, int]:
    """(clean bytes, width, height). JFIF loses its embedded thumbnail, which may show what was cropped away."""
    head: list[bytes] = []
    rest: list[bytes] = []
    width = height = 0
    orientation, at = 1, 2
    while True:
        if data[at] != 0xFF:
            raise BadImage("It is damaged.")
        while data[at + 1] == 0xFF:  # fill bytes
            at += 1
        marker = data[at + 1]
        if marker == EOI:
            break
        length = struct.unpack_from(">H", data, at + 2)[0]
        end = at + 2 + length
        if length < 2 or end > len(data):
            raise BadImage("It is cut off.")
        segment, body = data[at:end], data[at + 4 : end]
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", body, 1)
            check_size(width, height)
        if APP0 <= marker <= APP15 or marker == COM:
            if body.startswith(b"Exif\0\0"):
                orientation = orientation_of(body[6:])
            elif kept := _kept(marker, body, segment):
                head.append(kept)
        else:
            rest.append(segment)
        at = end
        if marker == SOS:
            found = _MARKER.search(data, at)
            if not found:
                raise BadImage("It is cut off.")
            rest.append(data[at : found.start()])
            at = found.start()
    if not width or not any(part[1] == SOS for part in rest if part[:1] == b"\xff"):
        raise BadImage("There is no picture in it.")
    if orientation != 1:
        exif = b"Exif\0\0" + tiff_with(orientation)
        head.insert(1 if head and head[0].startswith(_JFIF_START) else 0, _segment(0xE1, exif))
    return b"\xff\xd8" + b"".join(head + rest) + b"\xff\xd9", width, height


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _kept(marker: int, body: bytes, segment: bytes) -> bytes | None:
    """Of the application segments only those that change the colours, and the density."""
    if marker == APP0 and body.startswith(b"JFIF\0") and len(body) >= 14:
        return _JFIF_START + body[5:12] + b"\0\0"
    if marker == 0xE2 and body.startswith(b"ICC_PROFILE\0"):
        return segment
    if marker == 0xEE and body.startswith(b"Adobe") and len(body) >= 12:
        return _segment(0xEE, body[:12])
    return None
