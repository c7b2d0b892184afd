"""/platform/support/: choose whom to look in as, say why, and stop."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ij8.accounts.access import member_required, platform_required
from ij8.accounts.impersonation import ROLES, find_people, may_be_looked_in_as, start_look, stop_look
from ij8.accounts.models import LOOK_IN_LASTS, Impersonation, Membership
from ij8.core.api import clean_text
from ij8.core.errors import Invalid, NotFound

FOUND_AT_MOST = 20
LATEST = 20


@require_http_methods(["GET", "HEAD", "POST"])
@platform_required(*ROLES)
@member_required
def support(request: HttpRequest) -> HttpResponse:
    """`q` finds people of every school; `member` is the one that was chosen. POST begins to look in."""
    wrong, reason = "", request.POST.get("reason", "")
    if request.method == "POST":
        try:
            start_look(by=_member(request), member_id=_id_in(request.POST), reason=clean_text(reason, "reason"),
                       session=request.session)  # fmt: skip
            return redirect("home")
        except Invalid as error:
            wrong = error.message
    q = clean_text(request.GET.get("q", "").strip()[:100], "q")
    chosen = _id_in(request.POST or request.GET)
    person = may_be_looked_in_as().filter(pk=chosen).first() if chosen.int else None
    latest = Impersonation.objects.select_related("by__user", "member__user", "school").order_by("-started", "-id")[:LATEST]
    context = {
        "q": q, "found": list(find_people(q)[:FOUND_AT_MOST]) if len(q) > 1 else [], "person": person, "wrong": wrong,
        "reason": reason, "latest": latest, "minutes": LOOK_IN_LASTS.seconds // 60,
    }  # fmt: skip
    return render(request, "support/index.html", context, status=422 if wrong else 200)


@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """For whoever looks in; anybody else finds nothing here."""
    look: Impersonation | None = getattr(request, "looking_in", None)
    if look is None:
        raise NotFound()
    stop_look(look, request.session)
    messages.success(request, _("You see ij8 as yourself again."))
    return redirect("platform_support")


def _member(request: HttpRequest) -> Membership:
    member: Membership = request.member  # type: ignore[attr-defined]
    return member


def _id_in(sent: object) -> uuid.UUID:
    """The null id when there is none, or nothing like one."""
    try:
        return uuid.UUID(str(sent.get("member", "")))  # type: ignore[attr-defined]
    except ValueError:
        return uuid.UUID(int=0)
