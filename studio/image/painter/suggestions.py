"""Four prompts that suit the painter, made from what it understood of this one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from studio.image.painter.words import Entry

# one or more endings for every way to draw; each stands after a few words of colour or scene
_WAYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("flow-field", ("in flowing ribbons, calm", "as wild currents along a diagonal")),
    ("voronoi", ("as stained glass", "in rounded pebbles, many and small")),
    ("stippling", ("as stippled dunes on the horizon", "as dotted moons")),
    ("reaction-diffusion", ("as a winding maze", "growing like coral branches, dense")),
    ("l-system", ("with trees in the mist", "as a wreath of ferns")),
    ("attractor", ("as glowing veils of chaos", "as a symmetric strange attractor")),
    ("cellular", ("in turning spirals", "as a woven tapestry")),
    ("domain-warp", ("as marbled ink on water", "as agate bands, soft")),
    ("circle-packing", ("in bubbles, scattered", "in big concentric rings")),
)

_SCENES = (
    "northern lights",
    "autumn forest",
    "deep sea",
    "desert sunset",
    "cherry blossom",
    "midnight blue and gold",
    "coral and teal",
    "winter dawn",
    "volcano",
    "lagoon",
    "indigo and cream",
    "starry night",
)


def suggest(prompt: str, wanted: Sequence[tuple[str, Entry]], used: Sequence[str]) -> tuple[str, ...]:
    """Exactly four; the painter understands every content word of each.

    `wanted` are the prompt's own words and entries: those that bring colours lead the suggestions.
    Ways to draw that the prompt already asks for (`used`) are left out.
    """
    turn = hashlib.sha256(prompt.casefold().encode("utf-8", "surrogatepass")).digest()
    own = list(
        dict.fromkeys(" ".join(text.split()) for text, entry in wanted if (entry.palette or entry.colour) and text.isascii())
    )
    leads = [" and ".join(own[:2])] if own else []
    offset = turn[0] % len(_SCENES)
    while len(leads) < 4:
        leads.append(leads[0] if own and len(leads) < 3 else _SCENES[(offset + 5 * len(leads)) % len(_SCENES)])
    ways = [way for way in _WAYS if way[0] not in used] if len(used) <= 4 else list(_WAYS)
    start, step = turn[1] % len(ways), 2 if len(ways) % 2 else 3
    picked = [ways[(start + step * index) % len(ways)] for index in range(4)]
    return tuple(
        f"{lead} {endings[turn[2 + index] % len(endings)]}"
        for index, (lead, (_, endings)) in enumerate(zip(leads, picked, strict=True))
    )
