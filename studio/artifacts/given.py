"""A video that somebody brings: what it is by its first bytes, and a clean copy that is proved to play. No Django."""

from pathlib import Path

from studio.artifacts.thumbnails import of_video
from studio.image.thumbnail import Still
from studio.video import ffmpeg

LONGEST_SIDE_PX = 8192
KINDS = {"video/mp4": "MP4", "video/quicktime": "MOV", "video/webm": "WebM"}
_CONTAINERS = {"video/mp4": "mp4", "video/quicktime": "mov", "video/webm": "webm"}


def video_type(head: bytes) -> str | None:
    """From the first bytes: `ftyp` boxes of MP4 and QuickTime, the EBML head of WebM."""
    if head[4:8] == b"ftyp":
        return "video/quicktime" if head[8:12] == b"qt  " else "video/mp4"
    if head[:4] == b"\x1aE\xdf\xa3" and b"webm" in head[:64]:
        return "video/webm"
    return None


def checked_video(source: Path, clean: Path, content_type: str) -> Still:
    """Writes the clean copy and proves that it plays and is as long as the original says. Raises `ffmpeg.BadVideo`."""
    claimed = ffmpeg.probe(source)
    if max(claimed.width_px, claimed.height_px) > LONGEST_SIDE_PX:
        raise ffmpeg.BadVideo(f"It is {claimed.width_px} × {claimed.height_px} pixels.")
    ffmpeg.strip(source, clean, container=_CONTAINERS[content_type])
    still = of_video(clean)
    if (still.duration_s or 0) < claimed.duration_s * 0.9 - 0.5:
        raise ffmpeg.BadVideo("It is cut off.")
    return still
