"""What a person does to a turn: another branch, edit or try again, throw a branch away and take it back, start a plan, save."""

import uuid
from dataclasses import replace
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.errors import Ij8Error, Invalid, NotFound
from studio.artifacts.meta import GenerationMeta
from studio.chat.plans import PlanRun
from studio.jobs.branches import throw_away
from studio.jobs.sheets import Sheet
from studio.jobs.submit import jobs_of_key, submit_job
from studio.line import access_turn, restore_branch, show_branch
from studio.models import Artifact, Job, StudioSession, Turn
from studio.operations import OPERATIONS
from studio.pages.plan_card import AGAIN, card_of, plan_key, posted_steps, priced, total_of
from studio.pages.session import session_context
from studio.pages.talk_box import TALK
from studio.text.writing import save_text

TITLE_LENGTH = 300


@transaction.non_atomic_requests  # what queues work: see studio.api.jobs
@require_POST
@member_required
def studio_turn(request: HttpRequest, turn_id: uuid.UUID) -> HttpResponse:
    """Does `act`: show, trash or restore a branch; again (with `prompt`); save the answer as a work."""
    act = request.POST.get("act", "")
    if act not in ACTS:
        raise Invalid(_("This cannot be done to a turn."), field="act", allowed=", ".join(ACTS))
    member: Membership = request.member  # type: ignore[attr-defined]
    return ACTS[act](request, access_turn(member, turn_id, "make" if act == "again" else "change"))


def _show(request: HttpRequest, turn: Turn) -> HttpResponse:
    return _at(show_branch(turn), turn.pk)


def _trash(request: HttpRequest, turn: Turn) -> HttpResponse:
    after = throw_away(turn)
    return redirect(f"{reverse('studio_session', args=[turn.session_id])}?thrown={turn.pk}" + (f"#turn-{after}" if after else ""))


def _restore(request: HttpRequest, turn: Turn) -> HttpResponse:
    restore_branch(turn)
    return _at(turn.session, turn.pk)


def _again(request: HttpRequest, turn: Turn) -> HttpResponse:
    """The same turn once more, or with other words, as a branch beside it. What it worked on goes in again; chance is new."""
    if turn.operation not in OPERATIONS:
        raise Invalid(_("This turn cannot be tried again here."), field="act")
    words = request.POST.get("prompt", "").strip() or turn.prompt
    params = {name: value for name, value in turn.params.items() if name not in ("seed", "prompt")}
    said = {"prompt": words} if "prompt" in OPERATIONS[turn.operation].Params.model_fields else {}
    try:
        jobs = submit_job(
            member=request.member,  # type: ignore[attr-defined]
            operation=turn.operation,
            params={**params, **said},
            session=turn.session,
            sheet=Sheet.model_validate(turn.sheet) if turn.sheet else None,
            dedupe_key=_once(request.POST.get("dedupe_key", ""), words),
            beside=turn,
        )
    except Ij8Error as error:
        context = {**session_context(request, turn.session), "wrong_turn": turn.pk, "wrong_words": words, "wrong_at": error}
        return render(request, "studio/session.html", context, status=error.status)
    return _at(turn.session, _turn_of(jobs))


def _once(key: str, words: str) -> str | None:
    """One form makes one branch of the same words; a page that is gone back to may ask for others."""
    return f"again:{key[:60]}:{sha256(words.encode()).hexdigest()[:16]}" if key else None


def _turn_of(jobs: list[Job]) -> uuid.UUID:
    found: uuid.UUID = Turn.objects.filter(batch=jobs[0].batch).values_list("pk", flat=True).get()
    return found


def _save(request: HttpRequest, turn: Turn) -> HttpResponse:
    """What was answered, as a text of the person's own."""
    job = Job.objects.filter(batch=turn.batch, operation=TALK, retried_by=None).first()
    body = job.text.strip() if job and job.ended else ""
    if not job or not body:
        raise Invalid(_("There is nothing to save yet: wait for the answer."), field="act")
    heard = (step for name, step in job.steps.items() if name.startswith("heard:"))
    by: dict[str, Any] = next((step["by"] for step in heard if step.get("by")), {})
    meta = GenerationMeta(operation=TALK, model=by.get("model", ""), params={"prompt": turn.prompt})
    work = save_text(
        member=turn.session.member, body=body, session=turn.session, source=Artifact.Source.GENERATED, meta=meta, operation=TALK
    )
    return redirect("work", work.pk)


ACTS = {"show": _show, "trash": _trash, "restore": _restore, "again": _again, "save": _save}


@transaction.non_atomic_requests  # what queues work: see studio.api.jobs
@require_POST
@member_required
def studio_plan(request: HttpRequest, turn_id: uuid.UUID, key: str) -> HttpResponse:
    """Starts the plan of a turn as it was changed, when its price is the one that was shown; else shows the new price first."""
    member: Membership = request.member  # type: ignore[attr-defined]
    turn = access_turn(member, turn_id, "make")
    plan = _plan_of(turn, key)
    if known := jobs_of_key(member, plan_key(turn.batch, key)):
        return _started(request, turn, key, plan, _turn_of(known))
    try:
        steps = posted_steps(request.POST.dict())
    except Invalid as error:
        return _shown_again(request, turn, key, {**plan, "steps": _typed(request, plan)}, error.message, status=error.status)
    rows = priced(steps)
    usd, is_wrong = total_of([row["usd"] for row in rows]), any("wrong" in row for row in rows)
    changed = {**plan, "steps": rows}
    if request.POST.get("act") != "start" or usd != request.POST.get("usd") or is_wrong:
        wrong = _("Mend the steps that cannot be made.") if is_wrong else ""
        return _shown_again(request, turn, key, changed, wrong)
    try:
        jobs = submit_job(
            member=member,
            operation=PlanRun.name,
            params={"prompt": str(plan.get("title") or _("A plan"))[:TITLE_LENGTH], "steps": [one.model_dump() for one in steps]},
            session=turn.session,
            dedupe_key=_once(str(turn.batch), repr(steps)) if key == AGAIN else plan_key(turn.batch, key),
            beside=turn if key == AGAIN else None,
        )
    except Ij8Error as error:
        return _shown_again(request, turn, key, changed, error.message, status=error.status)
    return _at(turn.session, _turn_of(jobs))


def _started(request: HttpRequest, turn: Turn, key: str, plan: dict[str, Any], started: uuid.UUID) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "studio/_plan.html", {"plan": card_of(turn.pk, key, plan, started=started)})
    return _at(turn.session, started)


def _plan_of(turn: Turn, key: str) -> dict[str, Any]:
    if key == AGAIN and turn.operation == PlanRun.name:
        return {"title": turn.prompt, "steps": turn.params["steps"]}
    job = Job.objects.filter(batch=turn.batch, operation=TALK, retried_by=None).first()
    plan = ((job.steps if job else {}).get(f"answer:{key}") or {}).get("told", {}).get("plan")
    if not plan:
        raise NotFound
    found: dict[str, Any] = plan
    return found


def _typed(request: HttpRequest, plan: dict[str, Any]) -> list[dict[str, Any]]:
    """What was typed, as far as it is a step; else what was proposed."""
    return [
        {**step, **{name: request.POST[f"{name}-{number}"] for name in ("prompt", "model") if f"{name}-{number}" in request.POST}}
        for number, step in enumerate(plan["steps"])
    ]


def _shown_again(request: HttpRequest, turn: Turn, key: str, plan: dict[str, Any], wrong: str, status: int = 200) -> HttpResponse:
    card = card_of(turn.pk, key, plan, wrong)
    context = session_context(request, turn.session)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "studio/_plan.html", {"plan": card, "models": context["models"], "can_make": True})
    for number, view in enumerate(context["turns"]):
        if key == AGAIN and view.id == turn.pk:
            context["turns"][number] = replace(view, plan=card)
        for one in (step for part in (view.talk.rounds if view.talk else []) for step in part.steps):
            if one.plan and (one.plan.turn_id, one.plan.key) == (turn.pk, key):
                one.plan = card
    return render(request, "studio/session.html", context, status=status)


def _at(session: StudioSession, turn_id: uuid.UUID) -> HttpResponse:
    return redirect(f"{reverse('studio_session', args=[session.pk])}#turn-{turn_id}")
