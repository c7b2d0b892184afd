"""OKLab for single colours, without NumPy, so that reading a prompt stays cheap.

Source: Björn Ottosson, "A perceptual color space for image processing" (2020).
"""

from __future__ import annotations

import math
from typing import NamedTuple


class Lch(NamedTuple):
    """A colour as OKLCH: lightness 0..1, chroma 0..about 0.33, hue in degrees 0..360."""

    light: float
    chroma: float
    hue: float


def from_hex(colour: str) -> Lch:
    """`colour` is "#rrggbb" or "rrggbb"; raises ValueError on anything else."""
    digits = colour.removeprefix("#")
    if len(digits) != 6:
        raise ValueError(f"not a colour: {colour!r}")
    red, green, blue = (_decode(int(digits[i : i + 2], 16) / 255) for i in (0, 2, 4))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    light = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Lch(light, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def to_hex(colour: Lch) -> str:
    """The nearest "#rrggbb": chroma is lowered until the colour fits into sRGB."""
    light = min(1.0, max(0.0, colour.light))
    chroma = max(0.0, colour.chroma)
    for _ in range(24):
        channels = _linear(Lch(light, chroma, colour.hue))
        if all(-1e-4 <= value <= 1.0001 for value in channels):
            break
        chroma *= 0.9
    channels = _linear(Lch(light, chroma, colour.hue))
    return "#" + "".join(f"{round(255 * _encode(min(1.0, max(0.0, v)))):02x}" for v in channels)


def hue_distance(one: float, other: float) -> float:
    """Degrees between two hues, 0..180."""
    return abs((one - other + 180) % 360 - 180)


def distance(one: Lch, other: Lch) -> float:
    """Euclidean distance in OKLab; about 0.02 is just noticeable."""
    a = one.chroma * math.cos(math.radians(one.hue)) - other.chroma * math.cos(math.radians(other.hue))
    b = one.chroma * math.sin(math.radians(one.hue)) - other.chroma * math.sin(math.radians(other.hue))
    return math.sqrt((one.light - other.light) ** 2 + a * a + b * b)


def _linear(colour: Lch) -> tuple[float, float, float]:
    a = colour.chroma * math.cos(math.radians(colour.hue))
    b = colour.chroma * math.sin(math.radians(colour.hue))
    long = (colour.light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (colour.light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _decode(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _encode(value: float) -> float:
    return value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
