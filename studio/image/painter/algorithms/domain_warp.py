"""Noise bent by noise bent by noise: marble, silk, agate and ink on water.

Source: Inigo Quilez, "Domain warping" (2002).
"""

from __future__ import annotations

import math

import numpy as np

from studio.image.painter.colour import Field, Pixels, lay, smoothstep
from studio.image.painter.easel import Easel
from studio.image.painter.noise import NoiseTile, equalised

_STYLES = {
    "silk": "folded silk",
    "agate": "agate bands",
    "ink": "ink drawn out on water",
    "contours": "contour lines of an unknown land",
}


def paint(easel: Easel) -> tuple[Pixels, str]:
    """Returns the picture and what it shows."""
    style = easel.pick(list(_STYLES))
    value, first, second = _warp(easel, calm=style == "contours")
    easel.step(0.7, "Colouring")
    ranks = equalised(value)
    easel.step(0.74, "Colouring")
    pixels = _PAINTERS[style](easel, ranks, first, second)
    np.clip(pixels, 0, 1, out=pixels)
    easel.show(pixels)
    return pixels, f"{_STYLES[style]}, made of noise folded into itself"


def _warp(easel: Easel, *, calm: bool) -> tuple[Field, Field, Field]:
    """The folded value and the two bends it came through; all height×width, mean near 0."""
    plan, rng = easel.plan, easel.rng
    width, height = plan.width, plan.height
    fine = NoiseTile(rng, 1024, 8, 4 if not calm else 3, 0.42)
    easel.step(0.04, "Mixing")
    broad = NoiseTile(rng, 512, 8, 2, 0.4)
    cells = 0.9 + 2.4 * plan.density
    stretch = rng.uniform(0.55, 1.0)
    angle = easel.composition.angle if easel.composition.angle is not None else rng.uniform(0, math.tau)
    long_side = max(width, height)
    bend = (0.35 + 0.75 * plan.energy) * (0.55 if calm else 1.0)
    weight = 0.55 + 0.75 * easel.composition.weight_at(width, height)
    round_focus = easel.composition.angle is None
    value = np.empty((height, width), dtype=np.float32)
    first, second = np.empty_like(value), np.empty_like(value)
    shift = rng.uniform(0, 8, 8).astype(np.float32)
    columns = (np.arange(width, dtype=np.float32) - width / 2) / long_side
    for index, band in enumerate(easel.bands(height, 0.08, 0.7, "Folding", 96)):
        rows = ((np.arange(band.start, band.stop, dtype=np.float32) - height / 2) / long_side)[:, None]
        turn: Field = np.full((1, 1), angle)
        if round_focus:
            # a whirl: the plane is turned most in the middle and hardly at the rim
            turn = angle + 3.4 * np.exp(-3.6 * np.hypot(columns, rows))
        x = ((np.cos(turn) * columns + np.sin(turn) * rows) * (cells * stretch)).astype(np.float32)
        y = ((np.cos(turn) * rows - np.sin(turn) * columns) * cells).astype(np.float32)
        push = np.float32(bend) * weight[band]
        bend_x = broad.at(x + shift[0], y + shift[1]) * push
        bend_y = broad.at(x + shift[2], y + shift[3]) * push
        twist_x = fine.at(x + bend_x + shift[4], y + bend_y + shift[5])
        twist_y = fine.at(x + bend_x + shift[6], y + bend_y + shift[7])
        value[band] = fine.at(x + 0.75 * push * twist_x, y + 0.75 * push * twist_y)
        first[band] = bend_x + 0.6 * bend_y
        second[band] = twist_x + 0.5 * twist_y
        if index == height // 192:
            easel.show(easel.inks.along(0.5 + 0.3 * value))
    return value, first, second


def _slope(field: Field, band: slice, scale: float) -> tuple[Field, Field]:
    """Differences to the left and upper neighbour, times scale."""
    above = slice(max(0, band.start - 1), band.stop)
    part = field[above]
    dy = np.diff(part, axis=0, prepend=part[:1])[part.shape[0] - (band.stop - band.start) :]
    dx = np.diff(field[band], axis=1, prepend=field[band][:, :1])
    return dx * np.float32(scale), dy * np.float32(scale)


def _silk(easel: Easel, ranks: Field, first: Field, second: Field) -> Pixels:
    height, width = ranks.shape
    scale = max(height, width) / 34
    pixels = np.empty((height, width, 3), dtype=np.float32)
    for band in easel.bands(height, 0.74, 0.96, "Lighting"):
        body = easel.inks.along(0.1 + 0.8 * ranks[band] + 0.10 * np.tanh(first[band]))
        body = lay(body, easel.inks.accent, 0.35 * smoothstep(1.1, 2.6, second[band]))
        dx, dy = _slope(ranks, band, scale)
        length = np.sqrt(1.6 + dx * dx + dy * dy)
        light = (0.72 - 0.45 * dx - 0.75 * dy) / length
        gloss = np.clip((0.62 - 0.55 * dx - 0.85 * dy) / length, 0, 1) ** 9
        pixels[band] = body * np.clip(0.35 + 0.85 * light, 0.15, 1.5)[..., None] + (0.16 * gloss)[..., None]
    return pixels


def _agate(easel: Easel, ranks: Field, first: Field, second: Field) -> Pixels:
    height, width = ranks.shape
    bands_count = int(9 + 22 * easel.plan.density)
    order = easel.rng.permutation(bands_count * 2 + 4)
    shade = ((order * 0.618) % 1.0).astype(np.float32)
    pixels = np.empty((height, width, 3), dtype=np.float32)
    for band in easel.bands(height, 0.74, 0.96, "Banding"):
        level = ranks[band] * bands_count + 0.35 * np.tanh(second[band]) * 0.3
        dx, dy = _slope(ranks, band, bands_count)
        soft = np.clip(np.hypot(dx, dy), 1e-3, 0.6)
        low = np.floor(level)
        part = level - low
        index = low.astype(np.int32) + 1
        here, after = shade[index], shade[index + 1]
        blend = smoothstep(0, 1, (part - (1 - soft)) / soft)
        tone = 0.55 * (low / bands_count) + 0.45 * here + (0.55 / bands_count + 0.45 * (after - here)) * blend
        body = easel.inks.along(tone)
        # each band is darker towards its outer rim, as in cut stone
        rim = 1 - 0.22 * np.exp(-(((1 - part) / 0.16) ** 2)) * (1 - blend) + 0.10 * np.exp(-((part / 0.12) ** 2))
        vein = np.exp(-((np.abs(part - 0.5) / np.maximum(soft, 0.02)) ** 2)) * (here > 0.9)
        pixels[band] = lay(body * rim[..., None], easel.inks.accent, 0.8 * vein.astype(np.float32))
    return pixels


def _ink(easel: Easel, ranks: Field, first: Field, second: Field) -> Pixels:
    height, width = ranks.shape
    inks = easel.inks
    count = len(inks.colours)
    pixels = np.empty((height, width, 3), dtype=np.float32)
    for band in easel.bands(height, 0.74, 0.96, "Bleeding"):
        pixels[band] = inks.ground
        for layer in range(count):
            colour = inks.colours[count - 1 - layer if not inks.dark_ground else layer]
            place = (layer + 0.5) / count
            drift = ranks[band] + 0.10 * np.sin(2.2 * first[band] + 1.7 * layer)
            spread = np.abs(drift - place) * count
            pool = smoothstep(0.95, 0.15, spread) * (0.55 + 0.45 * smoothstep(-1.6, 1.2, second[band]))
            # pigment gathers at the wet edge of a wash
            edge = 0.5 * np.exp(-(((spread - 0.62) / 0.07) ** 2)) * smoothstep(-0.4, 1.0, first[band])
            pixels[band] = lay(pixels[band], colour, np.clip(0.88 * pool + edge, 0, 1).astype(np.float32))
    return pixels


def _contours(easel: Easel, ranks: Field, first: Field, second: Field) -> Pixels:
    height, width = ranks.shape
    inks = easel.inks
    lines = int(16 + 34 * easel.plan.density)
    line_ink = inks.colours[-1] if inks.dark_ground else inks.colours[0]
    weight_px = max(0.8, max(width, height) / 900)
    pixels = np.empty((height, width, 3), dtype=np.float32)
    for band in easel.bands(height, 0.74, 0.96, "Drawing contours"):
        level = ranks[band] * lines
        dx, dy = _slope(ranks, band, lines)
        step = np.maximum(np.hypot(dx, dy), 1e-4)
        off = np.abs(level - np.round(level)) / step
        heavy = np.round(level) % 5 == 0
        line = smoothstep(1.0, 0.0, (off - weight_px * np.where(heavy, 0.95, 0.35)) / 1.1)
        floor_level = np.floor(level) / lines
        wash = inks.along(0.04 + 0.92 * floor_level)
        shade = np.clip(1 - (0.9 * dx + 1.3 * dy) * max(width, height) / lines / 60, 0.7, 1.25)
        body = lay(inks.ground + np.zeros_like(wash), wash, np.full_like(level, 0.9)) * shade[..., None]
        pixels[band] = lay(body, line_ink, line * np.where(heavy, 0.9, 0.5).astype(np.float32))
    return pixels


_PAINTERS = {"silk": _silk, "agate": _agate, "ink": _ink, "contours": _contours}
