"""GIF: a screen, then images and extensions as chains of sub-blocks, until the trailer."""

import struct

from studio.image.containers.base import BadImage, check_frames, check_size

IMAGE, EXTENSION, TRAILER = 0x2C, 0x21, 0x3B
CONTROL, APPLICATION = 0xF9, 0xFF
KEPT_APPLICATIONS = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"})  # looping, and a colour profile


def strip(data: bytes) -> tuple[bytes, int, int]:
    """(clean bytes, width, height)."""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    check_size(width, height)
    at = 13 + _table(flags)
    out, images = [data[:at]], 0
    while data[at] != TRAILER:
        start, kind = at, data[at]
        if kind == IMAGE:
            frame_width, frame_height, flags = struct.unpack_from("<4xHHB", data, at + 1)
            check_size(frame_width, frame_height)
            at = _blocks(data, at + 10 + _table(flags) + 1)
            images += 1
            check_frames(images, max(width, frame_width), max(height, frame_height))
            out.append(data[start:at])
        elif kind == EXTENSION:
            label = data[at + 1]
            at = _blocks(data, at + 2)
            is_known = label == APPLICATION and data[start + 3 : start + 14] in KEPT_APPLICATIONS
            if label == CONTROL or is_known:
                out.append(data[start:at])
        else:
            raise BadImage("It is damaged.")
    if not images:
        raise BadImage("There is no picture in it.")
    return b"".join(out) + bytes([TRAILER]), width, height


def _table(flags: int) -> int:
    """Bytes of the colour table that these flags announce."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _blocks(data: bytes, at: int) -> int:
    """The position behind a chain of sub-blocks, which begins at `at`."""
    while data[at]:
        at += data[at] + 1
    return at + 1
