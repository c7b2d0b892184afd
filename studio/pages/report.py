"""What stands beside every picture and answer: "This is wrong", "This upset me", and not seeing it again."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.errors import Invalid
from ij8.safety.models import Report
from ij8.safety.reports import Subject, hidden_from, hide, report, show_again
from studio.artifacts.access import access_artifact
from studio.jobs.control import access_job
from studio.models import Artifact, Job
from studio.pages.talk import is_answer, turn_of

ASKED_LENGTH = 80


@require_POST
@member_required
def work_report(request: HttpRequest, artifact_id: uuid.UUID) -> HttpResponse:
    """`act`: wrong or upset (a report, with the reporter's `words`), hide, show. Leads back to where one was."""
    member: Membership = request.member  # type: ignore[attr-defined]
    subject = subject_of(access_artifact(member, artifact_id, "view"))
    _act(request, subject, _("The picture is hidden from you."))
    return redirect(_came_from(request) or subject.url)


@require_POST
@member_required
def answer_report(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """The same for what an AI answered in a conversation."""
    member: Membership = request.member  # type: ignore[attr-defined]
    subject = answer_of(access_job(member, job_id, "view"))
    _act(request, subject, _("The answer is hidden from you."))
    came_from, place = _came_from(request), subject.url.partition("#")[2]
    return redirect(f"{came_from.partition('#')[0]}#{place}" if came_from else subject.url)


def _act(request: HttpRequest, subject: Subject, is_hidden: str) -> None:
    member: Membership = request.member  # type: ignore[attr-defined]
    act = request.POST.get("act", "")
    if act in Report.Kind.values:
        report(by=member, kind=act, subject=subject, words=request.POST.get("words", ""))
        messages.success(request, _told(act, member, is_hidden))
    elif act == "hide":
        hide(member, subject.ref)
        messages.success(request, f"{is_hidden} {_('Others see it as before.')}")
    elif act == "show":
        show_again(member, subject.ref)
    else:
        raise Invalid(_("This cannot be reported so."), field="act", allowed="wrong, upset, hide, show")


def _came_from(request: HttpRequest) -> str:
    back = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return back if is_ours else ""


def subject_of(artifact: Artifact) -> Subject:
    cohort_id = artifact.session.cohort_id if artifact.session else None
    about = artifact.root.title or artifact.prompt or artifact.root.alt
    return Subject(artifact.root_id, about, reverse("work", args=[artifact.id]), cohort_id)


def answer_of(job: Job) -> Subject:
    """What was asked and answered, and the turn in which it stands. Another try of a turn is another answer."""
    turn = turn_of(job)
    if turn is None or not is_answer(job):
        raise Invalid(_("There is no answer here that could be reported."))
    about = f"{turn.prompt[:ASKED_LENGTH]} – {job.text.strip()}"
    url = f"{reverse('studio_session', args=[turn.session_id])}?turn={turn.pk}#turn-{turn.pk}"
    return Subject(job.pk, about, url, job.cohort_id)


def _told(act: str, member: Membership, is_hidden: str) -> str:
    who = _("Your teacher is told.") if member.role == Membership.Role.STUDENT else _("Those who look after it are told.")
    if act == Report.Kind.UPSET:
        return f"{_('Thank you for saying so.')} {is_hidden} {who}"
    return _("Thank you.") + " " + who


def veiled(works: Iterable[dict[str, Any]], viewer: Membership) -> list[dict[str, Any]]:
    """Works as the API tells them, each with `is_hidden` for this person. One query, none for no works."""
    found = list(works)
    refs = {uuid.UUID(work["root"]) for work in found if "root" in work}
    hidden = {str(ref) for ref in hidden_from(viewer, refs)}
    return [{**work, "is_hidden": work.get("root") in hidden} for work in found]
