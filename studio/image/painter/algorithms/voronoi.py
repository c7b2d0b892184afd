"""Cells around scattered seeds: stained glass, cracked earth, pebbles and cut paper."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.image.painter.algorithms.tiles import Cells, nearest, spread_points
from studio.image.painter.colour import Field, Pixels, from_oklab, lay, smoothstep, to_oklab
from studio.image.painter.easel import Easel
from studio.image.painter.noise import fractal

_STYLES = {
    "glass": "panes of stained glass in dark leading",
    "pebbles": "rounded pebbles lying close together",
    "paper": "pieces of cut paper, each with its own shadow",
    "rings": "cells ringed like tree trunks",
}


def paint(easel: Easel) -> tuple[Pixels, str]:
    """Returns the picture and what it shows."""
    plan, rng = easel.plan, easel.rng
    style = easel.pick(list(_STYLES))
    count = int(45 * (26**plan.density))
    easel.step(0.02, "Scattering seeds")
    seeds = spread_points(rng, easel.composition.weight, count, 1.15)
    points = seeds * (plan.width, plan.height)
    easel.step(0.15, "Dividing the plane")
    cells = nearest(points, plan.width, plan.height, lambda part: easel.step(0.15 + 0.45 * part, "Dividing the plane"))
    colours = _colours(easel, seeds)
    easel.show(colours[cells[0][::4, ::4]])
    size = np.sqrt(plan.width * plan.height / count)
    pixels = np.empty((plan.height, plan.width, 3), dtype=np.float32)
    easel.step(0.61, "Glazing")
    tooth = fractal(rng, plan.width, plan.height, 26, 3)
    light = rng.normal(0, 1, (count, 2)).astype(np.float32)
    light /= np.linalg.norm(light, axis=1, keepdims=True)
    if style == "pebbles":
        np.maximum.at(radius := np.ones(count, dtype=np.float32), cells[0].ravel(), cells[2].ravel())
        light[:, 0] = radius
    for band in easel.bands(plan.height, 0.62, 0.97, "Glazing", 96):
        part = cells[0][band], cells[1][band], cells[2][band]
        pixels[band] = _PAINTERS[style](easel, part, colours, _offset(points, part[0], band), light, float(size), tooth[band])
    easel.show(pixels)
    return np.clip(pixels, 0, 1, out=pixels), _STYLES[style]


def _colours(easel: Easel, seeds: NDArray[np.float32]) -> Pixels:
    """One colour per cell: neighbours are related through a broad field, with a few that stand out."""
    rng, inks = easel.rng, easel.inks
    field = fractal(rng, 96, 96, 2.2, 2)
    weight = easel.composition.weight
    place = (seeds[:, 1] * 95).astype(int), (seeds[:, 0] * 95).astype(int)
    busy = weight[(seeds[:, 1] * (weight.shape[0] - 1)).astype(int), (seeds[:, 0] * (weight.shape[1] - 1)).astype(int)]
    tone = 0.15 + 0.5 * field[place] + 0.35 * busy + rng.normal(0, 0.13, len(seeds))
    colours = inks.along(np.clip(tone, 0, 1))
    plain = rng.random(len(seeds)) < 0.3
    colours[plain] = inks.colours[rng.integers(0, len(inks.colours), int(plain.sum()))]
    colours[rng.random(len(seeds)) < 0.03] = inks.accent
    lab = to_oklab(colours) + rng.normal(0, 1, colours.shape) * (0.025, 0.008, 0.008)
    return from_oklab(lab)


def _offset(points: NDArray[np.floating], owner: NDArray[np.int32], band: slice) -> tuple[Field, Field]:
    """From each pixel's seed to the pixel, in pixels."""
    x = np.arange(owner.shape[1], dtype=np.float32)[None, :] - points[:, 0].astype(np.float32)[owner]
    y = np.arange(band.start, band.stop, dtype=np.float32)[:, None] - points[:, 1].astype(np.float32)[owner]
    return x, y


def _glass(
    easel: Easel,
    cells: Cells,
    colours: Pixels,
    offset: tuple[Field, Field],
    light: NDArray[np.float32],
    size: float,
    tooth: Field,
) -> Pixels:
    owner, inner, edge = cells
    way = light[owner]
    slant = (offset[0] * way[..., 0] + offset[1] * way[..., 1]) / size
    glow = 0.86 + 0.32 * slant + 0.55 * (tooth - 0.5) + 0.30 * np.exp(-((inner / (0.5 * size)) ** 2))
    pane = colours[owner] * glow[..., None]
    lead = max(1.1, 0.045 * size)
    # light runs out towards the leading, and the lead itself has a dull shine along its middle
    pane *= (0.55 + 0.45 * smoothstep(lead, lead * 4.5, edge))[..., None]
    metal = np.float32(0.018) + 0.05 * np.exp(-((edge / (lead * 0.5)) ** 2))[..., None] * np.ones(3, dtype=np.float32)
    return lay(metal, pane, smoothstep(lead - 0.7, lead + 0.7, edge))


def _pebbles(
    easel: Easel,
    cells: Cells,
    colours: Pixels,
    offset: tuple[Field, Field],
    light: NDArray[np.float32],
    size: float,
    tooth: Field,
) -> Pixels:
    owner, inner, edge = cells
    # `light` carries each cell's own radius here: large stones are as round as small ones
    radius = light[owner, 0]
    gap = 0.09 * radius
    body = np.minimum(edge - gap, 1.28 * radius - inner)
    corner = np.clip(0.5 + 0.5 * ((1.28 * radius - inner) - (edge - gap)) / (0.5 * radius), 0, 1)
    body -= 0.5 * radius * corner * (1 - corner) * 0.5
    dome = np.clip(body / (0.75 * radius), 0, 1)
    dome = np.sqrt(1 - (1 - dome) ** 2)
    facing = np.clip((-offset[0] * 0.5 - offset[1] * 0.86) / np.maximum(inner, 1), -1, 1)
    side = facing * (1 - dome)
    speckle = (tooth - 0.5) * (0.25 + 0.5 * (colours[owner, 0] % 0.1) * 10)
    stone = colours[owner] * (0.60 + 0.42 * dome + 0.40 * side + speckle)[..., None]
    gloss = np.exp(-(((offset[0] + 0.30 * radius) ** 2 + (offset[1] + 0.42 * radius) ** 2) / (0.07 * radius * radius)))
    stone += (0.16 * gloss * dome)[..., None]
    ground = easel.inks.ground * (0.5 if easel.inks.dark_ground else 0.8)
    shadow = 1 - 0.55 * smoothstep(-0.22, 0.0, body / radius)
    return lay(ground * shadow[..., None], stone, smoothstep(-0.7, 0.7, body))


def _paper(
    easel: Easel,
    cells: Cells,
    colours: Pixels,
    offset: tuple[Field, Field],
    light: NDArray[np.float32],
    size: float,
    tooth: Field,
) -> Pixels:
    owner, inner, edge = cells
    margin = 0.075 * size
    piece = colours[owner] * (0.95 + 0.10 * tooth - 0.10 * (offset[1] / size))[..., None]
    # each piece casts a soft shadow down and to the right: seen where the edge faces that way
    facing = np.clip((offset[0] * 0.6 + offset[1] * 0.8) / np.maximum(inner, 1), -1, 1)
    below = 0.42 * np.clip(0.4 + facing, 0, 1) * smoothstep(-margin, margin, edge)
    ground = easel.inks.ground * (1 - below)[..., None]
    sheet = lay(ground, piece, smoothstep(margin - 0.7, margin + 0.7, edge))
    rim = np.exp(-(((edge - margin - 1.2) / 1.1) ** 2)) * np.clip(-facing, 0, 1)
    lit: Pixels = sheet + (0.10 * rim)[..., None]
    return lit


def _rings(
    easel: Easel,
    cells: Cells,
    colours: Pixels,
    offset: tuple[Field, Field],
    light: NDArray[np.float32],
    size: float,
    tooth: Field,
) -> Pixels:
    owner, _, edge = cells
    spacing = max(3.0, size * 0.085)
    depth = edge + (tooth - 0.5) * spacing * 1.1
    wave = np.abs(((depth / spacing) % 1.0) - 0.5) * spacing
    line = smoothstep(spacing * 0.16 + 0.6, spacing * 0.16 - 0.6, wave) * smoothstep(0.6, 2.0, edge)
    core = smoothstep(0, 0.55 * size, edge)
    body = lay(easel.inks.ground + np.zeros_like(colours[owner]), colours[owner], 0.35 + 0.65 * core)
    dark = easel.inks.colours[-1] if easel.inks.dark_ground else easel.inks.colours[0]
    drawn = lay(body, colours[owner] * 0.35 + dark * 0.65, line * 0.75)
    return lay(drawn, dark, smoothstep(1.6, 0.2, edge - 0.012 * size))


_PAINTERS = {"glass": _glass, "pebbles": _pebbles, "paper": _paper, "rings": _rings}
