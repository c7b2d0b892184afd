"""The prompt box: what it offers, and its fields as parameters of `image.generate`."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from ij8.core.errors import Invalid

SHAPES = {"square": (1, 1), "portrait": (3, 4), "landscape": (4, 3), "wide": (16, 9)}
SIZES = (512, 768, 1024, 1536, 2048)
COUNTS = tuple(range(1, 9))
STARTERS = (  # the built-in painter understands every word of these
    "quiet sea at evening, gold and deep blue",
    "northern lights over snow",
    "spring garden, many small flowers",
    "desert dunes in warm wind",
)
GRAIN_PX = 8  # models work in blocks of this
DEFAULTS: dict[str, Any] = {"prompt": "", "negative_prompt": "", "shape": "square", "size": 1024, "count": 1, "seed": ""}


@dataclass(frozen=True)
class PromptBox:
    """What `studio/_prompt.html` draws. `values` hold every field, as typed or as the last turn had them."""

    models: list[dict[str, Any]]
    values: dict[str, Any]
    dedupe_key: str = field(default_factory=lambda: str(uuid.uuid4()))
    is_open: bool = False
    sizes: tuple[int, ...] = SIZES
    counts: tuple[int, ...] = COUNTS


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
    width, height = params.get("width", 1024), params.get("height", 1024)
    return {
        **DEFAULTS,
        "negative_prompt": params.get("negative_prompt", ""),
        "shape": shape_of(width, height),
        "size": min(SIZES, key=lambda px: abs(px - max(width, height))),
        "count": params.get("count", 1),
        "model": params.get("model", ""),
    }


def params_of(data: Mapping[str, str]) -> dict[str, Any]:
    """The posted fields as parameters. `Invalid` names a field that is no choice or no number; ranges are the service's."""
    shape, size = data.get("shape", "square"), _whole(data, "size", _("Longer side")) or 1024
    if shape not in SHAPES:
        raise Invalid(_("Choose one of the shapes."), field="shape", allowed=", ".join(SHAPES))
    width, height = sides(shape, size)
    params: dict[str, Any] = {
        "model": data.get("model", ""),
        "prompt": data.get("prompt", "").strip(),
        "width": width,
        "height": height,
        "count": _whole(data, "count", _("How many")) or 1,
    }
    if not params["prompt"]:
        raise Invalid(_("Type a few words first."), field="prompt")
    if left_out := data.get("negative_prompt", "").strip():
        params["negative_prompt"] = left_out
    if (seed := _whole(data, "seed", _("Seed"))) is not None:
        params["seed"] = seed
    return params


def _whole(data: Mapping[str, str], name: str, label: str) -> int | None:
    text = data.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        raise Invalid(_("%(label)s: write a whole number.") % {"label": label}, field=name, allowed=_("digits only"))
    return int(text)
