"""The word tables: what each word or phrase of a prompt does. docs/painter.md lists them and a test compares."""

from __future__ import annotations

from studio.image.painter.words.colours import COLOURS, SHADES
from studio.image.painter.words.entry import KINDS, Entry, Table
from studio.image.painter.words.marks import ALGORITHMS, COMPOSITIONS, DENSITIES
from studio.image.painter.words.moods import MOODS
from studio.image.painter.words.scenes import EMOJI, SCENES
from studio.image.painter.words.stop import NEGATORS, STOP

TABLES: dict[str, Table] = {
    "Colours": COLOURS,
    "Seasons, weather, places, elements, living things": SCENES,
    "Ways to draw": ALGORITHMS,
    "Density and size": DENSITIES,
    "Composition": COMPOSITIONS,
    "Moods, light and art terms": MOODS,
    "Emoji": EMOJI,
}


def _merged() -> Table:
    merged: Table = {}
    for name, words in TABLES.items():
        twice = merged.keys() & words.keys()
        if twice:
            raise ValueError(f"{name} repeats {sorted(twice)}")
        merged |= words
    return merged


WORDS: Table = _merged()

__all__ = ["COLOURS", "EMOJI", "KINDS", "NEGATORS", "SHADES", "STOP", "TABLES", "WORDS", "Entry", "Table"]
