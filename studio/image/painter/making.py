"""From a prompt to a finished PNG: the reading and the seed make a plan, an algorithm paints it, the finish packs it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from importlib import import_module

import numpy as np

from studio.image.painter.colour import mix_inks
from studio.image.painter.composition import compose
from studio.image.painter.easel import Easel, Plan
from studio.image.painter.finish import finish
from studio.image.painter.models import COMPOSITIONS, PLACED, SLUGS
from studio.image.painter.painting import VERSION, Painting
from studio.image.painter.palettes import PALETTES, Palette, colour_name, shifted
from studio.image.painter.png import pack
from studio.image.painter.reading import Reading, digest, read, tuned

SMALLEST, LARGEST = 64, 2048
# the compositions that suit what some words ask for, when no word asks for a composition
_FITTING = {
    "grove": ("horizon", "scatter", "thirds", "diagonal"),
    "single": ("thirds", "centre"),
    "wreath": ("radial", "frame"),
    "crystal": ("centre",),
    "dunes": ("horizon",),
    "symmetry": ("radial",),
}
_DRAWN = 0.86  # the share of the work done when the algorithm is


def paint_picture(
    *,
    prompt: str,
    negative_prompt: str,
    model: str,
    width: int,
    height: int,
    seed: int,
    progress: Callable[[float | None, str], None],
    preview: Callable[[bytes], None],
) -> Painting:
    """See studio.image.painter.paint."""
    if not (SMALLEST <= width <= LARGEST and SMALLEST <= height <= LARGEST):
        raise ValueError(f"width and height must be {SMALLEST} to {LARGEST}, not {width}x{height}")
    reading = read(prompt, negative_prompt, model)
    texts = (_normal(prompt), _normal(negative_prompt))
    rng = np.random.Generator(np.random.PCG64(digest(VERSION, *texts, model, width, height, seed)))
    progress(0.0, "Choosing colours")
    palette = _choose_palette(reading, rng)
    plan = _choose_plan(reading, rng, width, height)
    fitting = next((_FITTING[variant] for variant in plan.variants if variant in _FITTING), COMPOSITIONS)
    placed = reading.composition or _choose(rng, fitting, reading.avoided_compositions)
    easel = Easel(
        plan=plan,
        inks=mix_inks(palette),
        composition=compose(placed, rng, width, height),
        rng=rng,
        progress=lambda done, message: progress(None if done is None else done * _DRAWN, message),
        preview=preview,
    )
    algorithm = import_module(f"studio.image.painter.algorithms.{plan.algorithm.replace('-', '_')}")
    pixels, shows = algorithm.paint(easel)
    done = finish(easel, pixels, lambda share: progress(_DRAWN + 0.06 * share, "Finishing"))
    del pixels
    png = pack(done, lambda share: progress(0.92 + 0.08 * share, "Packing"))
    meta = {
        "algorithm": plan.algorithm,
        "shows": shows,
        "palette": palette.name,
        "colours": [palette.ground, *palette.inks, palette.accent],
        "density": round(plan.density, 3),
        "energy": round(plan.energy, 3),
        "composition": placed,
        "seed": seed,
        "painter": VERSION,
    }
    return Painting(png, width, height, _alt(shows, palette, plan, placed if easel.placed else ""), meta)


def _normal(text: str) -> str:
    """Prompts that differ only in case, spacing or Unicode form are the same prompt."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _choose(rng: np.random.Generator, options: tuple[str, ...], avoided: frozenset[str]) -> str:
    allowed = [option for option in options if option not in avoided] or list(options)
    return allowed[int(rng.integers(len(allowed)))]


def _choose_palette(reading: Reading, rng: np.random.Generator) -> Palette:
    """The words' palette, or one of the seed's; the seed turns its hues by a few degrees, so that no two are the same."""
    name = _choose(rng, tuple(PALETTES), reading.avoided_palettes)
    turn = float(rng.uniform(-7, 7))
    if reading.palette is not None:
        # a named colour stays what it is
        return reading.palette if reading.avoided_colours else shifted(reading.palette, hue=turn * 0.5)
    palette = shifted(PALETTES[name], hue=turn)
    return tuned(palette, reading)


def _choose_plan(reading: Reading, rng: np.random.Generator, width: int, height: int) -> Plan:
    algorithm = _choose(rng, reading.algorithms or SLUGS, reading.avoided_algorithms)
    by_seed = float(rng.uniform(0.22, 0.82))
    density = by_seed if reading.density is None else reading.density + 0.12 * (by_seed - 0.5)
    energy = float(rng.uniform(0.25, 0.75)) + reading.energy
    softness = float(rng.uniform(0.05, 0.35)) + reading.softness
    return Plan(
        algorithm=algorithm,
        width=width,
        height=height,
        density=min(1.0, max(0.0, density)),
        energy=min(1.0, max(0.0, energy)),
        softness=min(1.0, max(0.0, softness)),
        variants=reading.variants,
    )


def _alt(shows: str, palette: Palette, plan: Plan, placed: str) -> str:
    """One or two sentences made from the parameters."""
    names = list(dict.fromkeys(colour_name(ink) for ink in palette.inks))[:4]
    colours = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    amount = next(word for limit, word in _AMOUNTS if plan.density <= limit)
    manner = next(word for limit, word in _MANNERS if plan.energy <= limit)
    first = f"Abstract picture: {shows}, in {colours} on {colour_name(palette.ground)}."
    where = f", {PLACED[placed]}" if placed else ""
    return f"{first} {manner} and {amount}{where}."


_AMOUNTS = ((0.2, "sparse"), (0.4, "open"), (0.65, "evenly filled"), (0.85, "dense"), (1.0, "very dense"))
_MANNERS = ((0.2, "Still"), (0.45, "Calm"), (0.7, "Lively"), (1.0, "Wild"))
