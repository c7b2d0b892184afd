"""A drawing of the demo, with its strokes: it can be taken up again on the pad."""

import io
import math
from itertools import pairwise

from django.core.files.uploadedfile import SimpleUploadedFile

from ij8.accounts.models import Membership
from ij8.core.tenancy import acting_in
from studio.artifacts.drawings import DrawingLabels, save_drawing
from studio.drawing.document import DrawingDocument, Stroke
from studio.models import Drawing, StudioSession

WIDTH, HEIGHT = 1024, 768
FINER = 2  # painted so many times as large and then shrunk, for smooth edges
INK, OCHRE, SEA, RED = "#1f1b16", "#c88a1f", "#2f6f8f", "#9c2b1b"
STEPS = 6
Points = list[tuple[float, float]]


def seed_drawing(members: dict[str, Membership]) -> None:
    """The pupil's plan of a harbour, in her session. Made once."""
    member = members["student1@demo.test"]
    if Drawing.objects.filter(artifact__owner=member).exists():
        return
    document = DrawingDocument(version=1, width=WIDTH, height=HEIGHT, strokes=_harbour())
    labels = DrawingLabels("Plan of a harbour", "A drawing: a sailing boat on four blue waves, an ochre sun at the upper right.")
    with acting_in(member.school_id):
        save_drawing(
            member=member,
            picture=SimpleUploadedFile("drawing.png", _painted(document), "image/png"),
            strokes=document.model_dump_json().encode(),
            session=StudioSession.objects.filter(member=member).order_by("created").first(),
            labels=labels,
        )


def _harbour() -> list[Stroke]:
    sun = [(770 + 70 * math.cos(at / 5), 190 + 70 * math.sin(at / 5)) for at in range(33)]
    waves = [[(90 + 21.0 * at, 560 + 45 * row + 11 * math.sin(at / 3 + row)) for at in range(41)] for row in range(4)]
    hull: Points = [(300, 470), (335, 505), (390, 518), (450, 518), (505, 505), (540, 470), (300, 470)]
    mast: Points = [(415, 470), (415, 390), (415, 310), (415, 235)]
    sail: Points = [(415, 240), (450, 310), (478, 370), (495, 430), (415, 430)]
    quay: Points = [(90, 470), (140, 466), (190, 470), (240, 466), (262, 520)]
    return [
        _stroke("pen", INK, 5, quay),
        _stroke("brush", OCHRE, 30, sun),
        *(_stroke("brush", SEA, 26, wave) for wave in waves),
        *(_stroke("pen", RED, 7, line) for line in (hull, mast, sail)),
    ]


def _stroke(tool: str, colour: str, width: float, points: Points) -> Stroke:
    flat = [part for x, y in _finer(points) for part in (round(x, 1), round(y, 1), 0.5)]
    return Stroke.model_validate({"tool": tool, "colour": colour, "width": width, "points": flat})


def _finer(points: Points) -> Points:
    """With points in between, as a hand leaves them: the pad rounds from each to the next."""
    between = [
        (ax + (bx - ax) * at / STEPS, ay + (by - ay) * at / STEPS)
        for (ax, ay), (bx, by) in pairwise(points)
        for at in range(STEPS)
    ]
    return [*between, points[-1]]


def _painted(document: DrawingDocument) -> bytes:
    """The picture that the pad would paint of these strokes; a brush lets the ground through."""
    from PIL import Image, ImageDraw

    size = (document.width * FINER, document.height * FINER)
    sheet = Image.new("RGB", size, document.ground)
    for stroke in document.drawn:
        layer = Image.new("L", size, 0)
        pen, alpha = ImageDraw.Draw(layer), 140 if stroke.tool == "brush" else 255
        half = stroke.width * FINER / 2
        places = [(x * FINER, y * FINER) for x, y in zip(stroke.points[0::3], stroke.points[1::3], strict=True)]
        for (ax, ay), (bx, by) in pairwise(places):
            pen.line((ax, ay, bx, by), fill=alpha, width=round(half * 2))
        for x, y in places:
            pen.ellipse((x - half, y - half, x + half, y + half), fill=alpha)
        sheet.paste(Image.new("RGB", size, stroke.colour), mask=layer)
    kept = io.BytesIO()
    sheet.resize((document.width, document.height), Image.Resampling.LANCZOS).save(kept, "PNG")
    return kept.getvalue()
