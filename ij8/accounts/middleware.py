"""Who acts in a request: `request.member`."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ij8.accounts.impersonation import open_look, read_only, refuse_while_looking_in
from ij8.accounts.members import SESSION_KEY, acting_membership, school_conflict
from ij8.accounts.models import Impersonation, Membership
from ij8.core import logs
from ij8.core.actor import acting
from ij8.core.errors import Forbidden
from ij8.core.errors_page import error_response


class MemberMiddleware:
    """Sets `request.member` to the acting Membership (with school and user), or None. Visitors cost no query.

    While somebody of the platform looks in, `request.member` and `request.user` are the other person's, and
    `request.looking_in` says who looks. Pages send the slug of the school they were made for; when another one is active
    by now, which happens with two tabs, nothing is done and the answer is 409.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.looking_in = look = self._look(request)  # type: ignore[attr-defined]
        request.member = member = look.member if look else self._member(request)  # type: ignore[attr-defined]
        with acting(member.pk if member else None, look.by_id if look else None):
            if member is None:
                return self.get_response(request)
            logs.bind(school=member.school.slug, **({"looking_in": look.pk} if look else {}))
            if (conflict := school_conflict(request, member)) is not None:
                return error_response(request, conflict)
            response = self.get_response(request)
            return read_only(response) if look else response

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        if request.looking_in:  # type: ignore[attr-defined]
            try:
                refuse_while_looking_in(request)
            except Forbidden as refusal:
                return error_response(request, refusal)
        return None

    def _look(self, request: HttpRequest) -> Impersonation | None:
        if not self._is_signed_in(request):
            return None
        look = open_look(request.user, request.session)  # type: ignore[arg-type]
        if look:
            request.user = look.member.user
        return look

    def _member(self, request: HttpRequest) -> Membership | None:
        return acting_membership(request.user, request.session.get(SESSION_KEY)) if self._is_signed_in(request) else None  # type: ignore[arg-type]

    def _is_signed_in(self, request: HttpRequest) -> bool:
        return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
