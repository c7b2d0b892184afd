"""What a text becomes outside of ij8, and how two of its versions are compared."""

import base64
import contextlib
import re
import time
import zlib

import pytest

from studio.text.diff import changes
from studio.text.pdf import pdf_of, unknown_in
from studio.text.plain import plain_of


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("# One\n\ntwo **b** `c`", "One\n===\n\ntwo b c\n"),
        ("## One", "One\n---\n"),
        ("- a\n- b\n  1. c\n\n> q\n> r", "• a\n• b\n  1. c\n\n> q\n> r\n"),
        ("3. a\n\n   more\n4. b", "3. a\n   more\n4. b\n"),
        ("[a](https://a.test) ![cat](x.png)", "a (https://a.test) [cat]\n"),
        ("```\nx\n  y\n```\n***", "    x\n      y\n\n* * *\n"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2\n"),
        ("-", "• \n"),
    ],
)
def test_plain_text_has_no_marks(markdown: str, text: str) -> None:
    assert plain_of(markdown) == text


def streams(pdf: bytes) -> bytes:
    """What is drawn: the typefaces keep letters of English where ASCII has them."""
    out = b""
    for found in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        one = found.strip()
        with contextlib.suppress(zlib.error, ValueError):  # typefaces
            out += zlib.decompress(base64.a85decode(one[:-2]) if one.endswith(b"~>") else one)
    return out


def test_a_pdf_has_title_headings_lists_and_page_numbers() -> None:
    pdf = pdf_of("Waves", "# The sea\n\nA **quiet** sea & <one> boat.\n\n- gull\n\n```\nx = 1\n```\n\n" + "More words.\n\n" * 60)
    assert pdf.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 3
    assert b"/Title (Waves)" in pdf
    assert len(re.findall(rb"/Title \(", pdf)) == 3  # of the document, and two bookmarks
    assert b"boat" in streams(pdf)


def test_a_pdf_of_one_text_is_always_the_same() -> None:
    assert pdf_of("A", "b") == pdf_of("A", "b")


HARD = {
    "nothing": "",
    "quotes": "> " * 15 + "x",
    "lists": "- " * 15 + "x",
    "a long word": "x" * 5000,
    "a long line of code": "```\n" + "y" * 3000 + "\n```",
    "an empty heading": "#",
    "a large number": "1000000000. x",
    "many columns": "| " + "a | " * 60 + "\n|" + "-|" * 60 + "\n|" + "b|" * 60,
    "a cell longer than a page": "|a|\n|-|\n|" + "long " * 3000 + "|",
    "a table in a list in a quote": "> - |a|b|\n>   |-|-|\n>   |c|d|",
    "marks across": "**a *b** c* ~~**_`x`_**~~ [](x) &lt;<b>&amp;",
    "letters of no typeface": "日本 مرحبا 😀 é ё",
}


@pytest.mark.parametrize("markdown", HARD.values(), ids=HARD)
def test_every_text_becomes_a_pdf(markdown: str) -> None:
    assert pdf_of("日本", markdown).startswith(b"%PDF-")


def test_what_a_pdf_cannot_show_is_known() -> None:
    assert unknown_in("Łódź, Вечер, Καλημέρα — “ok” → ✓") == []
    assert unknown_in("日本, مرحبا") == ["日", "本", "م", "ر", "ح", "ب", "ا"]


def told(before: str, after: str) -> str:
    signs = {"added": "+", "removed": "-", "same": " "}
    lines = []
    for line in changes(before, after).lines:
        marked = "".join(p.text if p.kind == "same" else f"[{signs[p.kind]}{p.text}]" for p in line.parts)
        lines.append(f"…{line.skipped}" if line.kind == "skipped" else marked)
    return "\n".join(lines)


def test_changes_are_told_by_lines_and_within_a_line_by_words() -> None:
    assert told("a\nthe quiet sea\nz", "a\nthe loud sea\nz\nnew") == "a\nthe [-quiet][+loud] sea\nz\n[+new]"
    assert told("one\ntwo", "three\ntwo") == "[-one]\n[+three]\ntwo"
    found = changes("the quiet sea", "the very loud sea")
    assert (found.words_added, found.words_removed) == (2, 1)
    assert not changes("a", "a")


def test_what_stayed_is_left_out_where_it_is_long() -> None:
    lines = [f"line {n}" for n in range(20)]
    after = [*lines[:10], "new", *lines[10:]]
    assert told("\n".join(lines), "\n".join(after)) == "…8\nline 8\nline 9\n[+new]\nline 10\nline 11\n…8"


@pytest.mark.parametrize(
    ("before", "after"),
    [("a\n" * 20000, "b\n" + "a\n" * 19000 + "c\na\nb"), ("a b " * 25000, "b a " * 25000)],
    ids=["equal lines", "one line"],
)
def test_two_long_texts_are_compared_in_moments(before: str, after: str) -> None:
    begun = time.process_time()
    changes(before, after)
    assert time.process_time() - begun < 2
