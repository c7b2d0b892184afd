"""One row of a word table, and how tables are written down."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("palette", "density", "algorithm", "composition", "mood")


@dataclass(frozen=True)
class Entry:
    """What a word does. Fields left empty leave that choice to other words or to the seed.

    `density` is the wish itself, 0 (few, large) to 1 (many, small). `energy`, `softness`, `light` and `chroma`
    are shifts: energy and softness by up to ±0.5, light by up to ±0.15 of OKLab lightness, chroma as a share (0.2 = a fifth more).
    """

    kind: str
    effect: str
    colour: str = ""
    palette: str = ""
    algorithms: tuple[str, ...] = ()
    variant: str = ""
    composition: str = ""
    density: float | None = None
    energy: float = 0.0
    softness: float = 0.0
    light: float = 0.0
    chroma: float = 0.0
    dark: bool | None = None


Table = dict[str, Entry]


def table(*rows: tuple[str, Entry]) -> Table:
    """Rows of (words separated by commas, entry) as one dictionary; a word written twice raises ValueError."""
    found: Table = {}
    for words, entry in rows:
        for word in words.split(","):
            key = word.strip()
            if key in found:
                raise ValueError(f"{key!r} stands twice in a word table")
            found[key] = entry
    return found
