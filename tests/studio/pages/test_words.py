"""What pages say of numbers, moments and prompts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from ij8.core.errors import Invalid
from studio.pages.facts import file_size
from studio.pages.present import eta_words, percent, place_words, segments, when_words
from studio.pages.prompt_form import STARTERS, params_of, shape_of, sides, values_of
from studio.pages.turns import summary_line

FORM = {"prompt": "quiet sea", "model": "procedural/auto", "shape": "wide", "size": "1024", "count": "2"}


@pytest.mark.parametrize(
    ("place", "words"),
    [(None, ""), (0, "Next in line"), (1, "2nd in line"), (2, "3rd in line"), (3, "4th in line"), (10, "11th in line"),
     (11, "12th in line"), (12, "13th in line"), (20, "21st in line"), (110, "111th in line")],
)  # fmt: skip
def test_a_place_in_line_is_said_as_people_say_it(place: int | None, words: str) -> None:
    assert place_words(place) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (-1, ""),
        (0, "about 1 s"),
        (4.4, "about 4 s"),
        (43, "about 45 s"),
        (100, "about 2 min"),
        (3600, "about 60 min"),
    ],
)
def test_an_estimate_is_rounded_as_a_person_reads_it(seconds: float | None, words: str) -> None:
    assert eta_words(seconds) == words


def test_a_hundred_percent_is_kept_for_work_that_is_done() -> None:
    assert [percent(one) for one in (None, 0, 0.5, 0.999, 1)] == [None, 0, 50, 99, 99]


def test_a_moment_is_relative_within_a_day_and_dated_in_the_zone_in_force_after() -> None:
    now = timezone.now()
    assert when_words(now) == "just now"
    assert when_words(now - timedelta(minutes=5, seconds=3)) == "5 min ago"
    assert when_words(now - timedelta(hours=7, minutes=1)) == "7 h ago"
    new_year = datetime(2026, 1, 1, 0, 30, tzinfo=UTC)
    assert when_words(new_year) == "1 January 2026"
    with timezone.override("America/New_York"):
        assert when_words(new_year) == "31 December 2025"


def test_a_prompt_is_cut_at_the_words_that_were_understood() -> None:
    spans = [{"start": 6, "end": 9, "effect": "waves"}, {"start": 0, "end": 5, "effect": "soft"}]
    assert segments("quiet sea", spans) == [
        {"text": "quiet", "effect": "soft"}, {"text": " ", "effect": ""}, {"text": "sea", "effect": "waves"},
    ]  # fmt: skip


def test_spans_that_overlap_or_lie_outside_lose_no_text() -> None:
    spans = [{"start": 0, "end": 4, "effect": "a"}, {"start": 2, "end": 6, "effect": "b"}, {"start": 5, "end": 99, "effect": "c"}]
    assert "".join(piece["text"] for piece in segments("🌊 sea and sky", spans)) == "🌊 sea and sky"
    assert [piece["effect"] for piece in segments("🌊 sea and sky", spans)] == ["a", ""]


def test_shapes_have_their_ratio_at_every_size() -> None:
    assert sides("square", 1024) == (1024, 1024)
    assert sides("portrait", 1024) == (768, 1024)
    assert sides("landscape", 2048) == (2048, 1536)
    assert sides("wide", 1024) == (1024, 576)
    assert [shape_of(*sides(shape, 1536)) for shape in ("square", "portrait", "landscape", "wide")] == [
        "square", "portrait", "landscape", "wide",
    ]  # fmt: skip


def test_the_form_becomes_parameters_and_back() -> None:
    params = params_of({**FORM, "seed": " 7 ", "negative_prompt": "red"})
    assert params == {
        "model": "procedural/auto", "prompt": "quiet sea", "width": 1024, "height": 576, "count": 2,
        "negative_prompt": "red", "seed": 7,
    }  # fmt: skip
    again = values_of(params)
    assert (again["shape"], again["size"], again["count"], again["negative_prompt"]) == ("wide", 1024, 2, "red")
    assert (again["prompt"], again["seed"]) == ("", "")


@pytest.mark.parametrize(
    ("change", "field"),
    [({"shape": "round"}, "shape"), ({"seed": "-1"}, "seed"), ({"seed": "٣"}, "seed"), ({"count": "two"}, "count"),
     ({"size": "1e3"}, "size"), ({"prompt": "   "}, "prompt")],
)  # fmt: skip
def test_a_field_that_cannot_be_read_is_named(change: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        params_of({**FORM, **change})
    assert caught.value.extra["field"] == field


def test_a_turn_tells_what_was_lost_and_nothing_while_all_goes_well() -> None:
    assert summary_line(["succeeded", "leased"]) == ""
    assert summary_line(["succeeded"] * 3 + ["failed"]) == "3 of 4 made, 1 failed"
    assert summary_line(["cancelled", "failed"]) == "0 of 2 made, 1 failed, 1 cancelled"


def test_a_file_has_a_size_that_people_know() -> None:
    assert [file_size(n) for n in (12, 1_499, 1_449_000)] == ["12 bytes", "1 kB", "1.4 MB"]


def test_the_painter_understands_every_word_of_the_ideas_it_begins_with() -> None:
    from studio.image import painter

    for words in STARTERS:
        reading = painter.read(words)
        assert reading.understood, words
        assert not reading.unknown, words
