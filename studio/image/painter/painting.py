"""What painting gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

VERSION = "1"
"""Raised whenever the same prompt and seed would give another picture."""


@dataclass(frozen=True)
class Painting:
    """`png`: the finished file; `alt`: one or two sentences for who cannot see it.

    `meta`: algorithm, variant, palette, colours (hex), density, energy, composition, seed, painter.
    """

    png: bytes
    width: int
    height: int
    alt: str
    meta: dict[str, Any]
