"""Who acts in a request: `request.member`."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ij8.accounts.members import SESSION_KEY, acting_membership, school_conflict
from ij8.accounts.models import Membership
from ij8.core import logs
from ij8.core.errors_page import error_response


class MemberMiddleware:
    """Sets `request.member` to the acting Membership (with school and user), or None. Visitors cost no query.

    Pages send the slug of the school they were made for; when another one is active by now, which happens with two
    tabs, nothing is done and the answer is 409.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        member = self._member(request)
        request.member = member  # type: ignore[attr-defined]
        if member is None:
            return self.get_response(request)
        logs.bind(school=member.school.slug)
        if (conflict := school_conflict(request, member)) is not None:
            return error_response(request, conflict)
        return self.get_response(request)

    def _member(self, request: HttpRequest) -> Membership | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return None
        return acting_membership(request.user, request.session.get(SESSION_KEY))
