"""The canvas of a session: the work that is worked on, large, with what it is refined by; and the shelf of works beside it."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.errors import Conflict, Invalid
from ij8.core.once import asks_once
from studio.artifacts.access import access_artifact
from studio.artifacts.artifact_json import artifact_json
from studio.artifacts.filters import WorksFilter
from studio.artifacts.folders import tree_of
from studio.artifacts.library import works as works_of
from studio.chat.working import Chosen, choose, chosen_of, working_of
from studio.models import Artifact, StudioSession
from studio.operations.image_edit import MOST_REFERENCES
from studio.pages.address import BLANK_ID, id_of
from studio.pages.folders import labels_of
from studio.pages.report import veiled
from studio.pages.work import work_view
from studio.sessions import access_session

Change = Callable[[Chosen, uuid.UUID], Chosen]


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
@asks_once
def studio_canvas(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """The inside of the canvas: `work`, else what the session works on. POST `act` (see ACTS) chooses that, by its person."""
    member: Membership = request.member  # type: ignore[attr-defined]
    if request.method != "POST":
        session = access_session(member, session_id, "view")
        asked = request.GET.get("work", "")
        return _canvas(request, session, access_artifact(member, id_of(asked), "view") if asked else None)
    session = access_session(member, session_id, "change")
    act = request.POST.get("act", "")
    if act not in ACTS:
        raise Invalid(_("This cannot be done on the canvas."), field="act", allowed=", ".join(ACTS))
    choose(session, member, ACTS[act](chosen_of(session), id_of(request.POST.get("work", ""))))
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("studio_session", session.id)
    return _canvas(request, session)


def _canvas(request: HttpRequest, session: StudioSession, shown: Artifact | None = None) -> HttpResponse:
    member: Membership = request.member  # type: ignore[attr-defined]
    working = working_of(session, member)
    artifact = shown or working.image
    context: dict[str, Any] = {"session": session, "blank_id": BLANK_ID, "is_canvas": True, "at": "canvas-"}
    if artifact is not None:
        view = work_view(artifact, member)
        can_make = session.member_id == member.id and not session.trashed_at
        if view["edit"]:
            view["edit"] = replace(view["edit"], session=session.id) if can_make else None
        context |= {"work": view, "can_make": can_make, "refined_by": _refined_by(working.references, working.mask)}
        context["beside"] = [str(one["id"]) for one in context["refined_by"]]
    return render(request, "studio/_canvas.html", context)


def _refined_by(references: tuple[Artifact, ...], mask: Artifact | None) -> list[dict[str, Any]]:
    """What goes along with the next change, each with what takes it away."""
    rows = [(one, "unrefer", _("Reference")) for one in references] + ([(mask, "unmask", _("Mask"))] if mask else [])
    return [{**artifact_json(row), "act": act, "part": part} for row, act, part in rows]


def _show(chosen: Chosen, work: uuid.UUID) -> Chosen:
    """No picture is its own reference or mask."""
    references = [one for one in chosen.references if one != work]
    return Chosen(image=work, references=references, mask=None if chosen.mask == work else chosen.mask)


def _refer(chosen: Chosen, work: uuid.UUID) -> Chosen:
    if work in chosen.references:
        return chosen
    if len(chosen.references) >= MOST_REFERENCES:
        full = ngettext("At most %(n)d reference.", "At most %(n)d references. Take one away first.", MOST_REFERENCES)
        raise Conflict(full % {"n": MOST_REFERENCES}, code="full")
    return chosen.model_copy(update={"references": [*chosen.references, work]})


def _unrefer(chosen: Chosen, work: uuid.UUID) -> Chosen:
    return chosen.model_copy(update={"references": [one for one in chosen.references if one != work]})


def _mask(chosen: Chosen, work: uuid.UUID) -> Chosen:
    return chosen.model_copy(update={"mask": work})


def _unmask(chosen: Chosen, work: uuid.UUID) -> Chosen:
    return chosen.model_copy(update={"mask": None})


ACTS: dict[str, Change] = {"show": _show, "refer": _refer, "unrefer": _unrefer, "mask": _mask, "unmask": _unmask}


@require_safe
@member_required
def studio_shelf(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """The works of the session, or of the person's own: `of` is "session", "all" or the id of a folder."""
    member: Membership = request.member  # type: ignore[attr-defined]
    session = access_session(member, session_id, "view")
    of, is_own = request.GET.get("of", "session"), session.member_id == member.id
    folders = labels_of(tree_of(member)) if is_own else []
    if of == "session" or not is_own:
        page, more = works_of(member, session=session), f"{reverse('works')}?session={session.id}"
    elif of == "all":
        page, more = works_of(member), reverse("works")
    else:
        page, more = works_of(member, WorksFilter(folder=id_of(of))), f"{reverse('works')}?folder={id_of(of)}"
    return render(
        request,
        "studio/_shelf.html",
        {
            "session": session,
            "of": of if is_own else "session",
            "folders": folders,
            "works": veiled((artifact_json(row) for row in page.items), member),
            "more_url": more if page.next and is_own else "",
            "is_own": is_own,
        },
    )
