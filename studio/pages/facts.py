"""The metadata panel: how a work came to be, in words and numbers, complete enough to make it again."""

from typing import Any

from django.utils.translation import gettext as _

from studio.artifacts.meta import GenerationMeta
from studio.media import MEDIA
from studio.models import Artifact
from studio.pages.present import when_words

SHOWN_ELSEWHERE = {"model", "seed", "prompt", "width", "height", "count"}
Fact = dict[str, Any]


def facts_of(artifact: Artifact) -> list[Fact]:
    """Name and value of each fact that is known; `is_code` for identifiers."""
    meta = GenerationMeta.model_validate(artifact.meta)
    facts = [
        _fact(_("Made"), when_words(artifact.created)),
        _fact(_("Kind"), str(MEDIA[artifact.medium].label)),
        _fact(_("Model"), meta.model, is_code=True),
        _fact(_("Ran on"), meta.backend, is_code=True),
        _fact(_("Seed"), meta.seed, is_code=True),
        _fact(_("Size"), f"{artifact.width_px} × {artifact.height_px} px" if artifact.width_px else None),
        _fact(_("Took"), f"{meta.duration_s:.1f} s" if meta.duration_s is not None else None),
        _fact(_("Length"), f"{artifact.duration_s:.1f} s" if artifact.duration_s is not None else None),
        _fact(_("File"), f"{artifact.content_type}, {file_size(artifact.size_bytes)}"),
        _fact(_("Uploaded as"), meta.file_name),
    ]
    facts += [_fact(_label(name), value) for name, value in meta.params.items() if name not in SHOWN_ELSEWHERE]
    facts += [_fact(_label(name), value) for name, value in meta.notes.items() if isinstance(value, str | int | float)]
    return [fact for fact in facts if fact["value"] not in (None, "")]


def _fact(name: str, value: object, *, is_code: bool = False) -> Fact:
    return {"name": name, "value": value, "is_code": is_code}


def _label(name: str) -> str:
    """A parameter's own name, readable: "negative_prompt" becomes "Negative prompt"."""
    return name.replace("_", " ").capitalize()


def file_size(size_bytes: int) -> str:
    """Like "1.4 MB"; decimal units, as file managers and mail programs count."""
    if size_bytes < 1000:
        return _("%(n)d bytes") % {"n": size_bytes}
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1000:.0f} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"
