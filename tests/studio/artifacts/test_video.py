"""Videos: what they are, one frame, the same without private metadata."""

import subprocess
from pathlib import Path

import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from studio.artifacts.thumbnails import of_video
from studio.video import ffmpeg

CODECS = {"mp4": "libx264", "mov": "libx264", "webm": "libvpx"}
PLACE = "+52.5200+013.4050/"


def make_video(path: Path, seconds: float = 2, size: str = "160x90", *extra: str) -> Path:
    """A test pattern with a place, a title, a comment and a chapterless tone."""
    kind = path.suffix[1:]
    command = [
        get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", f"testsrc=duration={seconds}:size={size}:rate=10",
        "-c:v", CODECS[kind], "-pix_fmt", "yuv420p", "-g", "5", "-metadata", f"location={PLACE}",
        "-metadata", "title=SECRET-PLACE", "-metadata", "comment=SECRET-PLACE", *extra, "-y", str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True, timeout=30)
    return path


@pytest.mark.parametrize("kind", ["mp4", "mov", "webm"])
def test_nothing_private_stays_and_the_pictures_are_the_same(kind: str, tmp_path: Path) -> None:
    given = make_video(tmp_path / f"given.{kind}")
    assert b"SECRET-PLACE" in given.read_bytes()
    clean = tmp_path / "clean"
    ffmpeg.strip(given, clean, container=kind)
    data = clean.read_bytes()
    assert b"SECRET-PLACE" not in data
    assert PLACE.encode() not in data
    assert b"\xa9xyz" not in data
    assert ffmpeg.poster(clean, side_px=512, at_s=1) == ffmpeg.poster(given, side_px=512, at_s=1)


def test_a_video_s_size_length_and_poster_are_found(tmp_path: Path) -> None:
    still = of_video(make_video(tmp_path / "a.mp4", 3, "640x360"))
    assert (still.width_px, still.height_px, still.duration_s) == (640, 360, 3.0)
    assert still.small[8:12] == still.large[8:12] == b"WEBP"


def test_a_turned_video_has_the_size_that_is_shown(tmp_path: Path) -> None:
    given = make_video(tmp_path / "a.mp4")
    turned = tmp_path / "turned.mp4"
    command = [get_ffmpeg_exe(), "-v", "error", "-display_rotation", "90", "-i", str(given), "-c", "copy", str(turned)]
    subprocess.run(command, check=True, timeout=30)
    assert (of_video(turned).width_px, of_video(turned).height_px) == (90, 160)


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_a_video_without_its_beginning_is_refused(kind: str, tmp_path: Path) -> None:
    data = make_video(tmp_path / f"a.{kind}").read_bytes()
    bad = tmp_path / "bad"
    bad.write_bytes(b"\0" * 200 + data[200:])
    with pytest.raises(ffmpeg.BadVideo):
        ffmpeg.probe(bad)


def test_a_playlist_that_names_other_files_is_not_opened(tmp_path: Path) -> None:
    other = make_video(tmp_path / "a.mp4")
    playlist = tmp_path / "list.mp4"
    playlist.write_text(f"#EXTM3U\n#EXTINF:2,\nfile://{other}\n")
    with pytest.raises(ffmpeg.BadVideo):
        ffmpeg.probe(playlist)
