"""Lines of a table to save, which no program for tables takes for formulas."""

import csv
import io
from collections.abc import Iterable

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
BOM = "\ufeff"  # or Excel reads UTF-8 as something else


def csv_head(names: Iterable[object]) -> bytes:
    """The first line, with the mark that tells the encoding."""
    return BOM.encode() + csv_line(names)


def csv_line(values: Iterable[object]) -> bytes:
    """Numbers stay numbers, also below zero; a text that begins like a formula gets an apostrophe before it."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([_safe(value) for value in values])
    return out.getvalue().encode()


def _safe(value: object) -> object:
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
