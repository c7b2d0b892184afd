"""Thousands of dots that never touch, closer where the drawing is dark: moons, dunes, folds and ripples."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from studio.image.painter.colour import Field, Pixels, from_oklab, smoothstep, to_oklab
from studio.image.painter.easel import Easel
from studio.image.painter.noise import enlarge, fractal, unit

_SCENES = {
    "moons": "a group of shaded spheres",
    "dunes": "dunes one behind another",
    "folds": "a folded cloth of light and shade",
    "ripples": "ripples that cross each other",
}
_MAP = 480, 1200  # the plane on which dots keep apart, along the long side: least and most


def paint(easel: Easel) -> tuple[Pixels, str]:
    """Returns the picture and what it shows."""
    plan = easel.plan
    scene = easel.pick(list(_SCENES))
    long_side = max(plan.width, plan.height)
    side = min(_MAP[1], max(_MAP[0], long_side))
    wide, high = max(16, side * plan.width // long_side), max(16, side * plan.height // long_side)
    x = ((np.arange(wide) + 0.5 - wide / 2) / max(wide, high))[None, :] + np.zeros((high, 1))
    y = ((np.arange(high) + 0.5 - high / 2) / max(wide, high))[:, None] + np.zeros((1, wide))
    easel.step(0.03, "Sketching the tones")
    tone, part = _TONES[scene](easel, x.astype(np.float32), y.astype(np.float32))
    easel.step(0.08, "Sketching the tones")
    tone = np.clip(tone, 0, 1) ** 0.8
    dots = _scatter(easel, tone)
    easel.step(0.62, "Inking")
    pixels = _ink(easel, dots, tone, part)
    easel.show(pixels)
    return pixels, f"{_SCENES[scene]}, stippled with {len(dots):,} dots"


def _scatter(easel: Easel, tone: Field) -> NDArray[np.float32]:
    """N×3 on the map: x, y, free radius. Places are tried at random and kept when no earlier dot claims them."""
    plan, rng = easel.plan, easel.rng
    high, wide = tone.shape
    near = 1.75 + 1.9 * (1 - plan.density)
    spacing = near * (1 + 5.5 * (1 - tone) ** 2.4)
    tries = int(high * wide * 0.55 * (2.4 / near) ** 1.2)
    spots = rng.integers(0, (wide, high), (tries, 2), dtype=np.int32)
    reach = spacing[spots[:, 1], spots[:, 0]]
    chance = rng.random(tries)
    wanted = chance < np.clip(tone[spots[:, 1], spots[:, 0]] * 30, 0, 1)
    claimed = bytearray(high * wide)
    plane = np.frombuffer(claimed, dtype=np.uint8).reshape(high, wide)
    discs: dict[int, NDArray[np.uint8]] = {}
    kept: list[tuple[int, int, float]] = []
    for index, (column, row, far, want) in enumerate(
        zip(spots[:, 0].tolist(), spots[:, 1].tolist(), reach.tolist(), wanted.tolist(), strict=True)
    ):
        if index % 20_000 == 0:
            easel.step(0.08 + 0.52 * index / tries, "Placing dots")
        if claimed[row * wide + column] or not want:
            continue
        kept.append((column, row, far))
        radius = math.ceil(far)
        disc = discs.get(radius)
        if disc is None:
            steps = np.arange(-radius, radius + 1)
            disc = discs[radius] = ((steps[:, None] ** 2 + steps[None, :] ** 2) <= radius * radius).astype(np.uint8)
        top, left = row - radius, column - radius
        region = plane[max(0, top) : row + radius + 1, max(0, left) : column + radius + 1]
        region |= disc[max(0, -top) : max(0, -top) + region.shape[0], max(0, -left) : max(0, -left) + region.shape[1]]
    return np.array(kept, dtype=np.float32).reshape(-1, 3)


def _ink(easel: Easel, dots: NDArray[np.float32], tone: Field, part: Field) -> Pixels:
    """Round dots with soft edges, their colour from the part of the drawing they lie in."""
    plan, rng, inks = easel.plan, easel.rng, easel.inks
    width, height = plan.width, plan.height
    zoom = max(width, height) / max(tone.shape)
    row, column = dots[:, 1].astype(int), dots[:, 0].astype(int)
    dark = tone[row, column]
    near = float(dots[:, 2].min()) if len(dots) else 1.0
    radius = np.clip(near * (0.34 + 0.28 * dark) * rng.uniform(0.85, 1.15, len(dots)), 0.45, None) * zoom
    radius = np.maximum(radius, 0.55)
    spread = rng.normal(0, 0.10, len(dots))
    colours = inks.along(np.clip(part[row, column] * 0.8 + 0.2 + spread + 0.25 * (dark - 0.5), 0.2, 1))
    bold = rng.random(len(dots))
    colours[bold < 0.02] = inks.accent
    lab = to_oklab(colours) + rng.normal(0, 0.015, colours.shape)
    if not inks.dark_ground:
        lab[:, 0] = np.minimum(lab[:, 0], 0.62)
    colours = from_oklab(lab)
    x = (dots[:, 0] + rng.random(len(dots))) * zoom
    y = (dots[:, 1] + rng.random(len(dots))) * zoom
    reach = math.ceil(float(radius.max())) + 1 if len(dots) else 1
    steps = np.arange(-reach, reach + 1)
    cloud = fractal(rng, width, height, 2, 3)
    easel.step(0.63, "Inking")
    ground = (0.95 + 0.05 * cloud)[..., None] * inks.ground
    easel.step(0.64, "Inking")
    pixels = ground.reshape(-1, 3)
    block = max(500, 900_000 // (steps.size**2))
    for start in range(0, len(dots), block):
        piece = slice(start, start + block)
        columns = x[piece].astype(int)[:, None, None] + steps[None, None, :]
        rows = y[piece].astype(int)[:, None, None] + steps[None, :, None]
        away = np.hypot(columns + 0.5 - x[piece][:, None, None], rows + 0.5 - y[piece][:, None, None])
        cover = np.clip(radius[piece][:, None, None] + 0.5 - away, 0, 1)
        seen = (cover > 0) & (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
        spot = (rows * width + columns)[seen]
        shade = np.broadcast_to(np.arange(start, min(start + block, len(dots)))[:, None, None], seen.shape)[seen]
        pixels[spot] += (colours[shade] - pixels[spot]) * cover[seen].astype(np.float32)[:, None]
        easel.step(0.62 + 0.34 * min(1.0, (start + block) / len(dots)), "Inking")
        if start == 0:
            easel.show(pixels.reshape(height, width, 3))
    done: Pixels = np.clip(pixels.reshape(height, width, 3), 0, 1)
    return done


def _moons(easel: Easel, x: Field, y: Field) -> tuple[Field, Field]:
    rng, composition = easel.rng, easel.composition
    tone = 0.10 + 0.16 * _gridded(easel, x.shape)
    part = np.full(x.shape, 0.25, dtype=np.float32)
    aspect = (x.max() - x.min(), y.max() - y.min())
    spots = [((fx - 0.5) * aspect[0], (fy - 0.5) * aspect[1]) for fx, fy in composition.focus]
    spots += [
        (rng.uniform(-0.42, 0.42) * aspect[0], rng.uniform(-0.42, 0.42) * aspect[1]) for _ in range(int(rng.integers(2, 8)))
    ]
    sizes = [0.23 * min(aspect), *sorted(rng.uniform(0.025, 0.13, len(spots) - 1) * min(aspect), reverse=True)]
    way = rng.uniform(0, math.tau)
    sun = np.array([0.75 * math.cos(way), 0.75 * math.sin(way), 0.66])
    for index in reversed(range(len(spots))):
        easel.step(0.03 + 0.005 * (len(spots) - index), "Sketching the tones")
        (cx, cy), size = spots[index], float(sizes[index])
        dx, dy = (x - cx) / size, (y - cy) / size
        square = dx * dx + dy * dy
        inside = square < 1
        lit = dx * sun[0] + dy * sun[1] + np.sqrt(np.maximum(0, 1 - square)) * sun[2]
        craters = 0.12 * (fractal(rng, x.shape[1], x.shape[0], min(40.0, 0.84 / size), 2) - 0.5)
        shade = np.clip(0.80 - 0.88 * lit + craters, 0.02, 1.0)
        halo = np.exp(-np.maximum(0, np.sqrt(square) - 1) * 5) * 0.85
        tone = np.where(inside, shade, tone * (1 - halo))
        part = np.where(inside, 0.35 + 0.6 * rng.random() * (1 - 0.3 * lit), part)
    return tone.astype(np.float32), part.astype(np.float32)


def _gridded(easel: Easel, shape: tuple[int, ...]) -> Field:
    return easel.composition.weight_at(shape[1], shape[0])


def _dunes(easel: Easel, x: Field, y: Field) -> tuple[Field, Field]:
    rng = easel.rng
    easel.placed = easel.composition.name == "horizon"
    bottom, top = float(y.max()), float(y.min())
    span = bottom - top
    sky = (y - top) / span
    tone = 0.42 - 0.75 * sky
    sun_x, sun_y = rng.uniform(-0.3, 0.3) * (x.max() - x.min()), top + span * rng.uniform(0.16, 0.3)
    sun = np.hypot(x - sun_x, y - sun_y)
    radius = rng.uniform(0.06, 0.11) * min(span, float(x.max() - x.min()))
    tone = np.where(sun < radius, 0.0, tone * smoothstep(radius, radius * 4, sun))
    part = np.full(x.shape, 0.2, dtype=np.float32)
    layers = int(rng.integers(5, 9))
    start = rng.uniform(0.34, 0.46)
    for layer in range(layers):
        level = top + span * (start + (0.98 - start) * (layer / layers) ** 1.2)
        waves = fractal(rng, x.shape[1], 4, 1.4 + 0.5 * layer, 3, 0.4)[1] - 0.5
        ridge = level + span * (0.10 + 0.08 * layer / layers) * waves[None, :]
        depth = (y - ridge) / span
        slope = np.gradient(waves)[None, :] * 260
        shade = np.clip(0.93 - 5.2 * depth * (1.25 - 0.6 * layer / layers) - 0.22 * np.tanh(slope), 0.03, 1) * (
            0.5 + 0.5 * (layer + 1) / layers
        )
        tone = np.where(depth > 0, shade, tone)
        part = np.where(depth > 0, 0.25 + 0.75 * (layer + 1) / layers, part)
    return np.clip(tone, 0, 1).astype(np.float32), part.astype(np.float32)


def _folds(easel: Easel, x: Field, y: Field) -> tuple[Field, Field]:
    rng, plan = easel.rng, easel.plan
    high, wide = x.shape
    bend = fractal(rng, wide, high, 1.6, 2) - 0.5
    turn = easel.composition.turn_at(x + 0.5, y + 0.5, 1.0)
    along = x * np.cos(turn) + y * np.sin(turn) if easel.composition.angle is not None else np.hypot(x, y) * 1.2
    phase = (along * (3.5 + 4 * plan.density) + bend * (2.0 + 3.0 * plan.energy)) * math.tau
    fold = np.sin(phase) + 0.35 * np.sin(2.1 * phase + 6 * bend)
    rise_y, rise_x = np.gradient(fold)
    light = np.tanh((rise_x * 0.6 + rise_y * 0.8) * 30)
    tone = np.clip(0.42 + 0.42 * light - 0.16 * fold, 0.02, 1) * (0.35 + 0.65 * _gridded(easel, x.shape))
    return tone.astype(np.float32), unit(bend + 0.12 * fold) * np.float32(0.9)


def _ripples(easel: Easel, x: Field, y: Field) -> tuple[Field, Field]:
    rng, plan = easel.rng, easel.plan
    total = np.zeros(x.shape, dtype=np.float32)
    part = np.zeros(x.shape, dtype=np.float32)
    aspect = (float(x.max() - x.min()), float(y.max() - y.min()))
    spots = [((fx - 0.5) * aspect[0], (fy - 0.5) * aspect[1]) for fx, fy in easel.composition.focus]
    spots += [(rng.uniform(-0.6, 0.6) * aspect[0], rng.uniform(-0.6, 0.6) * aspect[1]) for _ in range(int(rng.integers(1, 4)))]
    for cx, cy in spots:
        away = np.hypot(x - cx, y - cy)
        wave = np.cos(away * math.tau * (7 + 12 * plan.density)) * np.exp(-away * 2.2)
        total += wave
        part += away * 0.5
    tone = np.clip(0.5 + 0.62 * total, 0.02, 1) ** 1.3
    edge = enlarge(easel.composition.weight, x.shape[1], x.shape[0])
    return (tone * (0.45 + 0.55 * edge)).astype(np.float32), 0.15 + 0.8 * unit(part)


_TONES = {"moons": _moons, "dunes": _dunes, "folds": _folds, "ripples": _ripples}
