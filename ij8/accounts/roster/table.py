"""The text of a table as Rows: which sign separates, what the columns mean, and each line cleaned."""

import csv
import io
import unicodedata
from collections.abc import Iterator

from django.utils.translation import gettext as _

from ij8.accounts.roster import cells
from ij8.accounts.roster.columns import band_of, head_of, role_of
from ij8.accounts.roster.decoding import decode
from ij8.accounts.roster.shapes import Problem, Read, Row
from ij8.core.errors import Invalid, TooLarge

MOST_ROWS = 20_000
MOST_BYTES = 8_000_000
DELIMITERS = (",", ";", "\t", "|")
SHOWN_HEADS = 8
CSV_NAMES = {",": ",", ";": ";", "\t": "Tab", "|": "|"}


def read_table(data: bytes, encoding: str = "") -> Read:
    """`Invalid` or `TooLarge`, in words, when the whole file cannot be used. What is wrong with a row stands in the row."""
    if len(data) > MOST_BYTES:
        raise TooLarge(_too_many(), field="file", allowed=_("at most %(n)d MB") % {"n": MOST_BYTES // 1_000_000})
    text, found = decode(data, encoding)
    if not text.strip():
        raise _wrong(_("This file is empty. Write one person into each line, below the heads of the columns."), "empty_file")
    delimiter = _delimiter(text)
    lines = _lines(text, delimiter)
    heads = next(lines)[1]
    columns = [head_of(head) for head in heads]
    _check_columns(heads, columns)
    rows = list(_rows(lines, columns, delimiter))
    if not rows:
        raise _wrong(_("There are heads in this file, but nobody below them."), "empty_file")
    unused = [cells.clean(head) for head, column in zip(heads, columns, strict=True) if not column and head.strip()]
    return Read(
        rows=rows,
        columns=sorted(set(filter(None, columns))),
        unused=unused[:SHOWN_HEADS],
        encoding=found,
        delimiter=CSV_NAMES[delimiter],
    )


def _delimiter(text: str) -> str:
    """The one by which the first line has most heads that we know, then most heads."""
    first = next(line for line in text.splitlines() if line.strip())

    def heads(delimiter: str) -> tuple[int, int]:
        found = next(csv.reader([first], delimiter=delimiter), [])
        return sum(bool(head_of(head)) for head in found), len(found)

    return max(DELIMITERS, key=heads)


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(number of the line as an editor counts it, its cells) of lines that say anything."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for line in reader:
            if any(cell.strip() for cell in line):
                yield begins, line
            begins = reader.line_num + 1
    except csv.Error:
        words = _("Row %(line)d or one below it has a quotation mark too many or too few. Mend it and send the file again.")
        raise _wrong(words % {"line": begins}, "unreadable_file") from None


def _check_columns(heads: list[str], columns: list[str]) -> None:
    known = [column for column in columns if column]
    if "username" not in known and "email" not in known:
        words = _("A column username or email is missing. The first row has: %(heads)s.")
        shown = ", ".join(cells.clean(head)[:40] or "–" for head in heads[:SHOWN_HEADS])
        raise _wrong(words % {"heads": shown}, "column_missing")
    twice = sorted({column for column in known if known.count(column) > 1 and column != "class"})
    if twice:
        words = _("Two columns are both taken as %(column)s. Rename or remove one of them.")
        raise _wrong(words % {"column": twice[0]}, "column_twice")


def _rows(lines: Iterator[tuple[int, list[str]]], columns: list[str], delimiter: str) -> Iterator[Row]:
    for count, (line, found) in enumerate(lines, 1):
        if count > MOST_ROWS:
            raise TooLarge(_too_many(), field="file", code="too_many_rows", allowed=_("at most %(n)d rows") % {"n": MOST_ROWS})
        yield _row(line, found, columns, delimiter)


def _row(line: int, found: list[str], columns: list[str], delimiter: str) -> Row:
    problems = []
    if any(cell.strip() for cell in found[len(columns) :]):
        problems.append(Problem(code="too_many_cells", params={"delimiter": CSV_NAMES[delimiter]}))
    said: dict[str, str] = {}
    for column, raw in zip(columns, found, strict=False):
        if not column or not raw.strip():
            continue
        if cells.is_formula(raw):
            problems.append(Problem(code="formula", params={"value": cells.clean(raw)[:60]}))
        elif column == "class":
            said["class"] = f"{said['class']};{raw}" if "class" in said else raw
        else:
            said[column] = cells.clean(raw)
    return _filled(Row(line=line, problems=problems), said)


def _filled(row: Row, said: dict[str, str]) -> Row:
    username, email = said.get("username", ""), said.get("email", "").lower()
    if "@" in username and not email:  # schools often head the addresses as logins
        username, email = "", username.lower()
    row.username, row.email = unicodedata.normalize("NFKC", username).lower(), email
    row.name = said.get("name") or " ".join(filter(None, (said.get("first_name"), said.get("last_name"))))
    checks = (
        username and (cells.length_problem("username", username) or cells.username_problem(username)),
        email and (cells.length_problem("email", email) or cells.email_problem(email)),
        row.name and cells.length_problem("name", row.name),
        None if username or email or row.problems else Problem(code="no_key"),
    )
    row.problems += [problem for problem in checks if problem]
    role, cohort_role = _role(row, said.get("role", ""))
    row.role = role
    row.classes = [(name, cohort_role) for name in _classes(row, said.get("class", ""))]
    if given := said.get("age_band", ""):
        band = band_of(given)
        row.age_band = band or ""
        if band is None:
            row.problems.append(Problem(code="band_unknown", params={"value": given[:60]}))
    return row


def _role(row: Row, given: str) -> tuple[str, str]:
    if not given:
        return "", ""
    if (found := role_of(given)) is None:
        row.problems.append(Problem(code="role_unknown", params={"value": given[:60]}))
        return "", ""
    return found


def _classes(row: Row, given: str) -> list[str]:
    """Several in one cell stand between semicolons, bars or line ends."""
    parts = given.replace("|", ";").replace("\n", ";").split(";")
    names = list(dict.fromkeys(filter(None, map(cells.clean, parts))))
    row.problems += [problem for name in names if (problem := cells.length_problem("class", name))]
    return names


def _too_many() -> str:
    return _("This list is too long to be brought in at once. Split it into files of at most %(n)s rows.") % {
        "n": f"{MOST_ROWS:,}"
    }


def _wrong(words: str, code: str) -> Invalid:
    return Invalid(words, field="file", code=code, allowed=_("a CSV file with a head and one person in each row"))
