"""Plants as grammars and the turtle that walks them: lines with widths, and leaves.

Source: Prusinkiewicz and Lindenmayer, "The Algorithmic Beauty of Plants" (1990).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Species:
    """A bracketed grammar. F draws, + and - turn by `turn` degrees, [ and ] branch, L is a leaf.

    `shrink` is the length of a branch against its parent's, `droop` bends ends down (or up if negative),
    `wild` scales how far a branch strays, `leaf` and `thick` scale leaves and stems.
    """

    says: str
    many: str
    axiom: str
    rules: dict[str, tuple[str, ...]]
    rounds: int
    turn: float
    shrink: float
    droop: float
    leaf: float
    wild: float = 1.0
    thick: float = 1.0


TREES = (
    Species(
        "a spreading tree", "spreading trees", "FX", {"X": ("F[+X][-X]FX", "F[-X]F[+X]X", "F[+X]F[-X]X")}, 6, 25, 0.80, 0.3, 1.0
    ),
    Species("a wind-bent tree", "wind-bent trees", "FFX", {"X": ("F[+X]F[-X]+X", "F[-X][+X]+X")}, 6, 23, 0.80, -0.4, 1.0),
    Species("a weeping birch", "birches", "FFFX", {"X": ("F[+X]F[-X]X", "F[-X]FX", "F[+X]FX")}, 8, 26, 0.74, 1.6, 0.8),
    Species("a thorn bush", "thorn bushes", "X", {"X": ("F[++X][-X]F[+X]-X", "F[+X]F[--X]+X")}, 5, 21, 0.82, 0.0, 0.8),
    Species(
        "an old oak",
        "old oaks",
        "FX",
        {"X": ("F[+X][-X]", "F[+X]F[-X]", "F[++X]-FX", "F[--X]+FX", "F[+X][-X]X")},
        9,
        27,
        0.83,
        0.2,
        1.0,
    ),
)
HERBS = (
    Species("a fern", "ferns", "X", {"X": ("F[+Y][-Y]X",), "Y": ("F[+L][-L]Y",)}, 15, 52, 0.5, 0.5, 1.5, wild=0.25, thick=0.35),
    Species(
        "an umbel",
        "umbels",
        "FX",
        {"X": ("F[++X][+X]FX[-X][--X]", "F[+X][-X]FX[++X][--X]")},
        4,
        19,
        0.66,
        0.0,
        1.2,
        wild=0.5,
        thick=0.45,
    ),
    Species(
        "a tendril", "tendrils", "X", {"X": ("F+[[X]-X]-F[-FX]+X",), "F": ("F", "FF")}, 5, 24, 0.9, 0.4, 1.0, wild=0.4, thick=0.5
    ),
    Species(
        "a spray of twigs",
        "sprays of twigs",
        "X",
        {"X": ("F[+X]F[-X]+X", "F[-X]F[+X]-X")},
        6,
        24,
        0.9,
        0.0,
        1.2,
        wild=0.6,
        thick=0.45,
    ),
    Species(
        "a feathered leaf",
        "feathered leaves",
        "X",
        {"X": ("F[+Y][-Y]X",), "Y": ("FFL",)},
        26,
        48,
        1.0,
        0.2,
        2.2,
        wild=0.2,
        thick=0.4,
    ),
)


Segment = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Plant:
    """Unit-height plant growing up from 0,0: x0, y0, x1, y1, half-widths; and leaves: x, y, angle, size."""

    branches: list[Segment]
    leaves: list[tuple[float, float, float, float]]


def grow(rng: np.random.Generator, species: Species, limit: int) -> Plant:
    """One plant of a species, of at most `limit` symbols, the way the generator has it."""
    text = species.axiom
    for _ in range(species.rounds):
        grown: list[str] = []
        for symbol in text:
            choices = species.rules.get(symbol)
            grown.append(
                symbol if choices is None else choices[int(rng.integers(len(choices)))] if len(choices) > 1 else choices[0]
            )
        after = "".join(grown)
        if len(after) > limit:
            break
        text = after
    return _turtle(rng, species, text)


def _turtle(rng: np.random.Generator, species: Species, text: str) -> Plant:
    """Walks the text. Thickness follows Leonardo's rule: a branch is as thick as all its twigs together."""
    x = y = 0.0
    heading, length, parent = math.pi / 2 + float(rng.normal(0, 0.05)), 1.0, -1
    turn = math.radians(species.turn)
    jitter = iter(rng.normal(0, 1, len(text)).tolist())
    stack: list[tuple[float, float, float, float, int]] = []
    lines: list[tuple[float, float, float, float, int]] = []
    leaves: list[tuple[float, float, float, float]] = []
    for symbol in text:
        if symbol == "F":
            heading += next(jitter) * 0.10 * species.wild - species.droop * 0.05 * math.cos(heading) * min(1.0, len(stack) / 4)
            end_x, end_y = x + math.cos(heading) * length, y + math.sin(heading) * length
            lines.append((x, y, end_x, end_y, parent))
            parent = len(lines) - 1
            x, y = end_x, end_y
            length *= 0.985
        elif symbol in "+-":
            heading += (turn if symbol == "+" else -turn) * (1 + 0.28 * species.wild * next(jitter))
        elif symbol == "[":
            stack.append((x, y, heading, length, parent))
            length *= species.shrink * (1 + 0.10 * next(jitter))
        elif symbol == "]":
            x, y, heading, length, parent = stack.pop()
        elif symbol == "L":
            leaves.append((x, y, heading, 1.0))
    return _thickened(rng, species.thick, lines, leaves)


def _thickened(
    rng: np.random.Generator,
    thickness: float,
    lines: list[tuple[float, float, float, float, int]],
    leaves: list[tuple[float, float, float, float]],
) -> Plant:
    """Scales to unit height, gives every line its width, and puts leaves around the ends of twigs."""
    tips = [0] * len(lines)
    for index in reversed(range(len(lines))):
        tips[index] = tips[index] or 1
        if lines[index][4] >= 0:
            tips[lines[index][4]] += tips[index]
    parents = {line[4] for line in lines}
    tall = max(max(line[3] for line in lines), 1e-6)
    wide = max(abs(line[2]) for line in lines)
    size = 1 / max(tall, wide * 0.9)
    trunk = 0.021 * thickness / math.sqrt(tips[0])
    luck = rng.normal(0, 1, (len(lines), 3, 2)).tolist()
    branches: list[Segment] = []
    foliage = [(x * size, y * size, angle, big) for x, y, angle, big in leaves]
    for index, (x0, y0, x1, y1, parent) in enumerate(lines):
        thick = trunk * math.sqrt(tips[parent] if parent >= 0 and tips[parent] < tips[index] * 1.6 else tips[index])
        branches.append((x0 * size, y0 * size, x1 * size, y1 * size, thick, trunk * math.sqrt(tips[index])))
        if index not in parents and not leaves:
            angle = math.atan2(y1 - y0, x1 - x0)
            for spread, bend in luck[index]:
                foliage.append((x1 * size + 0.007 * spread, y1 * size + 0.007 * bend, angle + 0.7 * spread, 1.0))
    return Plant(branches, foliage)
