"""Cards of jobs, and what a person does to them from a page: cancel, retry, keep. Forms of plain HTML."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.errors import Invalid, NotFound
from ij8.core.marked import told
from ij8.core.templatetags.house import state_words
from studio.jobs import eta
from studio.jobs.control import access_batch, access_job, cancel_batch, cancel_job, pick_take, retry_job
from studio.models import OPEN, Job, State
from studio.operations import OPERATIONS
from studio.pages.present import eta_words, percent, place_words
from studio.pages.session import render_turn
from studio.pages.talk import TALKS, turn_of
from studio.pages.turns import takes_of

ACTS = {"cancel": cancel_job, "retry": retry_job, "pick": pick_take}
OPEN_READ = 24
BATCHES_SHOWN = 4
WORDS_SHOWN = 60


@transaction.non_atomic_requests  # what queues work: see studio.api.jobs
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
    turn = turn_of(job) if act == "pick" or job.operation in TALKS else None
    return render_turn(request, turn) if turn else _card(request, job)


@transaction.non_atomic_requests  # what queues work: see studio.api.jobs
@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def studio_batch(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """The turn of a batch; POST cancels what is left of it first, what is finished stays."""
    member: Membership = request.member  # type: ignore[attr-defined]
    if request.method == "POST":
        jobs = cancel_batch(access_batch(member, batch_id))
    else:
        jobs = list(Job.objects.visible_to(member).filter(batch=batch_id)[:1])
    if not jobs:
        raise NotFound
    turn = turn_of(jobs[0])
    if turn is None or not request.htmx:  # type: ignore[attr-defined]
        return redirect(page_of_job(jobs[0]))
    return render_turn(request, turn)


@require_safe
@member_required
def studio_in_progress(request: HttpRequest) -> HttpResponse:
    rows = in_progress(request.member)  # type: ignore[attr-defined]
    return render(request, "parts/_in_progress.html", {"jobs": rows})


def _card(request: HttpRequest, job: Job) -> HttpResponse:
    return render(request, "studio/_job.html", {"job": takes_of([job], request.member)[0]})  # type: ignore[attr-defined]


def page_of_job(job: Job) -> str:
    """Where this job is shown."""
    return reverse("studio_session", args=[job.session_id]) if job.session_id else reverse("studio")


def in_progress(member: Membership, *, with_outlooks: bool = True) -> list[dict[str, Any]]:
    """One's own batches with open jobs, oldest first, as the foot of the rail shows them. It is drawn on every page, there
    without the outlooks, which cost three queries: the socket or the first poll brings them.
    """
    takes = Job.objects.filter(batch=OuterRef("batch"), retried_by=None).order_by().values("batch").annotate(n=Count("*"))
    rows = Job.objects.filter(member=member, state__in=OPEN, parent=None).order_by("created", "id")
    rows = rows.annotate(takes=Subquery(takes.values("n")))
    open_jobs: dict[uuid.UUID, list[Job]] = {}
    for job in rows[:OPEN_READ]:
        open_jobs.setdefault(job.batch, []).append(job)
    shown = dict(list(open_jobs.items())[:BATCHES_SHOWN])
    if not shown:
        return []
    outlooks = eta.outlooks([jobs[0] for jobs in shown.values()]) if with_outlooks else {}
    return [_tray_row(jobs, outlooks.get(jobs[0].id, eta.Outlook())) for jobs in shown.values()]


def _tray_row(jobs: list[Job], outlook: eta.Outlook) -> dict[str, Any]:
    """One batch: its open jobs (for scripts to follow), how far it is, and a line that says so."""
    first = jobs[0]
    total: int = first.takes  # type: ignore[attr-defined]
    ended = total - len(jobs)
    place = place_words(outlook.queue_position) if first.state == State.QUEUED else ""
    line = place or eta_words(outlook.eta_s) or first.stage or state_words()[first.state]
    return {
        "batch": first.batch,
        "open": [{"id": job.id, "seq": job.seq, "state": job.state} for job in jobs],
        "total": total,
        "percent": percent((ended + sum(job.progress or 0.0 for job in jobs)) / total),
        "words": (str(first.params.get("prompt", "")) or told(OPERATIONS[first.operation].summary))[:WORDS_SHOWN],
        "page": page_of_job(first),
        "line": tray_line(ended, total, line),
    }


def tray_line(made: int, total: int, line: str) -> str:
    """Like "1 of 4 · about 20 s"; a single take has no count."""
    return " · ".join(part for part in (_("%(n)d of %(all)d") % {"n": made, "all": total} if total > 1 else "", line) if part)
