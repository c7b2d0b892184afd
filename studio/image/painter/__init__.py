"""The built-in painter: abstract pictures from words and a seed, on the CPU, with NumPy and Pillow alone.

Reading a prompt is cheap and imports neither; painting loads them on first use.
"""

from __future__ import annotations

from collections.abc import Callable

from studio.image.painter.models import MODELS, PainterModel
from studio.image.painter.painting import VERSION, Painting
from studio.image.painter.reading import Reading, Understood, read

__all__ = ["MODELS", "VERSION", "PainterModel", "Painting", "Reading", "Understood", "paint", "read"]


def paint(
    *,
    prompt: str,
    negative_prompt: str = "",
    model: str = "procedural/auto",
    width: int,
    height: int,
    seed: int,
    progress: Callable[[float | None, str], None],
    preview: Callable[[bytes], None],
) -> Painting:
    """Paints one picture, `width` and `height` 64..2048 pixels, any `seed`.

    The same arguments give the same bytes (on one machine and one set of package versions).
    `progress` gets a rising share 0..1 and a stage, at least every 0.3 s or so; whatever it raises ends the work.
    `preview` gets a WebP of at most 320 px a few times. Raises ValueError for a size or model out of range.
    """
    from studio.image.painter.making import paint_picture

    return paint_picture(
        prompt=prompt,
        negative_prompt=negative_prompt,
        model=model,
        width=width,
        height=height,
        seed=seed,
        progress=progress,
        preview=preview,
    )
