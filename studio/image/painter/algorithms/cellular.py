"""Cellular automata: spirals that chase themselves, woven rows, snow crystals and sandpile carpets.

Sources: David Griffeath's cyclic automaton; Stephen Wolfram's totalistic rules, "A New Kind of Science" (2002);
Clifford Reiter, "A local cellular model for snow crystal growth" (2005); the sandpile of Bak, Tang and Wiesenfeld (1987).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from studio.image.painter.colour import Field, Pixels, lay, ring, smoothstep
from studio.image.painter.easel import Easel
from studio.image.painter.noise import enlarge, fractal, unit


def paint(easel: Easel) -> tuple[Pixels, str]:
    """Returns the picture and what it shows."""
    radial = easel.composition.name in ("centre", "radial")
    share = (0.15, 0.1, 0.45, 0.3) if radial else (0.4, 0.25, 0.05, 0.3)
    pixels, says = _MODES[easel.pick(list(_MODES), share)](easel)
    np.clip(pixels, 0, 1, out=pixels)
    easel.show(pixels)
    return pixels, says


def _grid(easel: Easel, coarse: int, fine: int) -> tuple[int, int]:
    """Columns and rows for a cell count along the long side between coarse and fine, by density."""
    plan = easel.plan
    long_side = max(plan.width, plan.height)
    side = min(coarse + (fine - coarse) * plan.density, max(64, long_side))
    return max(8, round(side * plan.width / long_side)), max(8, round(side * plan.height / long_side))


def _sheet(easel: Easel, columns: int, rows: int) -> tuple[NDArray[np.int32], NDArray[np.int32], Field, Field]:
    """For every pixel column and row: its cell, and its place in the cell (-0.5..0.5)."""
    plan = easel.plan
    across = (np.arange(plan.width) + 0.5) * columns / plan.width
    down = (np.arange(plan.height) + 0.5) * rows / plan.height
    column, row = across.astype(np.int32), down.astype(np.int32)
    return column, row, (across - column - 0.5).astype(np.float32), (down - row - 0.5).astype(np.float32)


# reach, threshold, states: cyclic automata that settle into turning waves (after Mirek Wojtowicz' collection)
_CYCLES = ((3, 5, 8), (2, 3, 7), (3, 6, 7))


def _spirals(easel: Easel) -> tuple[Pixels, str]:
    """A cell moves on when enough neighbours are one state ahead; from noise come turning spirals."""
    plan, rng = easel.plan, easel.rng
    columns, rows = _grid(easel, 130, 250)
    reach, threshold, states = _CYCLES[int(rng.integers(len(_CYCLES)))]
    cells = rng.integers(0, states, (rows, columns)).astype(np.uint8)
    rounds = 150
    for turn in range(rounds):
        ahead = ((cells + 1) % states).astype(np.uint8)
        count = np.zeros(cells.shape, dtype=np.uint8)
        for state in range(states):
            count = np.where(ahead == state, _box_count(cells == state, reach), count)
        cells = np.where(count >= threshold, ahead, cells)
        if turn % 8 == 0:
            easel.step(0.02 + 0.5 * turn / rounds, "Letting cells chase each other")
        if turn in (rounds // 4, rounds // 2):
            easel.show(easel.inks.along(cells / states))
    phase = cells * (math.tau / states)
    x = enlarge(_soft(np.cos(phase)), plan.width, plan.height)
    y = enlarge(_soft(np.sin(phase)), plan.width, plan.height)
    easel.step(0.62, "Colouring")
    wheel = ring(_wheel_colours(easel), 1024)
    tide = 0.55 + 0.2 * fractal(rng, plan.width, plan.height, 2, 3) + 0.45 * easel.composition.weight_at(plan.width, plan.height)
    bands = int(rng.choice([1, 1, 2]))
    pixels = np.empty((plan.height, plan.width, 3), dtype=np.float32)
    step_px = plan.width / columns
    for band in easel.bands(plan.height, 0.62, 0.96, "Colouring"):
        angle = np.arctan2(y[band], x[band]) / math.tau + 1
        tone = angle * bands % 1.0
        body = wheel[np.clip(tone * 1024, 0, 1023).astype(np.int32)]
        calm = np.hypot(x[band], y[band])
        # where the waves are too steep to be told apart lies the eye of a spiral: let it sink into the dark
        depth = 0.35 + 0.65 * smoothstep(0.1, 0.85, calm)
        crest = np.diff(x[band], axis=1, prepend=x[band][:, :1]) * step_px
        pixels[band] = body * (depth * np.clip(tide[band] + 0.22 * crest, 0.3, 1.5))[..., None]
    return pixels, f"spirals of {states} states chasing each other in a cyclic automaton"


def _box_count(member: NDArray[np.bool_], reach: int) -> NDArray[np.uint8]:
    """How many cells of the square of side 2·reach + 1 around each cell are members; the plane wraps."""
    count = member.astype(np.uint8)
    for axis in (0, 1):
        line = count.copy()
        for step in range(1, reach + 1):
            line += np.roll(count, step, axis)
            line += np.roll(count, -step, axis)
        count = line
    return count


def _soft(field: NDArray[np.floating]) -> NDArray[np.floating]:
    for axis in (0, 1, 0, 1):
        field = 0.25 * np.roll(field, 1, axis) + 0.5 * field + 0.25 * np.roll(field, -1, axis)
    return field


def _wheel_colours(easel: Easel) -> Pixels:
    inks = easel.inks
    there = inks.ramp[[60, 330, 620, 900]]
    return np.concatenate([there, there[-2:0:-1]])


def _weave(easel: Easel) -> tuple[Pixels, str]:
    """A row of cells decides the next; the history is shown as cloth, warp over weft."""
    plan, rng = easel.plan, easel.rng
    columns, rows = _grid(easel, 64, 170)
    cloth, says = _history(easel, columns, rows)
    easel.step(0.3, "Weaving")
    easel.show(easel.inks.along(cloth / max(1, cloth.max())))
    inks = easel.inks
    order = np.linspace(0, len(inks.colours) - 1, int(cloth.max()) + 1).round().astype(int)
    threads = inks.colours[order if inks.dark_ground else order[::-1]]
    threads[0] = inks.ground
    dye = 0.6 * fractal(rng, columns, rows, 3, 3) + 0.6 * easel.composition.weight_at(columns, rows) - 0.1
    column, row, x, y = _sheet(easel, columns, rows)
    thick = plan.width / columns
    fibre = rng.standard_normal((plan.height, 1)).astype(np.float32), rng.standard_normal((1, plan.width)).astype(np.float32)
    pixels = np.empty((plan.height, plan.width, 3), dtype=np.float32)
    for band in easel.bands(plan.height, 0.3, 0.96, "Weaving"):
        cell = row[band][:, None], column[None, :]
        over = (cell[0] + cell[1]) % 2 == 0
        u, v = np.broadcast_arrays(x[None, :], y[band][:, None])
        across = np.where(over, v, u)
        along = np.where(over, u, v)
        body = threads[cloth[cell]] * (0.82 + 0.36 * dye[cell])[..., None]
        round_thread = np.sqrt(np.clip(1 - (across * 2) ** 2 * 0.92, 0, 1))
        arch = 1 - 0.45 * (along * 2) ** 2
        grain = 1 + 0.05 * np.where(over, fibre[0][band], fibre[1])
        shade = (0.34 + 0.72 * round_thread * arch) * grain
        if thick < 5:
            shade = 0.75 + 0.25 * shade
        gap = smoothstep(0.5, 0.5 - max(0.06, 0.8 / thick), np.abs(across))
        pixels[band] = lay(inks.ground * np.float32(0.28) + np.zeros_like(body), body * shade[..., None], 0.25 + 0.75 * gap)
    return pixels, f"cloth woven row by row by {says}"


def _history(easel: Easel, columns: int, rows: int) -> tuple[NDArray[np.int32], str]:
    """Rows×columns states of a rule on sums of three neighbours; the liveliest of some random rules."""
    rng = easel.rng
    states = int(rng.choice([3, 4]))
    mirrored = easel.composition.name in ("centre", "radial", "frame", "horizon")
    best: tuple[float, NDArray[np.int32]] | None = None
    for _ in range(14):
        table = rng.integers(0, states, 3 * (states - 1) + 1)
        table[0] = 0
        line = rng.integers(0, states, columns) * (rng.random(columns) < 0.06 + 0.5 * easel.plan.energy)
        if mirrored:
            line = np.maximum(line, line[::-1])
            line[columns // 2] = 1
        history = np.empty((rows, columns), dtype=np.int32)
        for row in range(rows):
            history[row] = line
            line = table[line + np.roll(line, 1) + np.roll(line, -1)]
        counts = np.bincount(history[rows // 3 :].ravel(), minlength=states) / history[rows // 3 :].size
        variety = float(-(counts * np.log(counts + 1e-9)).sum()) / math.log(states)
        change = float(np.mean(history[rows // 2 :] != np.roll(history[rows // 2 :], 1, axis=0)))
        runs = float(np.mean(history[:, 1:] == history[:, :-1]))
        score = variety - abs(change - 0.4) - 1.2 * abs(runs - 0.55)
        if best is None or score > best[0]:
            best = score, history
    assert best is not None
    return best[1], f"a totalistic automaton of {states} colours"


def _crystal(easel: Easel) -> tuple[Pixels, str]:
    """Snow: frozen cells of a hexagonal grid draw vapour from their neighbours until they freeze too."""
    plan, rng = easel.plan, easel.rng
    easel.placed = easel.composition.name in ("centre", "thirds", "radial")
    side = min(int(200 + 90 * plan.density), max(120, plan.width, plan.height))
    vapour = rng.uniform(0.4, 0.66)
    added = 10 ** rng.uniform(-3.1, -2.2)
    water = np.full((side, side), vapour, dtype=np.float32)
    middle = side // 2
    water[middle, middle] = 1
    frozen_at = np.full((side, side), np.inf, dtype=np.float32)
    y, x = np.mgrid[:side, :side].astype(np.float32)
    # axial coordinates: columns lean, so that each cell has six neighbours
    away = np.hypot((x - middle) + (y - middle) * 0.5, (y - middle) * math.sqrt(3) / 2)
    limit = side * 0.40
    for turn in range(2600):
        ice = water >= 1
        frozen_at[ice & np.isinf(frozen_at)] = turn
        near = _hex_any(ice)
        receptive = ice | near
        loose = np.where(receptive, 0, water)
        loose += np.float32(0.5) * (_hex_sum(loose) / 6 - loose)
        water = np.where(receptive, water + np.float32(added), 0) + loose
        if turn % 40 == 0:
            easel.step(min(0.55, 0.02 + 0.0004 * turn), "Freezing")
            if float(away[ice].max()) > limit:
                break
        if turn in (160, 640):
            easel.show(easel.inks.along(np.clip(water, 0, 1)))
    return _draw_crystal(easel, water, frozen_at, side), "a six-armed snow crystal, coloured by the hour in which each cell froze"


def _hex_sum(field: Field) -> Field:
    total = np.zeros_like(field)
    for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, -1), (-1, 1)):
        total += np.roll(field, (dy, dx), axis=(0, 1))
    return total


def _hex_any(ice: NDArray[np.bool_]) -> NDArray[np.bool_]:
    near = np.zeros_like(ice)
    for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, -1), (-1, 1)):
        near |= np.roll(ice, (dy, dx), axis=(0, 1))
    return near


def _draw_crystal(easel: Easel, water: Field, frozen_at: Field, side: int) -> Pixels:
    plan, rng, inks = easel.plan, easel.rng, easel.inks
    ice = np.isfinite(frozen_at)
    order = np.where(ice, frozen_at, frozen_at[ice].max())
    relief = enlarge(np.where(ice, 0.55 + 0.45 * np.tanh(water - 1), 0.0), side * 4, side * 4)
    tint = enlarge(unit(order), side * 4, side * 4)
    middle = side // 2
    reach = side * 0.42
    tilt = rng.uniform(0, math.tau / 6)
    zoom = min(plan.width, plan.height) * 0.47 / reach
    sky = fractal(rng, plan.width, plan.height, 2.2, 4)
    pixels = np.empty((plan.height, plan.width, 3), dtype=np.float32)
    focus_x, focus_y = easel.composition.focus[0]
    centre = plan.width * (0.5 + 0.6 * (focus_x - 0.5)), plan.height * (0.5 + 0.6 * (focus_y - 0.5))
    columns = (np.arange(plan.width, dtype=np.float32) + 0.5 - np.float32(centre[0]))[None, :] / zoom
    for band in easel.bands(plan.height, 0.6, 0.96, "Drawing the crystal"):
        rows = (np.arange(band.start, band.stop, dtype=np.float32)[:, None] + 0.5 - np.float32(centre[1])) / zoom
        u = math.cos(tilt) * columns - math.sin(tilt) * rows
        v = (math.sin(tilt) * columns + math.cos(tilt) * rows) * 2 / math.sqrt(3)
        spot = (
            np.clip(((v + middle + 0.5) * 4).astype(np.int32), 1, side * 4 - 2),
            np.clip(((u - v / 2 + middle + 0.5) * 4).astype(np.int32), 1, side * 4 - 2),
        )
        height = relief[spot]
        slope = (
            relief[spot[0], spot[1] + 1]
            - relief[spot[0], spot[1] - 1]
            + 1.4 * (relief[spot[0] + 1, spot[1]] - relief[spot[0] - 1, spot[1]])
        )
        cover = smoothstep(0.22, 0.34, height)
        ice_colour = (
            inks.along(0.98 - 0.62 * tint[spot] + 0.15 * (height - 0.5)) * np.clip(0.95 - 1.5 * slope, 0.55, 1.5)[..., None]
        )
        glow = np.exp(-np.hypot(columns, rows) / (reach * 0.75))
        ground = lay(
            inks.ground + np.zeros_like(ice_colour), inks.along(0.25 + 0.3 * sky[band]), (0.15 + 0.5 * glow).astype(np.float32)
        )
        pixels[band] = lay(ground, ice_colour, cover)
    return pixels


def _sandpile(easel: Easel) -> tuple[Pixels, str]:
    """Too much sand on every cell topples to the neighbours until all is still; what stays is a carpet."""
    rng = easel.rng
    columns, rows = _grid(easel, 96, 150)
    easel.placed = False
    heap = easel.composition.name in ("centre", "radial", "thirds") and rng.random() < 0.5
    sand = np.zeros((rows + 2, columns + 2), dtype=np.int32)
    if heap:
        sand[rows // 2 + 1, columns // 2 + 1] = int(0.72 * min(rows, columns) ** 2 * 2.1)
    else:
        sand[1:-1, 1:-1] = int(rng.choice([4, 5, 6, 7]))
    inner = sand[1:-1, 1:-1]
    turn = 0
    busiest = inner.size
    while True:
        # a whole stack of fours falls at once: the order of toppling does not change where it ends
        fall = inner >> 2
        moving = int(np.count_nonzero(fall))
        if not moving:
            break
        inner -= fall << 2
        sand[:-2, 1:-1] += fall
        sand[2:, 1:-1] += fall
        sand[1:-1, :-2] += fall
        sand[1:-1, 2:] += fall
        busiest = min(busiest, moving)
        if turn % 400 == 0:
            easel.step(0.02 + 0.5 * (1 - math.sqrt(busiest / inner.size)), "Letting sand fall")
        if turn in (1200, 6000):
            easel.show(easel.inks.along(np.clip(inner / 5, 0, 1)))
        turn += 1
    return _tiles(easel, inner), "a sandpile automaton come to rest, four heights of sand in perfect symmetry"


def _tiles(easel: Easel, cells: NDArray[np.int32]) -> Pixels:
    """Four values as small enamelled tiles."""
    plan, rng, inks = easel.plan, easel.rng, easel.inks
    rows, columns = cells.shape
    picks = np.linspace(0, len(inks.colours) - 1, 4).round().astype(int)
    colours = inks.colours[rng.permutation(picks)]
    colours[0] = inks.ground * 0.9 if rng.random() < 0.7 else colours[0]
    tint = fractal(rng, columns, rows, 2.5, 3)
    weight = easel.composition.weight_at(columns, rows)
    column, row, x, y = _sheet(easel, columns, rows)
    thick = plan.width / columns
    corner = 0.18
    pixels = np.empty((plan.height, plan.width, 3), dtype=np.float32)
    for band in easel.bands(plan.height, 0.55, 0.96, "Setting tiles"):
        cell = row[band][:, None], column[None, :]
        body = colours[cells[cell]] * (0.72 + 0.30 * tint[cell] + 0.20 * weight[cell])[..., None]
        away_x, away_y = np.abs(x)[None, :] - (0.46 - corner), np.abs(y[band])[:, None] - (0.46 - corner)
        away = np.hypot(np.maximum(away_x, 0), np.maximum(away_y, 0)) - corner
        cover = np.clip(0.5 - away * thick, 0, 1)
        shine = 1 - 0.16 * (x[None, :] * 0.6 + y[band][:, None])
        pixels[band] = lay(inks.ground * np.float32(0.5) + 0.2 * body, body * shine[..., None], cover.astype(np.float32))
    return pixels


_MODES = {"spirals": _spirals, "weave": _weave, "crystal": _crystal, "sandpile": _sandpile}
