"""Where things gather in a picture: each composition as a field of weight and a main direction."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from studio.image.painter.colour import Field, smoothstep
from studio.image.painter.noise import enlarge, fractal, unit

_GRID = 192


@dataclass(frozen=True)
class Composition:
    """One composition laid out for one size.

    `weight` is a coarse field 0..1 (use `weight_at` for pixels): 1 where the picture is busy, 0 where it rests.
    `focus` are the points that the eye goes to, as fractions of width and height.
    `angle` is the main direction in radians; None means that it turns around the first focus.
    """

    name: str
    weight: Field
    focus: tuple[tuple[float, float], ...]
    angle: float | None

    def weight_at(self, width: int, height: int) -> Field:
        """The weight as a height×width field."""
        return np.clip(enlarge(self.weight, width, height), 0, 1)

    def turn_at(self, x: np.ndarray, y: np.ndarray, aspect: float) -> np.ndarray:
        """The composition's own direction (radians) at fractions x, y; aspect is width / height."""
        if self.angle is not None:
            return np.full(np.shape(x), self.angle, dtype=np.float32)
        fx, fy = self.focus[0]
        return (np.arctan2(y - fy, (x - fx) * aspect) + math.pi / 2).astype(np.float32)


def compose(name: str, rng: np.random.Generator, width: int, height: int) -> Composition:
    """Lays out one of COMPOSITIONS (words.kinds); raises KeyError for another name."""
    columns = _GRID if width >= height else max(8, round(_GRID * width / height))
    rows = _GRID if height >= width else max(8, round(_GRID * height / width))
    x = ((np.arange(columns) + 0.5) / columns)[None, :] + np.zeros((rows, 1))
    y = ((np.arange(rows) + 0.5) / rows)[:, None] + np.zeros((1, columns))
    aspect = width / height
    drift = fractal(rng, columns, rows, 3, 3) - 0.5
    weight, focus, angle = _LAYOUTS[name](rng, x, y, aspect)
    return Composition(name, np.clip(unit(weight + 0.25 * drift), 0, 1), focus, angle)


_Layout = tuple[np.ndarray, tuple[tuple[float, float], ...], float | None]


def _blob(x: np.ndarray, y: np.ndarray, cx: float, cy: float, radius: float, aspect: float) -> np.ndarray:
    wide, high = (aspect, 1.0) if aspect >= 1 else (1.0, 1 / aspect)
    return np.exp(-(((x - cx) * wide) ** 2 + ((y - cy) * high) ** 2) / (2 * radius * radius))


def _centre(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, aspect: float) -> _Layout:
    cx, cy = 0.5 + rng.uniform(-0.03, 0.03), 0.5 + rng.uniform(-0.04, 0.04)
    return _blob(x, y, cx, cy, 0.26, aspect), ((cx, cy),), rng.uniform(0, math.tau)


def _thirds(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, aspect: float) -> _Layout:
    corners = [(1 / 3, 1 / 3), (2 / 3, 1 / 3), (1 / 3, 2 / 3), (2 / 3, 2 / 3)]
    first = int(rng.integers(4))
    main, counter = corners[first], corners[3 - first]
    weight = _blob(x, y, *main, 0.2, aspect) + 0.45 * _blob(x, y, *counter, 0.13, aspect)
    return weight, (main, counter), rng.uniform(-0.6, 0.6)


def _horizon(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, aspect: float) -> _Layout:
    level = float(rng.choice([0.36, 0.62])) + rng.uniform(-0.03, 0.03)
    below = smoothstep(level - 0.12, level + 0.1, y)
    return below * (1.1 - 0.5 * y) + 0.6 * np.exp(-(((y - level) / 0.08) ** 2)), ((float(rng.choice([0.33, 0.66])), level),), 0.0


def _radial(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, aspect: float) -> _Layout:
    wide, high = (aspect, 1.0) if aspect >= 1 else (1.0, 1 / aspect)
    distance = np.hypot((x - 0.5) * wide, (y - 0.5) * high)
    rings = 0.5 + 0.5 * np.cos(distance * math.tau * rng.uniform(2.0, 3.2) + rng.uniform(-0.4, 0.4))
    return rings * np.exp(-distance * 1.4) + 0.15, ((0.5, 0.5),), None


def _diagonal(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, aspect: float) -> _Layout:
    side = float(rng.choice([-1.0, 1.0]))
    along = (x - 0.5) + side * (y - 0.5)
    tilt = -side * math.atan2(1.0, aspect)
    return np.exp(-((along / 0.26) ** 2)), ((0.5 - 0.17, 0.5 + side * 0.17),), tilt


def _scatter(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, aspect: float) -> _Layout:
    rows, columns = x.shape
    cloud = fractal(rng, columns, rows, 5, 2)
    return 0.55 + 0.6 * cloud, ((rng.uniform(0.3, 0.7), rng.uniform(0.3, 0.7)),), rng.uniform(0, math.tau)


def _frame(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, aspect: float) -> _Layout:
    edge = np.maximum(np.abs(x - 0.5), np.abs(y - 0.5)) * 2
    round_edge = np.hypot(x - 0.5, y - 0.5) * 2
    return smoothstep(0.42, 0.95, 0.5 * edge + 0.5 * round_edge), ((0.5, 0.5),), None


_LAYOUTS = {
    "centre": _centre,
    "thirds": _thirds,
    "horizon": _horizon,
    "radial": _radial,
    "diagonal": _diagonal,
    "scatter": _scatter,
    "frame": _frame,
}
