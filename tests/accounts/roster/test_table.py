"""Files as schools really have them, and files that are none."""

import csv
import io

import pytest

from ij8.accounts.roster import table
from ij8.accounts.roster.cells import escaped, unescaped
from ij8.accounts.roster.table import read_table
from ij8.core.errors import Invalid, TooLarge

HEAD = "username,name,class\n"


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("utf-8", "Zoë Łukasz 山田 Иван"),
        ("utf-8-sig", "Zoë"),
        ("utf-16", "Zoë 山田"),
        ("utf-16-le", "Zoë"),
        ("utf-16-be", "Zoë"),
        ("utf-32", "Zoë"),
        ("cp1252", "Zoë Müller-Groß O’Brien"),
        ("cp1250", "Łukasz Żółć"),
        ("cp1251", "Иванов Пётр"),
        ("shift_jis", "山田太郎"),
    ],
)
def test_the_usual_encodings_are_found_out(encoding: str, names: str) -> None:
    read = read_table(f"{HEAD}x,{names},6b\ny,Plain,6b\n".encode(encoding))
    assert [row.name for row in read.rows] == [names, "Plain"]


@pytest.mark.parametrize(
    ("encoding", "name"), [("cp1254", "Ayşe Yılmaz"), ("cp1253", "Γιώργος Παπαδόπουλος"), ("mac_roman", "Zoë Müller")]
)
def test_who_knows_better_may_say_the_encoding(encoding: str, name: str) -> None:
    """A few letters are too little to tell these from their relatives."""
    data = f"{HEAD}x,{name},6b\n".encode(encoding)
    assert read_table(data).rows[0].name != name
    assert read_table(data, encoding).rows[0].name == name


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_any_usual_sign_separates(delimiter: str, ends: str) -> None:
    lines = ["username,name,class", "mia,Mia,6b", "", '"noah","Noah, Leo","6b"']
    parts = [next(csv.reader([line])) if line else [] for line in lines]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=ends).writerows(parts)
    rows = read_table(out.getvalue().encode()).rows
    assert [(row.line, row.username, row.name) for row in rows] == [(2, "mia", "Mia"), (4, "noah", "Noah, Leo")]


def test_columns_come_in_any_order_and_under_their_usual_names() -> None:
    read = read_table(
        "Klasse;Nachname;Vorname;Geschlecht;E-Mail-Adresse;Anmeldename;Rolle;Altersgruppe\n"
        "6b; Groß ;Zoë;w;ZOE@Linden.test;ZoeG;Schüler;13–15\n".encode()
    )
    row = read.rows[0]
    assert (row.name, row.email, row.username, row.role, row.age_band) == (
        "Zoë Groß",
        "zoe@linden.test",
        "zoeg",
        "student",
        "13_15",
    )
    assert row.classes == [("6b", "student")]
    assert read.unused == ["Geschlecht"]


def test_an_address_in_the_column_of_logins_is_an_address() -> None:
    row = read_table(b"login,name\nmia@linden.test,Mia\n").rows[0]
    assert (row.username, row.email) == ("", "mia@linden.test")


def test_several_classes_stand_in_one_cell_or_in_several_columns() -> None:
    rows = read_table(b'username,class,class\nmia,"6b; 7a|8c",Art\n').rows
    assert [name for name, _ in rows[0].classes] == ["6b", "7a", "8c", "Art"]


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "empty_file", "empty"),
        (b"  \n\n", "empty_file", "empty"),
        (b"username,name\n", "empty_file", "nobody below"),
        (b"name,class\nMia,6b\n", "column_missing", "The first row has: name, class."),
        (b"username,login\nmia,mia\n", "column_twice", "username"),
        (b'username,name\nmia,Mia\nnoah,"Noah\nleo,Leo\n', "unreadable_file", "Row 3"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "unreadable_file", "cannot be read as text"),
        (b"PK\x03\x04\x14\x00", "unreadable_file", "save it as CSV"),
        (b"\xff\xfeu\x00s", "unreadable_file", "cannot be read as text"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(data: bytes, code: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_table(data)
    assert (refused.value.code, refused.value.extra["field"]) == (code, "file")
    assert words in refused.value.message


def test_a_hundred_thousand_rows_are_refused_before_they_are_all_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = (HEAD + "".join(f"pupil{n},Pupil {n},6b\n" for n in range(100_000))).encode()
    monkeypatch.setattr(table, "MOST_ROWS", 2_000)
    seen: list[int] = []
    real = table._row
    monkeypatch.setattr(table, "_row", lambda line, *rest: seen.append(line) or real(line, *rest))
    with pytest.raises(TooLarge) as refused:
        read_table(data)
    assert refused.value.code == "too_many_rows"
    assert "2,000 rows" in refused.value.message
    assert len(seen) == 2_000
    with pytest.raises(TooLarge):
        read_table(b"x" * (table.MOST_BYTES + 1))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (",Mia,,", "no_key"),
        ("a b,Mia,,", "username_signs"),
        ("=1+1,Mia,,", "formula"),
        ('mia,"=HYPERLINK(""x"")",,', "formula"),
        ("mia,Mia,headmistress,", "role_unknown"),
        ("mia,Mia,student,12 years", "band_unknown"),
        ("mia@nowhere,Mia,,", "email_wrong"),
        (f"mia,{'x' * 121},,", "too_long"),
        (f"{'x' * 61},Mia,,", "too_long"),
        ("mia,Mia,,,extra", "too_many_cells"),
    ],
)
def test_what_is_wrong_with_a_row_stands_at_the_row(line: str, code: str) -> None:
    rows = read_table(f"username,name,role,age band\nnoah,Noah,,\n{line}\n".encode()).rows
    assert rows[0].problems == []
    assert (rows[1].line, code in [problem.code for problem in rows[1].problems]) == (3, True)


@pytest.mark.parametrize("text", ["=1", "+49", "-x", "@a", "\tx", "'=1", "''=1", "'t Hooft", "O'Brien", "Mia", "", "'", "x=1"])
def test_what_is_escaped_for_spreadsheets_comes_back_as_it_was(text: str) -> None:
    assert unescaped(escaped(text)) == text
    assert not escaped(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_hidden_and_turning_signs_are_taken_out_of_names() -> None:
    assert read_table("username,name\nmia,\u202eMia\u200b  Lind\n".encode()).rows[0].name == "Mia Lind"
