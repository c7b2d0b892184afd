"""A text's small picture: its first lines as a page. Words that the typeface lacks are drawn as grey bars."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from studio.image.thumbnail import Still, shrink
from studio.text import faces
from studio.text.markdown import parse
from studio.text.words import shortened

SIDE_PX, MARGIN_PX = 768, 72
PAPER, INK, FAINT = "#fffcf6", "#1f1b16", "#b9b0a3"  # as the light theme's, in both: it is a page
READ_BYTES = 6000  # more does not fit
Font = ImageFont.FreeTypeFont


def of_text(data: bytes | Path) -> Still:
    head = data[:READ_BYTES] if isinstance(data, bytes) else _head(data)
    page = Image.new("RGB", (SIDE_PX, SIDE_PX), PAPER)
    draw = ImageDraw.Draw(page)
    top = MARGIN_PX
    for text, size_px, face in _blocks(head.decode("utf-8", errors="ignore")):
        font = _font(face, size_px)
        for line in _lines(text, font):
            if top + size_px > SIDE_PX - MARGIN_PX // 2:
                break
            _draw(draw, line, font, face, top)
            top += round(size_px * 1.45)
        top += round(size_px * 0.5)
    return Still(*shrink(page), SIDE_PX, SIDE_PX)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(READ_BYTES)


def _blocks(markdown: str) -> Iterator[tuple[str, int, str]]:
    """Words, size and face of each heading and paragraph."""
    tokens = parse(markdown)
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type in ("fence", "code_block"):
            yield token.content.rstrip(), 26, faces.MONO
        if token.type == "inline":
            words = "".join(child.content or "\n" * child.type.endswith("break") for child in token.children or [])
            is_heading = before is not None and before.type == "heading_open"
            yield (shortened(words, 90), 50, faces.BOLD) if is_heading else (words, 34, faces.SERIF)


@cache
def _font(face: str, size_px: int) -> Font:
    return ImageFont.truetype(faces.path_of(face), size_px)


def _lines(text: str, font: Font) -> Iterator[str]:
    """As the text breaks, and where a line would be too long."""
    room = SIDE_PX - 2 * MARGIN_PX
    for given in text.split("\n"):
        first, *words = given.expandtabs(4).split(" ")
        line = first
        for word in words:
            longer = f"{line} {word}"
            if line.strip() and font.getlength(longer) > room:
                yield line
                longer = word
            line = longer
        yield line


def _draw(draw: ImageDraw.ImageDraw, line: str, font: Font, face: str, top: int) -> None:
    left = float(MARGIN_PX)
    for word in line.split(" "):
        if all(faces.is_known(sign, face) for sign in word):
            draw.text((left, top), word, INK, font)
            left += font.getlength(word + " ")
        else:
            wide = min(len(word), 12) * font.size * 0.55
            draw.rectangle((left, top + font.size * 0.35, left + wide, top + font.size * 0.85), FAINT)
            left += wide + font.getlength(" ")
