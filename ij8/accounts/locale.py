"""Words, dates and numbers as the person who asks reads them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from ij8.accounts.models import Membership
from ij8.accounts.preferences import preferences_of, zone_of


class PersonLocaleMiddleware:
    """After MemberMiddleware. Visitors keep what Django's LocaleMiddleware found in their browser's wishes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        member: Membership | None = request.member  # type: ignore[attr-defined]
        if member is None:
            return self.get_response(request)
        with translation.override(language_of(member)), timezone.override(zone_of(member)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        return response


def language_of(member: Membership) -> str:
    """The language she chose, or her school, if it is (still) spoken here, else the one that is active."""
    chosen = preferences_of(member.user).locale or member.school.locale
    if chosen:
        try:
            return translation.get_supported_language_variant(chosen, strict=True)
        except LookupError:
            pass
    return translation.get_language() or "en"
