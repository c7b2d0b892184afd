"""Small still pictures: WebP, at most 512 px on the longer side."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from PIL import Image, ImageOps

SIDE_PX = 512
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


@dataclass(frozen=True)
class Still:
    """`webp` is the thumbnail; `width_px` and `height_px` are of the work itself, as it is shown."""

    webp: bytes
    width_px: int
    height_px: int
    duration_s: float | None = None


def still_of(source: IO[bytes] | Path) -> Still:
    """Of a picture, its first frame; turned as its EXIF orientation says. Decodes every pixel of it.

    Raises OSError, ValueError or SyntaxError (Pillow's own choice) for what is not a whole picture.
    """
    with Image.open(source, formats=_FORMATS) as image:
        image.load()
        width, height = image.size
        if image.getexif().get(0x0112, 1) >= 5:  # orientations 5 to 8 swap the sides
            width, height = height, width
        return Still(shrink(image), width, height)


def shrink(image: Image.Image) -> bytes:
    """The thumbnail's bytes; transparency is kept."""
    if image.mode not in ("RGB", "RGBA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    small = image.copy() if max(image.size) <= SIDE_PX else image
    small.thumbnail((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS, reducing_gap=2.0)
    out = io.BytesIO()
    ImageOps.exif_transpose(small).save(out, "WEBP", quality=82, method=4)
    return out.getvalue()
