"""Reads a prompt: which words it understands, what each does, and what they decide together. No NumPy here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from studio.image.painter import palettes
from studio.image.painter.models import DRAWN_AS, PLACED, slug_of
from studio.image.painter.palettes import PALETTES, Palette
from studio.image.painter.suggestions import suggest
from studio.image.painter.tokens import Match, forms, matches
from studio.image.painter.words import NEGATORS, STOP, Entry

NOTE = "Abstract pictures, no AI. Connect a model for subjects."
PROMPT_LIMIT = 4000
_UNKNOWN_LIMIT = 24
_COLOURS_USED = 6


@dataclass(frozen=True)
class Understood:
    """A word or phrase of the prompt that has an effect.

    `start` and `end` are code-point indices into the prompt as given; `kind` is one of words.KINDS;
    `effect` says in plain English what it does to the picture.
    """

    word: str
    start: int
    end: int
    kind: str
    effect: str


@dataclass(frozen=True)
class Reading:
    """What a prompt means to the painter. None or an empty tuple leaves that choice to the seed."""

    understood: tuple[Understood, ...]
    unknown: tuple[str, ...]
    suggestions: tuple[str, ...]
    note: str
    avoided: tuple[Understood, ...]
    """What the negative prompt keeps out; indices into the negative prompt."""
    palette: Palette | None
    algorithm: str | None
    """A slug, when the model or the words leave exactly one."""
    algorithms: tuple[str, ...]
    """The slugs that the seed chooses from; empty for all."""
    variants: tuple[str, ...]
    composition: str | None
    density: float | None
    """0 few and large, 1 many and small."""
    energy: float
    """Shift against what the seed chooses, -0.5..0.5; so is softness."""
    softness: float
    dark: bool | None
    avoided_palettes: frozenset[str] = frozenset()
    avoided_algorithms: frozenset[str] = frozenset()
    avoided_compositions: frozenset[str] = frozenset()
    avoided_colours: tuple[str, ...] = ()
    light: float = 0.0
    chroma: float = 1.0


def read(prompt: str, negative_prompt: str = "", model: str = "procedural/auto") -> Reading:
    """Raises ValueError for a model that is not in MODELS. Texts beyond 4,000 characters are cut there."""
    slug = slug_of(model)
    prompt, negative_prompt = prompt[:PROMPT_LIMIT], negative_prompt[:PROMPT_LIMIT]
    found = matches(prompt)
    wanted, turned_around = _split(found)
    barred = [match for match in matches(negative_prompt) if match.entry is not None]
    wishes = _Wishes(slug)
    for match in (*turned_around, *barred):
        wishes.bar(_entry(match))
    for match in wanted:
        wishes.add(_entry(match))
    understood = [_understood(match, wishes.effect_of(_entry(match))) for match in wanted]
    understood += [_understood(match, f"keeps out: {_entry(match).effect}") for match in turned_around]
    return wishes.reading(
        understood=tuple(sorted(understood, key=lambda one: one.start)),
        unknown=_unknown(found),
        suggestions=suggest(prompt, [(m.text, _entry(m)) for m in wanted], wishes.algorithms),
        avoided=tuple(_understood(match, f"keeps out: {_entry(match).effect}") for match in barred),
    )


def _entry(match: Match) -> Entry:
    assert match.entry is not None
    return match.entry


def _understood(match: Match, effect: str) -> Understood:
    return Understood(match.text, match.start, match.end, _entry(match).kind, effect)


def _split(found: Sequence[Match]) -> tuple[list[Match], list[Match]]:
    """Matches that are wished for, and those turned around by a "no" or "without" up to two words before."""
    wanted: list[Match] = []
    turned: list[Match] = []
    since = 9
    for match in found:
        since = 9 if match.breaks else since + 1
        if match.entry is not None:
            (turned if since <= 2 else wanted).append(match)
        elif match.plain in NEGATORS:
            since = 0
    return wanted, turned


def _unknown(found: Sequence[Match]) -> tuple[str, ...]:
    words: dict[str, str] = {}
    for match in found:
        plain = match.plain
        if match.entry is not None or plain in NEGATORS or any(char.isdigit() for char in plain):
            continue
        if any(form in STOP for form in (plain, *list(forms(plain))[:2])) or (len(plain) < 2 and plain.isascii()):
            continue
        words.setdefault(plain, match.text[:40])
    return tuple(words.values())[:_UNKNOWN_LIMIT]


@dataclass
class _Wishes:
    """Gathers entries in the order of the prompt: what stands first decides, colours and shifts add up."""

    slug: str
    palettes: list[str] = field(default_factory=list)
    colours: list[str] = field(default_factory=list)
    algorithms: tuple[str, ...] = ()
    firm: bool = False
    variants: list[str] = field(default_factory=list)
    detailed: bool = False
    composition: str | None = None
    placed_firmly: bool = False
    densities: list[float] = field(default_factory=list)
    energy: float = 0.0
    softness: float = 0.0
    light: float = 0.0
    chroma: float = 1.0
    dark: bool | None = None
    no_palettes: set[str] = field(default_factory=set)
    no_algorithms: set[str] = field(default_factory=set)
    no_compositions: set[str] = field(default_factory=set)
    no_colours: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.slug != "auto":
            self.algorithms, self.firm = (self.slug,), True

    def bar(self, entry: Entry) -> None:
        """Keeps out what the entry would bring; moods and densities turn into their opposite."""
        if entry.colour:
            self.no_colours.append(entry.colour)
        if entry.palette:
            self.no_palettes.add(entry.palette)
        if entry.kind == "algorithm":
            self.no_algorithms |= set(entry.algorithms) - {self.slug}
        if entry.kind == "composition":
            self.no_compositions.add(entry.composition)
        if entry.density is not None:
            self.densities.append(1 - entry.density)
        self._shift(entry, -1.0)
        if entry.dark is not None:
            self.dark = not entry.dark

    def add(self, entry: Entry) -> None:
        """Takes the wish in. Call for every word before asking for effects."""
        if entry.colour and len(self.colours) < _COLOURS_USED:
            self.colours.append(entry.colour)
        if (
            entry.palette
            and entry.palette not in self.no_palettes
            and len(self.palettes) < 2
            and entry.palette not in self.palettes
        ):
            self.palettes.append(entry.palette)
        if entry.algorithms:
            self._add_algorithms(entry)
        if entry.composition and entry.composition not in self.no_compositions and self._places_before(entry):
            self.composition, self.placed_firmly = entry.composition, entry.kind == "composition"
        if entry.density is not None:
            self.densities.append(entry.density)
        if entry.dark is not None and self.dark is None:
            self.dark = entry.dark
        self._shift(entry, 1.0)

    def _places_before(self, entry: Entry) -> bool:
        return self.composition is None or (entry.kind == "composition" and not self.placed_firmly)

    def _add_algorithms(self, entry: Entry) -> None:
        """A word for a way to draw beats words that only lean to one; of its kind the first decides."""
        allowed = tuple(slug for slug in entry.algorithms if slug not in self.no_algorithms)
        meets = set(allowed) & set(self.algorithms)
        if not self.algorithms or (entry.kind == "algorithm" and allowed and not self.firm and not meets):
            self.algorithms = allowed
            self.variants = []
        elif not meets:
            return
        else:
            self.algorithms = tuple(slug for slug in self.algorithms if slug in meets)
        self.firm = self.firm or (entry.kind == "algorithm" and bool(allowed))
        if entry.variant:
            # what a word for a way to draw asks for in particular comes before what a scene leans to
            self.variants.insert(0 if entry.kind == "algorithm" and not self.detailed else len(self.variants), entry.variant)
            self.detailed = self.detailed or entry.kind == "algorithm"

    def effect_of(self, entry: Entry) -> str:
        """What a word that was added does in the end, in plain English."""
        drawn = " or ".join(DRAWN_AS[slug] for slug in self.algorithms)
        meets = bool(set(entry.algorithms) & set(self.algorithms))
        effects = [entry.effect]
        if entry.kind == "algorithm" and not meets:
            effects = [f"{entry.effect}: set aside, this picture is drawn as {drawn}" if drawn else f"{entry.effect}: kept out"]
        elif entry.palette and entry.kind == "palette" and entry.palette not in self.palettes:
            effects = ["its colours are set aside, other words chose them"]
        elif entry.colour and entry.colour not in self.colours:
            effects = [f"{entry.effect}: set aside, enough colours are named"]
        elif entry.kind == "composition" and entry.composition != self.composition:
            effects = [f"{entry.effect}: set aside, another word placed it"]
        if entry.kind != "algorithm" and meets:
            effects.append(f"drawn as {drawn}")
        if entry.kind != "composition" and entry.composition and entry.composition == self.composition:
            effects.append(PLACED[entry.composition])
        return "; ".join(effects)

    def _shift(self, entry: Entry, way: float) -> None:
        self.energy = min(0.5, max(-0.5, self.energy + way * entry.energy))
        self.softness = min(0.5, max(-0.5, self.softness + way * entry.softness))
        self.light = min(0.15, max(-0.15, self.light + way * entry.light))
        self.chroma = min(1.8, max(0.0, self.chroma + way * entry.chroma))

    def palette(self) -> Palette | None:
        """The palette that the words ask for, before chroma, lightness and what is kept out are applied."""
        named = [PALETTES[name] for name in self.palettes]
        base = palettes.blend(*named) if len(named) == 2 else named[0] if named else None
        if not self.colours:
            return base
        return palettes.with_colours(base, self.colours) if base else palettes.from_colours(self.colours, dark=self.dark)

    def reading(
        self,
        *,
        understood: tuple[Understood, ...],
        unknown: tuple[str, ...],
        suggestions: tuple[str, ...],
        avoided: tuple[Understood, ...],
    ) -> Reading:
        """The gathered wishes as one frozen reading."""
        palette = self.palette()
        result = Reading(
            understood=understood,
            unknown=unknown,
            suggestions=suggestions,
            note=NOTE,
            avoided=avoided,
            palette=palette,
            algorithm=self.algorithms[0] if len(self.algorithms) == 1 else None,
            algorithms=self.algorithms,
            variants=tuple(self.variants),
            composition=self.composition,
            density=sum(self.densities) / len(self.densities) if self.densities else None,
            energy=self.energy,
            softness=self.softness,
            dark=self.dark,
            avoided_palettes=frozenset(self.no_palettes),
            avoided_algorithms=frozenset(self.no_algorithms),
            avoided_compositions=frozenset(self.no_compositions),
            avoided_colours=tuple(self.no_colours),
            light=self.light,
            chroma=self.chroma,
        )
        return replace(result, palette=tuned(palette, result)) if palette else result


def tuned(palette: Palette, reading: Reading) -> Palette:
    """A palette as the moods of a reading want it: its ground, strength, lightness, and without what is kept out."""
    if reading.dark is not None:
        palette = palettes.regrounded(palette, dark=reading.dark)
    if reading.chroma != 1.0 or reading.light:
        palette = palettes.shifted(palette, chroma=reading.chroma, light=reading.light)
    if reading.avoided_colours:
        palette = palettes.without(palette, reading.avoided_colours)
    return palette


def digest(*parts: object) -> int:
    """A number that depends on the parts alone: the root of every random choice."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16], "big")
