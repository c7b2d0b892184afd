"""The studio: the list of sessions, one session with its turns, and the prompt that makes the next one."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.errors import Ij8Error
from studio.artifacts.artifact_json import artifact_json
from studio.jobs.catalogue import models_of
from studio.jobs.submit import submit_job
from studio.models import Artifact, StudioSession, Turn
from studio.pages.address import BLANK_ID, next_url
from studio.pages.present import when_words
from studio.pages.prompt_form import DEFAULTS, STARTERS, PromptBox, params_of, values_of
from studio.pages.turns import turn_views
from studio.sessions import access_session, create_session, default_cohort, sessions_of

OPERATION = "image.generate"
TURNS_ON_PAGE = 20
STRIP = 4


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def studio(request: HttpRequest) -> HttpResponse:
    """One's sessions, newest first; POST begins a new one, with `words` in its prompt box."""
    member: Membership = request.member  # type: ignore[attr-defined]
    if request.method == "POST":
        session = create_session(member=member, cohort=default_cohort(member))
        words = {"words": request.POST["words"]} if request.POST.get("words") else {}
        return redirect(f"{reverse('studio_session', args=[session.id])}{'?' if words else ''}{urlencode(words)}")
    page = sessions_of(member, cursor=request.GET.get("cursor"))
    template = "studio/_sessions.html" if request.htmx else "studio/index.html"  # type: ignore[attr-defined]
    context = {"sessions": session_cards(page.items, member), "next_url": next_url(request, page.next)}
    return render(request, template, context)


def session_cards(sessions: list[StudioSession], member: Membership) -> list[dict[str, Any]]:
    """Title, when, and a strip of the newest works of each. One query."""
    works = Artifact.objects.filter(root__trashed_at=None, purged_at=None).exclude(thumbnail_key="")
    newest = works.select_related("root").order_by("-created", "-id")[:STRIP]
    prefetch_related_objects(sessions, Prefetch("artifacts", queryset=newest, to_attr="newest"))
    return [
        {
            "id": session.id,
            "title": title_of(session),
            "when": when_words(session.updated),
            "strip": [artifact_json(work) for work in session.newest],  # type: ignore[attr-defined]
        }
        for session in sessions
    ]


def title_of(session: StudioSession) -> str:
    return session.title or _("New session")


@transaction.non_atomic_requests  # what queues work: see studio.api.jobs
@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def studio_session(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    member: Membership = request.member  # type: ignore[attr-defined]
    if request.method == "POST":
        return _make(request, access_session(member, session_id, "make"))
    session = access_session(member, session_id, "view")
    return render(request, "studio/session.html", session_context(request, session))


def session_context(request: HttpRequest, session: StudioSession) -> dict[str, Any]:
    """Everything the session page shows."""
    member: Membership = request.member  # type: ignore[attr-defined]
    models = models_of(OPERATION)
    turns, older = turns_before(session, request.GET.get("before", ""))
    views = turn_views(turns, viewer=member, model_names={m.id: m.name for m in models})
    last = turns[-1].params if turns else {"model": models[0].id if models else ""}
    return {
        "session": session,
        "session_title": title_of(session),
        "turns": views,
        "older_url": older,
        "has_open_jobs": any(view.open_count for view in views),
        "can_make": session.member_id == member.id and not session.trashed_at,
        "prompt": PromptBox(
            models=[m.as_dict() for m in models], values={**values_of(last), "prompt": request.GET.get("words", "")}
        ),
        "starters": STARTERS,
        "painter_note": _("The built-in painter makes abstract pictures, no AI. Connect a model for subjects."),
        "blank_id": BLANK_ID,
    }


def turns_before(session: StudioSession, before: str) -> tuple[list[Turn], str]:
    """The newest turns (older than the turn with the id `before`), oldest first, and the address of older ones."""
    rows = session.turns.order_by("-created", "-id")
    if before:
        at = session.turns.filter(id=_uuid(before)).first()
        rows = rows.filter(created__lt=at.created) if at else rows.none()
    found = list(rows[: TURNS_ON_PAGE + 1])
    shown = found[:TURNS_ON_PAGE][::-1]
    return shown, f"?before={shown[0].id}" if len(found) > TURNS_ON_PAGE else ""


def _uuid(text: str) -> uuid.UUID:
    """What is no id finds nothing."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return BLANK_ID


def _make(request: HttpRequest, session: StudioSession) -> HttpResponse:
    """Submits the prompt. A part of a page gets the new turn; a plain form goes back to the page."""
    try:
        jobs = submit_job(
            member=request.member,  # type: ignore[attr-defined]
            operation=OPERATION,
            params=params_of(request.POST),
            session=session,
            dedupe_key=request.POST.get("dedupe_key") or None,
        )
    except Ij8Error as error:
        return _refused(request, session, error)
    turn = Turn.objects.filter(batch=jobs[0].batch).get()
    if request.htmx:  # type: ignore[attr-defined]
        return render_turn(request, turn, new_title=title_of(session))
    return redirect(f"{reverse('studio_session', args=[session.id])}#turn-{turn.id}")


def render_turn(request: HttpRequest, turn: Turn, new_title: str = "") -> HttpResponse:
    """One turn as a part; `new_title` also changes the heading of the page it goes into."""
    member: Membership = request.member  # type: ignore[attr-defined]
    names = {model.id: model.name for model in models_of(turn.operation)}
    (view,) = turn_views([turn], viewer=member, model_names=names)
    return render(request, "studio/_turn.html", {"turn": view, "new_title": new_title})


def _refused(request: HttpRequest, session: StudioSession, error: Ij8Error) -> HttpResponse:
    """What is wrong, at the prompt box; everything typed is kept."""
    if request.htmx:  # type: ignore[attr-defined]
        answer = render(request, "studio/_prompt_wrong.html", {"wrong": error}, status=error.status)
        answer["HX-Retarget"], answer["HX-Reswap"] = "#prompt-wrong", "innerHTML"
        return answer
    context = session_context(request, session)
    typed = {name: request.POST[name] for name in [*DEFAULTS, "model"] if name in request.POST}
    box: PromptBox = context["prompt"]
    context["prompt"] = PromptBox(models=box.models, values={**box.values, **typed}, is_open=True)
    return render(request, "studio/session.html", {**context, "wrong": error}, status=error.status)
