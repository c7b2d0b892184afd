"""What a drawing shows, as far as its lines tell: the alt text of whoever wrote none."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from studio.drawing.document import DrawingDocument
from studio.drawing.telling import tell


def alt_of(document: DrawingDocument) -> str:
    """Like "A drawing of 12 lines in black and red, in the upper left."; in the language of who draws."""
    told = tell(document)
    if not told.lines:
        return _("A drawing without a line")
    colours = _join([str(_COLOURS[name]) for name in told.colours])
    words = ngettext("A drawing of %(n)d line in %(colours)s", "A drawing of %(n)d lines in %(colours)s", told.lines)
    place = _PLACES.get((told.down, told.across))
    said = words % {"n": told.lines, "colours": colours}
    return f"{said}, {place}" if place else said


def _join(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(some)s and %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}


_COLOURS = {
    "black": gettext_lazy("black"),
    "white": gettext_lazy("white"),
    "grey": gettext_lazy("grey"),
    "red": gettext_lazy("red"),
    "orange": gettext_lazy("orange"),
    "brown": gettext_lazy("brown"),
    "yellow": gettext_lazy("yellow"),
    "green": gettext_lazy("green"),
    "turquoise": gettext_lazy("turquoise"),
    "blue": gettext_lazy("blue"),
    "violet": gettext_lazy("violet"),
    "pink": gettext_lazy("pink"),
}
_PLACES = {
    ("top", "left"): gettext_lazy("in the upper left"),
    ("top", "middle"): gettext_lazy("in the upper middle"),
    ("top", "right"): gettext_lazy("in the upper right"),
    ("top", ""): gettext_lazy("in the upper half"),
    ("middle", "left"): gettext_lazy("in the middle left"),
    ("middle", "middle"): gettext_lazy("in the middle"),
    ("middle", "right"): gettext_lazy("in the middle right"),
    ("middle", ""): gettext_lazy("across the middle"),
    ("bottom", "left"): gettext_lazy("in the lower left"),
    ("bottom", "middle"): gettext_lazy("in the lower middle"),
    ("bottom", "right"): gettext_lazy("in the lower right"),
    ("bottom", ""): gettext_lazy("in the lower half"),
    ("", "left"): gettext_lazy("on the left"),
    ("", "middle"): gettext_lazy("down the middle"),
    ("", "right"): gettext_lazy("on the right"),
}
