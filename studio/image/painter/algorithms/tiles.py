"""Nearest points, exactly: which seed each pixel belongs to, and how far it is from its cell's edge."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from studio.image.painter.colour import Field

Cells = tuple[NDArray[np.int32], Field, Field]
_TILE = 32


def nearest(points: NDArray[np.floating], width: int, height: int, report: Callable[[float], None]) -> Cells:
    """For N×2 points in pixels: the index of the nearest, the distance to it, the distance to the cell's edge.

    All height×width, distances in pixels. The picture is cut into small tiles, each asks only the points that can
    be nearest somewhere in it. The edge between cells i and j lies where (dj² - di²) / 2|pi - pj| is 0; that
    quotient is the exact distance to it, so edges can be drawn smoothly at any width.
    """
    owner = np.empty((height, width), dtype=np.int32)
    inner = np.empty((height, width), dtype=np.float32)
    edge = np.empty((height, width), dtype=np.float32)
    points = points.astype(np.float32)
    half = _TILE / 2
    diagonal = _TILE * 2**0.5
    for top in range(0, height, _TILE):
        bottom = min(height, top + _TILE)
        for left in range(0, width, _TILE):
            right = min(width, left + _TILE)
            away = np.hypot(points[:, 0] - (left + half), points[:, 1] - (top + half))
            # the second ring of neighbours is needed too, for the edges
            limit = max(
                away.min() * 2.2 + diagonal * 1.5, float(np.partition(away, min(8, len(away) - 1))[min(8, len(away) - 1)]) + 1
            )
            near = np.flatnonzero(away <= limit)
            part = _tile(points[near], left, right, top, bottom)
            owner[top:bottom, left:right] = near[part[0]]
            inner[top:bottom, left:right] = part[1]
            edge[top:bottom, left:right] = part[2]
        report(bottom / height)
    return owner, inner, edge


def _tile(near: NDArray[np.float32], left: int, right: int, top: int, bottom: int) -> Cells:
    x = np.arange(left, right, dtype=np.float32) + np.float32(0.5)
    y = np.arange(top, bottom, dtype=np.float32) + np.float32(0.5)
    square = (near[:, 0, None] - x)[:, None, :] ** 2 + ((near[:, 1, None] - y) ** 2)[:, :, None]
    square = square.reshape(len(near), -1)
    first = square.argmin(axis=0)
    here = np.take_along_axis(square, first[None], axis=0)[0]
    between = np.hypot(near[:, 0, None] - near[None, :, 0], near[:, 1, None] - near[None, :, 1]) * 2
    np.fill_diagonal(between, 1)
    gap = (square - here) / between[:, first]
    gap[first, np.arange(len(first))] = np.inf
    shape = (bottom - top, right - left)
    edge = gap.min(axis=0) if len(near) > 1 else np.full(len(first), 1e6)
    return first.reshape(shape).astype(np.int32), np.sqrt(here).reshape(shape), edge.reshape(shape).astype(np.float32)


def spread_points(rng: np.random.Generator, weight: Field, count: int, contrast: float) -> NDArray[np.float32]:
    """`count` points as fractions (N×2: x, y), denser where weight is high and evened out a few times.

    `contrast` 0 ignores the weight; 1 makes busy places about twelve times as dense as quiet ones.
    """
    rows, columns = weight.shape
    share = 0.08 + 0.92 * weight.astype(np.float64)
    share = share**contrast
    share /= share.sum()
    spot = rng.choice(share.size, size=count, p=share.ravel())
    points = np.stack([spot % columns, spot // columns], axis=1) + rng.random((count, 2))
    pixels = np.stack(np.meshgrid(np.arange(columns) + 0.5, np.arange(rows) + 0.5), axis=-1).reshape(-1, 2)
    mass = share.ravel()
    for _ in range(3):
        owner = nearest(points, columns, rows, lambda _: None)[0].ravel()
        total = np.bincount(owner, weights=mass, minlength=count)
        centre = [np.bincount(owner, weights=mass * pixels[:, axis], minlength=count) for axis in (0, 1)]
        moved = np.stack(centre, axis=1) / np.maximum(total, 1e-12)[:, None]
        points = np.where(total[:, None] > 0, moved, points)
    return (points / (columns, rows)).astype(np.float32)
