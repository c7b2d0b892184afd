"""The metadata panel: how a work came to be, in words and numbers, complete enough to make it again."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from studio.artifacts.meta import GenerationMeta
from studio.artifacts.telling import way_words
from studio.models import Artifact, Backend
from studio.pages.present import when_words

SHOWN_ELSEWHERE = {"model", "seed", "prompt", "width", "height", "count"}
Fact = dict[str, Any]


def facts_of(artifact: Artifact) -> list[Fact]:
    """Name and value of each fact that is known; `is_code` for identifiers."""
    meta = GenerationMeta.model_validate(artifact.meta)
    facts = [
        _fact(_("Made"), when_words(artifact.created)),
        _fact(_("Model"), meta.model, is_code=True),
        _fact(_("Ran on"), place_words_of(meta.backend)),
        _fact(_("Seed"), meta.seed, is_code=True),
        _fact(_("Size"), _sides(artifact)),
        _fact(_("Took"), _seconds(meta.duration_s)),
        _fact(_("Length"), _seconds(artifact.duration_s)),
        _fact(_("File"), f"{artifact.content_type}, {file_size(artifact.size_bytes)}"),
        _fact(_("Brought in as"), meta.file_name),
        _fact(_("Came by"), way_words(artifact.meta)),
    ]
    facts += [_fact(_label(name), value) for name, value in meta.params.items() if name not in SHOWN_ELSEWHERE]
    facts += [_fact(_label(name), value) for name, value in told(meta.notes).items()]
    return [fact for fact in facts if fact["value"] not in (None, "", [])]


def _sides(artifact: Artifact) -> str:
    """Of a text only the small picture has any."""
    return f"{artifact.width_px} × {artifact.height_px} px" if artifact.width_px and artifact.medium != "text" else ""


def told(notes: dict[str, Any]) -> dict[str, Any]:
    """What the engine says about its work that nothing above has said."""
    return {name: value for name, value in notes.items() if name not in SHOWN_ELSEWHERE and isinstance(value, str | int | float)}


def place_words_of(slug: str) -> str:
    """Like "Built-in painter (cpu), local"; a place that is gone keeps its slug. One query."""
    if not slug:
        return ""
    backend = Backend.objects.filter(slug=slug).first()
    if backend is None:
        return slug
    where = _("local") if backend.is_local else _("remote")
    return f"{backend.name} ({slug}), {where}"


def _fact(name: str, value: object, *, is_code: bool = False) -> Fact:
    return {"name": name, "value": value, "is_code": is_code}


def _label(name: str) -> str:
    """A parameter's own name, readable: "negative_prompt" becomes "Negative prompt"."""
    return name.replace("_", " ").capitalize()


def _seconds(duration_s: float | None) -> str:
    return "" if duration_s is None else _("%(n)s s") % {"n": number_format(duration_s, 1)}


def file_size(size_bytes: int) -> str:
    """Like "1.4 MB"; decimal units, as file managers and mail programs count."""
    if size_bytes < 1000:
        return _("%(n)d bytes") % {"n": size_bytes}
    if size_bytes < 1_000_000:
        return _("%(n)s kB") % {"n": number_format(size_bytes / 1000, 0)}
    return _("%(n)s MB") % {"n": number_format(size_bytes / 1_000_000, 1)}
