"""Decodes an untrusted picture in a process of its own, which may take so much memory and time and no more.

The child is this file: `python -m studio.image.decode` reads the picture from stdin, proves that it decodes, and
writes its thumbnails to stdout.
"""

import io
import resource
import subprocess
import sys
import warnings
from pathlib import Path

from PIL import Image

from studio.image.containers.base import MAX_PIXELS, BadImage
from studio.image.thumbnail import Still, still_of

MEMORY_BYTES = 1 << 30
CPU_S = 10
TIMEOUT_S = 20
_ROOT = Path(__file__).resolve().parents[2]


def decode(data: bytes) -> Still:
    """Thumbnails and size as shown. `BadImage` when it does not decode within the limits."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", "studio.image.decode"],
            input=data,
            capture_output=True,
            timeout=TIMEOUT_S,
            cwd=_ROOT,
            env={"PATH": "/usr/bin:/bin"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BadImage("It takes too long to decode.") from error
    if child.returncode:
        raise BadImage("It is damaged, cut off, or larger than it says.")
    head, _, pictures = child.stdout.partition(b"\n")
    width, height, small, frames = map(int, head.split()[:4])
    return Still(pictures[:small], pictures[small:], width, height, frames=frames, mode=head.split()[4].decode())


def _child() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("error")
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    still = still_of(io.BytesIO(sys.stdin.buffer.read()))
    head = f"{still.width_px} {still.height_px} {len(still.small)} {still.frames} {still.mode}\n"
    sys.stdout.buffer.write(head.encode() + still.small + still.large)


if __name__ == "__main__":
    _child()
