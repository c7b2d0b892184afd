"""The last layer of every picture: a breath of vignette, paper tooth and grain, then 8 bits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from studio.image.painter.colour import Pixels, encode
from studio.image.painter.easel import Easel
from studio.image.painter.noise import enlarge

_GRAIN_TILE = 256


def finish(easel: Easel, pixels: Pixels, report: Callable[[float], None]) -> NDArray[np.uint8]:
    """Linear H×W×3 to 8-bit sRGB. Grain is stronger on light grounds, where it reads as paper."""
    height, width = pixels.shape[:2]
    rng = easel.rng
    dark = easel.inks.dark_ground
    grain = rng.standard_normal((_GRAIN_TILE, _GRAIN_TILE)).astype(np.float32)
    tooth = _tooth(rng, width, height)
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :] ** 2
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None] ** 2
    fall = np.float32(0.16 if dark else 0.055)
    done = np.empty((height, width, 3), dtype=np.uint8)
    columns = -(-width // _GRAIN_TILE)
    for band in (slice(top, min(height, top + _GRAIN_TILE)) for top in range(0, height, _GRAIN_TILE)):
        part = encode(pixels[band])
        light = 1 - fall * np.minimum(1, (x + y[band]) * 0.55) ** 2
        # shifting the tile by a random amount hides that it repeats
        noise = np.roll(grain, tuple(int(v) for v in rng.integers(0, _GRAIN_TILE, 2)), axis=(0, 1))
        noise = np.tile(noise, (1, columns))[: part.shape[0], :width]
        part *= (light + tooth[band] * (0.006 if dark else 0.011))[..., None]
        part += (noise * (1.1 if dark else 1.5))[..., None]
        np.clip(part, 0, 255, out=part)
        done[band] = np.rint(part).astype(np.uint8)
        report(band.stop / height)
    return done


def _tooth(rng: np.random.Generator, width: int, height: int) -> NDArray[np.float32]:
    """Paper fibre: noise at a third of the size, so that it is coarser than the grain."""
    small = rng.standard_normal((max(2, height // 3), max(2, width // 3))).astype(np.float32)
    return enlarge(small, width, height)
