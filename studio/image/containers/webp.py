"""WebP: a RIFF file of chunks, each padded to an even length (RFC 9649)."""

import struct
from collections.abc import Iterator

from studio.image.containers.base import BadImage, check_frames, check_size, orientation_of, tiff_with

PICTURE = frozenset({b"VP8 ", b"VP8L", b"ALPH"})
KEPT = PICTURE | {b"VP8X", b"ANIM", b"ANMF", b"ICCP"}
HAS_XMP, HAS_EXIF = 0x04, 0x08


def strip(data: bytes) -> tuple[bytes, int, int]:
    """(clean bytes, width, height)."""
    size = struct.unpack_from("<I", data, 4)[0] + 8
    if size > len(data):
        raise BadImage("It is cut off.")
    chunks: list[tuple[bytes, bytes]] = []
    orientation = 1
    for kind, body in _chunks(data[12:size]):
        if kind == b"EXIF":
            orientation = orientation_of(body.removeprefix(b"Exif\0\0"))
        elif kind == b"ANMF":
            frame = b"".join(_chunk(k, b) for k, b in _chunks(body[16:]) if k in PICTURE)
            chunks.append((kind, body[:16] + frame))
        elif kind in KEPT:
            chunks.append((kind, body))
    if not chunks:
        raise BadImage("There is no picture in it.")
    width, height = _size(*chunks[0])
    for kind, body in chunks:
        if kind != b"ANIM" and kind != b"ICCP" and kind != b"ALPH":
            check_size(*_size(kind, body))
    check_frames(sum(kind == b"ANMF" for kind, _body in chunks), width, height)
    if chunks[0][0] == b"VP8X":
        flags = chunks[0][1][0] & ~(HAS_XMP | HAS_EXIF)
        if orientation != 1:
            flags |= HAS_EXIF
            chunks.append((b"EXIF", tiff_with(orientation)))
        chunks[0] = (b"VP8X", bytes([flags]) + chunks[0][1][1:])
    body = b"WEBP" + b"".join(_chunk(kind, body) for kind, body in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body, width, height


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        if at + 8 + length > len(data):
            raise BadImage("It is cut off.")
        yield kind, data[at + 8 : at + 8 + length]
        at += 8 + length + (length & 1)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) & 1)


def _size(kind: bytes, body: bytes) -> tuple[int, int]:
    """Of a picture chunk, or of the canvas (VP8X) or frame (ANMF) that it lies in."""
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", body, 1)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind in (b"VP8X", b"ANMF"):
        start = 4 if kind == b"VP8X" else 6
        width, height = (int.from_bytes(body[at : at + 3], "little") + 1 for at in (start, start + 3))
        return width, height
    raise BadImage("There is no picture in it.")
