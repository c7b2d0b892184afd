"""One session: its turns, and the prompt that makes the next one."""

import uuid
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.ai.asking import ways_of
from ij8.core.errors import Ij8Error
from ij8.core.once import asks_once
from ij8.core.validation import validated
from ij8.safety.check import WordsRefused
from studio.artifacts.access import access_artifact
from studio.jobs.existing import refuse_if_made
from studio.jobs.submit import submit_job
from studio.line import line_to
from studio.models import StudioSession, Turn
from studio.pages.address import BLANK_ID, id_of
from studio.pages.advice import advice_of, instead_of, plan_of, price_words
from studio.pages.model_picker import Picker, money_words, picker_of
from studio.pages.model_pool import drawn_from, one_at_a_time, pool_in
from studio.pages.prompt_form import DEFAULTS, STARTERS, PromptBox, again_of, again_params, params_of, values_of
from studio.pages.sessions import list_context, title_of
from studio.pages.sight import sight_of
from studio.pages.talk_box import TALK, said_in, talk_box, thrown_away
from studio.pages.turns import turn_views
from studio.preferences import preferences_of
from studio.sessions import SessionChanges, access_session, change_session, restore_session, tell_session, trash_session

OPERATION = "image.generate"
TURNS_ON_PAGE = 6  # eight turns of four takes took 151 ms at 10,000 works (`make bench ARGS="--only pages"`)
SIMPLE = ("prompt", "shape", "count")


@transaction.non_atomic_requests  # what queues work: see studio.api.jobs
@require_http_methods(["GET", "HEAD", "POST"])
@member_required
@asks_once
def studio_session(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """The page of a session; POST makes what its prompt box says, or does `act` (rename, trash, restore)."""
    member: Membership = request.member  # type: ignore[attr-defined]
    if request.method != "POST":
        return render(request, "studio/session.html", session_context(request, access_session(member, session_id, "view")))
    act = request.POST.get("act", "make")
    if act in ACTS:
        return ACTS[act](request, access_session(member, session_id, "change"))
    return _send(request, access_session(member, session_id, "make"))


def _rename(request: HttpRequest, session: StudioSession) -> HttpResponse:
    typed = request.POST.get("title", "")
    try:
        change_session(session, validated(SessionChanges, {"title": typed}))
    except WordsRefused as error:
        context = {**session_context(request, session), "renames": True, "typed_title": typed, "wrong": error}
        return render(request, "studio/session.html", context, status=error.status)
    return redirect("studio_session", session.id)


def _trash(request: HttpRequest, session: StudioSession) -> HttpResponse:
    trash_session(session)
    return redirect(f"{reverse('studio')}?undo={session.id}")


def _restore(request: HttpRequest, session: StudioSession) -> HttpResponse:
    restore_session(session)
    return redirect("studio_session", session.id)


ACTS = {"rename": _rename, "trash": _trash, "restore": _restore}


def session_context(request: HttpRequest, session: StudioSession) -> dict[str, Any]:
    """Everything the session page shows."""
    member: Membership = request.member  # type: ignore[attr-defined]
    ways = ways_of(member)
    picker = picker_of(OPERATION, member, ways)
    turns, older = turns_before(session, request.GET.get("before", ""), request.GET.get("turn", ""))
    views = turn_views(turns, viewer=member, model_names=picker.names)
    is_own = session.member_id == member.id
    preferences = preferences_of(session.member)
    return {
        "session": session,
        "session_title": title_of(session),
        "sight": sight_of(session, member, is_own=is_own),
        "tells_sight": is_own and not preferences.told_who_sees,
        "turns": views,
        "older_url": older,
        "has_open_jobs": any(view.open_count for view in views),
        "is_own": is_own,
        "renames": is_own and "rename" in request.GET,
        "can_make": is_own and not session.trashed_at,
        "prompt": _box(member, picker, _start_values(request, session, turns), is_open=preferences.all_settings),
        "starters": STARTERS,
        "talking": talk_box(ways, turns, request.GET.get("mode", "")),
        "models": picker.choices,
        "thrown": thrown_away(session, id_of(request.GET.get("thrown", ""))),
        "blank_id": BLANK_ID,
        **list_context(request, session.id),
    }


def _start_values(request: HttpRequest, session: StudioSession, turns: list[Turn]) -> dict[str, Any]:
    """What stands in the box at first: the settings of the work or turn `again`, else those of the last turn that made
    pictures from words.
    """
    values = values_of(next((turn.params for turn in reversed(turns) if turn.operation == OPERATION), {}))
    if asked := request.GET.get("again", ""):
        turn = session.turns.filter(id=id_of(asked)).first()
        member: Membership = request.member  # type: ignore[attr-defined]
        values |= again_of(turn.params if turn else again_params(access_artifact(member, id_of(asked), "view")))
    return {**values, "prompt": request.GET.get("words", "") or values["prompt"], "count": session.takes}


def _box(member: Membership, picker: Picker, values: dict[str, Any], *, is_open: bool) -> PromptBox:
    model = picker.chosen(values.get("model", ""))
    if member.is_kept_simple:
        values = {**DEFAULTS, **{name: values[name] for name in SIMPLE}}
        values["shape"] = "square" if values["shape"] == "exact" else values["shape"]
    values = {**values, "model": model.id if model else ""}
    is_paid = bool(model and model.paid) or any(one.paid for one in picker.choices if one.id in values.get("pool", ()))
    plan = plan_of(values) if is_paid else None
    estimate = price_words(plan) if is_paid else money_words(Decimal(0))
    advice = advice_of(plan, member, values)
    return PromptBox(picker, model, values, estimate, advice=advice, is_open=is_open, is_simple=member.is_kept_simple)


def turns_before(session: StudioSession, before: str, until: str) -> tuple[list[Turn], str]:
    """The last turns of the line that is shown (or of that which ends with the turn `until`, or those before the turn with the
    id `before`), oldest first, and the address of older ones.
    """
    most = TURNS_ON_PAGE + 1
    if before:
        found = line_to(id_of(before), most + 1, with_siblings=True)[:-1]
    else:
        found = line_to(_end_of(session, until), most, with_siblings=True)
    found = [turn for turn in found if turn.session_id == session.id]
    shown = found[-TURNS_ON_PAGE:]
    return shown, f"?before={shown[0].id}" if len(found) > TURNS_ON_PAGE else ""


def _end_of(session: StudioSession, until: str) -> uuid.UUID | None:
    asked = session.turns.filter(pk=id_of(until), trashed_at=None).first() if until else None
    return asked.pk if asked else session.head_id


def _send(request: HttpRequest, session: StudioSession) -> HttpResponse:
    """Makes what the box says, or talks. A part of a page gets the new turn; a plain form goes back to the page."""
    member: Membership = request.member  # type: ignore[attr-defined]
    was_new, is_talk = not session.title, request.POST.get("mode") == "talk"
    asked: dict[str, Any] = {"member": member, "dedupe_key": request.POST.get("dedupe_key") or None}
    try:
        with one_at_a_time(session, request.POST.dict()):
            asked["operation"] = TALK if is_talk else OPERATION
            asked["params"] = _said(request, session) if is_talk else _asked(request, session)
            if not is_talk and "make_again" not in request.POST:
                refuse_if_made(**asked)
            jobs = submit_job(session=session, **asked)
    except Ij8Error as error:
        return _refused(request, session, error)
    turn = Turn.objects.filter(batch=jobs[0].batch).select_related("session").get()
    if not is_talk:
        change_session(session, SessionChanges(takes=len(jobs)))
    if was_new:
        tell_session(session)
    if request.htmx:  # type: ignore[attr-defined]
        return render_turn(request, turn, new_title=title_of(session))
    return redirect(f"{reverse('studio_session', args=[session.id])}#turn-{turn.id}")


def _said(request: HttpRequest, session: StudioSession) -> dict[str, Any]:
    """A turn of talk; where models take turns, its pictures are made by the one whose turn it is."""
    said = said_in(request.POST.dict())
    pool = pool_in(request.POST.dict())
    if pool:
        drawn = drawn_from({**pool, "model": said["image_model"]}, session, picker_of(OPERATION, request.member))  # type: ignore[attr-defined]
        said["image_model"] = drawn["model"]
    return said


def _asked(request: HttpRequest, session: StudioSession) -> dict[str, Any]:
    """The parameters posted; a box without a model (the simple one) takes the first that can be used."""
    member: Membership = request.member  # type: ignore[attr-defined]
    data = instead_of(request.POST.dict())
    first = data.get("model", "") if "instead" in request.POST else ""
    if not first and (member.is_kept_simple or not data.get("model")):
        model = picker_of(OPERATION, member).chosen("")
        first = model.id if model else ""
    params = params_of(data, only_simple=member.is_kept_simple, model=first)
    return drawn_from(params, session, picker_of(OPERATION, member)) if "pool" in params else params


def render_turn(request: HttpRequest, turn: Turn, new_title: str = "") -> HttpResponse:
    """One turn as a part; `new_title` also changes the heading of the page it goes into."""
    member: Membership = request.member  # type: ignore[attr-defined]
    picker = picker_of(OPERATION, member)
    (view,) = turn_views([turn], viewer=member, model_names=picker.names)
    context = {"turn": view, "new_title": new_title, "models": picker.choices}
    return render(request, "studio/_turn.html", {**context, "can_make": turn.session.member_id == member.id})


def _refused(request: HttpRequest, session: StudioSession, error: Ij8Error) -> HttpResponse:
    """What is wrong, at the prompt box; everything typed is kept."""
    if request.htmx:  # type: ignore[attr-defined]
        answer = render(request, "studio/_prompt_wrong.html", {"wrong": error}, status=error.status)
        answer["HX-Retarget"], answer["HX-Reswap"] = "#prompt-wrong", "innerHTML"
        return answer
    context = session_context(request, session)
    typed = {name: request.POST[name] for name in [*DEFAULTS, "model"] if name in request.POST}
    values = {**context["prompt"].values, **typed}
    context["prompt"] = _box(request.member, context["prompt"].picker, values, is_open=True)  # type: ignore[attr-defined]
    return render(request, "studio/session.html", {**context, "wrong": error}, status=error.status)
