"""Moving pictures through ffmpeg in a child process: what they are, one frame, the same without private metadata."""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from imageio_ffmpeg import get_ffmpeg_exe

TIMEOUT_S = 30
MEMORY_KIB = 2 << 20
_DURATION = re.compile(r"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)")
_STREAM = re.compile(r"Stream #0:\d+.*?: Video: (\w+).*?, (\d{2,5})x(\d{2,5})")
_TURNED = re.compile(r"rotation of (-?\d+(?:\.\d+)?) degrees")
# only these may open the input: a playlist or a concat script inside an upload must not read other files
_DEMUXERS = "mov,matroska"
_INPUT = ["-nostdin", "-hide_banner", "-protocol_whitelist", "file", "-format_whitelist", _DEMUXERS]


class BadVideo(ValueError):
    """The file is not a video that can be played; the message says why."""


@dataclass(frozen=True)
class Probe:
    """Sizes as shown, after the rotation that the file asks for."""

    codec: str
    width_px: int
    height_px: int
    duration_s: float


# the shell sets the limits: `preexec_fn` is not safe in a process with threads
_LIMITED = ["/bin/sh", "-c", f'ulimit -v {MEMORY_KIB} && ulimit -t {TIMEOUT_S} && ulimit -c 0 && exec "$@"', "sh"]


def _run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [*_LIMITED, get_ffmpeg_exe(), *arguments]
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise BadVideo(f"It took longer than {TIMEOUT_S} s to read.") from error


@contextmanager
def as_file(data: bytes) -> Iterator[Path]:
    """The bytes as a file for as long as the block lasts; ffmpeg must seek."""
    with tempfile.NamedTemporaryFile(prefix="ij8-video-") as file:
        file.write(data)
        file.flush()
        yield Path(file.name)


def probe(path: Path) -> Probe:
    """Reads the headers only. `ffmpeg -i` without an output says what it found and exits with 1; that is no failure."""
    said = _run(*_INPUT, "-i", str(path)).stderr.decode("utf-8", "replace")
    stream = _STREAM.search(said)
    duration = _DURATION.search(said)
    if not stream or not duration:
        raise BadVideo("There is no moving picture in it that can be read.")
    hours, minutes, seconds = duration.groups()
    width, height = int(stream[2]), int(stream[3])
    turned = _TURNED.search(said)
    if turned and round(abs(float(turned[1]))) % 180 == 90:
        width, height = height, width
    return Probe(stream[1], width, height, int(hours) * 3600 + int(minutes) * 60 + float(seconds))


def poster(path: Path, *, side_px: int, at_s: float) -> bytes:
    """One frame as PNG, at most `side_px` on the longer side."""
    scale = f"scale='min({side_px},iw)':'min({side_px},ih)':force_original_aspect_ratio=decrease"
    made = _run(
        *_INPUT, "-v", "error", "-threads", "1", "-ss", f"{at_s:.3f}", "-i", str(path),
        "-map", "0:v:0", "-frames:v", "1", "-vf", scale, "-f", "image2pipe", "-c:v", "png", "pipe:1",
    )  # fmt: skip
    if made.returncode or not made.stdout:
        raise BadVideo("Its pictures cannot be decoded.")
    return made.stdout


def strip(source: Path, target: Path, *, container: str) -> None:
    """The same streams, copied, without any metadata, chapters, data or attached pictures.

    `container` is ffmpeg's name of the target's format: `mp4`, `mov` or `webm`.
    """
    # an empty handler name would otherwise become "VideoHandler"; the index goes to the front for streaming
    own = [] if container == "webm" else ["-empty_hdlr_name", "1", "-movflags", "+faststart"]
    made = _run(
        *_INPUT, "-v", "error", "-xerror", "-i", str(source), "-map", "0:v:0", "-map", "0:a?", "-dn", "-sn",
        "-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1", "-c", "copy",
        "-fflags", "+bitexact", *own, "-f", container, "-y", str(target),
    )  # fmt: skip
    if made.returncode:
        raise BadVideo("It is damaged or cut off.")
