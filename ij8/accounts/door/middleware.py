"""At most once a minute for each browser session: did a pupil do nothing for too long, and is staff without the second step
that the school asks of it?

The pages of the second step itself stay open, or nobody could set it up.
"""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from ij8.accounts.door import sessions
from ij8.accounts.door.lost_step import has_second_step, must_set_up_again
from ij8.accounts.door.policy import policy_of
from ij8.accounts.models import BrowserSession, Membership
from ij8.core.errors import Forbidden, SignInNeeded
from ij8.core.errors_page import error_response
from ij8.core.limits import SAFE

SECOND_STEP_NEEDED = "second_step_needed"
OPEN_TO_ALL = {
    "settings_security", "end_session", "end_other_sessions", "account_logout", "account_reauthenticate", "switch_school", "help",
    "help_page", "status", "privacy", "settings_look", "door_here",
}  # fmt: skip


class DoorMiddleware:
    """Behind MemberMiddleware. Tokens are not asked: whoever made one was let in before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        member: Membership | None = getattr(request, "member", None)
        key = request.session.session_key if member else None
        if member is None or key is None or getattr(request, "looking_in", None):  # who looks in was let in as themselves
            return None
        acts = is_act(request)
        if sessions.was_looked_at(key, acts=acts):
            return None
        row = sessions.touch(request, member)
        limit = sessions.idle_limit(member)
        if limit is not None and row.seen < timezone.now() - limit:
            return _sign_out(request, member, row)
        if lacks_second_step(member):
            return None if _is_open(request) else _lead_to_second_step(request)
        if acts:
            sessions.seen_now(row, member)
        sessions.mark_looked_at(key, acts=acts)
        return None


def is_act(request: HttpRequest) -> bool:
    """Whether a person did something: opened a page or sent a form. What scripts ask for by themselves is none."""
    if request.method not in SAFE:
        return True
    return "text/html" in request.headers.get("Accept", "") and "HX-Request" not in request.headers


def lacks_second_step(member: Membership) -> bool:
    asked = member.is_staff_of_school and policy_of(member.school_id).staff_second_step
    return (asked or must_set_up_again(member.user)) and not has_second_step(member.user)


def _is_open(request: HttpRequest) -> bool:
    name = (request.resolver_match.url_name if request.resolver_match else "") or ""
    return name in OPEN_TO_ALL or name.startswith("mfa_")


def _lead_to_second_step(request: HttpRequest) -> HttpResponse:
    words = _("You need a second step to sign in here. Set it up now; then you can go on.")
    page = reverse("settings_security")
    if request.path.startswith("/api/"):
        return error_response(request, Forbidden(words, code=SECOND_STEP_NEEDED))
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(page)
    return redirect(page)


def _sign_out(request: HttpRequest, member: Membership, row: BrowserSession) -> HttpResponse:
    sessions.end_sessions([row])
    logout(request)
    request.member = None  # type: ignore[attr-defined]
    words = _("You did nothing for a while, so you were signed out. What you made is kept.")
    if request.path.startswith("/api/"):
        return error_response(request, SignInNeeded(words))
    messages.info(request, words)
    door = reverse("school_sign_in", args=[member.school.slug]) if member.user.username else reverse("account_login")
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(door)
    to = f"?{urlencode({'next': request.get_full_path()})}" if request.method in SAFE else ""
    return redirect(door + to)
