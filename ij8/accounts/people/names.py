"""What a person may be called: one line of readable text, and a username that a child can type."""

import re
import unicodedata

from django.utils.translation import gettext as _

from ij8.core.errors import Invalid

LONGEST_NAME, LONGEST_USERNAME = 120, 60
_USERNAME = re.compile(r"\w[\w.\-]*")


def one_line(typed: str) -> str:
    """Signs that turn or hide what stands beside a name are taken out, and white space is made single."""
    shown = unicodedata.normalize("NFC", typed)
    return " ".join("".join(sign for sign in shown if unicodedata.category(sign) not in ("Cc", "Cf", "Cs")).split())


def clean_name(typed: str, *, field: str = "name", longest: int = LONGEST_NAME) -> str:
    name = one_line(typed)
    if not name or len(name) > longest:
        raise Invalid(_("Write a name of at least one letter."), field=field, allowed=f"1 to {longest} characters")
    return name


def clean_username(typed: str) -> str:
    """Lower case, so that a child need not think of it; letters and digits of any script, dots and dashes."""
    username = unicodedata.normalize("NFKC", typed).strip().lower()
    if not _USERNAME.fullmatch(username) or len(username) > LONGEST_USERNAME:
        raise Invalid(
            _("A username has letters, digits, dots and dashes, and begins with a letter or digit."),
            field="username",
            allowed=f"1 to {LONGEST_USERNAME} characters",
        )
    return username
