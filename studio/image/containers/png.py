"""PNG and APNG: a signature and chunks of length, type, data and CRC."""

import struct
import zlib

from studio.image.containers.base import BadImage, check_frames, check_size, orientation_of, tiff_with

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEPT = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD hIST pHYs acTL fcTL fdAT".split())


def strip(data: bytes) -> tuple[bytes, int, int]:
    """(clean bytes, width, height). Every kept chunk's CRC is checked."""
    out, orientation, at, kind = [SIGNATURE], 1, len(SIGNATURE), b""
    width = height = frames = 0
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise BadImage("It is cut off.")
        if (kind == b"IHDR") != (at == len(SIGNATURE)):
            raise BadImage("It does not begin with its header.")
        body = data[at + 8 : end - 4]
        if kind == b"IHDR":
            width, height = struct.unpack_from(">II", body)
            check_size(width, height)
        if kind == b"fcTL":
            frames += 1
            check_frames(frames, width, height)
        if kind == b"eXIf":
            orientation = orientation_of(body)
        elif kind in KEPT:
            if zlib.crc32(data[at + 4 : end - 4]) != struct.unpack_from(">I", data, end - 4)[0]:
                raise BadImage("It is damaged.")
            if kind == b"IDAT" and orientation != 1:
                out.append(_chunk(b"eXIf", tiff_with(orientation)))
                orientation = 1
            out.append(data[at:end])
        elif not kind[0] & 0x20:  # an upper-case first letter: needed to show the picture, and unknown
            raise BadImage("It has parts that are not known.")
        at = end
    return b"".join(out), width, height


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
