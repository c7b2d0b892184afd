"""Two substances that spread and react until spots, worms and corals stand still; then lit like a relief.

Source: the Gray-Scott model, with the parameter map of Pearson, "Complex Patterns in a Simple System" (1993).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.image.painter.colour import Field, Pixels, lay, smoothstep
from studio.image.painter.easel import Easel
from studio.image.painter.noise import enlarge, equalised, fractal, unit

# name: what it shows, (feed, kill) where the composition rests, (feed, kill) where it is busy
_REGIMES = {
    "coral": ("coral branches", (0.0545, 0.0620), (0.0460, 0.0610)),
    "maze": ("a winding maze", (0.0290, 0.0570), (0.0390, 0.0595)),
    "spots": ("dividing spots", (0.0300, 0.0625), (0.0367, 0.0640)),
    "worms": ("worms and islands", (0.0580, 0.0635), (0.0500, 0.0620)),
    "leopard": ("leopard spots that melt into lines", (0.0250, 0.0600), (0.0420, 0.0600)),
    "holes": ("holes in a membrane", (0.0390, 0.0580), (0.0330, 0.0560)),
}


def paint(easel: Easel) -> tuple[Pixels, str]:
    """Returns the picture and what it shows."""
    name, rest, busy = _REGIMES[easel.pick(list(_REGIMES))]
    grown, age = _grow(easel, rest, busy)
    easel.step(0.74, "Lighting")
    return _light(easel, grown, age), f"{name} grown by two reacting substances"


def _grow(easel: Easel, rest: tuple[float, float], busy: tuple[float, float]) -> tuple[Field, Field]:
    """The second substance at the end, and a smoothed memory of where it stood longest; both coarse."""
    plan, rng = easel.plan, easel.rng
    long_side = max(plan.width, plan.height)
    side = min(int(140 + 80 * plan.density), max(90, long_side))
    columns = max(24, round(side * plan.width / long_side))
    rows = max(24, round(side * plan.height / long_side))
    rounds = int(3200 * min(1.0, (190 / side) ** 2))
    weight = easel.composition.weight_at(columns, rows)
    feed = (rest[0] + (busy[0] - rest[0]) * weight).astype(np.float32)
    kill = (rest[1] + (busy[1] - rest[1]) * weight).astype(np.float32)
    u, v = _seeded(rng, columns, rows, weight)
    leave, room = feed + kill, np.empty((3, rows, columns), dtype=np.float32)
    memory = np.zeros((rows, columns), dtype=np.float32)
    for turn in range(rounds):
        _react(u, v, feed, leave, room)
        if turn % 24 == 0:
            # tiny numbers below what a float32 holds normally would make each step many times slower
            np.maximum(v, np.float32(1e-9), out=v)
            memory += v[1:-1, 1:-1]
            easel.step(0.02 + 0.7 * turn / rounds, "Letting it grow")
        if turn in (rounds // 8, rounds // 3, rounds // 3 * 2):
            easel.show(easel.inks.along(unit(v[1:-1, 1:-1])))
    return v[1:-1, 1:-1].copy(), unit(memory)


def _seeded(rng: np.random.Generator, columns: int, rows: int, weight: Field) -> tuple[Field, Field]:
    """Padded fields: the first substance everywhere, drops of the second where the composition is busy."""
    u = np.ones((rows + 2, columns + 2), dtype=np.float32)
    v = np.full((rows + 2, columns + 2), 1e-6, dtype=np.float32)
    drops = int(columns * rows / 420)
    for _ in range(drops):
        x, y = int(rng.integers(1, columns - 3)), int(rng.integers(1, rows - 3))
        if rng.random() < 0.12 + 0.88 * weight[y, x]:
            reach = int(rng.integers(2, 5))
            v[y : y + reach, x : x + reach] = 0.5
            u[y : y + reach, x : x + reach] = 0.35
    v[1:-1, 1:-1] += 0.01 * rng.random((rows, columns), dtype=np.float32)
    return u, v


def _react(u: Field, v: Field, feed: Field, leave: Field, room: NDArray[np.float32]) -> None:
    """One step in place. `leave` is feed + kill, `room` three fields to work in.

    The border mirrors, so that the pattern meets the edge squarely.
    """
    for field in (u, v):
        field[0], field[-1] = field[1], field[-2]
        field[:, 0], field[:, -1] = field[:, 1], field[:, -2]
    inner_u, inner_v = u[1:-1, 1:-1], v[1:-1, 1:-1]
    spread_u, spread_v, reaction = room
    _laplacian(u, np.float32(0.21), spread_u)
    _laplacian(v, np.float32(0.105), spread_v)
    np.multiply(inner_v, inner_v, out=reaction)
    reaction *= inner_u
    spread_u -= reaction
    spread_v += reaction
    np.subtract(np.float32(1), inner_u, out=reaction)
    reaction *= feed
    spread_u += reaction
    np.multiply(leave, inner_v, out=reaction)
    spread_v -= reaction
    inner_u += spread_u
    inner_v += spread_v


def _laplacian(field: Field, share: np.float32, out: Field) -> None:
    """`share` times (the sum of the four neighbours minus four times the middle)."""
    np.add(field[:-2, 1:-1], field[2:, 1:-1], out=out)
    out += field[1:-1, :-2]
    out += field[1:-1, 2:]
    out *= np.float32(0.25)
    out -= field[1:-1, 1:-1]
    out *= share * np.float32(4)


def _light(easel: Easel, grown: Field, age: Field) -> Pixels:
    """Enlarges the pattern smoothly and paints it as a raised, softly lit shape on its ground."""
    plan, rng, inks = easel.plan, easel.rng, easel.inks
    width, height = plan.width, plan.height
    middle = 0.5 * (float(np.quantile(grown, 0.2)) + float(np.quantile(grown, 0.92)))
    spread = max(1e-4, float(np.quantile(grown, 0.92)) - float(np.quantile(grown, 0.2)))
    height_map = enlarge((grown - middle) / spread, width, height)
    pixels_per_cell = width / grown.shape[1]
    easel.step(0.75, "Lighting")
    tint = 0.7 * fractal(rng, width, height, 2.0, 3)
    easel.step(0.76, "Lighting")
    tint += 0.6 * easel.composition.weight_at(width, height)
    tint += 0.35 * enlarge(age, width, height)
    easel.step(0.78, "Lighting")
    tint = equalised(tint)
    easel.step(0.8, "Lighting")
    below = 0.30 * fractal(rng, width, height, 1.4, 2)
    easel.step(0.81, "Lighting")
    swap = rng.random() < 0.35
    edge = max(0.03, 0.32 / pixels_per_cell) * (1 + 3 * plan.softness**2)
    pixels = np.empty((height, width, 3), dtype=np.float32)
    slope_x, slope_y = _slopes(height_map, pixels_per_cell)
    for band in easel.bands(height, 0.8, 0.97, "Lighting"):
        here = -height_map[band] if swap else height_map[band]
        way = -1.0 if swap else 1.0
        dx, dy = slope_x[band] * way, slope_y[band] * way
        top = smoothstep(-edge, edge, here)
        length = np.sqrt(1 + 9.0 * (dx * dx + dy * dy))
        shade = (0.80 + 1.5 * dx + 1.9 * dy) / length
        gloss = np.clip((0.55 + 1.6 * dx + 2.2 * dy) / length, 0, 1) ** 18
        body = inks.along(0.18 + 0.82 * tint[band])
        body = body * np.clip(0.42 + 0.72 * shade, 0.22, 1.35)[..., None]
        shadow = 1 - 0.45 * smoothstep(-0.75, 0.05, here)
        floor = lay(inks.ground + np.zeros_like(body), inks.along(below[band]), np.full_like(here, 0.35)) * shadow[..., None]
        pixels[band] = lay(floor, body, top) + (0.30 * gloss * top)[..., None]
    easel.show(pixels)
    return np.clip(pixels, 0, 1, out=pixels)


def _slopes(height_map: Field, pixels_per_cell: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Rise per coarse cell towards the right and towards the bottom."""
    dy = np.empty_like(height_map)
    dx = np.empty_like(height_map)
    half = np.float32(pixels_per_cell / 2)
    dy[1:-1] = (height_map[2:] - height_map[:-2]) * half
    dy[0], dy[-1] = dy[1], dy[-2]
    dx[:, 1:-1] = (height_map[:, 2:] - height_map[:, :-2]) * half
    dx[:, 0], dx[:, -1] = dx[:, 1], dx[:, -2]
    return dx, dy
