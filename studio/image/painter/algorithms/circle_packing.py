"""Circles packed without touching, from large to small, each filled in its own way."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from studio.image.painter.colour import Field, Pixels, from_oklab, smoothstep, to_oklab
from studio.image.painter.easel import Easel
from studio.image.painter.noise import fractal

_MAP = 640  # the plane of free distances, along the long side


def paint(easel: Easel) -> tuple[Pixels, str]:
    """Returns the picture and what it shows."""
    plan, rng = easel.plan, easel.rng
    mood = easel.pick(["plain", "rings", "globes", "mixed"], [0.2, 0.2, 0.2, 0.4])
    circles = _pack(easel)
    easel.step(0.5, "Filling circles")
    ground = 0.95 + 0.06 * fractal(rng, plan.width, plan.height, 2.2, 3)
    easel.step(0.5, "Filling circles")
    pixels = ground[..., None] * easel.inks.ground
    easel.step(0.51, "Filling circles")
    _fill_all(easel, pixels, circles, mood)
    easel.show(pixels)
    says = {"plain": "discs", "rings": "ringed discs", "globes": "globes of soft light", "mixed": "discs, rings and half moons"}[
        mood
    ]
    return np.clip(pixels, 0, 1, out=pixels), f"{len(circles):,} {says} packed side by side"


def _pack(easel: Easel) -> NDArray[np.float64]:
    """N×3 as pixels: x, y, radius. The largest go where the composition is busy."""
    plan, rng = easel.plan, easel.rng
    long_side = max(plan.width, plan.height)
    wide, high = max(12, _MAP * plan.width // long_side), max(12, _MAP * plan.height // long_side)
    weight = easel.composition.weight_at(wide, high)
    edge_x = np.minimum(np.arange(wide), np.arange(wide)[::-1])[None, :]
    edge_y = np.minimum(np.arange(high), np.arange(high)[::-1])[:, None]
    bleed = rng.random() < 0.4
    free = np.minimum(edge_x, edge_y).astype(np.float32) + (200 if bleed else -0.035 * _MAP * min(wide, high) / max(wide, high))
    short = min(wide, high)
    largest = short * (0.21 - 0.13 * plan.density) * rng.uniform(0.9, 1.25)
    smallest = max(1.5, 4.5 - 3.2 * plan.density)
    gap = 1.1 + 0.8 * rng.random()
    kept: list[tuple[float, float, float]] = []
    radius, rounds = largest, 0
    while radius > smallest:
        room = np.argwhere(free >= radius + gap)
        if len(room):
            allowed = rng.random(len(room)) < (0.25 + 0.75 * weight[room[:, 0], room[:, 1]] if radius > largest * 0.3 else 1.0)
            room = room[allowed]
            tries = int(6 + 700 * (1 - radius / largest) ** 2)
            for row, column in room[rng.integers(0, max(1, len(room)), tries)].tolist() if len(room) else []:
                if free[row, column] >= radius + gap:
                    size = radius * (0.82 + 0.18 * float(rng.random()))
                    kept.append((column + 0.5, row + 0.5, size))
                    _claim(free, column, row, size, largest)
        radius *= 0.9
        rounds += 1
        easel.step(min(0.48, 0.02 + 0.011 * rounds), "Packing")
    zoom = long_side / _MAP
    return np.array(kept).reshape(-1, 3) * zoom


def _claim(free: Field, column: int, row: int, size: float, largest: float) -> None:
    reach = int(size + largest * 1.1) + 3
    top, left = max(0, row - reach), max(0, column - reach)
    region = free[top : row + reach + 1, left : column + reach + 1]
    y = np.arange(top, top + region.shape[0], dtype=np.float32)[:, None] - row
    x = np.arange(left, left + region.shape[1], dtype=np.float32)[None, :] - column
    np.minimum(region, np.sqrt(x * x + y * y) - np.float32(size), out=region)


def _fill_all(easel: Easel, pixels: Pixels, circles: NDArray[np.float64], mood: str) -> None:
    plan, rng, inks = easel.plan, easel.rng, easel.inks
    count = len(circles)
    regions = fractal(rng, 64, 64, 2.2, 2)
    tone = regions[(circles[:, 1] / plan.height * 63).astype(int), (circles[:, 0] / plan.width * 63).astype(int)]
    colours = inks.along(np.clip(0.12 + 0.88 * tone + rng.normal(0, 0.14, count), 0, 1))
    plain = rng.random(count) < 0.4
    colours[plain] = inks.colours[rng.integers(0, len(inks.colours), int(plain.sum()))]
    colours[rng.random(count) < 0.04] = inks.accent
    colours = from_oklab(to_oklab(colours) + rng.normal(0, 0.012, colours.shape))
    seconds = inks.colours[rng.integers(0, len(inks.colours), count)]
    luck = rng.random((count, 4))
    for index, (x, y, radius) in enumerate(circles.tolist()):
        _draw(easel, pixels, x, y, radius, colours[index], seconds[index], luck[index], mood)
        if index % 40 == 0 or radius > 90:
            easel.step(0.5 + 0.46 * index / count, "Filling circles")
        if index in (count // 30, count // 5):
            easel.show(pixels)


def _draw(
    easel: Easel,
    pixels: Pixels,
    x: float,
    y: float,
    radius: float,
    colour: Pixels,
    second: Pixels,
    luck: NDArray[np.float64],
    mood: str,
) -> None:
    top, left = max(0, int(y - radius * 1.25 - 3)), max(0, int(x - radius * 1.25 - 3))
    region = pixels[top : int(y + radius * 1.25 + 4), left : int(x + radius * 1.25 + 4)]
    if not region.size:
        return
    dy = (np.arange(top, top + region.shape[0], dtype=np.float32) + np.float32(0.5 - y))[:, None]
    dx = (np.arange(left, left + region.shape[1], dtype=np.float32) + np.float32(0.5 - x))[None, :]
    away = np.sqrt(dx * dx + dy * dy)
    cover = np.clip(radius + 0.5 - away, 0, 1)
    if not easel.inks.dark_ground:
        drop = np.sqrt((dx - 0.05 * radius) ** 2 + (dy - 0.08 * radius) ** 2)
        region *= (1 - 0.20 * smoothstep(radius * 1.14, radius * 0.9, drop) * (1 - cover))[..., None]
    style = mood if mood != "mixed" else ("plain", "rings", "globes", "half", "target", "petals")[int(luck[0] * 6)]
    if radius < max(pixels.shape[:2]) / 190:
        style = "plain"
    paint_it = _FILLS[style](dx, dy, away, radius, colour, second, luck, easel.inks.ground)
    region += (paint_it - region) * cover[..., None]


def _plain(
    dx: Field, dy: Field, away: Field, radius: float, colour: Pixels, second: Pixels, luck: NDArray[np.float64], ground: Pixels
) -> Pixels:
    done: Pixels = colour * (1.0 - 0.09 * (dx * 0.5 + dy * 0.86) / radius)[..., None]
    return done


def _rings(
    dx: Field, dy: Field, away: Field, radius: float, colour: Pixels, second: Pixels, luck: NDArray[np.float64], ground: Pixels
) -> Pixels:
    count = 2 + int(luck[1] * 5)
    spacing = radius / count
    wave = np.abs((away / spacing) % 2 - 1) * spacing
    mix = smoothstep(0.5 * spacing - 0.7, 0.5 * spacing + 0.7, wave)
    done: Pixels = colour + (second - colour) * mix[..., None]
    return done


def _globe(
    dx: Field, dy: Field, away: Field, radius: float, colour: Pixels, second: Pixels, luck: NDArray[np.float64], ground: Pixels
) -> Pixels:
    nx, ny = dx / radius, dy / radius
    nz = np.sqrt(np.maximum(0, 1 - nx * nx - ny * ny))
    light = np.clip(-0.45 * nx - 0.62 * ny + 0.64 * nz, -0.2, 1)
    rim = (1 - nz) ** 3
    body = colour * (0.34 + 0.80 * light)[..., None]
    gloss = np.clip(-0.30 * nx - 0.44 * ny + 0.85 * nz, 0, 1) ** 14
    done: Pixels = body + (0.28 * rim)[..., None] * second + (0.16 * gloss)[..., None]
    return done


def _half(
    dx: Field, dy: Field, away: Field, radius: float, colour: Pixels, second: Pixels, luck: NDArray[np.float64], ground: Pixels
) -> Pixels:
    angle = math.floor(luck[1] * 8) * math.pi / 4
    side = dx * math.cos(angle) + dy * math.sin(angle)
    done: Pixels = colour + (second - colour) * np.clip(side + 0.5, 0, 1)[..., None]
    return done


def _target(
    dx: Field, dy: Field, away: Field, radius: float, colour: Pixels, second: Pixels, luck: NDArray[np.float64], ground: Pixels
) -> Pixels:
    outer, inner = radius * (0.62 + 0.2 * luck[1]), radius * (0.2 + 0.3 * luck[2])
    body = colour + (ground - colour) * np.clip(outer + 0.5 - away, 0, 1)[..., None]
    done: Pixels = body + (second - body) * np.clip(inner + 0.5 - away, 0, 1)[..., None]
    return done


def _petals(
    dx: Field, dy: Field, away: Field, radius: float, colour: Pixels, second: Pixels, luck: NDArray[np.float64], ground: Pixels
) -> Pixels:
    folds = 5 + int(luck[1] * 8)
    turn = np.arctan2(dy, dx) + luck[2] * math.tau
    reach = radius * (0.58 + 0.30 * np.cos(folds * turn))
    body = colour + (second - colour) * np.clip((reach - away) / 1.6 + 0.5, 0, 1)[..., None]
    done: Pixels = body + (ground - body) * np.clip(radius * 0.16 + 0.5 - away, 0, 1)[..., None]
    return done


_FILLS = {"plain": _plain, "rings": _rings, "globes": _globe, "half": _half, "target": _target, "petals": _petals}
