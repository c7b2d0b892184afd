"""One cell: cleaned, and kept from acting as a formula in somebody's spreadsheet."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from ij8.accounts.people.names import LONGEST_NAME, LONGEST_USERNAME, clean_username, one_line
from ij8.accounts.roster.shapes import Problem
from ij8.core.errors import Invalid

FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST = {"username": LONGEST_USERNAME, "name": LONGEST_NAME, "email": 254, "class": 120}


def escaped(text: str) -> str:
    """For export: a spreadsheet takes a leading apostrophe as "this is text". Undone by `unescaped`, exactly."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def unescaped(text: str) -> str:
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text


def is_formula(raw: str) -> bool:
    """Whether a spreadsheet would have computed this cell. Other signs begin honest texts too, such as +1 or -."""
    return raw.lstrip().startswith("=")


def clean(raw: str) -> str:
    """One line without signs that hide or turn what stands beside them."""
    text = unescaped(raw.strip(" \u00a0\r\n")).replace("\t", " ")
    return " ".join(text.split()) if text.isascii() and text.isprintable() else one_line(text)


def length_problem(column: str, text: str) -> Problem | None:
    longest = LONGEST[column]
    return Problem(code="too_long", params={"column": column, "most": longest}) if len(text) > longest else None


def username_problem(username: str) -> Problem | None:
    try:
        clean_username(username)
    except Invalid:
        return Problem(code="username_signs", params={"value": username[:60]})
    return None


def email_problem(email: str) -> Problem | None:
    try:
        validate_email(email)
    except ValidationError:
        return Problem(code="email_wrong", params={"value": email[:80]})
    return None
