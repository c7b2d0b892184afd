"""A work changed by words: the box beside it, and what it submits. The takes are shown in the work's session, as a turn."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.ai.asking import ways_of
from ij8.core.errors import Conflict, Ij8Error, Invalid
from studio.artifacts.access import access_artifact
from studio.jobs.submit import make_plan, submit_job
from studio.models import Artifact, StudioSession, Turn
from studio.operations.image_generate import PROMPT_LIMIT
from studio.pages.address import id_of
from studio.pages.advice import price_words
from studio.pages.model_picker import ModelChoice, Picker, picker_of
from studio.pages.session import render_turn
from studio.sessions import access_session, create_session, default_cohort

OPERATION = "image.edit"
COUNTS = (1, 2, 3, 4)
WAYS = ("gemini", "openai")  # providers that change pictures


@dataclass(frozen=True)
class EditBox:
    """What `works/_edit_words.html` draws. `connect`: where this person connects a provider, "" when somebody else must.

    `prices`: by model, what one take costs in words. `session`: the canvas on which it stands, whose turn it becomes.
    """

    work: uuid.UUID
    picker: Picker
    prices: dict[str, str]
    connect: str
    words: str = ""
    count: int = 1
    model: str = ""
    session: uuid.UUID | None = None
    dedupe_key: str = field(default_factory=lambda: str(uuid.uuid4()))
    counts: tuple[int, ...] = COUNTS
    limit: int = PROMPT_LIMIT

    @property
    def choices(self) -> list[tuple[ModelChoice, str]]:
        return [(one, self.prices[one.id]) for one in self.picker.choices if one.is_open]

    @property
    def reasons(self) -> list[str]:
        return list(dict.fromkeys(one.reason for one in self.picker.choices if one.reason))


def edit_box(artifact: Artifact, member: Membership, **typed: Any) -> EditBox | None:
    """None for what is not hers, no picture, or in the trash."""
    if artifact.owner_id != member.id or artifact.medium != "image" or artifact.root.trashed_at or artifact.purged_at:
        return None
    ways = ways_of(member)
    picker = picker_of(OPERATION, member, ways)
    prices = {one.id: _price(one.id, artifact) for one in picker.choices if one.is_open}
    connect = "" if prices else next((way for provider in WAYS if (way := ways.where_to_connect(provider))), "")
    return EditBox(artifact.id, picker, prices, connect, **typed)


def _price(model: str, artifact: Artifact) -> str:
    try:
        return price_words(make_plan(OPERATION, {"model": model, "prompt": ".", "image": str(artifact.id)}))
    except Ij8Error:
        return ""


@transaction.non_atomic_requests  # what queues work: see studio.api.jobs
@require_POST
@member_required
def work_edit(request: HttpRequest, artifact_id: uuid.UUID) -> HttpResponse:
    """Asks for `count` changed versions; goes to the turn that shows them."""
    member: Membership = request.member  # type: ignore[attr-defined]
    artifact = access_artifact(member, artifact_id, "change")
    try:
        count = _count(request.POST.get("count", "1"))
        params = {"image": str(artifact.id), "prompt": _words(request), "model": _model(request, member), "count": count}
        params |= {"references": request.POST.getlist("references"), "mask": request.POST.get("mask") or None}
        if artifact.root.trashed_at:
            raise Conflict(_("This work is in the trash. Take it back first."), code="trashed")
        key = request.POST.get("dedupe_key") or None
        with transaction.atomic():  # a new session stays only with work in it
            session = _session_for(artifact, member, request.POST.get("session", ""))
            jobs = submit_job(member=member, operation=OPERATION, params=params, session=session, dedupe_key=key)
    except Ij8Error as error:
        return _refused(request, artifact, error)
    turn = Turn.objects.filter(batch=jobs[0].batch).select_related("session").get()
    if request.htmx:  # type: ignore[attr-defined]
        return render_turn(request, turn)
    return redirect(f"{reverse('studio_session', args=[turn.session_id])}#turn-{turn.id}")


def _words(request: HttpRequest) -> str:
    words = request.POST.get("prompt", "").strip()
    if not words:
        raise Invalid(_("Say in a few words what shall change."), field="prompt")
    return words


def _count(text: str) -> int:
    if text not in [str(n) for n in COUNTS]:
        raise Invalid(_("Choose how many."), field="count", allowed=", ".join(map(str, COUNTS)))
    return int(text)


def _model(request: HttpRequest, member: Membership) -> str:
    """The posted one, else the first that can be used; without any, the one whose refusal says who can connect it."""
    if model := request.POST.get("model", ""):
        return model
    picker = picker_of(OPERATION, member)
    first = picker.chosen("") or next(iter(picker.choices), None)
    return first.id if first else ""


def _session_for(artifact: Artifact, member: Membership, asked: str) -> StudioSession:
    """The one whose canvas it stands on, else the one in which it was made while that is hers and open, else a new one."""
    if asked:
        return access_session(member, id_of(asked), "make")
    mine = StudioSession.objects.filter(member=member, trashed_at=None)
    made_in = mine.filter(pk=artifact.session_id).first() if artifact.session_id else None
    return made_in or create_session(member=member, cohort=default_cohort(member))


def _refused(request: HttpRequest, artifact: Artifact, error: Ij8Error) -> HttpResponse:
    """What is wrong, at the box on the canvas; else the page of the work, with what was typed."""
    from studio.pages.work import work_view

    if request.htmx:  # type: ignore[attr-defined]
        answer = render(request, "studio/_prompt_wrong.html", {"wrong": error}, status=error.status)
        answer["HX-Retarget"], answer["HX-Reswap"] = "#change-wrong", "innerHTML"
        return answer

    member: Membership = request.member  # type: ignore[attr-defined]
    view = work_view(artifact, member)
    asked = request.POST.get("count", "")
    count = int(asked) if asked in [str(n) for n in COUNTS] else 1
    typed = {"words": request.POST.get("prompt", "")[:PROMPT_LIMIT], "model": request.POST.get("model", ""), "count": count}
    context = {"work": {**view, "edit": edit_box(artifact, member, **typed)}, "edit_wrong": error}
    return render(request, "works/work.html", context, status=error.status)
