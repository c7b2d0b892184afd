"""/school/reports/: what people said is wrong or upset them, for those who look after them."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.addresses import next_url
from ij8.core.errors import Forbidden
from ij8.core.paging import page
from ij8.safety.reports import close_report, leads_anybody, reports_for


@require_safe
@member_required
def school_reports(request: HttpRequest) -> HttpResponse:
    """Open ones; `?closed=1` those that were answered."""
    member: Membership = request.member  # type: ignore[attr-defined]
    _refuse_others(member)
    closed = request.GET.get("closed") == "1"
    rows = reports_for(member).filter(closed_at__isnull=not closed)
    found = page(rows, cursor=request.GET.get("cursor"))
    context = {"reports": found.items, "next_url": next_url(request, found.next), "closed": closed}
    context["is_admin"] = member.role == Membership.Role.ADMIN
    template = "safety/_reports.html" if request.htmx else "safety/reports.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@require_POST
@member_required
def school_report(request: HttpRequest, report_id: uuid.UUID) -> HttpResponse:
    """Answers and closes it."""
    member: Membership = request.member  # type: ignore[attr-defined]
    _refuse_others(member)
    found = close_report(report_id=report_id, by=member, answer=request.POST.get("answer", ""))
    messages.success(request, _("Closed. %(name)s is told.") % {"name": found.by.user})
    return redirect("school_reports")


def _refuse_others(member: Membership) -> None:
    if not leads_anybody(member):
        raise Forbidden(_("Reports reach the teachers of a class and the admins of the school."))
