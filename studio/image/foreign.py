"""Pictures in formats that browsers do not show, made into ones that they do, in a process of its own.

The child is this file: `python -m studio.image.foreign KIND` reads the file from stdin, and writes the picture's type, its
facts and its bytes to stdout. It may take so much memory and time and no more, and once it has loaded what it needs it
opens nothing further: no file and no connection. What it cannot do it says by one of REASONS.
"""

import io
import resource
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms, ImageFont, ImageOps

from studio.image import svg
from studio.image.containers.base import MAX_PIXELS, BadImage, check_size

MEMORY_BYTES = 1536 << 20
CPU_S = 20
TIMEOUT_S = 40
MOST_OPEN = 24  # files at once while fonts are read; a drawing without text gets none
LARGE_PX = 16_000_000  # from here a PNG is packed fast rather than small
JPEG_QUALITY = 93
_ROOT = Path(__file__).resolve().parents[2]
_REFUSED = 3
REASONS = {
    "damaged": "It is damaged, cut off, or larger than it says.",
    "raw": "It is a camera's raw file. Export it as JPEG or TIFF there.",
    "deep": "It is a layered picture of 16 or 32 bits. Save it with 8 bits there, or as TIFF.",
    "large": "It has more than 64 megapixels.",
    "size": "It has no size, or one that is far longer than wide.",
    **svg.REASONS,
}
_HEIF = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_AVIF = frozenset({b"avif", b"avis"})


@dataclass(frozen=True)
class Converted:
    """`facts`: what was other than it is now, as `studio.image.bring` names it."""

    data: bytes
    content_type: str
    facts: tuple[str, ...]


def sniff(head: bytes) -> str | None:
    """The kind that the first bytes show (some 1,000 of them are needed for SVG); None for what is none of these."""
    if head[4:8] == b"ftyp":
        length = int.from_bytes(head[:4])
        brands = {head[8:12], *(head[at : at + 4] for at in range(16, min(length, len(head)) - 3, 4))}
        return "AVIF" if brands & _AVIF else "HEIC" if brands & _HEIF else None
    if head[:6] == b"8BPS\0\1":
        return "PSD"
    if head[:4] in (b"II*\0", b"MM\0*"):
        return "TIFF"
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return "BMP"
    return "SVG" if svg.looks_like(head) else None


def convert(data: bytes, kind: str) -> Converted:
    """`BadImage` when it is not a whole picture of that kind within the limits."""
    with tempfile.TemporaryDirectory(prefix="ij8-foreign-") as folder:
        try:
            child = subprocess.run(
                [sys.executable, "-m", "studio.image.foreign", kind, folder],
                input=data,
                capture_output=True,
                timeout=TIMEOUT_S,
                cwd=_ROOT,
                env={"PATH": "/usr/bin:/bin"},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise BadImage("It takes too long to decode.") from error
    if child.returncode == _REFUSED:
        raise BadImage(REASONS.get(child.stdout.decode(errors="replace"), REASONS["damaged"]))
    if child.returncode:
        raise BadImage(REASONS["damaged"])
    head, _, picture = child.stdout.partition(b"\n")
    content_type, *facts = head.decode().split()
    return Converted(picture, content_type, tuple(facts))


class Refused(Exception):
    """In the child: its text is a key of REASONS."""


def _opened(data: bytes, kind: str) -> Image.Image:
    if kind == "HEIC":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    if kind == "PSD" and int.from_bytes(data[22:24]) > 8:  # Pillow has no mode for it
        raise Refused("deep")
    image = Image.open(io.BytesIO(data), formats=["HEIF" if kind == "HEIC" else kind])
    if image.width * image.height > MAX_PIXELS:
        raise Refused("large")
    return image


def _still(data: bytes, kind: str) -> tuple[bytes, str, list[str]]:
    facts = []
    with _opened(data, kind) as image:
        if kind == "TIFF" and (image.tag_v2.get(254, 0) & 1 or 50706 in image.tag_v2):  # type: ignore[attr-defined]
            raise Refused("raw")
        if getattr(image, "n_frames", 1) > 1 and kind != "PSD":  # of a PSD they are its layers
            facts.append(f"first-of-{image.n_frames}")  # type: ignore[attr-defined]
        if _is_deep(image, kind):
            facts.append("16-bit")
        if {0x010F, 0x0110} & set(image.getexif()):
            facts.append("photo")
        image.load()
        if image.mode in ("CMYK", "LAB", "YCbCr"):
            facts.append("cmyk" if image.mode == "CMYK" else "colours")
        return *_packed(as_plain(image), is_photo=kind in ("HEIC", "AVIF")), facts


def _is_deep(image: Image.Image, kind: str) -> bool:
    if kind == "TIFF":
        return bool(max(image.tag_v2.get(258, (8,))) > 8)  # type: ignore[attr-defined]
    return image.mode.startswith(("I;16", "I", "F")) or image.info.get("bit_depth", 8) > 8


def as_plain(image: Image.Image) -> Image.Image:
    """Upright, in grey, RGB or RGBA of 8 bits, its colours meant as its profile says."""
    image = ImageOps.exif_transpose(image)
    profile = image.info.get("icc_profile")
    if image.mode in ("CMYK", "LAB") and profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            assert made is not None
            made.info.pop("icc_profile", None)
            return made
        except ImageCms.PyCMSError:
            image.info.pop("icc_profile", None)
    if image.mode.startswith("I;16"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("L", "RGB", "RGBA"):
        return image
    if image.mode in ("CMYK", "LAB", "YCbCr"):
        image.info.pop("icc_profile", None)  # it speaks of other channels
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _packed(image: Image.Image, *, is_photo: bool) -> tuple[bytes, str]:
    out = io.BytesIO()
    profile = image.info.get("icc_profile")
    if is_photo and image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    if is_photo and image.mode != "RGBA":
        image.save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0, icc_profile=profile)
        return out.getvalue(), "image/jpeg"
    level = 1 if image.width * image.height > LARGE_PX else 6
    image.save(out, "PNG", compress_level=level, icc_profile=profile)
    return out.getvalue(), "image/png"


def _drawn(data: bytes, folder: Path) -> tuple[bytes, str, list[str]]:
    drawing = svg.checked(data)
    import resvg_py  # noqa: F401  # loaded while files can still be opened

    fonts: list[str] = []
    if drawing.has_text:
        plain = ImageFont.load_default(16)
        assert isinstance(plain, ImageFont.FreeTypeFont)
        (folder / "plain.ttf").write_bytes(plain.font_bytes)
        fonts = [str(folder / "plain.ttf")]
    Image.preinit()
    _shut(MOST_OPEN if fonts else 0)
    facts = ["drawing", *(["text"] if fonts else [])]
    return svg.draw(drawing, folder=str(folder), fonts=fonts), "image/png", facts


def _shut(more: int) -> None:
    """From here `more` files can be open at once beside the three streams."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (3 + more, 3 + more))


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("error")
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS


def _child(kind: str, folder: Path) -> int:
    limit()
    data = sys.stdin.buffer.read()
    work: Callable[[], tuple[bytes, str, list[str]]] = (
        (lambda: _drawn(data, folder)) if kind == "SVG" else (lambda: _still(data, kind))
    )
    try:
        picture, content_type, facts = work()
        with Image.open(io.BytesIO(picture)) as made:
            check_size(*made.size)
    except (Refused, svg.Refused) as error:
        sys.stdout.write(str(error))
        return _REFUSED
    sys.stdout.buffer.write(" ".join([content_type, *facts]).encode() + b"\n" + picture)
    return 0


if __name__ == "__main__":
    sys.exit(_child(sys.argv[1], Path(sys.argv[2])))
