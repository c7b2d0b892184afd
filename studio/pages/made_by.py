"""What made a version or a work, in a few words."""

from typing import Any

from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ij8.core.marked import told
from studio.models import Artifact
from studio.operations import OPERATIONS

LONGEST = 60
_WORDS: dict[str, str | Promise] = {
    "image.generate": gettext_lazy("Made from words"),
    "image.edit": gettext_lazy("Edit by words"),
    "image.from_drawing": gettext_lazy("Made from a drawing"),
    "work.bring": gettext_lazy("Brought from an address"),
    "work.upload": gettext_lazy("Brought in"),
    "text.write": gettext_lazy("Written"),
    "text.restore": gettext_lazy("An earlier text again"),
    "draw": gettext_lazy("Drawn"),
}


def made_words(operation: str, source: str) -> str:
    """Like "Edit by words". What an operation says of itself where it is not known here."""
    if operation in _WORDS:
        return str(_WORDS[operation])
    if operation in OPERATIONS:
        return told(OPERATIONS[operation].summary)
    if operation:
        return operation
    return {Artifact.Source.UPLOADED: _("Brought in"), Artifact.Source.MADE: _("Made by hand")}.get(
        Artifact.Source(source), _("Generated")
    )


def asked_words(meta: dict[str, Any], prompt: str) -> str:
    """What was asked of a model, or the name of the file that was brought, cut; "" where there is neither."""
    params = meta.get("params") or {}
    said = params.get("prompt") or prompt or meta.get("file_name", "")
    return Truncator(" ".join(str(said).split())).chars(LONGEST)
