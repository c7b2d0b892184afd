"""/school/audit/ and /platform/audit/: who did what to whom, when; and the same as a file."""

from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ij8.accounts.access import platform_required, role_required
from ij8.accounts.impersonation import ROLES
from ij8.accounts.models import School
from ij8.audit.log import LogFilter, as_csv, as_json_lines, entries_of, page_of
from ij8.audit.tracked import GROUPS
from ij8.core.api import clean_text
from ij8.core.errors import Invalid
from ij8.core.streams import streamed
from ij8.core.validation import validated

FORMATS = {"csv": (as_csv, "text/csv; charset=utf-8"), "jsonl": (as_json_lines, "application/x-ndjson")}


@require_safe
@role_required("admin")
def school_audit(request: HttpRequest) -> HttpResponse:
    return _shown(request, request.member.school, "school")  # type: ignore[attr-defined]


@require_safe
@platform_required(*ROLES)
def platform_audit(request: HttpRequest) -> HttpResponse:
    return _shown(request, None, "platform")


@transaction.non_atomic_requests  # it is asked for piece by piece while it is sent
@require_safe
@role_required("admin")
def school_audit_file(request: HttpRequest) -> HttpResponseBase:
    return _file(request, request.member.school)  # type: ignore[attr-defined]


@transaction.non_atomic_requests
@require_safe
@platform_required(*ROLES)
def platform_audit_file(request: HttpRequest) -> HttpResponseBase:
    return _file(request, None)


def _shown(request: HttpRequest, school: School | None, section: str) -> HttpResponse:
    asked = _asked(request)
    lines, before = page_of(entries_of(school, asked), request.GET.get("before", ""))
    query = urlencode({name: value for name, value in asked.model_dump(mode="json").items() if value})
    context: dict[str, Any] = {
        "lines": lines, "asked": asked, "groups": GROUPS.items(), "section": section, "query": query,
        "next_url": f"?{query}{'&' if query else ''}before={before}" if before else "",
        "schools": None if school else School.objects.order_by("name").values_list("slug", "name"),
    }  # fmt: skip
    is_more = bool(getattr(request, "htmx", False)) and "before" in request.GET
    return render(request, "audit/_lines.html" if is_more else "audit/index.html", context)


def _file(request: HttpRequest, school: School | None) -> HttpResponseBase:
    name = request.GET.get("format", "csv")
    if name not in FORMATS:
        raise Invalid(_("This form of file is not made here."), field="format", allowed=", ".join(FORMATS))
    write, content_type = FORMATS[name]
    title = f"audit-{school.slug if school else 'platform'}-{timezone.localdate().isoformat()}.{name}"
    return streamed(request, write(entries_of(school, _asked(request))), content_type=content_type, name=title)


def _asked(request: HttpRequest) -> LogFilter:
    """`Invalid` for what is no filter, such as a day that is none."""
    given = {name: clean_text(str(value), name)[:100] for name, value in request.GET.items() if value}
    return validated(LogFilter, given)
