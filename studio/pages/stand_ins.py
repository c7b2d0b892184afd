"""Says openly that another provider made a picture than the one that was asked."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _


def stand_in_words(works: Iterable[dict[str, Any] | None]) -> str:
    """Of the works of one turn, as the API shows them; "" where each was made by the model that was asked."""
    for work in works:
        notes = work["meta"]["notes"] if work else {}
        if notes.get("asked_model"):
            told = {"asked": notes.get("asked_name", ""), "status": notes.get("status", ""), "model": notes.get("made_name", "")}
            return _("%(asked)s was overloaded (%(status)s), so %(model)s made it instead.") % told
    return ""
