"""Small still pictures of works: WebP, at most 512 px on the longer side."""

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from studio.video import ffmpeg

SIDE_PX = 512


@dataclass(frozen=True)
class Still:
    """`webp` is the thumbnail; `width_px` and `height_px` are of the work itself, as it is shown."""

    webp: bytes
    width_px: int
    height_px: int
    duration_s: float | None = None


def shrink(image: Image.Image) -> bytes:
    """The first frame, turned as its EXIF orientation says, on its own transparency."""
    image = ImageOps.exif_transpose(image)
    if image.mode not in ("RGB", "RGBA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS, reducing_gap=2.0)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=82, method=4)
    return out.getvalue()


def of_image(data: bytes | Path) -> Still:
    """Raises OSError or ValueError for what is not a picture. Trusted pictures only: uploads go through a child."""
    with Image.open(io.BytesIO(data) if isinstance(data, bytes) else data) as image:
        width, height = image.size
        if image.getexif().get(0x0112, 1) >= 5:  # orientations 5 to 8 swap the sides
            width, height = height, width
        if image.format == "JPEG":
            image.draft("RGB", (SIDE_PX * 2, SIDE_PX * 2))
        return Still(shrink(image), width, height)


def of_video(data: bytes | Path) -> Still:
    """Raises `ffmpeg.BadVideo` for what cannot be played."""
    if isinstance(data, bytes):
        with ffmpeg.as_file(data) as path:
            return of_video(path)
    found = ffmpeg.probe(data)
    with Image.open(io.BytesIO(ffmpeg.poster(data, side_px=SIDE_PX, at_s=min(1.0, found.duration_s / 3)))) as frame:
        return Still(shrink(frame), found.width_px, found.height_px, found.duration_s)
