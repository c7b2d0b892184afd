"""/school/requests/, /platform/requests/ and one's own at /settings/requests/."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ij8.accounts.access import member_required, platform_required, role_required
from ij8.accounts.asks import withdraw
from ij8.accounts.models import Ask, Membership
from ij8.accounts.opening import requests
from ij8.core.errors import Conflict, Forbidden

either = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Place:
    """One of the two pages of requests. `section` names its tabs."""

    section: str
    route: str
    rows: Callable[[Membership], QuerySet[Ask]]


SCHOOL = Place("school", "school_requests", requests.asks_for)
PLATFORM = Place("platform", "platform_requests", lambda member: requests.asks_for_platform())


@require_safe
@role_required("admin", "teacher")
def school_requests(request: HttpRequest) -> HttpResponse:
    return _list(request, SCHOOL)


@require_safe
@platform_required("admin", "dev")
@member_required
def platform_requests(request: HttpRequest) -> HttpResponse:
    return _list(request, PLATFORM)


@either
@role_required("admin", "teacher")
def school_request(request: HttpRequest, ask_id: uuid.UUID) -> HttpResponse:
    return _record(request, SCHOOL, ask_id)


@either
@platform_required("admin", "dev")
@member_required
def platform_request(request: HttpRequest, ask_id: uuid.UUID) -> HttpResponse:
    return _record(request, PLATFORM, ask_id)


def _list(request: HttpRequest, place: Place) -> HttpResponse:
    """Two lists, each with its own cursor: what waits, and what was decided."""
    rows = place.rows(_member(request))
    which, cursor = request.GET.get("list", ""), request.GET.get("cursor")
    lists: dict[str, Any] = {}
    for name, read in (("open", requests.open_page), ("decided", requests.decided_page)):
        if which in ("", name):
            found = read(rows, cursor if which == name else None)
            url = f"{request.path}?list={name}&cursor={found.next}" if found.next else ""
            lists[name] = {"asks": requests.shown_all(found.items), "next_url": url}
    context = {"place": place, "may_decide": _may_decide(request, place)}
    if request.htmx and which in lists:  # type: ignore[attr-defined]
        return render(request, f"opening/_{which}_requests.html", {**context, **lists[which]})
    return render(request, "opening/requests.html", {**context, "lists": lists, "which": which})


def _record(request: HttpRequest, place: Place, ask_id: uuid.UUID) -> HttpResponse:
    member = _member(request)
    ask = requests.access_ask(place.rows(member), ask_id)
    line, status = requests.shown(ask), 200
    if request.method == "POST":
        if not _may_decide(request, place):
            raise Forbidden(_("Only platform admins decide this."))
        grant = request.POST.get("act") == "grant"
        try:
            decided, wrong = requests.answer_ask(ask=ask, by=member, grant=grant, sent=request.POST)
        except (Conflict, Forbidden) as error:  # somebody else was first, or decides; or it cannot be done any more
            messages.error(request, error.message)
            return redirect(_address(place, ask.pk))
        if wrong is None:
            return _told(request, place, decided)
        line, status = requests.Shown(ask, line.label, line.sentence, wrong), 422
    context = {"place": place, "shown": line, "may_decide": _may_decide(request, place), "form": line.form}
    context["welcome_url"] = requests.way_in(ask) if context["may_decide"] else ""
    return render(request, "opening/request.html", context, status=status)


def _told(request: HttpRequest, place: Place, ask: Ask) -> HttpResponse:
    granted = ask.state == Ask.State.GRANTED
    messages.success(request, _("Granted.") if granted else _("Declined."))
    return redirect(_address(place, ask.pk) if requests.way_in(ask) else reverse(place.route))


def _address(place: Place, ask_id: uuid.UUID) -> str:
    return reverse(place.route.removesuffix("s"), args=[ask_id])


def _may_decide(request: HttpRequest, place: Place) -> bool:
    return place is SCHOOL or _member(request).user.platform_role == "admin"


@require_safe
@member_required
def own_requests(request: HttpRequest) -> HttpResponse:
    """What one asked for oneself, and what became of it."""
    rows = requests.own_asks(_member(request))
    found = requests.page(rows, cursor=request.GET.get("cursor"), beside=requests.BESIDE)
    lines = requests.shown_all(found.items)
    url = f"{request.path}?cursor={found.next}" if found.next else ""
    template = "opening/_own_requests.html" if request.htmx else "opening/own_requests.html"  # type: ignore[attr-defined]
    return render(request, template, {"asks": lines, "next_url": url, "section": "requests"})


@require_http_methods(["POST"])
@member_required
def withdraw_request(request: HttpRequest, ask_id: uuid.UUID) -> HttpResponse:
    try:
        withdraw(ask_id=ask_id, by=_member(request))
        messages.success(request, _("Taken back."))
    except Conflict as error:
        messages.error(request, error.message)
    return redirect("settings_requests")


def _member(request: HttpRequest) -> Membership:
    member: Membership = request.member  # type: ignore[attr-defined]
    return member
