"""What stands beside every picture: "This is wrong", "This upset me", and not seeing it again."""

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
from studio.models import Artifact


@require_POST
@member_required
def work_report(request: HttpRequest, artifact_id: uuid.UUID) -> HttpResponse:
    """`act`: wrong or upset (a report, with the reporter's `words`), hide, show. Leads back to where one was."""
    member: Membership = request.member  # type: ignore[attr-defined]
    artifact = access_artifact(member, artifact_id, "view")
    act = request.POST.get("act", "")
    if act in Report.Kind.values:
        report(by=member, kind=act, subject=subject_of(artifact), words=request.POST.get("words", ""))
        messages.success(request, _told(act, member))
    elif act == "hide":
        hide(member, artifact.root_id)
        messages.success(request, _("The picture is hidden from you. Others see it as before."))
    elif act == "show":
        show_again(member, artifact.root_id)
    else:
        raise Invalid(_("This cannot be done to a work."), field="act", allowed="wrong, upset, hide, show")
    back = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(back if is_ours else reverse("work", args=[artifact.id]))


def subject_of(artifact: Artifact) -> Subject:
    cohort_id = artifact.session.cohort_id if artifact.session else None
    about = artifact.root.title or artifact.prompt or artifact.root.alt
    return Subject(artifact.root_id, about, reverse("work", args=[artifact.id]), cohort_id)


def _told(act: str, member: Membership) -> str:
    who = _("Your teacher is told.") if member.role == Membership.Role.STUDENT else _("Those who look after it are told.")
    if act == Report.Kind.UPSET:
        return _("Thank you for saying so. The picture is hidden from you.") + " " + who
    return _("Thank you.") + " " + who


def veiled(works: Iterable[dict[str, Any]], viewer: Membership) -> list[dict[str, Any]]:
    """Works as the API tells them, each with `is_hidden` for this person. One query, none for no works."""
    found = list(works)
    refs = {uuid.UUID(work["root"]) for work in found if "root" in work}
    hidden = {str(ref) for ref in hidden_from(viewer, refs)}
    return [{**work, "is_hidden": work.get("root") in hidden} for work in found]
