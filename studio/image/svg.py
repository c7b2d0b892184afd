"""Drawings in SVG: read as hostile, and drawn by resvg, which runs no script and fetches nothing.

Refused before anything is drawn: entities (a few lines of them grow to gigabytes), scripts and handlers, references to
anything outside of the file, and more elements than a drawing has. Called in the child of `studio.image.foreign` alone.
"""

import re
from dataclasses import dataclass
from xml.parsers import expat

SMALLEST_PX, LARGEST_PX = 1024, 4096  # of the longer side
MOST_BYTES = 10_000_000
MOST_ELEMENTS = 200_000
DEEPEST = 200
PLAIN = "Aileron"  # the letter that comes with Pillow
MOST_LOOSE = 20  # times as long as wide
REASONS = {
    "entities": "It declares entities of its own, which drawings do not need.",
    "script": "It holds a script.",
    "outside": "It refers to something outside of the file.",
    "drawing": "It is no SVG drawing that can be read.",
    "complex": "It is larger or more complex than a drawing needs to be.",
}
_STARTS = (b"<svg", b"<?xml", b"<!--", b"<!DOCTYPE svg")
_INSIDE = re.compile(r"\s*(#|data:image/(png|jpe?g|gif|webp)[;,])", re.IGNORECASE)
_URL = re.compile(r"url\(\s*['\"]?\s*(?!#|['\"]?\s*data:image/(?:png|jpe?g|gif|webp)[;,])", re.IGNORECASE)
_LENGTH = re.compile(r"\s*([0-9.]+(?:e[0-9]+)?)\s*(px|pt|pc|mm|cm|in|q)?\s*$", re.IGNORECASE)
_TEXT = frozenset({"text", "tspan", "textPath"})


class Refused(Exception):
    """Its text is a key of REASONS."""


@dataclass(frozen=True)
class Drawing:
    """`width_px` × `height_px` is how large it will be drawn."""

    words: str
    width_px: int
    height_px: int
    has_text: bool


def looks_like(head: bytes) -> bool:
    """Whether it may be one; `checked` tells."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_STARTS) and b"svg" in head


def checked(data: bytes) -> Drawing:
    """Raises Refused."""
    if len(data) > MOST_BYTES:
        raise Refused("complex")
    try:
        words = data.decode("utf-8-sig")
        reader = _Reader()
        reader.read(words)
    except (UnicodeDecodeError, expat.ExpatError) as error:
        raise Refused("drawing") from error
    width, height = _natural(reader.root)
    if not 1 / MOST_LOOSE <= width / height <= MOST_LOOSE:
        raise Refused("complex")
    longer = max(width, height)
    scale = min(max(longer, SMALLEST_PX), LARGEST_PX) / longer
    return Drawing(words, max(1, round(width * scale)), max(1, round(height * scale)), reader.has_text)


def draw(drawing: Drawing, *, folder: str, fonts: list[str]) -> bytes:
    """A PNG, transparent where nothing is drawn. `fonts`: paths, for its text; `folder`: an empty one, where names would lead."""
    import resvg_py

    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=drawing.words,
                skip_system_fonts=not fonts,
                font_files=fonts,
                width=drawing.width_px,
                resources_dir=folder,
                font_family=PLAIN,
                serif_family=PLAIN,
                sans_serif_family=PLAIN,
                monospace_family=PLAIN,
            )
        )
    except (ValueError, OSError) as error:
        raise Refused("drawing") from error


class _Reader:
    """One pass over the markup, which looks at every element and keeps nothing but the first."""

    def __init__(self) -> None:
        self.root: dict[str, str] = {}
        self.has_text = False
        self._elements = self._depth = 0
        self._style: list[str] | None = None

    def read(self, words: str) -> None:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._said
        parser.EntityDeclHandler = self._entity
        parser.ProcessingInstructionHandler = self._instruction
        parser.Parse(words.encode(), True)

    def _entity(self, *told: object) -> None:
        raise Refused("entities")

    def _instruction(self, target: str, data: str) -> None:
        if target.lower() == "xml-stylesheet":
            raise Refused("outside")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > MOST_ELEMENTS or self._depth > DEEPEST:
            raise Refused("complex")
        local = name.rpartition(":")[2]
        if self._elements == 1:
            if local != "svg":
                raise Refused("drawing")
            self.root = attributes
        if local.lower() == "script":
            raise Refused("script")
        if local == "style":
            self._style = []
        self.has_text = self.has_text or local in _TEXT
        for key, value in attributes.items():
            self._attribute(local, key.rpartition(":")[2].lower(), value)

    def _attribute(self, element: str, name: str, value: str) -> None:
        if name.startswith("on") or (name == "href" and value.strip().lower().startswith("javascript:")):
            raise Refused("script")
        if name == "href" and element != "a" and value.strip() and not _INSIDE.match(value):
            raise Refused("outside")
        if _URL.search(value):
            raise Refused("outside")

    def _said(self, words: str) -> None:
        if self._style is not None:
            self._style.append(words)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._style is not None and name.rpartition(":")[2] == "style":
            rules, self._style = "".join(self._style), None
            if "@import" in rules.lower() or "\\" in rules or _URL.search(rules):
                raise Refused("outside")


def _natural(root: dict[str, str]) -> tuple[float, float]:
    """Its proportions: of the view box, else of its sides, else of a square. Raises Refused."""
    try:
        box = [float(one) for one in root.get("viewBox", "").replace(",", " ").split()]
    except ValueError:
        box = []
    sides = [_LENGTH.match(root.get(side, "")) for side in ("width", "height")]
    found = [float(side[1]) * _UNITS[(side[2] or "px").lower()] if side else 0.0 for side in sides]
    if not all(found):
        found = box[2:] if len(box) == 4 else [300.0, 150.0]
    if not all(0 < side < 1e9 for side in found):
        raise Refused("drawing")
    return found[0], found[1]


_UNITS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "q": 96 / 101.6}
