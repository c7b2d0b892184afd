"""/notices/: what ij8 told this person, newest first; the bell in the rail; and the way out of the daily mail."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership, Notice
from ij8.accounts.notices import icon_of, mark_read, notices_of, words_of
from ij8.accounts.notices_mail import person_of_key, stop_mail
from ij8.core.errors import NotFound
from ij8.core.paging import page


@require_safe
@member_required
def notices(request: HttpRequest) -> HttpResponse:
    """`unread=1`: those alone."""
    member, only_unread = _member(request), request.GET.get("unread") == "1"
    rows = notices_of(member)
    found = page(rows.filter(read_at=None) if only_unread else rows, cursor=request.GET.get("cursor"))
    next_url = f"?{'unread=1&' if only_unread else ''}cursor={found.next}" if found.next else ""
    context = {"notices": [_line(one) for one in found.items], "next_url": next_url, "only_unread": only_unread}
    is_more = bool(getattr(request, "htmx", False)) and "cursor" in request.GET
    return render(request, "notices/_notices.html" if is_more else "notices/index.html", context)


def _line(notice: Notice) -> dict[str, Any]:
    return {"id": notice.id, "words": words_of(notice), "icon": icon_of(notice), "created": notice.created,
            "is_unread": notice.read_at is None, "leads": bool(notice.url)}  # fmt: skip


@require_safe
@never_cache
@member_required
def open_notice(request: HttpRequest, notice_id: uuid.UUID) -> HttpResponse:
    """Marks it read and goes where it leads."""
    rows = notices_of(_member(request)).filter(pk=notice_id)
    notice = rows.first()
    if notice is None:
        raise NotFound()
    if request.method == "GET":
        mark_read(rows)
    leads_home = url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return redirect(notice.url if notice.url and leads_home else "notices")


@require_POST
@member_required
def read_all(request: HttpRequest) -> HttpResponse:
    mark_read(notices_of(_member(request)))
    return redirect("notices")


@require_safe
@never_cache
@member_required
def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone, with the number of the moment: what the socket's `notice` and the slow poll fetch."""
    return render(request, "notices/_bell.html")


@csrf_exempt  # mail programs send it by themselves (RFC 8058); the signed key says whose mail it is
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mail_off(request: HttpRequest) -> HttpResponse:
    """Out of the daily mail, signed in or not. Opening the link only asks, for scanners of mail open every link."""
    key = request.GET.get("key", "")
    person = person_of_key(key)
    is_off = request.method == "POST" and person is not None
    if person is not None and is_off:
        stop_mail(person)
    context = {"key": key, "person": person, "is_off": is_off}
    return render(request, "notices/mail_off.html", context, status=200 if person else 410)


def _member(request: HttpRequest) -> Membership:
    member: Membership = request.member  # type: ignore[attr-defined]
    return member
