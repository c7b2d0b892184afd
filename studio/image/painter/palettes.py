"""The curated palettes, and how colours named in a prompt become one. No NumPy here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from studio.image.painter.oklab import Lch, distance, from_hex, hue_distance, to_hex


@dataclass(frozen=True)
class Palette:
    """Colours as "#rrggbb". `ground` is the paper, `inks` (3 to 7) are painted on it, `accent` is rare."""

    name: str
    says: str
    ground: str
    inks: tuple[str, ...]
    accent: str

    @property
    def is_dark(self) -> bool:
        """Whether the ground is dark, so that light is added to it rather than ink."""
        return from_hex(self.ground).light < 0.5


def _row(name: str, says: str, ground: str, inks: str, accent: str) -> Palette:
    return Palette(name, says, f"#{ground}", tuple(f"#{ink}" for ink in inks.split()), f"#{accent}")


PALETTES: dict[str, Palette] = {
    palette.name: palette
    for palette in (
        _row("autumn", "russet, amber and bark brown", "f4e8d3", "3a2019 7c2f1b b84a1e dc8a2a ecc36b 8a7a3c", "2f5653"),
        _row(
            "spring", "fresh greens, blossom pink and pale sky", "f8f4e6", "3f6b3d 7fa650 b9cf7a f2b8c0 e27d94 a9d3dc", "f0b429"
        ),
        _row("summer", "sun yellow, poppy red and clear blue", "fdf3dc", "1f5f8b 3fa0c4 f6c445 f08a3c e2503f 5c9a5b", "ffffff"),
        _row("winter", "ice blue, slate and snow white", "f3f6f8", "1f3447 46647f 86a5bd b9d0de 9a8f9e 5d6a78", "b5533c"),
        _row("ocean", "deep sea blues and green foam", "0b1f2e", "0f3b57 17607c 2f93a0 74c3b8 cbe8d9 1b4a6b", "f2b56b"),
        _row("lagoon", "turquoise, shallow green and warm sand", "f6eddc", "0d5c63 168a8c 43b6a6 93d6c0 e3c896 2c4a5a", "ee7b5a"),
        _row("forest", "moss, fern and dark pine", "eee9d6", "1b2d22 2f4d34 557541 8b9d57 c0bf83 5b4330", "d8763a"),
        _row("jungle", "lush greens with hot flowers", "0f2118", "1d4a2c 2f7a3f 6bab42 c4d65a 12695e e3553f", "f7b32b"),
        _row("desert", "sand, terracotta and dusk violet", "f5e3c8", "5c2e2a a14a32 d07f4d e8b37c c9a27e 6f5a78", "2f7f86"),
        _row("fire", "glowing reds, orange and ember black", "1a0f0d", "4a120e 8f1d12 d03a15 f2771d fbb53c ffe39a", "5aa9c2"),
        _row(
            "sunset",
            "coral, rose and violet with a low gold sun",
            "2a1a3a",
            "4b2a5e 8c3a6b cf4f63 f17f57 f9b66a fde0a0",
            "8fd3e0",
        ),
        _row("dawn", "peach, rose and first light blue", "fbeee3", "6d6a93 a48fb0 dba6a8 f2bfa0 f8dcb4 8fb4c9", "d9694f"),
        _row("night", "midnight blue, indigo and star silver", "0b1024", "1a2350 2d3f7f 5566a8 8f9fd0 d5dcf0 3d2c66", "f6d88a"),
        _row("aurora", "green and violet light on polar night", "07141f", "0f3b40 158a6b 43d39a a8f0c0 5b4aa5 a569c4", "f0f7da"),
        _row(
            "galaxy", "violet nebula, magenta dust and starlight", "0c0818", "2a1653 54298c 9238a8 d65aa6 f5a3b8 3d5bb8", "fbe7b0"
        ),
        _row("storm", "thunder greys, cold blue and a flash", "1b2026", "2f3943 4a5966 6f8393 a3b3bd d8dfe0 3a4a63", "f3e27a"),
        _row("mist", "soft greys, lichen and pale blue", "eef0ec", "5d6a6c 86949a aebabb cdd5d0 9fae9b b8b2c2", "c98b6b"),
        _row("earth", "clay, umber and stone", "efe5d5", "33261e 5f4433 8f6547 b98f64 d8bd94 77806a", "3f6f73"),
        _row("stone", "granite, slate and chalk", "ece9e3", "26282b 4a4e52 73777a a3a5a3 c9c6be 8a7f75", "b4572f"),
        _row(
            "blossom", "cherry pink, petal white and twig brown", "fdf1ee", "5b3238 b5566e e58aa0 f6bccb fbdfe2 8ba37b", "7a1f3d"
        ),
        _row(
            "meadow",
            "grass green with poppy, daisy and cornflower",
            "f5f1da",
            "2f5a35 6a9440 a9c25b e0483e f4d35e 4a77b8",
            "ffffff",
        ),
        _row("candy", "bubblegum pink, mint and lemon", "fff4f4", "e8578b f59ac0 7ed0c0 ffd966 9b8ae0 ff8a5c", "3a2a55"),
        _row("pastel", "soft rose, mint, lilac and butter", "fbf7f0", "e3a9b4 f0cdb3 f3e3b0 b8d8bd a9c6dc c5b5dc", "7c6a8a"),
        _row("rainbow", "every colour in turn", "fbf8f0", "d7263d f46036 f5b700 3aa655 1b78c2 6a3fa0", "1b1b2f"),
        _row("neon", "electric pink, cyan and lime on black", "0a0812", "2b1055 7b2ff7 f107a3 ff5e5b 00e5ff b6ff3b", "ffffff"),
        _row("jewel", "ruby, emerald, sapphire and gold", "17120f", "7d1230 c01f3f 0f6b4f 1d4aa0 5a2a86 d9a441", "f6e7c1"),
        _row("gold", "burnished gold, bronze and ink", "16120e", "4a3216 7d5520 b98224 deb14a f4dd98 5a4a3f", "c9503a"),
        _row("copper", "copper, rust and green patina", "f1ebe0", "3d2a23 8a4426 c2703d e2a778 4f8f82 8cbfae", "20343a"),
        _row("ink", "black ink in many greys on rice paper", "f4efe4", "17161a 3a393d 636165 918d8c bdb8b0 2a3140", "b8321f"),
        _row("chalk", "chalk white and soft greys on slate", "20262a", "3c464c 667379 96a2a5 c6cdcb f1f1ea 7d8f99", "e8b84b"),
        _row("indigo", "indigo dye, washed blue and raw cotton", "f3ede0", "141f45 24386f 3f5f9e 7795c2 b4c5da 5a5574", "c4452f"),
        _row("porcelain", "cobalt on white porcelain", "f7f8f6", "10255e 1d43a0 4773c9 8fb0e2 c6d8f0 6a86a8", "c9a24b"),
        _row("berry", "plum, raspberry and cream", "faf0ea", "34132f 6a1b4d a82a5f d95f7f eba7ac 6b5a8e", "5c8a4e"),
        _row("citrus", "lemon, orange, lime and leaf", "fdf8e4", "376b2f 8cb63c d9d640 f9c22e f28a24 e3562b", "1f5c66"),
        _row("retro", "mustard, teal, brick and cream", "f3e6cb", "2d3a3a 1f6f6b 5ea39a e0a030 d8632f a3312a", "f7f0dc"),
        _row(
            "bauhaus", "primary red, blue and yellow with black", "f2ecdf", "1a1a1a d3301f 1f4fa3 f2b705 8c8a84 e8e0cc", "f2b705"
        ),
        _row(
            "riso",
            "two bright printing inks that overlap on soft paper",
            "f6f1e5",
            "1c3f94 3a63c4 ff5a5f ff8f7e 2b2350 f7c8b8",
            "ffd23f",
        ),
        _row("moss", "deep green, lichen and wet bark", "14180f", "26331b 45582a 6f8238 a6ad5b d8d69a 4a3b2b", "e7a84f"),
        _row("lava", "black rock split by molten orange", "120c0c", "2b1a1a 4a2420 8a2a16 e2521a ffa02e ffe08a", "6f8a93"),
        _row(
            "frost", "white frost, glacier blue and violet shade", "101c2b", "223a56 3f6a92 76a7c9 b5d8e8 f0f9fb 7a7fb8", "f2c7a5"
        ),
    )
}

_WARM_PAPER = Lch(0.955, 0.018, 85.0)
_NIGHT_PAPER = Lch(0.17, 0.02, 275.0)


def from_colours(colours: Sequence[str], *, dark: bool | None = None) -> Palette:
    """A palette grown from the colours that a prompt names (hex, in the order named, at least one).

    White and black name the ground when other colours stand beside them.
    `dark` True or False asks for that ground; None lets the colours decide.
    """
    named = [from_hex(colour) for colour in colours]
    vivid = [c for c in named if 0.16 < c.light < 0.95] or named
    if dark is None:
        dark = any(c.light <= 0.3 for c in named) and len(vivid) != len([c for c in named if c.light <= 0.3])
        dark = dark or min(c.light for c in vivid) > 0.84
    lead = vivid[0]
    paper = _NIGHT_PAPER if dark else _WARM_PAPER
    ground = paper._replace(hue=lead.hue, chroma=min(0.03, lead.chroma * 0.25))
    papers = [c for c in named if _is_paper(c)]
    if papers and len(papers) < len(named) and not dark:
        ground = papers[0]
        vivid = [c for c in vivid if not _is_paper(c)] or vivid
    inks: list[Lch] = []
    inks += vivid[:6]
    for colour in vivid[:3]:
        inks.append(colour._replace(light=colour.light * (0.62 if dark else 0.52) + 0.03, chroma=colour.chroma * 0.85))
        if len(vivid) < 3:
            inks.append(colour._replace(light=min(0.93, colour.light * 0.5 + 0.47), chroma=colour.chroma * 0.6))
    if len(vivid) == 1:
        # one hue alone looks flat: two near neighbours keep it alive and still that colour
        inks.append(lead._replace(hue=(lead.hue + 14) % 360, light=min(0.9, lead.light + 0.1), chroma=lead.chroma * 0.9))
        inks.append(lead._replace(hue=(lead.hue - 14) % 360, light=lead.light * 0.75, chroma=lead.chroma * 0.9))
    accent = Lch(0.93, 0.03, 85.0) if dark else Lch(0.25, 0.03, lead.hue)
    if any(c.light >= 0.97 for c in named):
        accent = Lch(0.985, 0.0, 0.0)
    return Palette("your colours", "the colours you named", to_hex(ground), tuple(map(to_hex, inks[:7])), to_hex(accent))


def _is_paper(colour: Lch) -> bool:
    """White, cream, ivory: beside other colours these name the ground, not an ink."""
    return colour.light > 0.9 and colour.chroma < 0.06


def blend(one: Palette, other: Palette) -> Palette:
    """The ground of the first; the inks of both by turns."""
    mixed = [
        ink for pair in zip(one.inks[::2] + one.inks[1::2], other.inks[1::2] + other.inks[::2], strict=False) for ink in pair
    ]
    return Palette(f"{one.name} and {other.name}", f"{one.says}; {other.says}", one.ground, tuple(mixed[:7]), other.accent)


def with_colours(palette: Palette, colours: Sequence[str]) -> Palette:
    """The palette's ground and half of its inks, the other half the named colours and their shades."""
    papers = [colour for colour in colours if _is_paper(from_hex(colour))]
    if papers and not palette.is_dark:
        palette = replace(palette, ground=papers[0])
        colours = [colour for colour in colours if colour not in papers]
        if not colours:
            return palette
    grown = from_colours(colours, dark=palette.is_dark)
    return replace(
        palette,
        name=f"{palette.name} with your colours",
        inks=(*grown.inks[: max(3, min(5, len(colours)))], *palette.inks[1:6:2])[:7],
        accent=grown.inks[0],
    )


def regrounded(palette: Palette, *, dark: bool) -> Palette:
    """The same inks on a dark or a light ground."""
    if palette.is_dark == dark:
        return palette
    lead = from_hex(palette.inks[1])
    paper = _NIGHT_PAPER if dark else _WARM_PAPER
    return replace(palette, ground=to_hex(paper._replace(hue=lead.hue, chroma=min(0.03, lead.chroma * 0.3))))


def shifted(palette: Palette, *, chroma: float = 1.0, light: float = 0.0, hue: float = 0.0) -> Palette:
    """Every ink with its chroma multiplied, its lightness and hue (degrees) moved; the ground a little too."""

    def move(colour: str, share: float) -> str:
        lch = from_hex(colour)
        return to_hex(
            Lch(
                min(0.97, max(0.1, lch.light + light * share)),
                lch.chroma * (1 + (chroma - 1) * share),
                (lch.hue + hue * share) % 360,
            )
        )

    return replace(
        palette,
        ground=move(palette.ground, 0.4),
        inks=tuple(move(ink, 1.0) for ink in palette.inks),
        accent=move(palette.accent, 1.0),
    )


def without(palette: Palette, avoided: Sequence[str]) -> Palette:
    """The palette with the avoided colours (hex) turned to the nearest hue or lightness that is not avoided."""
    banned = [from_hex(colour) for colour in avoided]

    def clean(colour: str) -> str:
        lch = from_hex(colour)
        for _ in range(3):
            for ban in banned:
                lch = _away_from(lch, ban)
        if any(_clashes(lch, ban) for ban in banned):
            lch = lch._replace(chroma=0.0)
        return to_hex(lch)

    return replace(palette, ground=clean(palette.ground), inks=tuple(map(clean, palette.inks)), accent=clean(palette.accent))


_AVOIDED_HUE = 42.0


def _clashes(colour: Lch, ban: Lch) -> bool:
    if ban.chroma < 0.03:
        return distance(colour, ban) < 0.16
    return colour.chroma > 0.035 and hue_distance(colour.hue, ban.hue) < _AVOIDED_HUE


def _away_from(colour: Lch, ban: Lch) -> Lch:
    if not _clashes(colour, ban):
        return colour
    if ban.chroma < 0.03:
        return colour._replace(light=ban.light - 0.3 if ban.light > 0.6 else ban.light + 0.3)
    side = 1 if (colour.hue - ban.hue + 180) % 360 >= 180 else -1
    return colour._replace(hue=(ban.hue + side * (_AVOIDED_HUE + 4)) % 360)


_NAMED = {
    "black": "#141316", "charcoal": "#3a393d", "grey": "#868686", "silver": "#bfc3c6", "white": "#fafaf7", "cream": "#f3e8d2",
    "dark red": "#7a1c1a", "red": "#d03027", "coral": "#f07a5f", "pink": "#f0a3b6", "magenta": "#c92a8e", "plum": "#5e1f4c",
    "orange": "#ee8222", "rust": "#a8481f", "brown": "#6b4630", "sand": "#dcc096", "gold": "#d9a536", "yellow": "#f5d13f",
    "olive": "#7f803c", "lime": "#b4d93a", "green": "#3f944a", "dark green": "#1f4630", "mint": "#a2dcc0", "teal": "#1b7f80",
    "turquoise": "#45bdb5", "sky blue": "#93c7e2", "blue": "#2f6fc0", "dark blue": "#1c3468", "midnight blue": "#101834",
    "slate": "#51647a", "violet": "#7a4cb5", "indigo": "#3a2f7d", "lilac": "#c0aadc",
}  # fmt: skip


def colour_name(colour: str) -> str:
    """The plain name nearest to a hex colour, for texts that describe a picture."""
    lch = from_hex(colour)
    return min(_NAMED, key=lambda name: distance(lch, from_hex(_NAMED[name])))
