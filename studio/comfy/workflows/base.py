"""What a family of models is: the models it makes out of a server's files, and the graph that runs one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from studio.comfy.graph import Graph
from studio.comfy.inventory import Inventory


@dataclass(frozen=True)
class Variant:
    """One model to choose. `slug` is its id after `comfy/` and begins with the family's name; sizes in pixels.

    `steps` and `cfg` are what it takes where nobody says them; `supports`: of negative_prompt, seed, steps, cfg.
    """

    slug: str
    name: str
    note: str
    steps: int
    cfg: float
    multiple_px: int
    supports: frozenset[str]
    min_px: int = 256
    max_px: int = 2048
    sampler: str = "euler"
    scheduler: str = "simple"
    operations: tuple[str, ...] = ("image.generate",)
    medium: str = "image"


@dataclass(frozen=True)
class Asked:
    """What a person asks of a variant. `prefix` names the files on the server."""

    prompt: str
    width: int
    height: int
    seed: int
    steps: int
    cfg: float
    negative_prompt: str = ""
    prefix: str = "ij8"


class Family(Protocol):
    """`example`: a variant whose graph shows which node classes the family needs."""

    example: Variant

    def variants(self, inventory: Inventory) -> Sequence[Variant]:
        """Every model that this server may have, also where a file is missing."""

    def variant(self, slug: str) -> Variant | None:
        """The one of this slug, whatever the server has; None when the family has no such model."""

    def build(self, variant: Variant, asked: Asked, inventory: Inventory) -> Graph:
        """The graph, with those of its alternative files that the server has."""
