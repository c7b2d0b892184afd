"""/school/people/import/ and /classes/<id>/import/: a list is sent, looked at, brought in, taken back; and written out."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ij8.accounts.access import access_cohort, member_required, role_required
from ij8.accounts.models import Cohort, Membership, Roster
from ij8.accounts.people.links import class_tabs
from ij8.accounts.roster.committing import Choices
from ij8.accounts.roster.exporting import cohort_lines, school_lines, template_lines
from ij8.accounts.roster.forms import CommitForm, RosterForm
from ij8.accounts.roster.present import shown
from ij8.accounts.roster.rosters import (
    UNDO_DAYS,
    access_roster,
    commit_roster,
    make_roster,
    may_undo,
    refuse_others,
    rosters_of,
    undo_roster,
)
from ij8.accounts.roster.table import MOST_BYTES
from ij8.core.addresses import with_query
from ij8.core.errors import Conflict, Invalid, TooLarge

either = require_http_methods(["GET", "HEAD", "POST"])
EARLIER = 20


@either
@role_required("admin")
def school_roster(request: HttpRequest) -> HttpResponse:
    return _new(request, None)


@either
@member_required
def class_roster(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    return _new(request, access_cohort(_member(request), cohort_id, "change"))


def _new(request: HttpRequest, cohort: Cohort | None) -> HttpResponse:
    member = _member(request)
    refuse_others(member, cohort)
    form = RosterForm(request.POST, request.FILES) if request.method == "POST" else RosterForm()
    if form.is_valid():
        try:
            roster = make_roster(by=member, cohort=cohort, encoding=form.cleaned_data["encoding"], **_sent(form))
        except Invalid as error:
            form.add_error("file", error.message)
        else:
            return redirect("roster", roster.pk)
    context = {
        "form": form,
        "cohort": cohort,
        "rosters": rosters_of(member, cohort).order_by("-created", "-id")[:EARLIER],
        "tabs": class_tabs(cohort, member, request.path) if cohort else [],
    }
    return render(request, "roster/index.html", context, status=422 if form.errors else 200)


def _sent(form: RosterForm) -> dict[str, Any]:
    file = form.cleaned_data["file"]
    if file.size > MOST_BYTES:
        raise TooLarge(
            _("This file is too large. Split the list into smaller ones."),
            field="file",
            allowed=_("at most %(n)d MB") % {"n": MOST_BYTES // 1_000_000},
        )
    return {"data": file.read(), "file_name": file.name}


@require_safe
@member_required
def roster(request: HttpRequest, roster_id: uuid.UUID) -> HttpResponse:
    found = access_roster(_member(request), roster_id)
    begin = request.GET.get("from", "")
    plan = shown(found, request.GET.get("show", ""), int(begin) if begin.isdecimal() and len(begin) < 6 else 0)
    for chip in plan["chips"]:
        chip["url"] = f"?show={chip['kind']}"
    next_begin = plan.pop("next_begin")
    next_url = with_query(request, show=plan["kind"], **{"from": str(next_begin)}) if next_begin else ""
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "roster/_lines.html", {**plan, "next_url": next_url})
    may = may_undo(found, _member(request))
    context = {**plan, "roster": found, "next_url": next_url, "may_undo": may, "undo_days": UNDO_DAYS}
    return render(request, "roster/roster.html", context)


@require_POST
@member_required
def roster_commit(request: HttpRequest, roster_id: uuid.UUID) -> HttpResponse:
    member = _member(request)
    found = access_roster(member, roster_id)
    form = CommitForm(request.POST)
    form.is_valid()
    try:
        done = commit_roster(roster=found, by=member, choices=Choices(**form.cleaned_data))
    except Conflict as error:
        messages.error(request, error.message)
        return redirect("roster", found.pk)
    if done:
        messages.success(request, _brought(access_roster(member, roster_id)))
    else:
        messages.error(
            request, _("The school has changed since this dry run. Here is a new one; look again before you bring it in.")
        )
    return redirect("roster", found.pk)


def _brought(found: Roster) -> str:
    counts = found.counts
    n = counts["new"]
    came = ngettext("%(n)d person came in", "%(n)d people came in", n) % {"n": n}
    return _("%(came)s, %(changed)d changed, %(left)d places ended.") % {
        "came": came,
        "changed": counts["changed"],
        "left": counts["left"],
    }


@require_POST
@member_required
def roster_undo(request: HttpRequest, roster_id: uuid.UUID) -> HttpResponse:
    member = _member(request)
    found = access_roster(member, roster_id)
    try:
        undo_roster(roster=found, by=member)
    except Conflict as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("It is undone. Everything is as it was before this list."))
    return redirect("roster", found.pk)


@require_safe
@role_required("admin", "teacher")
def roster_template(request: HttpRequest) -> HttpResponse:
    return csv_answer(template_lines(), _("people"))


@require_safe
@role_required("admin")
def school_export(request: HttpRequest) -> HttpResponse:
    school = _member(request).school
    return csv_answer(school_lines(school), f"{school.slug}-{timezone.localdate():%Y-%m-%d}")


@require_safe
@member_required
def class_export(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    cohort = access_cohort(_member(request), cohort_id, "change")
    return csv_answer(cohort_lines(cohort), f"{slugify(cohort.name) or 'class'}-{timezone.localdate():%Y-%m-%d}")


def csv_answer(lines: Any, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{slugify(name) or "people"}.csv"', "Cache-Control": "no-store"}
    return HttpResponse("".join(lines), content_type="text/csv; charset=utf-8", headers=headers)


def _member(request: HttpRequest) -> Membership:
    member: Membership = request.member  # type: ignore[attr-defined]
    return member
