"""Smooth random fields. Lattices are enlarged by Pillow's bicubic filter, which is far quicker than gradients in NumPy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.image.painter.colour import Field


def enlarge(field: NDArray[np.floating], width: int, height: int) -> Field:
    """An H×W field enlarged (bicubic) to height×width."""
    image = Image.fromarray(np.ascontiguousarray(field, dtype=np.float32))
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32)


def fractal(rng: np.random.Generator, width: int, height: int, cells: float, octaves: int = 4, gain: float = 0.5) -> Field:
    """Fractal noise over the whole picture, `cells` bumps along the long side, stretched to 0..1."""
    total = np.zeros((height, width), dtype=np.float32)
    strength = 1.0
    long_side = max(width, height)
    for _ in range(octaves):
        if cells > long_side / 2:
            break
        columns = max(2, round(cells * width / long_side) + 1)
        rows = max(2, round(cells * height / long_side) + 1)
        total += strength * _patch(rng, columns, rows, width, height)
        cells *= 2
        strength *= gain
    return unit(total)


def _patch(rng: np.random.Generator, columns: int, rows: int, width: int, height: int) -> Field:
    lattice = rng.standard_normal((rows + 4, columns + 4)).astype(np.float32)
    image = Image.fromarray(lattice)
    box = (2.0, 2.0, columns + 2.0, rows + 2.0)
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC, box=box), dtype=np.float32)


def unit(field: NDArray[np.floating]) -> Field:
    """Stretched to 0..1; a flat field gives zeros."""
    low, high = float(field.min()), float(field.max())
    return ((field - low) / max(high - low, 1e-9)).astype(np.float32)


def equalised(field: Field) -> Field:
    """The field's ranks: 0..1 with every value equally common, so that a palette is used whole."""
    counts, edges = np.histogram(field, bins=1024)
    ranks = np.concatenate([[0.0], np.cumsum(counts)]) / field.size
    return np.interp(field.ravel(), edges, ranks).reshape(field.shape).astype(np.float32)


class NoiseTile:
    """Fractal noise that repeats, to be read at warped places.

    `size` texels per side cover `cells` lattice cells; coordinates given to `at` are in cells.
    Values have mean 0 and deviation 1.
    """

    def __init__(self, rng: np.random.Generator, size: int = 1024, cells: int = 8, octaves: int = 5, gain: float = 0.5) -> None:
        total = np.zeros((size, size), dtype=np.float32)
        strength, count = 1.0, cells
        for _ in range(octaves):
            lattice = np.pad(rng.standard_normal((count, count)), 3, mode="wrap").astype(np.float32)
            box = (2.5, 2.5, count + 2.5, count + 2.5)
            image = Image.fromarray(lattice).resize((size, size), Image.Resampling.BICUBIC, box=box)
            total += strength * np.asarray(image, dtype=np.float32)
            strength *= gain
            count *= 2
        total -= total.mean()
        self._texels = np.ascontiguousarray(total / total.std()).ravel()
        self._size = size
        self._scale = np.float32(size / cells)

    def at(self, x: Field, y: Field) -> Field:
        """Bilinear values at x, y (same shape, in cells)."""
        mask, size = self._size - 1, self._size
        column = x * self._scale
        row = y * self._scale
        left = np.floor(column)
        top = np.floor(row)
        column -= left
        row -= top
        x0 = left.astype(np.int32) & mask
        y0 = (top.astype(np.int32) & mask) * size
        x1 = (x0 + 1) & mask
        y1 = (y0 + size) & (size * size - 1)
        texels = self._texels
        upper = texels[y0 + x0]
        upper += (texels[y0 + x1] - upper) * column
        lower = texels[y1 + x0]
        lower += (texels[y1 + x1] - lower) * column
        values: Field = upper + (lower - upper) * row
        return values
