"""Strange attractors: millions of points of one chaotic rule, developed like a photograph.

Sources: Clifford Pickover, "Computers, Pattern, Chaos and Beauty" (1990); Peter de Jong in Scientific American (1987);
Johnny Svensson's variant; symmetric icons from Field and Golubitsky, "Symmetry in Chaos" (1992).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.image.painter.colour import Field, Pixels, lay, smoothstep
from studio.image.painter.easel import PREVIEW_PX, Easel
from studio.image.painter.noise import fractal

Points = NDArray[np.float32]
Rule = Callable[[Points, Points], tuple[Points, Points]]
_WALKERS = 40_000


@dataclass(frozen=True)
class _Attractor:
    """A rule with its numbers chosen, and the box that holds what it draws."""

    says: str
    rule: Rule
    box: tuple[float, float, float, float]
    folds: int
    tilt: float


def paint(easel: Easel) -> tuple[Pixels, str]:
    """Returns the picture and what it shows."""
    plan = easel.plan
    attractor = _find(easel)
    easel.placed = easel.composition.name != "horizon" and (attractor.folds == 1 or easel.composition.name == "radial")
    easel.step(0.1, "Following points")
    tone, hue = _develop(*_trace(easel, attractor), lambda: easel.step(0.86, "Developing"))
    easel.step(0.88, "Developing")
    pixels = _colour(easel, tone, hue)
    easel.show(pixels)
    kind = "veils of light" if easel.inks.dark_ground else "threads of ink"
    return pixels[: plan.height], f"{kind} drawn by {attractor.says}"


def _clifford(a: float, b: float, c: float, d: float) -> Rule:
    return lambda x, y: (np.sin(a * y) + c * np.cos(a * x), np.sin(b * x) + d * np.cos(b * y))


def _de_jong(a: float, b: float, c: float, d: float) -> Rule:
    return lambda x, y: (np.sin(a * y) - np.cos(b * x), np.sin(c * x) - np.cos(d * y))


def _svensson(a: float, b: float, c: float, d: float) -> Rule:
    return lambda x, y: (d * np.sin(a * x) - np.sin(b * y), c * np.cos(a * x) + np.cos(b * y))


def _icon(lam: float, alpha: float, beta: float, gamma: float, omega: float, folds: int) -> Rule:
    def rule(x: Points, y: Points) -> tuple[Points, Points]:
        real, imaginary = x, y
        for _ in range(folds - 2):
            real, imaginary = real * x - imaginary * y, imaginary * x + real * y
        inner = lam + alpha * (x * x + y * y) + beta * (x * real - y * imaginary)
        return inner * x + gamma * real - omega * y, inner * y - gamma * imaginary + omega * x

    return rule


# lambda, alpha, beta, gamma, omega, folds: icons printed by Field and Golubitsky
_ICONS = (
    (-2.5, 5.0, -1.9, 1.0, 0.188, 5),
    (1.56, -1.0, 0.1, -0.82, 0.12, 3),
    (-1.806, 1.806, 0.0, 1.0, 0.0, 5),
    (2.409, -2.5, 0.0, 0.9, 0.0, 23),
    (-2.08, 1.0, -0.1, 0.167, 0.0, 7),
    (2.6, -2.0, 0.0, -0.5, 0.0, 5),
    (-2.7, 5.0, 1.5, 1.0, 0.0, 6),
    (1.5, -1.0, 0.1, -0.805, 0.0, 3),
)


def _find(easel: Easel) -> _Attractor:
    """The best of a few candidates: one that fills its box with structure, neither a loop nor a fog."""
    rng = easel.rng
    symmetric = easel.composition.name in ("radial", "frame")
    shares = (0.95, 0.05) if symmetric else (0.12, 0.88)
    if easel.pick(("symmetry", "plane"), shares) == "symmetry":
        numbers = _ICONS[int(rng.integers(len(_ICONS)))]
        rule = _icon(*numbers)
        return _Attractor(
            f"a chaotic rule with {numbers[5]}-fold symmetry", rule, _box(rule, rng)[0], numbers[5], rng.uniform(0, math.tau)
        )
    best: tuple[float, _Attractor] | None = None
    for attempt in range(22):
        name, make = (("Clifford", _clifford), ("de Jong", _de_jong), ("Svensson", _svensson))[int(rng.integers(3))]
        sign = rng.choice([-1.0, 1.0], 4)
        rule = make(*(float(v) for v in sign * rng.uniform((1.2, 1.2, 0.5, 0.5), (2.4, 2.4, 2.2, 2.2))))
        box, quality = _box(rule, rng)
        easel.step(0.01 + 0.004 * attempt, "Choosing a rule")
        if best is None or quality > best[0]:
            best = (
                quality,
                _Attractor(
                    f"a {name} strange attractor",
                    rule,
                    box,
                    1,
                    (easel.composition.angle or 0.0) if easel.composition.name == "diagonal" else 0.0,
                ),
            )
    assert best is not None
    return best[1]


def _box(rule: Rule, rng: np.random.Generator) -> tuple[tuple[float, float, float, float], float]:
    """The box of the rule's points, and how well they fill it (0 = a dot or a loop)."""
    x, y = _start(rng, 400)
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(60):
            x, y = rule(x, y)
        kept = []
        for _ in range(60):
            x, y = rule(x, y)
            kept.append((x, y))
    xs, ys = (np.concatenate(part) for part in zip(*kept, strict=True))
    sane = np.isfinite(xs) & np.isfinite(ys)
    xs, ys = xs[sane], ys[sane]
    if xs.size < 1000:
        return (-1.0, 1.0, -1.0, 1.0), 0.0
    left, right = (float(v) for v in np.quantile(xs, (0.0005, 0.9995)))
    top, bottom = (float(v) for v in np.quantile(ys, (0.0005, 0.9995)))
    if min(right - left, bottom - top) < 0.3:
        return (left - 1, right + 1, top - 1, bottom + 1), 0.0
    counts, _, _ = np.histogram2d(xs, ys, bins=48, range=((left, right), (top, bottom)))
    share = counts[counts > 0] / counts.sum()
    filled = float(np.mean(counts > 0))
    evenness = float(-(share * np.log(share)).sum() / math.log(48 * 48))
    return (left, right, top, bottom), filled * (1 - abs(evenness - 0.84) * 2.5)


def _start(rng: np.random.Generator, count: int) -> tuple[Points, Points]:
    return rng.uniform(-0.3, 0.3, count).astype(np.float32), rng.uniform(-0.3, 0.3, count).astype(np.float32)


def _trace(easel: Easel, attractor: _Attractor) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Counts of points per pixel, and per pixel the sum of how fast they came (0..1 each)."""
    plan, rng = easel.plan, easel.rng
    width, height = plan.width, plan.height
    size = width * height
    place = _placement(easel, attractor)
    x, y = _start(rng, _WALKERS)
    for _ in range(25):
        x, y = attractor.rule(x, y)
    density, hue = np.zeros(size), np.zeros(size)
    rounds = int(np.clip(24 * size / 1024**2, 5, 44))
    steps = 18 if size <= 1024**2 else 24
    reach = max(attractor.box[1] - attractor.box[0], attractor.box[3] - attractor.box[2])
    for turn in range(rounds):
        spots, speeds = [], []
        for _ in range(steps):
            old_x, old_y = x, y
            x, y = attractor.rule(x, y)
            column, row = place(x, y)
            inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
            spots.append((row.astype(np.int32) * width + column.astype(np.int32))[inside])
            speeds.append((np.hypot(x - old_x, y - old_y) / reach)[inside])
        spot = np.concatenate(spots)
        density += np.bincount(spot, minlength=size)
        hue += np.bincount(spot, weights=np.concatenate(speeds), minlength=size)
        easel.step(0.1 + 0.75 * (turn + 1) / rounds, "Following points")
        if turn in (1, rounds // 2):
            _show(easel, density.reshape(height, width), hue.reshape(height, width))
    return density.reshape(height, width), hue.reshape(height, width)


def _show(easel: Easel, density: NDArray[np.float64], hue: NDArray[np.float64]) -> None:
    """A preview from every so many pixels: colouring all of them would take as long as the picture."""
    stride = max(1, max(density.shape) // PREVIEW_PX)
    tone, shade = _develop(density[::stride, ::stride], hue[::stride, ::stride], lambda: None)
    glow = easel.inks.along(0.25 + 0.75 * shade)
    easel.show(lay(easel.inks.ground + np.zeros_like(glow), glow, np.clip(tone, 0, 1)))


def _placement(easel: Easel, attractor: _Attractor) -> Callable[[Points, Points], tuple[Points, Points]]:
    """From the rule's plane to pixels, with a hair of jitter that smooths edges."""
    plan, rng = easel.plan, easel.rng
    left, right, top, bottom = attractor.box
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    if attractor.folds > 1:
        middle_x = middle_y = 0.0
    quarter = (bottom - top > right - left) != (plan.height > plan.width) and attractor.folds == 1
    wide, high = (bottom - top, right - left) if quarter else (right - left, bottom - top)
    zoom = min(plan.width / wide, plan.height / high) * 0.9
    if attractor.folds == 1 and max(plan.width / wide, plan.height / high) / zoom < 1.9:
        zoom *= 1.2
    tilt = attractor.tilt + (math.pi / 2 if quarter else 0.0)
    cosine, sine = np.float32(math.cos(tilt) * zoom), np.float32(math.sin(tilt) * zoom)
    focus_x, focus_y = easel.composition.focus[0]
    shift = 0.35 if attractor.folds == 1 else 0.0
    centre_x = np.float32(plan.width * (0.5 + (focus_x - 0.5) * shift))
    centre_y = np.float32(plan.height * (0.5 + (focus_y - 0.5) * shift))
    jitter = (rng.standard_normal((2, _WALKERS)) * (0.42 + 1.2 * plan.softness**2)).astype(np.float32)

    def place(x: Points, y: Points) -> tuple[Points, Points]:
        dx, dy = x - middle_x, y - middle_y
        return dx * cosine - dy * sine + (centre_x + jitter[0]), dx * sine + dy * cosine + (centre_y + jitter[1])

    return place


def _develop(density: NDArray[np.float64], hue: NDArray[np.float64], tick: Callable[[], None]) -> tuple[Field, Field]:
    """Counts to tones 0..1 by a logarithm, mean speeds to ranks 0..1; `tick` is called between the slow steps."""
    lit = density > 0
    hue = np.where(lit, hue / np.maximum(density, 1), 0)
    tick()
    counts = density[lit][:: max(1, density.size // 400_000)]
    bright = float(np.quantile(counts, 0.995)) if counts.size else 1.0
    base = max(float(density.mean()), 1e-6)
    tone = np.log1p(density / base * 1.2) / math.log1p(bright / base * 1.2)
    tick()
    values = hue[lit][:: max(1, int(lit.sum() // 20_000))]
    marks = np.quantile(values, np.linspace(0, 1, 65)) if values.size else np.zeros(65)
    tick()
    marks = np.maximum.accumulate(marks + np.arange(65) * 1e-9)
    return np.clip(tone, 0, 1.15).astype(np.float32), np.interp(hue, marks, np.linspace(0, 1, 65)).astype(np.float32)


def _colour(easel: Easel, tone: Field, hue: Field) -> Pixels:
    inks = easel.inks
    height, width = tone.shape
    rng = np.random.Generator(np.random.PCG64(7))  # the ground's clouds need not differ from the preview's
    cloud = fractal(rng, width, height, 1.6, 3)
    easel.step(0.9, "Developing")
    pixels = np.empty((height, width, 3), dtype=np.float32)
    for band in easel.bands(height, 0.9, 0.97, "Developing"):
        if inks.dark_ground:
            part = inks.ground + (cloud[band] ** 2 * 0.10)[..., None] * inks.colours[min(1, len(inks.colours) - 1)]
            glow = tone[band] ** 1.7
            part = lay(part, inks.along(0.15 + 0.85 * hue[band]), smoothstep(0.0, 0.75, tone[band]) * 0.9)
            part += (0.55 * glow * smoothstep(0.55, 1.1, tone[band]))[..., None] * inks.accent
        else:
            part = inks.ground * (0.965 + 0.035 * cloud[band])[..., None]
            # ink multiplies: two veils over each other are darker than either
            veil = inks.along(0.3 + 0.7 * hue[band]) ** 1.25
            part *= 1 + (veil - 1) * np.clip(1.5 * tone[band] ** 0.9, 0, 1)[..., None]
            part = lay(part, inks.colours[0], smoothstep(0.7, 1.15, tone[band]) * 0.75)
        pixels[band] = np.clip(part, 0, 1)
    return pixels
