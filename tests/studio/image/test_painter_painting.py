"""What the painter paints."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image

from studio.image.painter import Painting, paint
from studio.image.painter.composition import compose
from studio.image.painter.models import SLUGS
from studio.image.painter.oklab import from_hex
from studio.image.painter.png import pack


class Watcher:
    """Keeps what the painter reports."""

    def __init__(self) -> None:
        self.done: list[float] = []
        self.stages: list[str] = []
        self.previews: list[bytes] = []

    def progress(self, done: float | None, stage: str) -> None:
        assert done is not None
        self.done.append(done)
        self.stages.append(stage)


def make(
    prompt: str = "", *, negative: str = "", model: str = "auto", size: tuple[int, int] = (96, 96), seed: int = 1
) -> Painting:
    return watched(prompt, negative=negative, model=model, size=size, seed=seed)[0]


def watched(
    prompt: str = "", *, negative: str = "", model: str = "auto", size: tuple[int, int] = (96, 96), seed: int = 1
) -> tuple[Painting, Watcher]:
    watcher = Watcher()
    painting = paint(
        prompt=prompt,
        negative_prompt=negative,
        model=f"procedural/{model}",
        width=size[0],
        height=size[1],
        seed=seed,
        progress=watcher.progress,
        preview=watcher.previews.append,
    )
    return painting, watcher


def pixels(painting: Painting) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(painting.png)).convert("RGB"))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_algorithm_paints_a_picture_that_is_not_flat_and_reports_its_way(slug: str) -> None:
    painting, watcher = watched(model=slug, size=(160, 128))
    image = Image.open(io.BytesIO(painting.png))
    assert (image.format, image.size, image.mode) == ("PNG", (160, 128), "RGB")
    assert pixels(painting).std() > 6
    assert painting.meta["algorithm"] == slug
    assert painting.alt.startswith("Abstract picture: ")
    assert len(watcher.done) >= 10
    assert watcher.done == sorted(watcher.done)
    assert (watcher.done[0], watcher.done[-1]) == (0.0, 1.0)
    assert all(watcher.stages)
    assert watcher.previews
    for preview in watcher.previews:
        assert max(Image.open(io.BytesIO(preview)).size) <= 320


@pytest.mark.parametrize("slug", SLUGS)
def test_the_same_wish_gives_the_same_bytes_and_another_seed_another_picture(slug: str) -> None:
    first = make("ocean", model=slug, size=(80, 64), seed=7)
    assert make("ocean", model=slug, size=(80, 64), seed=7).png == first.png
    assert make("ocean", model=slug, size=(80, 64), seed=8).png != first.png


def test_case_and_spacing_do_not_change_the_picture_but_every_argument_does() -> None:
    first = make("Deep  Sea", size=(64, 64)).png
    assert make("deep sea ", size=(64, 64)).png == first
    others = [
        make("deep lake", size=(64, 64)),
        make("deep sea", negative="blue", size=(64, 64)),
        make("deep sea", model="voronoi", size=(64, 64)),
        make("deep sea", size=(64, 65)),
    ]
    assert all(other.png != first for other in others)


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("size", [(64, 199), (201, 67)])
def test_odd_and_narrow_sizes_are_painted_at_exactly_that_size(slug: str, size: tuple[int, int]) -> None:
    assert pixels(make(model=slug, size=size)).shape == (size[1], size[0], 3)


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        "🦊🔥🌈",
        "مرحبا ليل",
        "\x00\x1b[31m red\x07",
        "e\u0301te\u0301 \u202eover\u202c",
        "\ud800 sea",
        "a" * 5000,
        "零下 blue",
    ],
)
def test_any_text_can_be_painted(prompt: str) -> None:
    assert pixels(make(prompt, size=(64, 64))).shape == (64, 64, 3)


@pytest.mark.parametrize("size", [(63, 64), (64, 2049), (0, 64), (-5, 64)])
def test_a_size_out_of_range_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="64 to 2048"):
        make(size=size)


class StopNowError(Exception):
    """Raised by a progress that cancels."""


@pytest.mark.parametrize("slug", SLUGS)
def test_what_progress_raises_ends_the_work_at_once(slug: str) -> None:
    seen: list[float] = []

    def cancel(done: float | None, stage: str) -> None:
        seen.append(done or 0.0)
        if len(seen) == 4:
            raise StopNowError

    with pytest.raises(StopNowError):
        paint(prompt="", model=f"procedural/{slug}", width=96, height=96, seed=1, progress=cancel, preview=lambda image: None)
    assert len(seen) == 4


def test_colour_words_show_in_the_pixels() -> None:
    red = pixels(make("red", model="circle-packing")).reshape(-1, 3).mean(axis=0)
    blue = pixels(make("blue", model="circle-packing")).reshape(-1, 3).mean(axis=0)
    assert red[0] > red[2] + 25
    assert blue[2] > blue[0] + 25


def test_dark_and_light_words_show_in_the_pixels() -> None:
    dark = [pixels(make("dark night", model=slug)).mean() for slug in ("flow-field", "voronoi")]
    light = [pixels(make("pastel", model=slug)).mean() for slug in ("flow-field", "voronoi")]
    assert max(dark) + 40 < min(light)


def test_the_negative_prompts_colour_does_not_appear() -> None:
    for seed in range(3):
        painting = make("", negative="red, orange, pink", model="voronoi", seed=seed)
        colours = [from_hex(colour) for colour in painting.meta["colours"]]
        assert not [c for c in colours if c.chroma > 0.06 and c.hue < 55]


def test_density_words_change_how_many_things_there_are() -> None:
    counts = {}
    for word in ("sparse", "tiny"):
        shows = make(f"{word} circles", size=(256, 256)).meta["shows"]
        counts[word] = int(shows.split()[0].replace(",", ""))
    assert counts["tiny"] > 2 * counts["sparse"]


@pytest.mark.parametrize(
    ("name", "busy", "quiet"),
    [
        ("centre", (0.5, 0.5), (0.05, 0.05)),
        ("horizon", (0.5, 0.75), (0.5, 0.05)),
        ("frame", (0.03, 0.03), (0.5, 0.5)),
        ("radial", (0.5, 0.5), (0.02, 0.02)),
    ],
)
def test_a_composition_is_busy_where_its_name_says(name: str, busy: tuple[float, float], quiet: tuple[float, float]) -> None:
    weight = np.zeros((100, 100))
    for seed in range(8):
        weight += compose(name, np.random.default_rng(seed), 300, 300).weight_at(100, 100) / 8

    def near(spot: tuple[float, float]) -> float:
        x, y = (int(100 * part) for part in spot)
        return float(weight[max(0, y - 5) : y + 5, max(0, x - 5) : x + 5].mean())

    assert near(busy) > near(quiet) + 0.25


def test_composition_words_are_kept_and_others_are_the_seeds() -> None:
    assert {make("framed", model="voronoi", size=(64, 64), seed=seed).meta["composition"] for seed in range(3)} == {"frame"}
    assert len({make("", model="voronoi", size=(64, 64), seed=seed).meta["composition"] for seed in range(8)}) > 2


def test_words_choose_the_algorithm_and_its_kind() -> None:
    assert make("stained glass").meta["shows"] == "panes of stained glass in dark leading"
    assert "snow crystal" in make("a snowflake").meta["shows"]
    assert "woven" in make("a woven carpet").meta["shows"]


def test_the_alt_text_is_made_from_the_parameters() -> None:
    painting = make("calm circles in blue, in the middle, sparse")
    assert "packed side by side" in painting.alt
    assert "blue" in painting.alt
    assert "gathered in the middle" in painting.alt
    assert "sparse" in painting.alt


def test_the_packed_png_holds_the_pixels_and_no_text_or_time() -> None:
    given = np.random.default_rng(3).integers(0, 256, (70, 33, 3)).astype(np.uint8)
    shares: list[float] = []
    packed = pack(given, shares.append)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(packed))), given)
    assert shares[-1] == 1.0
    chunks, at = [], 8
    while at < len(packed):
        length = struct.unpack(">I", packed[at : at + 4])[0]
        chunks.append(packed[at + 4 : at + 8])
        at += 12 + length
    assert chunks == [b"IHDR", b"sRGB", b"IDAT", b"IEND"]
