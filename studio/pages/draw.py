"""The drawing pad: a page of its own, in a session or in the library, and the step from a drawing to a picture."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.errors import Ij8Error, Invalid
from studio.artifacts.access import access_artifact
from studio.drawing.document import LEAST_PX, MOST_PX
from studio.jobs.sketching import OPERATION, params_of, sketch_to_image
from studio.jobs.submit import make_plan
from studio.models import Artifact, Drawing, StudioSession
from studio.pages.address import BLANK_ID, id_of
from studio.pages.advice import price_words
from studio.pages.model_picker import Picker, picker_of
from studio.pages.prompt_form import EXACT, SHAPES, sides
from studio.pages.sessions import title_of
from studio.sessions import access_session, create_session, default_cohort

DEFAULT_SIZE = 1024
COUNTS = (1, 2, 3, 4)
SWATCHES = (  # drawing inks: the house's own, and what a box of crayons has beside them
    ("#1f1b16", gettext_lazy("black")), ("#857a6b", gettext_lazy("grey")), ("#ffffff", gettext_lazy("white")),
    ("#9c2b1b", gettext_lazy("red")), ("#c88a1f", gettext_lazy("ochre")), ("#f2cf63", gettext_lazy("yellow")),
    ("#2c6238", gettext_lazy("green")), ("#2f6f8f", gettext_lazy("blue")), ("#3b3f8c", gettext_lazy("indigo")),
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a drawing to be taken up again (`of`), or a picture to draw on (`over`)."""

    of: Artifact | None
    over: Artifact | None
    start: dict[str, Any]
    place: str


@transaction.non_atomic_requests  # what queues work: see studio.api.jobs
@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def studio_draw(request: HttpRequest, session_id: uuid.UUID | None = None) -> HttpResponse:
    """The pad; POST makes a picture from the `drawing` that was kept, in a new session where there is none."""
    member: Membership = request.member  # type: ignore[attr-defined]
    session = access_session(member, session_id, "make") if session_id else None
    if request.method == "POST":
        return _make(request, member, session)
    asked = asked_of(request.GET, member, session)
    return render(request, "studio/draw.html", _context(member, session, asked, {"prompt": request.GET.get("prompt", "")[:4000]}))


def asked_of(data: Mapping[str, str], member: Membership, session: StudioSession | None) -> Asked:
    of = access_artifact(member, id_of(data["of"]), "change") if data.get("of") else None
    over = access_artifact(member, id_of(data["over"]), "view") if data.get("over") and not of else None
    width, height = _sides(data, of or over)
    start = {"width": width, "height": height, "over": str(over.id) if over else None}
    path = reverse("studio_draw", args=[session.id]) if session else reverse("draw")
    named = {"of": of} if of else {"over": over} if over else {}
    return Asked(of, over, start, path + (f"?{urlencode({name: one.id for name, one in named.items()})}" if named else ""))


def _sides(data: Mapping[str, str], work: Artifact | None) -> tuple[int, int]:
    """Of the picture under it, within what a sheet can be; else of the prompt box's shape."""
    if work and work.width_px and work.height_px:
        scale = min(1.0, MOST_PX / max(work.width_px, work.height_px))
        return _held(work.width_px * scale), _held(work.height_px * scale)
    size = _number(data.get("size", ""), DEFAULT_SIZE)
    if data.get("shape") == EXACT:
        return _held(_number(data.get("width", ""), size)), _held(_number(data.get("height", ""), size))
    return sides(data.get("shape", "") if data.get("shape") in SHAPES else "square", int(_held(size)))


def _held(px: float) -> int:
    return min(MOST_PX, max(LEAST_PX, round(px)))


def _number(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else default


def _context(member: Membership, session: StudioSession | None, asked: Asked, typed: dict[str, Any]) -> dict[str, Any]:
    picker: Picker = picker_of(OPERATION, member)
    chosen = picker.chosen(str(typed.get("model", "")))
    return {
        "session": session,
        "session_title": title_of(session) if session else "",
        "asked": asked,
        "start": json.dumps(asked.start),
        "has_strokes": bool(asked.of and Drawing.objects.filter(artifact=asked.of).exists()),
        "swatches": SWATCHES,
        "choices": [(one, _price_of(one.id, asked) if one.is_open else "") for one in picker.choices],
        "reasons": list(dict.fromkeys(one.reason for one in picker.choices if one.reason)),
        "model": chosen,
        "counts": COUNTS,
        "typed": {"count": 1, **typed},
        "dedupe_key": str(uuid.uuid4()),
        "blank_id": BLANK_ID,
    }


def _price_of(model: str, asked: Asked) -> str:
    """What one picture of this sheet costs there, in words; "" for what cannot be made."""
    params = {
        "model": model,
        "prompt": ".",
        "drawing": str(BLANK_ID),
        "width": asked.start["width"],
        "height": asked.start["height"],
    }
    try:
        return price_words(make_plan(OPERATION, params))
    except Ij8Error:
        return ""


def _make(request: HttpRequest, member: Membership, session: StudioSession | None) -> HttpResponse:
    typed = {name: request.POST.get(name, "").strip() for name in ("prompt", "model", "drawing", "dedupe_key")}
    drawing = access_artifact(member, id_of(typed["drawing"]), "view")
    count = _number(request.POST.get("count", ""), 1)
    where = session or create_session(member=member, cohort=default_cohort(member))
    try:
        if not typed["prompt"]:
            raise Invalid(_("Say in a few words what it shall become."), field="prompt")
        params = params_of(drawing, prompt=typed["prompt"], model=typed["model"], count=count)
        sketch_to_image(member=member, params=params, session=where, dedupe_key=typed["dedupe_key"] or None)
    except Ij8Error as error:
        if session is None:
            where.delete()  # nothing came of it
        asked = asked_of({"of": str(drawing.id)} if drawing.owner_id == member.id else {}, member, session)
        context = {**_context(member, session, asked, {**typed, "count": count}), "wrong": error}
        return render(request, "studio/draw.html", context, status=error.status)
    return redirect(f"{reverse('studio_session', args=[where.id])}#prompt")
