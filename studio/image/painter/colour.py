"""Arrays of colour: OKLab ramps, blending in linear light, and the last step to 8 bits."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, permutations

import numpy as np
from numpy.typing import NDArray

from studio.image.painter.palettes import Palette

Pixels = NDArray[np.floating]
"""H×W×3 (or N×3) linear-light sRGB, 0..1; float32 where it is large."""
Field = NDArray[np.floating]
"""H×W values, most often 0..1; float32 where it is large."""

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_FROM_LAB = np.linalg.inv(_TO_LAB)
_FROM_LMS = np.linalg.inv(_TO_LMS)
RAMP = 1024


def linear(colour: str) -> Pixels:
    """One "#rrggbb" as three linear values."""
    digits = colour.removeprefix("#")
    value = np.array([int(digits[i : i + 2], 16) for i in (0, 2, 4)], dtype=np.float64) / 255
    decoded: Pixels = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)
    return decoded


def to_oklab(pixels: NDArray[np.floating]) -> NDArray[np.float64]:
    """Linear sRGB (…×3) to OKLab (…×3)."""
    lab: NDArray[np.float64] = np.cbrt(np.maximum(pixels, 0) @ _TO_LMS.T) @ _TO_LAB.T
    return lab


def from_oklab(lab: NDArray[np.floating]) -> Pixels:
    """OKLab (…×3) to linear sRGB, clipped to 0..1."""
    pixels: Pixels = np.clip(((lab @ _FROM_LAB.T) ** 3) @ _FROM_LMS.T, 0, 1).astype(np.float32)
    return pixels


@dataclass(frozen=True)
class Inks:
    """A palette ready to paint with; every colour is linear."""

    ground: Pixels
    colours: Pixels
    """K×3, from dark to light."""
    accent: Pixels
    ramp: Pixels
    """RAMP×3 through `colours`, from what stands close to the ground to what stands out from it."""
    dark_ground: bool

    def along(self, t: NDArray[np.floating]) -> Pixels:
        """Ramp colours at t (any shape, 0 = near the ground, 1 = farthest from it)."""
        index = np.clip(t * (RAMP - 1), 0, RAMP - 1).astype(np.int32)
        colours: Pixels = self.ramp[index]
        return colours


def mix_inks(palette: Palette) -> Inks:
    """The palette's colours sorted and joined by an even OKLab ramp."""
    colours = np.stack([linear(ink) for ink in palette.inks])
    lab = to_oklab(colours)
    order = np.argsort(lab[:, 0], kind="stable")
    colours, lab = colours[order], lab[order]
    path = lab[_gentle_path(lab)]
    ramp = gradient(path if palette.is_dark else path[::-1], RAMP)
    if palette.is_dark:
        # a night picture spends more of itself in the dark, so that its lights are few
        ramp = ramp[(np.linspace(0, 1, RAMP) ** 1.4 * (RAMP - 1)).astype(int)]
    return Inks(linear(palette.ground), colours, linear(palette.accent), ramp, palette.is_dark)


def _gentle_path(lab: NDArray[np.float64]) -> list[int]:
    """At most five of the inks (sorted by lightness), from the darkest to the lightest by the shortest way.

    Sorting by lightness alone jumps between hues, which looks garish where colours run into each other.
    """
    apart = np.linalg.norm(lab[:, None] - lab[None], axis=2)
    inner = range(1, len(lab) - 1)
    ways = ([0, *middle, len(lab) - 1] for middle in permutations(inner, min(3, len(inner))))
    # a long stop at few colours would be dull: what is left out counts against a path as well
    return min(ways, key=lambda way: sum(apart[i, j] for i, j in pairwise(way)) - 0.35 * _reach(apart, way))


def _reach(apart: NDArray[np.float64], way: list[int]) -> float:
    return float(sum(apart[i, j] for i in way for j in way)) / len(way)


def gradient(lab: NDArray[np.float64], steps: int) -> Pixels:
    """`steps`×3 linear colours through the OKLab stops (K×3), eased so that no stop shows as a crease."""
    stops = len(lab)
    if stops == 1:
        return np.repeat(from_oklab(lab), steps, axis=0)
    position = np.linspace(0, stops - 1, steps)
    low = np.minimum(position.astype(int), stops - 2)
    part = position - low
    part = 0.5 * part + 0.5 * part * part * (3 - 2 * part)
    return from_oklab(lab[low] + (lab[low + 1] - lab[low]) * part[:, None])


def ring(colours: Pixels, steps: int) -> Pixels:
    """A gradient that ends where it began, for values that turn like an angle."""
    lab = to_oklab(colours)
    return gradient(np.concatenate([lab, lab[:1]]), steps)


def lay(under: Pixels, over: Pixels, alpha: Field) -> Pixels:
    """`over` (H×W×3 or 3) painted upon `under` with coverage alpha (H×W); a new array."""
    return under + (over - under) * alpha[..., None]


def smoothstep(low: float, high: float, value: NDArray[np.floating]) -> Field:
    """0 below low, 1 above high, an S between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    smooth: Field = (t * t * (3 - 2 * t)).astype(np.float32)
    return smooth


_TABLE = 1 << 14


def _encode_table() -> NDArray[np.float32]:
    value = np.arange(_TABLE) / (_TABLE - 1)
    return (255 * np.where(value <= 0.0031308, value * 12.92, 1.055 * value ** (1 / 2.4) - 0.055)).astype(np.float32)


_ENCODED = _encode_table()


def encode(pixels: NDArray[np.floating]) -> NDArray[np.float32]:
    """Linear 0..1 to sRGB 0..255, still float, so that grain can be added before rounding."""
    encoded: NDArray[np.float32] = _ENCODED[np.clip(pixels * (_TABLE - 1), 0, _TABLE - 1).astype(np.int32)]
    return encoded


def decode8(pixels: NDArray[np.uint8]) -> Pixels:
    """8-bit sRGB to linear."""
    value = np.arange(256) / 255
    table = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)
    decoded: Pixels = table[pixels]
    return decoded
