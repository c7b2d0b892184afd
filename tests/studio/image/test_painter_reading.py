"""What the painter understands of a prompt."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from studio.image.painter import MODELS, read
from studio.image.painter.models import COMPOSITIONS, DRAWN_AS, PLACED, SLUGS
from studio.image.painter.oklab import distance, from_hex, hue_distance, to_hex
from studio.image.painter.palettes import PALETTES
from studio.image.painter.words import KINDS, NEGATORS, STOP, WORDS
from studio.image.painter.words.page import page

DOCS = Path(__file__).parents[3] / "docs" / "painter.md"


def kinds_of(prompt: str) -> dict[str, str]:
    return {one.word: one.kind for one in read(prompt).understood}


def test_every_understood_word_lies_where_its_span_says() -> None:
    prompt = "  🌊 Stained  glass,\tמנורה Northern Lights — dark blue; MANY café bubbles 🔥️!"
    understood = read(prompt).understood
    assert [one.word for one in understood] == ["🌊", "Stained  glass", "Northern Lights", "dark blue", "MANY", "bubbles", "🔥️"]
    assert all(prompt[one.start : one.end] == one.word for one in understood)
    assert all(one.kind in KINDS and one.effect for one in understood)


@pytest.mark.parametrize(
    ("prompt", "kind"),
    [
        ("teal", "palette"),
        ("autumn", "palette"),
        ("northern lights", "palette"),
        ("swirls", "algorithm"),
        ("stained glass", "algorithm"),
        ("countless", "density"),
        ("mandala", "composition"),
        ("peaceful", "mood"),
    ],
)
def test_a_word_is_of_its_kind(prompt: str, kind: str) -> None:
    assert kinds_of(f"a picture of {prompt}") == {prompt: kind}


@pytest.mark.parametrize(
    ("inflected", "word"),
    [
        ("waves", "wave"),
        ("leaves", "leaf"),
        ("berries", "berry"),
        ("reddish", "red"),
        ("spirals", "spiral"),
        ("Sunsets", "sunset"),
        ("ocean's", "ocean"),
        ("peacefully", "peaceful"),
        ("sunniest", "sunny"),
    ],
)
def test_simple_inflections_are_understood_like_their_word(inflected: str, word: str) -> None:
    assert [one.effect for one in read(inflected).understood] == [one.effect for one in read(word).understood] != []


def test_words_without_a_meaning_for_the_painter_are_named_once_and_stop_words_are_not() -> None:
    reading = read("A fox and a Fox with the wombat in a misty forest, please, 3 of them")
    assert reading.unknown == ("fox", "wombat")
    assert [one.word for one in reading.understood] == ["misty", "forest"]


def test_the_palette_carries_the_colours_that_are_named() -> None:
    palette = read("blue and gold").palette
    assert palette is not None
    hues = [from_hex(ink).hue for ink in palette.inks if from_hex(ink).chroma > 0.05]
    assert any(hue_distance(hue, from_hex("#2a6cc4").hue) < 12 for hue in hues)
    assert any(hue_distance(hue, from_hex("#d6a032").hue) < 12 for hue in hues)


def test_white_or_cream_beside_other_colours_names_the_paper() -> None:
    cream = from_hex("#f5ead0")
    for prompt in ("blue on cream", "berry on cream"):
        palette = read(prompt).palette
        assert palette is not None
        assert distance(from_hex(palette.ground), cream) < 0.01
        assert all(distance(from_hex(ink), cream) > 0.05 for ink in palette.inks)


def test_a_scene_brings_its_palette_and_a_dark_word_its_ground() -> None:
    assert read("autumn").palette == PALETTES["autumn"]
    dark = read("autumn in the dark").palette
    assert dark is not None
    assert dark.is_dark
    assert not PALETTES["autumn"].is_dark


@pytest.mark.parametrize("prompt", ["rainbow without red", "rainbow"])
def test_what_is_negated_or_in_the_negative_prompt_is_kept_out_of_the_palette(prompt: str) -> None:
    palette = read(prompt, "" if "without" in prompt else "red").palette
    assert palette is not None
    red = from_hex("#d22f27")
    for colour in (palette.ground, *palette.inks, palette.accent):
        lch = from_hex(colour)
        assert lch.chroma < 0.05 or hue_distance(lch.hue, red.hue) > 35, colour


def test_the_negative_prompt_takes_away_ways_to_draw_and_places_and_turns_density_around() -> None:
    reading = read("ocean", "waves, mandala, dense")
    assert reading.algorithms == ("domain-warp",)
    assert reading.avoided_compositions == frozenset({"radial"})
    assert reading.density is not None
    assert reading.density < 0.2
    assert [one.word for one in reading.avoided] == ["waves", "mandala", "dense"]


def test_the_first_way_to_draw_decides_and_the_second_says_that_it_was_set_aside() -> None:
    reading = read("spirals and bubbles")
    assert reading.algorithm == "cellular"
    assert "set aside" in reading.understood[1].effect


def test_a_way_to_draw_beats_what_a_scene_leans_to() -> None:
    assert read("ocean").algorithm is None
    assert read("ocean as stained glass").algorithm == "voronoi"
    assert read("stained glass").variants == ("glass",)


def test_a_chosen_model_is_never_overruled_by_a_word() -> None:
    reading = read("bubbles", model="procedural/l-system")
    assert reading.algorithm == "l-system"
    assert "set aside" in reading.understood[0].effect
    assert read("", "trees", model="procedural/l-system").algorithm == "l-system"


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown painter model"):
        read("sea", model="procedural/oil")


@pytest.mark.parametrize(
    "prompt", ["", "fox", "deep sea", "red", "🌈", "مرحبا بالعالم", "stained glass autumn, calm", "\x00\x07\ud800", "x" * 5000]
)
def test_there_are_always_four_different_suggestions_and_the_painter_understands_them_whole(prompt: str) -> None:
    suggestions = read(prompt).suggestions
    assert len(set(suggestions)) == 4
    for suggestion in suggestions:
        reading = read(suggestion)
        assert reading.unknown == (), suggestion
        assert len(reading.understood) >= 2
        assert reading.algorithms


def test_suggestions_start_from_the_prompts_own_colours() -> None:
    assert read("a wombat in deep sea").suggestions[0].startswith("deep sea ")


def test_the_page_for_users_is_made_from_the_tables() -> None:
    assert DOCS.read_text(encoding="utf-8") == page()


def test_every_entry_of_the_tables_names_things_that_exist() -> None:
    assert len(WORDS) > 1000
    assert set(SLUGS) == set(DRAWN_AS)
    assert set(COMPOSITIONS) == set(PLACED)
    for word, entry in WORDS.items():
        assert entry.kind in KINDS, word
        assert not entry.palette or entry.palette in PALETTES, word
        assert set(entry.algorithms) <= set(SLUGS), word
        assert not entry.composition or entry.composition in COMPOSITIONS, word
        assert entry.density is None or 0 <= entry.density <= 1, word
        assert word not in STOP | NEGATORS


@pytest.mark.parametrize("word", sorted(WORDS)[::7])
def test_every_listed_word_is_understood_whole_when_it_stands_alone(word: str) -> None:
    assert [one.word for one in read(word).understood] == [word]


def test_colours_survive_the_way_to_oklab_and_back() -> None:
    for code in ("#000000", "#ffffff", "#2a6cc4", "#d22f27", "#7a7a7a"):
        assert to_hex(from_hex(code)) == code


def test_reading_loads_neither_numpy_nor_pillow() -> None:
    code = (
        "import sys; from studio.image.painter import read; read('deep sea'); print(sorted({'numpy', 'PIL'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=DOCS.parents[1])
    assert done.stdout.strip() == "[]"


def test_there_is_a_model_for_the_choice_and_one_for_every_algorithm() -> None:
    assert MODELS[0].id == "procedural/auto"
    assert len(SLUGS) >= 8
    assert all(model.id.startswith("procedural/") and model.name and model.description for model in MODELS)
