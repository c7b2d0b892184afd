"""The prompt box: what it offers, and its fields as parameters of `image.generate`."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from ij8.core.errors import Invalid
from studio.models import Artifact
from studio.pages.model_picker import ModelChoice, Picker
from studio.pages.model_pool import pool_in

SHAPES = {"square": (1, 1), "portrait": (3, 4), "landscape": (4, 3), "wide": (16, 9)}
EXACT = "exact"  # a shape of its own: the posted width and height as they are
SIZES = (512, 768, 1024, 1536, 2048)
COUNTS = tuple(range(1, 9))
STARTERS = (  # the built-in painter understands every word of these
    "quiet sea at evening, gold and deep blue",
    "northern lights over snow",
    "spring garden, many small flowers",
    "desert dunes in warm wind",
)
GRAIN_PX = 8  # models work in blocks of this
DEFAULTS: dict[str, Any] = {
    "prompt": "", "negative_prompt": "", "shape": "square", "size": 1024, "count": 1, "seed": "", "steps": "", "cfg": "",
    "width": "", "height": "", "quality": "", "pool": (), "pool_by": "turn",
}  # fmt: skip


@dataclass(frozen=True)
class PromptBox:
    """What `studio/_prompt.html` and `studio/_settings.html` draw. `values` hold every field, as typed or as last used.

    `estimate` says in words what one Make costs; `advice`: what would cost far less (studio.pages.advice).
    `is_simple` leaves out All settings; `is_open` shows them.
    """

    picker: Picker
    model: ModelChoice | None
    values: dict[str, Any]
    estimate: str = ""
    advice: dict[str, Any] | None = None
    dedupe_key: str = field(default_factory=lambda: str(uuid.uuid4()))
    is_open: bool = False
    is_simple: bool = False
    sizes: tuple[int, ...] = SIZES
    counts: tuple[int, ...] = COUNTS

    @property
    def supports(self) -> str:
        """What the chosen model has, as the scripts read it."""
        return " ".join(self.model.supports) if self.model else ""


def sides(shape: str, size: int) -> tuple[int, int]:
    """Width and height in px of a shape whose longer side is `size`."""
    across, down = SHAPES[shape]
    longer = max(across, down)
    return tuple(round(size * side / longer / GRAIN_PX) * GRAIN_PX for side in (across, down))  # type: ignore[return-value]


def shape_of(width: int, height: int) -> str:
    """The shape nearest to these sides."""
    return min(SHAPES, key=lambda name: abs(SHAPES[name][0] / SHAPES[name][1] - width / height))


def values_of(params: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that would ask for `params` again; the seed is left to chance, the words to the person."""
    width, height = int(params.get("width", 1024)), int(params.get("height", 1024))
    shape = shape_of(width, height)
    size = min(SIZES, key=lambda px: abs(px - max(width, height)))
    return {
        **DEFAULTS,
        "negative_prompt": params.get("negative_prompt", ""),
        "shape": shape if sides(shape, size) == (width, height) else EXACT,
        "size": size,
        "width": width,
        "height": height,
        "count": params.get("count", 1),
        "steps": params.get("steps", ""),
        "cfg": params.get("cfg", ""),
        "quality": params.get("quality", ""),
        "pool": params.get("pool", ()),
        "pool_by": params.get("pool_by", "turn"),
        "model": params.get("model", ""),
    }


def again_of(params: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that make the same picture again: words and seed too, and how many is left as it is."""
    values = {**values_of(params), "prompt": params.get("prompt", ""), "seed": params.get("seed", "")}
    return {name: value for name, value in values.items() if name not in ("count", "pool", "pool_by")}


def again_json(params: Mapping[str, Any]) -> str:
    """As `again_of`, for scripts."""
    return json.dumps(again_of(params))


def again_params(artifact: Artifact) -> dict[str, Any]:
    """The parameters of a work as it was made: one picture, its own words and seed."""
    meta = artifact.meta
    return {"prompt": artifact.prompt, "model": meta.get("model", ""), "seed": meta.get("seed", ""), **meta.get("params", {})}


def params_of(data: Mapping[str, str], *, only_simple: bool = False, model: str = "") -> dict[str, Any]:
    """The posted fields as parameters. `Invalid` names a field that is no choice or no number; ranges are the service's.

    `only_simple` reads words, shape and how many alone; `model` is used where none was posted.
    """
    if only_simple:
        data = {name: data[name] for name in ("prompt", "shape", "count") if name in data}
    width, height = _sides_of(data)
    params: dict[str, Any] = {
        "model": data.get("model", "") or model,
        "prompt": data.get("prompt", "").strip(),
        "width": width,
        "height": height,
        "count": _whole(data, "count", _("How many")) or 1,
    }
    if not params["prompt"]:
        raise Invalid(_("Type a few words first."), field="prompt")
    if left_out := data.get("negative_prompt", "").strip():
        params["negative_prompt"] = left_out
    for name, label in (("seed", _("Seed")), ("steps", _("Steps"))):
        if (number := _whole(data, name, label)) is not None:
            params[name] = number
    if quality := data.get("quality", "").strip():
        params["quality"] = quality
    params |= pool_in(data)
    if (cfg := _number(data, "cfg", _("How closely"))) is not None:
        params["cfg"] = cfg
    return params


def _sides_of(data: Mapping[str, str]) -> tuple[int, int]:
    shape, size = data.get("shape", "square"), _whole(data, "size", _("Longer side")) or 1024
    if shape == EXACT:
        return _whole(data, "width", _("Width")) or size, _whole(data, "height", _("Height")) or size
    if shape not in SHAPES:
        raise Invalid(_("Choose one of the shapes."), field="shape", allowed=", ".join(SHAPES))
    return sides(shape, size)


def _whole(data: Mapping[str, str], name: str, label: str) -> int | None:
    text = data.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        raise Invalid(_("%(label)s: write a whole number.") % {"label": label}, field=name, allowed=_("digits only"))
    return int(text)


def _number(data: Mapping[str, str], name: str, label: str) -> float | None:
    """Digits with at most one point or comma."""
    text = data.get(name, "").strip().replace(",", ".")
    if not text:
        return None
    if not (text.isascii() and text.replace(".", "", 1).isdigit() and len(text) <= 16):
        raise Invalid(_("%(label)s: write a number.") % {"label": label}, field=name, allowed=_("digits and a point"))
    return float(text)
