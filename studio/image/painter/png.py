"""A PNG written row by row, so that a large picture can report progress and be cancelled while it is packed.

Pillow writes in one call, which at 2048² is silent for about a second.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_LEVEL = 4
_ROWS = 64


def pack(pixels: NDArray[np.uint8], progress: Callable[[float], None]) -> bytes:
    """`pixels`: H×W×3 uint8. No text, no time: the same pixels give the same bytes."""
    height, width, _ = pixels.shape
    squeeze = zlib.compressobj(_LEVEL, zlib.DEFLATED, 15, 9, zlib.Z_FILTERED)
    data = bytearray()
    above = np.zeros((1, width, 3), dtype=np.uint8)
    for top in range(0, height, _ROWS):
        band = pixels[top : top + _ROWS]
        lines = np.empty((len(band), 1 + width * 3), dtype=np.uint8)
        lines[:, 0] = 2  # the Up filter: the difference to the row above
        lines[:, 1:] = (band - np.concatenate([above, band[:-1]])).reshape(len(band), -1)
        above = band[-1:]
        data += squeeze.compress(lines.tobytes())
        progress(min(1.0, (top + _ROWS) / height))
    data += squeeze.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"sRGB", b"\0"), _chunk(b"IDAT", bytes(data)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
