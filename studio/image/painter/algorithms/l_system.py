"""Plants grown by rewriting rules: groves in mist, single trees before a low sun, wreaths and ferns.

Source: Prusinkiewicz and Lindenmayer, "The Algorithmic Beauty of Plants" (1990).
"""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw

from studio.image.painter.algorithms.plants import HERBS, TREES, Plant, grow
from studio.image.painter.colour import Pixels, decode8, encode, from_oklab, lay, smoothstep, to_oklab
from studio.image.painter.easel import Easel
from studio.image.painter.noise import fractal

_LIMIT = 26_000  # symbols drawn in one picture: keeps the time the same for every rule


def paint(easel: Easel) -> tuple[Pixels, str]:
    """Returns the picture and what it shows."""
    placed = easel.composition.name
    scene = easel.pick(list(_SCENES), _SHARES.get(placed, (0.4, 0.6, 0.0)))
    if placed in ("radial", "frame"):
        scene = "wreath"
    easel.placed = scene == "wreath" or placed in ("horizon", "thirds")
    return _SCENES[scene](easel)


# how likely a grove, a single tree and a wreath are under a composition
_SHARES = {
    "radial": (0.0, 0.0, 1.0),
    "frame": (0.0, 0.0, 1.0),
    "centre": (0.0, 0.6, 0.4),
    "horizon": (0.9, 0.1, 0.0),
    "scatter": (1.0, 0.0, 0.0),
    "diagonal": (0.8, 0.2, 0.0),
}


class _Pen:
    """Draws plants on a picture twice the size, which is averaged down at the end."""

    def __init__(self, easel: Easel, under: Pixels) -> None:
        plan = easel.plan
        self.scale = 2 if max(plan.width, plan.height) <= 2048 else 1
        image = Image.fromarray(np.rint(encode(under)).astype(np.uint8))
        self.canvas = image.resize((plan.width * self.scale, plan.height * self.scale), Image.Resampling.BILINEAR)
        self._draw = ImageDraw.Draw(self.canvas)
        self._easel = easel
        self._ticks = 0

    def plant(
        self, plant: Plant, root: tuple[float, float], size: float, lean: float, bark: Pixels, leaf: list[Pixels], leaf_px: float
    ) -> None:
        """`root` and `size` in picture pixels; `lean` turns the plant, 0 = upright."""
        k = self.scale
        cosine, sine = math.cos(lean) * size * k, math.sin(lean) * size * k
        ox, oy = root[0] * k, root[1] * k
        shades = _mixed(self._easel, bark, 5, 0.006)
        for index, (x0, y0, x1, y1, w0, w1) in enumerate(plant.branches):
            ax, ay = ox + x0 * cosine + y0 * sine, oy + x0 * sine - y0 * cosine
            bx, by = ox + x1 * cosine + y1 * sine, oy + x1 * sine - y1 * cosine
            self._branch(ax, ay, bx, by, max(0.5, w0 * size * k), max(0.45, w1 * size * k), shades[index % 5])
        if leaf_px > 0:
            tints = [shade for colour in leaf for shade in _mixed(self._easel, colour, 4, 0.03)]
            luck = self._easel.rng.random((len(plant.leaves), 3))
            for index, (x, y, angle, big) in enumerate(plant.leaves):
                ax, ay = ox + x * cosine + y * sine, oy + x * sine - y * cosine
                tint = tints[int(luck[index, 0] * len(tints))]
                way = angle - lean + (luck[index, 1] - 0.5) * 1.2
                self._leaf(ax, ay, way, leaf_px * k * big * (0.6 + 0.8 * luck[index, 2]), tint)

    def _branch(self, ax: float, ay: float, bx: float, by: float, wide: float, thin: float, colour: tuple[int, int, int]) -> None:
        self._tick()
        if wide < 1.1:
            self._draw.line((ax, ay, bx, by), fill=colour, width=max(1, round(wide * 2)))
            return
        length = math.hypot(bx - ax, by - ay) or 1.0
        nx, ny = -(by - ay) / length, (bx - ax) / length
        outline = (
            ax + nx * wide,
            ay + ny * wide,
            bx + nx * thin,
            by + ny * thin,
            bx - nx * thin,
            by - ny * thin,
            ax - nx * wide,
            ay - ny * wide,
        )
        self._draw.polygon(outline, fill=colour)
        self._draw.ellipse((bx - thin, by - thin, bx + thin, by + thin), fill=colour)

    def _leaf(self, x: float, y: float, angle: float, size: float, colour: tuple[int, int, int]) -> None:
        self._tick()
        cosine, sine = math.cos(angle) * size, -math.sin(angle) * size
        points = []
        for along, across in ((0, 0), (0.25, 0.24), (0.6, 0.26), (1.0, 0), (0.6, -0.26), (0.25, -0.24)):
            points += [x + along * cosine - across * sine, y + along * sine + across * cosine]
        self._draw.polygon(points, fill=colour)

    def _tick(self) -> None:
        self._ticks += 1
        if self._ticks % 2500 == 0:
            self._easel.step(min(0.85, 0.15 + self._ticks / 60_000 * 0.7), "Drawing branches")

    def result(self) -> Pixels:
        """The drawing at the picture's own size."""
        self._easel.step(0.0, "Smoothing edges")
        small = self.canvas.reduce(self.scale) if self.scale > 1 else self.canvas
        self._easel.step(0.0, "Smoothing edges")
        return decode8(np.asarray(small))


def _mixed(easel: Easel, colour: Pixels, count: int, amount: float) -> list[tuple[int, int, int]]:
    lab = to_oklab(colour)[None] + easel.rng.normal(0, amount, (count, 3)) * (1, 0.4, 0.4)
    return [(round(float(r)), round(float(g)), round(float(b))) for r, g, b in encode(from_oklab(lab))]


def _sky(easel: Easel, level: float) -> tuple[Pixels, tuple[float, float]]:
    """A graded ground with a low sun or moon; returns it and the sun's place in fractions."""
    plan, rng, inks = easel.plan, easel.rng, easel.inks
    height, width = plan.height, plan.width
    aspect = width / height
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    cloud = fractal(rng, width, height, 1.8, 4) - 0.5
    sun = (easel.composition.focus[0][0] * 0.6 + 0.2 + rng.uniform(-0.08, 0.08), level - rng.uniform(0.1, 0.34))
    away = np.hypot((x - sun[0]) * aspect, y - sun[1])
    radius = rng.uniform(0.08, 0.17) * min(1.0, aspect)
    rise = np.clip(1 - (level - y) / level + 0.2 * cloud, 0, 1)
    pixels = np.empty((height, width, 3), dtype=np.float32)
    glow_colour = inks.accent if inks.dark_ground else inks.along(np.array(0.35))
    for band in easel.bands(height, 0.01, 0.1, "Laying the sky"):
        tone = 0.02 + (0.55 if inks.dark_ground else 0.34) * rise[band] ** 2.2
        body = lay(
            inks.ground + np.zeros((*tone.shape, 3), dtype=np.float32),
            inks.along(tone),
            np.clip(0.15 + 0.75 * rise[band], 0, 0.9),
        )
        glow = 0.55 * np.exp(-np.maximum(0, away[band] - radius) * 5.5)
        body = lay(body, glow_colour, glow.astype(np.float32))
        disc = smoothstep(radius + 1.2 / height, radius - 1.2 / height, away[band])
        disc_colour = lay(
            inks.accent + np.zeros_like(body),
            inks.ground * 0.5 + inks.accent * 0.5,
            smoothstep(-radius, radius, (y[band] - sun[1]) + 0 * x),
        )
        pixels[band] = lay(body, disc_colour, disc * 0.95)
    return pixels, sun


def _hills(easel: Easel, pixels: Pixels, level: float, depth: float, colour: Pixels, roughness: float) -> np.ndarray:
    """Paints one ridge of `colour` in place; returns its height in pixels for every column."""
    height, width = pixels.shape[:2]
    wave = fractal(easel.rng, width, 4, roughness, 4, 0.45)[1] - 0.5
    ridge = (level + depth * wave) * height
    rows = np.arange(height, dtype=np.float32)[:, None]
    for band in easel.bands(height, 0.1, 0.12, "Laying hills", 256):
        cover = np.clip(rows[band] - ridge[None, :] + 0.5, 0, 1)
        fade = np.clip((rows[band] - ridge[None, :]) / (height * 0.30), 0, 1)
        body = colour + (easel.inks.ground - colour) * (0.35 * fade)[..., None]
        pixels[band] = lay(pixels[band], body.astype(np.float32), cover)
    heights: np.ndarray = ridge
    return heights


def _foliage(easel: Easel) -> list[Pixels]:
    inks = easel.inks
    count = len(inks.colours)
    picks = easel.rng.permutation(count)[: max(2, count // 2)]
    return [inks.colours[i] for i in picks] + [inks.accent] * int(easel.rng.random() < 0.25)


def _grove(easel: Easel) -> tuple[Pixels, str]:
    """Rows of plants on ridges, each row nearer and stronger in tone than the one behind."""
    plan, rng, inks = easel.plan, easel.rng, easel.inks
    level = 0.56 + 0.1 * rng.random()
    pixels, _ = _sky(easel, level)
    species = TREES[int(rng.integers(len(TREES)))]
    foliage = _foliage(easel)
    far = inks.along(np.array(0.22))
    near = inks.colours[0] if not inks.dark_ground else inks.colours[0] * 0.45
    rows = 4
    counts = [max(1, round(n * (0.4 + 1.1 * plan.density))) for n in (13, 8, 5, 2)]
    weight = easel.composition.weight_at(64, 64)[32:].mean(axis=0) + 0.15
    for row in range(rows):
        part = row / (rows - 1)
        tone = from_oklab(to_oklab(far) * (1 - part) + to_oklab(near) * part)
        ridge = _hills(easel, pixels, level + 0.34 * part**1.3, 0.09, tone, 1.2 + row)
        pen = _Pen(easel, pixels)
        easel.step(0.0, "Planting")
        for _ in range(counts[row]):
            column = float((rng.choice(64, p=weight / weight.sum()) + rng.random()) / 64) * plan.width
            base = float(ridge[min(plan.width - 1, int(column))]) + 0.01 * plan.height
            size = plan.height * (0.16 + 0.46 * part**1.4) * rng.uniform(0.7, 1.2) * min(1.0, plan.width / plan.height + 0.25)
            plant = grow(rng, species, int(_LIMIT * (0.025 + 0.20 * part) / (1 + 0.8 * plan.density)))
            tint = [from_oklab(to_oklab(tone) * (0.75 - 0.75 * part) + to_oklab(leaf) * (0.25 + 0.75 * part)) for leaf in foliage]
            pen.plant(plant, (column, base), size, float(rng.normal(0, 0.05)), tone, tint, species.leaf * size * 0.020)
        pixels = pen.result()
        easel.step(0.0, "Planting")
        easel.show(pixels)
        easel.step(0.2 + 0.7 * (row + 1) / rows, "Planting")
        mist = from_oklab(to_oklab(inks.ground) * 0.5 + to_oklab(far) * 0.5)
        if row < rows - 1:
            y = np.linspace(0, 1, plan.height, dtype=np.float32)[:, None] + np.zeros((1, plan.width), dtype=np.float32)
            veil = 0.40 * np.exp(-(((y - level - 0.34 * ((row + 1) / (rows - 1)) ** 1.3) / 0.11) ** 2))
            pixels = lay(pixels, mist, veil.astype(np.float32))
    return pixels, f"a grove of {species.many} in four depths, grown by rewriting rules"


def _single(easel: Easel) -> tuple[Pixels, str]:
    """One large plant before a low sun."""
    plan, rng, inks = easel.plan, easel.rng, easel.inks
    level = 0.80 + 0.06 * rng.random()
    pixels, _ = _sky(easel, level)
    species = TREES[int(rng.integers(len(TREES)))]
    bark = inks.colours[0] if not inks.dark_ground else inks.colours[0] * 0.4
    far = inks.along(np.array(0.3))
    _hills(easel, pixels, level - 0.07, 0.10, far, 1.6)
    ridge = _hills(easel, pixels, level + 0.02, 0.05, bark, 1.3)
    pen = _Pen(easel, pixels)
    column = plan.width * float(np.clip(easel.composition.focus[0][0] + rng.uniform(-0.06, 0.06), 0.25, 0.75))
    base = float(ridge[int(column)]) + 0.012 * plan.height
    plant = grow(rng, species, int(_LIMIT * (0.35 + 0.65 * plan.density)))
    size = min(plan.height * 0.72, plan.width * 0.8)
    leaf_px = species.leaf * size * (0.011 + 0.010 * (1 - plan.density))
    pen.plant(plant, (column, base), size, float(rng.normal(0, 0.03)), bark, _foliage(easel), leaf_px)
    return pen.result(), f"{species.says} before a low sun, grown by rewriting rules"


def _wreath(easel: Easel) -> tuple[Pixels, str]:
    """The same plant turned around the middle, outward or inward."""
    plan, rng, inks = easel.plan, easel.rng, easel.inks
    height, width = plan.height, plan.width
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :] * (width / height)
    cloud = fractal(rng, width, height, 2, 3)
    pixels = np.empty((height, width, 3), dtype=np.float32)
    for band in easel.bands(height, 0.01, 0.1, "Laying the ground"):
        tone = 0.30 * np.exp(-np.hypot(x, y[band]) * 1.6) + 0.10 * cloud[band]
        pixels[band] = lay(inks.ground + np.zeros((*tone.shape, 3), dtype=np.float32), inks.along(0.2 + tone), tone)
    inward = easel.composition.name == "frame"
    folds = int(rng.choice([11, 13, 16] if inward else [5, 6, 7, 8, 9, 12]))
    species = HERBS[int(rng.integers(len(HERBS)))]
    plant = grow(rng, species, int(_LIMIT * (0.5 + 0.5 * plan.density) / folds))
    pen = _Pen(easel, pixels)
    bark = inks.colours[-1] if inks.dark_ground else inks.colours[0]
    foliage = _foliage(easel)
    radius = min(width, height)
    size = radius * (0.34 if inward else 0.46)
    tilt = rng.uniform(0, math.tau)
    hole = 0.0 if not inward else radius * 0.48
    for fold in range(folds):
        angle = tilt + fold * math.tau / folds
        root = (width / 2 + math.sin(angle) * hole, height / 2 - math.cos(angle) * hole)
        pen.plant(plant, root, size, angle + (math.pi if inward else 0.0), bark, foliage, species.leaf * size * 0.026)
        easel.step(0.12 + 0.7 * (fold + 1) / folds, "Drawing branches")
        if fold == folds // 2:
            easel.show(pen.canvas)
    return pen.result(), f"{species.says} turned {folds} times around the middle, grown by rewriting rules"


_SCENES = {"grove": _grove, "single": _single, "wreath": _wreath}
