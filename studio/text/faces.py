"""The typefaces in which the server sets texts, as `static/build.mjs` lays them down.

DejaVu knows the Latin, Greek, Cyrillic, Armenian and Georgian scripts. Its Sans knows more, but scripts that are written
from the right or joined need shaping, which nothing here does: those letters count as unknown.
"""

import unicodedata
from functools import cache
from pathlib import Path

from django.conf import settings

SERIF, BOLD, ITALIC, BOLD_ITALIC, SANS, MONO = "Serif", "Serif-Bold", "Serif-Italic", "Serif-BoldItalic", "Sans", "SansMono"
ALL = (SERIF, BOLD, ITALIC, BOLD_ITALIC, SANS, MONO)
# reportlab brings Vera along, which knows western letters alone: for a checkout whose front end was not built
_INSTEAD = {BOLD: "VeraBd.ttf", ITALIC: "VeraIt.ttf", BOLD_ITALIC: "VeraBI.ttf"}
_FROM_THE_RIGHT_OR_JOINED = {"R", "AL", "AN"}
_JOINED = range(0x0900, 0x1000)  # Devanagari to Tibetan
_LEFT_OUT = {"\u200d", "\ufe0e", "\ufe0f"}  # they join emoji or choose their look


def path_of(face: str) -> str:
    built = Path(settings.ROOT, "static", "dist", "type", f"{face}.ttf")
    if built.is_file():
        return str(built)
    import reportlab

    return str(Path(reportlab.__file__).parent / "fonts" / _INSTEAD.get(face, "Vera.ttf"))


@cache
def signs_of(face: str) -> frozenset[int]:
    """The code points it can show."""
    from reportlab.pdfbase.ttfonts import TTFontFile

    return frozenset(TTFontFile(path_of(face)).charToGlyph)


def is_known(sign: str, face: str) -> bool:
    if sign in "\n\t ":
        return True
    is_shaped = unicodedata.bidirectional(sign) in _FROM_THE_RIGHT_OR_JOINED or ord(sign) in _JOINED
    return not is_shaped and ord(sign) in signs_of(face)


def is_left_out(sign: str) -> bool:
    return sign in _LEFT_OUT
