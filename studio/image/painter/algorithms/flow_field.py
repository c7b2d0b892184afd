"""Ribbons that follow a field of directions and never cross: each grows until it would touch another."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from studio.image.painter.colour import Field, Pixels, decode8, encode, from_oklab, to_oklab
from studio.image.painter.easel import Easel
from studio.image.painter.noise import enlarge, fractal

_GRID = 160  # the field of directions, along the long side
_MAP = 900  # the map of what is taken, along the long side


@dataclass(frozen=True)
class _Style:
    """How the ribbons of one picture look; widths are shares of the long side."""

    widths: tuple[float, ...]
    gap: float
    longest: int
    shortest: int
    quantum: float
    striped: float
    tapered: bool


def paint(easel: Easel) -> tuple[Pixels, str]:
    """Returns the picture and what it shows."""
    plan = easel.plan
    field = _directions(easel)
    style = _choose_style(easel)
    scale = 2 if max(plan.width, plan.height) <= 2048 else 1
    canvas = Image.new("RGB", (plan.width * scale, plan.height * scale), _rgb(easel.inks.ground))
    brush = _Brush(easel, field, style, canvas)
    brush.fill(0.02, 0.68)
    easel.step(0.7, "Smoothing edges")
    pixels = decode8(np.asarray(canvas.reduce(scale) if scale > 1 else canvas))
    del canvas
    easel.step(0.76, "Brushing")
    pixels = _bristles(easel, pixels, field)
    easel.show(pixels)
    shape = "tapering" if style.tapered else "square-ended"
    bend = "angular" if style.quantum else "flowing"
    return pixels, f"{bend} {shape} ribbons that never cross" + (", some of them banded" if style.striped > 0.1 else "")


def _choose_style(easel: Easel) -> _Style:
    plan, rng = easel.plan, easel.rng
    thick = 0.036 * (1 - plan.density) ** 1.2 + 0.0045
    spread = float(rng.choice([1.6, 2.4, 3.4]))
    widths = tuple(thick * spread**-level for level in (-0.6, 0.0, 0.7, 1.4, 2.2))
    angular = plan.energy > 0.5 and rng.random() < 0.3
    return _Style(
        widths=tuple(max(0.0011, width) for width in widths),
        gap=0.0016 + 0.0014 * rng.random(),
        longest=int(rng.choice([70, 120, 220])),
        shortest=int(6 + 8 * (1 - plan.density)),
        quantum=math.pi / float(rng.choice([4, 6, 8])) if angular else 0.0,
        striped=float(rng.choice([0.0, 0.12, 0.35])),
        tapered=easel.pick(("tapered", "square"), (0.45, 0.55)) == "tapered",
    )


def _directions(easel: Easel) -> Field:
    """Angles in radians on the coarse grid: the composition's own turn, bent by noise."""
    plan, rng = easel.plan, easel.rng
    aspect = plan.width / plan.height
    columns = _GRID if aspect >= 1 else max(8, round(_GRID * aspect))
    rows = _GRID if aspect <= 1 else max(8, round(_GRID / aspect))
    x = ((np.arange(columns) + 0.5) / columns)[None, :] + np.zeros((rows, 1))
    y = ((np.arange(rows) + 0.5) / rows)[:, None] + np.zeros((1, columns))
    own = easel.composition.turn_at(x, y, aspect)
    bend = fractal(rng, columns, rows, 1.3 + 1.5 * plan.energy, 2, 0.35) - 0.5
    angles: Field = (own + bend * (1.6 + 6.5 * plan.energy)).astype(np.float32)
    return angles


class _Brush:
    """Lays ribbons on a canvas, keeping a map of what is taken."""

    def __init__(self, easel: Easel, field: Field, style: _Style, canvas: Image.Image) -> None:
        self._easel, self._style = easel, style
        rows, columns = field.shape
        self._rows, self._columns = rows, columns
        angles = np.round(field / style.quantum) * style.quantum if style.quantum else field
        self._cosine = np.cos(angles).ravel().tolist()
        self._sine = np.sin(angles).ravel().tolist()
        plan = easel.plan
        long_side = max(plan.width, plan.height)
        self._map_size = (max(8, _MAP * plan.width // long_side), max(8, _MAP * plan.height // long_side))
        taken = Image.new("L", self._map_size, 0)
        access = taken.load()
        assert access is not None
        self._taken, self._taken_draw = access, ImageDraw.Draw(taken)
        self._canvas, self._draw = canvas, ImageDraw.Draw(canvas)
        self._zoom = max(canvas.size) / _MAP
        self._weight = easel.composition.weight_at(*self._map_size)
        self._region = fractal(easel.rng, *self._map_size, 2.2, 2)
        self._colours = _shades(easel)

    def fill(self, start: float, end: float) -> None:
        """From the widest ribbons to the thinnest, each starting where the composition is busy."""
        easel, style = self._easel, self._style
        rng = easel.rng
        tries = [int(n * (0.6 + 0.8 * easel.plan.density)) for n in (260, 700, 1500, 2600, 3800)]
        total, done = sum(tries), 0
        for size, (width, count) in enumerate(zip(style.widths, tries, strict=True)):
            starts = rng.random((count, 2))
            luck = rng.random((count, 4))
            for index in range(count):
                self._grow(float(starts[index, 0]), float(starts[index, 1]), width * _MAP, luck[index])
                done += 1
                if done % 120 == 0:
                    easel.step(start + (end - start) * done / total, "Drawing ribbons")
            if size in (0, 1, 3):
                easel.show(self._canvas)

    def _grow(self, u: float, v: float, width: float, luck: np.ndarray) -> None:
        wide, high = self._map_size
        x, y = u * wide, v * high
        weight = float(self._weight[int(y), int(x)])
        if self._taken[int(x), int(y)] or luck[0] > 0.08 + 1.1 * weight:
            return
        width *= 0.55 + 0.75 * weight
        back = self._trace(x, y, -1.0, width)
        path = back[::-1] + self._trace(x, y, 1.0, width)[1:]
        if len(path) < max(self._style.shortest, width * 0.35):
            return
        self._lay(path, width, luck)

    def _trace(self, x: float, y: float, way: float, width: float) -> list[tuple[float, float]]:
        """Points 2 map cells apart until the ribbon would touch another, leave the map or be long enough."""
        wide, high = self._map_size
        taken, cosine, sine, columns = self._taken, self._cosine, self._sine, self._columns
        to_column, to_row = columns / wide, self._rows / high
        reach = width / 2 + self._style.gap * _MAP
        margin = 2 + width * 0.2
        path = []
        for _ in range(self._style.longest):
            if not (margin < x < wide - margin and margin < y < high - margin):
                break
            at = int(y * to_row) * columns + int(x * to_column)
            dx, dy = cosine[at], sine[at]
            left, top = x - dy * reach, y + dx * reach
            right, bottom = x + dy * reach, y - dx * reach
            if taken[int(x), int(y)]:
                break
            if 0 <= left < wide and 0 <= top < high and taken[int(left), int(top)]:
                break
            if 0 <= right < wide and 0 <= bottom < high and taken[int(right), int(bottom)]:
                break
            path.append((x, y))
            x += way * dx * 2
            y += way * dy * 2
        return path

    def _lay(self, path: list[tuple[float, float]], width: float, luck: np.ndarray) -> None:
        points = np.asarray(path)
        along = np.gradient(points, axis=0)
        along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-6)[:, None]
        normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
        half = np.full(len(points), width / 2)
        if self._style.tapered:
            t = np.linspace(0, 1, len(points))
            half *= np.clip(np.minimum(t * 6 + 0.25, (1 - t) * 2.2 + 0.05), 0, 1)
        keep = half + self._style.gap * _MAP * 0.75
        self._taken_draw.polygon(_outline(points, normal, keep, 1.0), fill=255)
        middle = points[len(points) // 2]
        region = float(self._region[int(middle[1]), int(middle[0])])
        colour = self._pick(region, luck)
        self._draw.polygon(_outline(points, normal, half, self._zoom), fill=colour)
        if luck[3] < self._style.striped and len(points) > 12:
            self._stripe(points, normal, half, colour, luck)

    def _pick(self, region: float, luck: np.ndarray) -> tuple[int, int, int]:
        if luck[1] < 0.035:
            return self._colours[-1][0]
        spread = 0.32 * (luck[1] - 0.5)
        index = int(np.clip((region + spread) * (len(self._colours) - 1), 0, len(self._colours) - 2))
        shades = self._colours[index]
        return shades[int(luck[2] * len(shades))]

    def _stripe(
        self, points: np.ndarray, normal: np.ndarray, half: np.ndarray, colour: tuple[int, int, int], luck: np.ndarray
    ) -> None:
        """Bands of other colours across the ribbon."""
        length = int(3 + 14 * luck[0])
        turn = int(luck[2] * 97)
        for begin in range(length, len(points) - 2, length * 2):
            stop = min(len(points), begin + length + 1)
            turn += 1
            shades = self._colours[turn % len(self._colours)]
            piece = slice(begin, stop)
            self._draw.polygon(_outline(points[piece], normal[piece], half[piece], self._zoom), fill=shades[turn % len(shades)])


def _outline(points: np.ndarray, normal: np.ndarray, half: np.ndarray, zoom: float) -> list[float]:
    offset = normal * half[:, None]
    return list((np.concatenate([points + offset, (points - offset)[::-1]]) * zoom).ravel().tolist())


def _rgb(colour: Pixels) -> tuple[int, int, int]:
    red, green, blue = (round(float(value)) for value in encode(colour))
    return red, green, blue


def _shades(easel: Easel) -> list[list[tuple[int, int, int]]]:
    """For every ink a handful of near neighbours, as if the paint were mixed by hand; the accent last."""
    order = easel.rng.permutation(len(easel.inks.colours))
    shades = []
    for colour in [*easel.inks.colours[order], easel.inks.accent]:
        lab = to_oklab(colour)[None, :] + easel.rng.normal(0, 1, (7, 3)) * (0.022, 0.010, 0.010)
        shades.append([_rgb(shade) for shade in from_oklab(lab)])
    return shades


def _bristles(easel: Easel, pixels: Pixels, field: Field) -> Pixels:
    """Fine brush marks along the flow: noise smeared along the directions at half size, then lit."""
    height, width = pixels.shape[:2]
    wide, high = max(2, width // 2), max(2, height // 2)
    noise = easel.rng.standard_normal((high, wide)).astype(np.float32)
    cosine = enlarge(np.cos(field), wide, high)
    sine = enlarge(np.sin(field), wide, high)
    smear = np.empty_like(noise)
    flat = noise.ravel()
    reach = 9
    for band in easel.bands(high, 0.76, 0.97, "Brushing", 128):
        rows = np.arange(band.start, band.stop, dtype=np.float32)[:, None]
        columns = np.arange(wide, dtype=np.float32)[None, :]
        total = np.zeros((band.stop - band.start, wide), dtype=np.float32)
        for step in range(-reach, reach + 1):
            x = (columns + step * 1.3 * cosine[band]).astype(np.int32) % wide
            y = (rows + step * 1.3 * sine[band]).astype(np.int32) % high
            total += flat[y * wide + x]
        smear[band] = total
    smear /= math.sqrt(2 * reach + 1)
    strength = 0.075 if easel.inks.dark_ground else 0.055
    pixels *= np.clip(1 + strength * enlarge(smear, width, height), 0.5, 1.6)[..., None]
    return np.clip(pixels, 0, 1, out=pixels)
