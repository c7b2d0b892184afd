"""Small still pictures: WebP in two sizes, for grids and for cards."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from PIL import Image, ImageOps

SMALL_PX, LARGE_PX = 256, 768  # of the longer side
QUALITY = 80  # a painted picture of 1024 px: 14 KB and 102 KB
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


@dataclass(frozen=True)
class Still:
    """`small` and `large` are thumbnails, the same bytes for a work that is no larger than the small one.

    `width_px` and `height_px` are of the work itself, as it is shown; `frames` and `mode` (Pillow's) as it is kept.
    """

    small: bytes
    large: bytes
    width_px: int
    height_px: int
    duration_s: float | None = None
    frames: int = 1
    mode: str = ""


def still_of(source: IO[bytes] | Path) -> Still:
    """Of a picture, its first frame; turned as its EXIF orientation says. Decodes every pixel of it.

    Raises OSError, ValueError or SyntaxError (Pillow's own choice) for what is not a whole picture.
    """
    with Image.open(source, formats=_FORMATS) as image:
        image.load()
        width, height = image.size
        if image.getexif().get(0x0112, 1) >= 5:  # orientations 5 to 8 swap the sides
            width, height = height, width
        return Still(*shrink(image), width, height, frames=getattr(image, "n_frames", 1), mode=image.mode)


def shrink(image: Image.Image) -> tuple[bytes, bytes]:
    """Both thumbnails; transparency is kept."""
    large = _plain(image)
    large.thumbnail((LARGE_PX, LARGE_PX), Image.Resampling.LANCZOS, reducing_gap=2.0)
    large = ImageOps.exif_transpose(large)
    if max(large.size) <= SMALL_PX:
        return (_webp(large),) * 2
    small = large.copy()
    small.thumbnail((SMALL_PX, SMALL_PX), Image.Resampling.LANCZOS)
    return _webp(small), _webp(large)


def shown_width(width_px: int, height_px: int, side_px: int) -> int:
    """How wide the thumbnail of such a work is."""
    return max(1, round(width_px * min(1.0, side_px / max(width_px, height_px))))


def _plain(image: Image.Image) -> Image.Image:
    """A copy in RGB or RGBA, with the orientation still to be followed."""
    if image.mode.startswith("I;16"):  # Pillow would cut 16 bits at 255 instead of scaling them
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode not in ("RGB", "RGBA"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.copy()


def _webp(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()
