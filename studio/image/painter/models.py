"""The painter's models: one for each algorithm, and one that lets the prompt or the seed choose."""

from __future__ import annotations

from dataclasses import dataclass

AUTO = "procedural/auto"


def gettext_noop(text: str) -> str:
    """Marks a text for translation; whoever shows it translates it."""
    return text


@dataclass(frozen=True)
class PainterModel:
    """`id` is `procedural/<slug>`, `description` one plain line."""

    id: str
    name: str
    description: str

    @property
    def slug(self) -> str:
        """The part after the slash; "auto" for the one that chooses."""
        return self.id.split("/", 1)[1]


MODELS: tuple[PainterModel, ...] = (
    PainterModel(
        AUTO,
        gettext_noop("Painter's choice"),
        gettext_noop("The words of the prompt choose the way to draw; where they do not, the seed does."),
    ),
    PainterModel(
        "procedural/flow-field", gettext_noop("Flow field"), gettext_noop("Ribbons that follow a current and never cross.")
    ),
    PainterModel(
        "procedural/voronoi", gettext_noop("Voronoi cells"), gettext_noop("Stained glass, pebbles, cut paper and ringed cells.")
    ),
    PainterModel(
        "procedural/stippling",
        gettext_noop("Stippling"),
        gettext_noop("Thousands of dots that shade moons, dunes, folds and ripples."),
    ),
    PainterModel(
        "procedural/reaction-diffusion",
        gettext_noop("Reaction-diffusion"),
        gettext_noop("Corals, mazes and spots grown by two reacting substances."),
    ),
    PainterModel(
        "procedural/l-system",
        gettext_noop("L-system plants"),
        gettext_noop("Groves, single trees and wreaths grown by rewriting rules."),
    ),
    PainterModel(
        "procedural/attractor",
        gettext_noop("Strange attractor"),
        gettext_noop("Veils of light or ink drawn by one chaotic rule."),
    ),
    PainterModel(
        "procedural/cellular",
        gettext_noop("Cellular automata"),
        gettext_noop("Spirals, woven cloth, snow crystals and sandpile carpets."),
    ),
    PainterModel(
        "procedural/domain-warp", gettext_noop("Folded noise"), gettext_noop("Silk, agate, ink on water and contour lines.")
    ),
    PainterModel(
        "procedural/circle-packing", gettext_noop("Circle packing"), gettext_noop("Discs, rings and globes packed side by side.")
    ),
)

SLUGS: tuple[str, ...] = tuple(model.slug for model in MODELS if model.id != AUTO)

DRAWN_AS: dict[str, str] = {
    "flow-field": "flowing ribbons",
    "voronoi": "cells side by side",
    "stippling": "stippled dots",
    "reaction-diffusion": "reaction-diffusion patterns",
    "l-system": "grown plants",
    "attractor": "a strange attractor",
    "cellular": "cellular automata",
    "domain-warp": "folded noise",
    "circle-packing": "packed circles",
}

COMPOSITIONS: tuple[str, ...] = ("centre", "thirds", "horizon", "radial", "diagonal", "scatter", "frame")

PLACED: dict[str, str] = {
    "centre": "gathered in the middle",
    "thirds": "gathered on a third",
    "horizon": "resting on a horizon",
    "radial": "turning around the middle",
    "diagonal": "along a diagonal",
    "scatter": "spread over the whole picture",
    "frame": "around the edge, open in the middle",
}


def slug_of(model: str) -> str:
    """The slug of a model id; raises ValueError for an id that is not in MODELS."""
    for known in MODELS:
        if known.id == model:
            return known.slug
    raise ValueError(f"unknown painter model: {model!r}")
