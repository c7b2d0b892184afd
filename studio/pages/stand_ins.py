"""Says openly that another provider made a picture, or answered, than the one that was asked."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from ij8.ai.language.voices import provider_of
from ij8.ai.providers import PROVIDERS
from ij8.core.errors import Busy


def stand_in_words(works: Iterable[dict[str, Any] | None]) -> str:
    """Of the works of one turn, as the API shows them; "" where each was made by the model that was asked."""
    for work in works:
        notes = work["meta"]["notes"] if work else {}
        if notes.get("asked_model"):
            told = {"asked": notes.get("asked_name", ""), "status": notes.get("status", ""), "model": notes.get("made_name", "")}
            return _("%(asked)s was overloaded (%(status)s), so %(model)s made it instead.") % told
    return ""


def answered_instead(heard: Iterable[dict[str, Any]]) -> list[str]:
    """Of the rounds of one turn of talk as its step log keeps them; each sentence once."""
    found: dict[str, None] = {}
    for by in (one.get("by") or {} for one in heard):
        for model, code in by.get("instead_of", []):
            told = {"asked": PROVIDERS[provider_of(model)].facts.label, "who": by["label"]}
            was_busy = _("%(asked)s was overloaded, so %(who)s answered instead.")
            did_not = _("%(asked)s did not answer, so %(who)s answered instead.")
            found[(was_busy if code == Busy.code else did_not) % told] = None
    return list(found)
