"""The works on the front page: painted by the built-in painter, shipped as files, each with what makes it again."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class FrontWork:
    """`img/<name>.webp` is what `procedural/auto` paints of `prompt` and `seed` at this size."""

    name: str
    prompt: str
    seed: int
    width: int
    height: int
    alt: Promise

    @property
    def path(self) -> str:
        return f"img/{self.name}.webp"


FRONT_WORKS = (
    FrontWork(
        "sea", "quiet sea at evening, gold and deep blue", 3, 800, 600,
        _("Ribbons that never cross, in gold, indigo and coral on midnight blue, resting on a horizon."),
    ),
    FrontWork(
        "glass", "stained glass, jewel colours, radial", 52, 640, 640,
        _("Panes of stained glass in dark leading, in red, teal and indigo, turning around the middle."),
    ),
    FrontWork(
        "forest", "forest at dusk, branches, deep green", 113, 600, 800,
        _("A grove in four depths with a green sun behind it, in dark green and brown on a warm sky."),
    ),
    FrontWork(
        "ochre", "ochre and indigo, attractor, fine lines", 111, 640, 640,
        _("Threads of ink with sevenfold symmetry, in orange and indigo on cream."),
    ),
)  # fmt: skip
