"""/school/ and /platform/: the doors of the sections, which lead to their first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from ij8.accounts.access import platform_required, role_required
from ij8.core.errors import NotFound
from ij8.core.places import tabs_of


@require_safe
@role_required("admin")
def school(request: HttpRequest) -> HttpResponse:
    return _first("school")


@require_safe
@platform_required("admin", "dev")
def platform(request: HttpRequest) -> HttpResponse:
    return _first("platform")


def _first(section: str) -> HttpResponse:
    tabs = tabs_of(section, "")
    if not tabs:
        raise NotFound()
    return redirect(tabs[0]["url"])
