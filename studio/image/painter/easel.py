"""What an algorithm is given: its plan, its own randomness, its inks, and a way to say how far it is."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.image.painter.colour import Inks, encode
from studio.image.painter.composition import Composition

PREVIEW_PX = 320


@dataclass(frozen=True)
class Plan:
    """Everything that is decided before the first stroke.

    `density` 0..1 (few and large to many and small), `energy` 0..1 (still to wild), `softness` 0..1 (crisp to blurred).
    """

    algorithm: str
    width: int
    height: int
    density: float
    energy: float
    softness: float
    variants: tuple[str, ...] = ()
    """What the words ask for in particular, such as "glass" of Voronoi cells; an algorithm takes those that it knows."""


class Easel:
    """One painting in the making. Algorithms call `step` at least every 0.3 s and `show` a few times."""

    def __init__(
        self,
        *,
        plan: Plan,
        inks: Inks,
        composition: Composition,
        rng: np.random.Generator,
        progress: Callable[[float | None, str], None],
        preview: Callable[[bytes], None],
    ) -> None:
        self.plan = plan
        self.inks = inks
        self.composition = composition
        self.rng = rng
        self._progress = progress
        self._preview = preview
        self._done = 0.0
        self.placed = True
        """An algorithm sets this to False when the composition does not show in its picture."""

    def step(self, fraction: float, message: str) -> None:
        """Reports the share 0..1 of the work done; what the caller raises passes through.

        It never goes back, so that 0 repeats where the work is.
        """
        self._done = max(self._done, min(1.0, fraction))
        self._progress(self._done, message)

    def pick(self, options: Sequence[str], shares: Sequence[float] | None = None) -> str:
        """One of an algorithm's options: what the words ask for, else by chance."""
        by_chance = str(self.rng.choice(list(options), p=shares))
        return next((variant for variant in self.plan.variants if variant in options), by_chance)

    def show(self, state: NDArray[np.floating] | Image.Image) -> None:
        """Sends the state so far: linear H×W×3, or a Pillow RGB image of any size."""
        if isinstance(state, Image.Image):
            image = state.convert("RGB")
            image.thumbnail((PREVIEW_PX, PREVIEW_PX), Image.Resampling.BILINEAR, reducing_gap=1.5)
        else:
            stride = max(1, -(-max(state.shape[:2]) // PREVIEW_PX))
            image = Image.fromarray(np.rint(encode(state[::stride, ::stride])).astype(np.uint8))
        packed = io.BytesIO()
        image.save(packed, "WEBP", quality=70, method=2)
        self._preview(packed.getvalue())

    def bands(self, height: int, start: float, end: float, message: str, rows: int = 128) -> Iterator[slice]:
        """Row slices from top to bottom; after each one progress moves on between start and end."""
        for top in range(0, height, rows):
            yield slice(top, min(height, top + rows))
            done = min(1.0, (top + rows) / height)
            self.step(start + (end - start) * done, message)
