"""What can be told of a drawing without understanding it: how many lines, in which colours, and where they lie."""

from collections import Counter
from dataclasses import dataclass

from studio.drawing.document import DrawingDocument, corners

COLOURS_TOLD = 3
_NEAR_GREY = 24  # of 255: less spread between the channels has no hue

# Names by hue in degrees, up to and without the next; light and dark reds and oranges have names of their own.
_HUES = ((15, "red"), (40, "orange"), (70, "yellow"), (165, "green"), (195, "turquoise"), (255, "blue"), (290, "violet"),
         (345, "pink"), (361, "red"))  # fmt: skip


@dataclass(frozen=True)
class Told:
    """`colours`: English names, the most used first. `across` and `down`: left, middle, right; top, middle, bottom; "" for
    a drawing that fills that side."""

    lines: int
    colours: tuple[str, ...]
    across: str
    down: str


def tell(document: DrawingDocument) -> Told:
    """Of what was drawn, the eraser's strokes left out."""
    drawn = document.drawn
    if not drawn:
        return Told(0, (), "", "")
    points: Counter[str] = Counter()
    for stroke in drawn:
        points[colour_name(stroke.colour)] += len(stroke.points)
    left, top, right, bottom = corners(drawn)
    return Told(
        lines=len(drawn),
        colours=tuple(name for name, _ in points.most_common(COLOURS_TOLD)),
        across=_place(left / document.width, right / document.width, ("left", "middle", "right")),
        down=_place(top / document.height, bottom / document.height, ("top", "middle", "bottom")),
    )


def _place(begin: float, end: float, names: tuple[str, str, str]) -> str:
    if end <= 0.55:
        return names[0]
    if begin >= 0.45:
        return names[2]
    return names[1] if begin >= 0.2 and end <= 0.8 else ""


def colour_name(colour: str) -> str:
    """The English name of `#rrggbb`, by hue and lightness (HSL)."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    most, least = max(red, green, blue), min(red, green, blue)
    spread, light = most - least, (most + least) / 510
    if spread < _NEAR_GREY or spread < 0.2 * most:
        return "black" if light < 0.2 else "white" if light > 0.9 else "grey"
    if light < 0.08:
        return "black"
    hue = _hue(red, green, blue, most, spread)
    name = next(name for end, name in _HUES if hue < end)
    return "brown" if name == "orange" and light < 0.4 else name


def _hue(red: int, green: int, blue: int, most: int, spread: int) -> float:
    if most == red:
        return (60 * (green - blue) / spread) % 360
    if most == green:
        return 60 * (blue - red) / spread + 120
    return 60 * (red - green) / spread + 240
