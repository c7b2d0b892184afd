"""The posters that MEDIA names: `(bytes | Path) -> Still`, for bytes that we made or have checked."""

import io
from pathlib import Path

from PIL import Image

from studio.image.thumbnail import LARGE_PX, Still, shrink, still_of
from studio.video import ffmpeg


def of_image(data: bytes | Path) -> Still:
    """Raises OSError, ValueError or SyntaxError for what is not a whole picture."""
    return still_of(io.BytesIO(data) if isinstance(data, bytes) else data)


def of_video(data: bytes | Path) -> Still:
    """Raises `ffmpeg.BadVideo` for what cannot be played."""
    if isinstance(data, bytes):
        with ffmpeg.as_file(data) as path:
            return of_video(path)
    found = ffmpeg.probe(data)
    with Image.open(io.BytesIO(ffmpeg.poster(data, side_px=LARGE_PX, at_s=min(1.0, found.duration_s / 3)))) as frame:
        return Still(*shrink(frame), found.width_px, found.height_px, found.duration_s)
