"""The picture nodes that need no weights, with Pillow, and what a sampler without weights makes."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageOps
from PIL.PngImagePlugin import PngInfo

RESAMPLING = {
    "nearest-exact": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "area": Image.Resampling.BOX,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
TILES = 8
PREVIEW_PX = 64


def plain(width: int, height: int, color: int) -> Image.Image:
    return Image.new("RGB", (width, height), (color >> 16 & 255, color >> 8 & 255, color & 255))


def invert(picture: Image.Image) -> Image.Image:
    return ImageOps.invert(picture.convert("RGB"))


def scale(picture: Image.Image, width: int, height: int, method: str, crop: str = "disabled") -> Image.Image:
    """A side of 0 follows from the other."""
    if not width and not height:
        return picture
    wide = width or max(1, round(picture.width * height / picture.height))
    high = height or max(1, round(picture.height * width / picture.width))
    if crop == "center":
        return ImageOps.fit(picture, (wide, high), RESAMPLING[method])
    return picture.resize((wide, high), RESAMPLING[method])


def pad(picture: Image.Image, left: int, top: int, right: int, bottom: int) -> tuple[Image.Image, Image.Image]:
    """The grown picture, and the mask that is white where it is new. Feathering is left out."""
    size = (picture.width + left + right, picture.height + top + bottom)
    grown, mask = Image.new("RGB", size, (127, 127, 127)), Image.new("L", size, 255)
    grown.paste(picture, (left, top))
    mask.paste(0, (left, top, left + picture.width, top + picture.height))
    return grown, mask


def composite(below: Image.Image, above: Image.Image, x: int, y: int, *, resize: bool, mask: Image.Image | None) -> Image.Image:
    above = above.resize(below.size) if resize else above
    made = below.copy()
    made.paste(above, (x, y), mask.resize(above.size).convert("L") if mask else None)
    return made


def with_alpha(picture: Image.Image, mask: Image.Image) -> Image.Image:
    made = picture.convert("RGBA")
    made.putalpha(ImageChops.invert(mask.resize(picture.size).convert("L")))
    return made


def imagined(seed: int, words: str, width: int, height: int) -> Image.Image:
    """Tiles whose colours follow from seed and words, and from nothing else."""
    noise = b"".join(hashlib.sha256(f"{seed}:{words}:{row}".encode()).digest() for row in range(TILES))
    tiles = Image.frombytes("RGB", (TILES, TILES), noise[: TILES * TILES * 3])
    return tiles.resize((width, height), Image.Resampling.NEAREST)


def preview(picture: Image.Image) -> bytes:
    small = picture.convert("RGB").resize((PREVIEW_PX, PREVIEW_PX), Image.Resampling.NEAREST)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=80)
    return out.getvalue()


def save_png(picture: Image.Image, path: Path, told: dict[str, Any] | None) -> None:
    """With `told` as text chunks, as the real server does unless it is asked not to."""
    info = PngInfo()
    for name, value in (told or {}).items():
        info.add_text(name, json.dumps(value))
    picture.save(path, "PNG", pnginfo=info, compress_level=1)
