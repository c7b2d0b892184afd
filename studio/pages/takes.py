"""Cards of jobs, and what a person does to them from a page: cancel, retry, keep. Forms of plain HTML."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.errors import Invalid
from studio.jobs.control import access_batch, access_job, cancel_batch, cancel_job, pick_take, retry_job
from studio.models import OPEN, Job, Turn
from studio.pages.sessions import render_turn
from studio.pages.turns import takes_of

ACTS = {"cancel": cancel_job, "retry": retry_job, "pick": pick_take}
IN_PROGRESS_SHOWN = 6
WORDS_SHOWN = 60


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def studio_job(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """The card of a job; POST `act` (cancel, retry, pick) does that first. Picking answers with the whole turn."""
    member: Membership = request.member  # type: ignore[attr-defined]
    if request.method != "POST":
        return _card(request, access_job(member, job_id, "view"))
    act = request.POST.get("act", "")
    job = access_job(member, job_id, "change")
    if act not in ACTS:
        raise Invalid(_("This cannot be done to a take."), field="act", allowed=", ".join(ACTS))
    job = ACTS[act](job)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(page_of_job(job))
    turn = Turn.objects.filter(batch=job.batch).first() if act == "pick" else None
    return render_turn(request, turn) if turn else _card(request, job)


@require_POST
@member_required
def studio_batch(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Cancels what is left of a batch; what is finished stays."""
    jobs = cancel_batch(access_batch(request.member, batch_id))  # type: ignore[attr-defined]
    turn = Turn.objects.filter(batch=batch_id).first()
    if turn is None or not request.htmx:  # type: ignore[attr-defined]
        return redirect(page_of_job(jobs[0]))
    return render_turn(request, turn)


@require_safe
@member_required
def studio_in_progress(request: HttpRequest) -> HttpResponse:
    rows = in_progress(request.member)  # type: ignore[attr-defined]
    return render(request, "parts/_in_progress.html", {"jobs": rows})


def _card(request: HttpRequest, job: Job) -> HttpResponse:
    return render(request, "studio/_job.html", {"job": takes_of([job])[0]})


def page_of_job(job: Job) -> str:
    """Where this job is shown."""
    return reverse("studio_session", args=[job.session_id]) if job.session_id else reverse("studio")


def in_progress(member: Membership) -> list[dict[str, Any]]:
    """One's own open jobs, oldest first, as the foot of the rail shows them."""
    rows = Job.objects.filter(member=member, state__in=OPEN, parent=None).order_by("created", "id")
    jobs = list(rows[:IN_PROGRESS_SHOWN])
    return [_tray_row(job, take) for job, take in zip(jobs, takes_of(jobs), strict=True)]


def _tray_row(job: Job, take: dict[str, Any]) -> dict[str, Any]:
    words = str(job.params.get("prompt", "")) or job.operation
    line = take["place_words"] or take["eta_words"] or take["stage_words"]
    return {**take, "words": words[:WORDS_SHOWN], "page": page_of_job(job), "line": line}
