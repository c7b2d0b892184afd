"""What the four containers share: the limit, the error, and EXIF reduced to its orientation."""

import struct

MAX_PIXELS = 64_000_000
MAX_MOVING_PIXELS = 1_000_000_000  # of all frames together, each as large as the whole: who looks decodes them all
ORIENTATION = 0x0112


class BadImage(ValueError):
    """The file is not a picture that can be kept; the message says why."""


def check_size(width: int, height: int) -> None:
    """Before anything is decoded: a small file can claim to be very large."""
    if not width or not height:
        raise BadImage("It has no size.")
    if width * height > MAX_PIXELS:
        raise BadImage(f"It is {width} × {height} pixels.")


def check_frames(frames: int, width: int, height: int) -> None:
    if frames > 1 and frames * width * height > MAX_MOVING_PIXELS:
        raise BadImage(f"It moves through {frames} pictures of {width} × {height} pixels. Make it shorter or smaller.")


def orientation_of(tiff: bytes) -> int:
    """1 to 8 from the first directory of an EXIF block; 1 where it says nothing that can be read."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return 1
    try:
        start = struct.unpack_from(order + "I", tiff, 4)[0]
        count = struct.unpack_from(order + "H", tiff, start)[0]
        for entry in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind = struct.unpack_from(order + "HH", tiff, entry)
            if tag == ORIENTATION and kind == 3:
                value = int(struct.unpack_from(order + "H", tiff, entry + 8)[0])
                return value if 1 <= value <= 8 else 1
    except struct.error:
        return 1  # damaged metadata is dropped like the rest of it
    return 1


def tiff_with(orientation: int) -> bytes:
    """An EXIF block that says the orientation and nothing else."""
    return b"II*\0" + struct.pack("<IHHHIII", 8, 1, ORIENTATION, 3, 1, orientation, 0)
