"""How often one may ask: per minute and kind of request, counted in the cache. Without the cache nobody is limited.

Who is counted: a membership in its browsers, the same membership through its tokens (a script that runs wild does not
shut its owner out, and more tokens give no more), a visitor by address. Sockets and static files are never counted.
"""

import ipaddress
import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from ij8.core.errors import LimitReached
from ij8.core.errors_page import error_response

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it reads the settings, which name this module

WINDOW_S = 60
SAFE = ("GET", "HEAD", "OPTIONS")
MAKING: set[str] = set()  # names of the routes whose POST asks for work
DOORS: set[str] = set()  # names of the routes that count visitors themselves: they know the networks of schools
MEDIA: set[str] = set()  # names of the routes of files and small pictures: a page asks for hundreds at once


def count(kind: str, who: str) -> None:
    """One more request of `kind` (a key of settings.LIMITS). LimitReached when there were too many in this minute."""
    limit = settings.LIMITS[kind]
    if not limit:
        return
    now = time.time()
    if cache.count(f"limit:{kind}:{who}:{int(now // WINDOW_S)}", WINDOW_S) > limit:  # type: ignore[attr-defined]
        wait_s = max(1, math.ceil(WINDOW_S - now % WINDOW_S))
        raise LimitReached(_says(wait_s), retry_after_s=wait_s, limit=limit, per_s=WINDOW_S)


def _says(wait_s: int) -> str:
    return ngettext(
        "That was too much at once. You can go on in %(wait)s second.",
        "That was too much at once. You can go on in %(wait)s seconds.",
        wait_s,
    ) % {"wait": wait_s}


def kind_of(request: HttpRequest) -> str:
    """read, media, write or make. A route that is not known yet counts by its method."""
    name = request.resolver_match.url_name if request.resolver_match else None
    if request.method in SAFE:
        return "media" if name in MEDIA else "read"
    return "make" if name in MAKING else "write"


def visitor(request: HttpRequest) -> str:
    """The address that the outermost of our TRUSTED_PROXIES saw; of IPv6 the network, which is what one person has."""
    hops = settings.TRUSTED_PROXIES
    told = request.META.get("HTTP_X_FORWARDED_FOR")
    seen = told.split(",") if told and hops else []
    raw = seen[-hops].strip() if len(seen) >= hops > 0 else request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(raw)
    except ValueError:
        return "visitor:unknown"
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False).network_address
    return f"visitor:{address}"


class ApiLimit(BaseThrottle):
    """DRF's DEFAULT_THROTTLE_CLASSES: after it is known who asks, and whether they may at all."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        plain = request._request
        member = getattr(plain, "member", None)
        if member is None:
            count("visit", visitor(plain))
        else:
            count(kind_of(plain), f"{'token' if request.auth else 'member'}:{member.id}")
        return True


class PageLimitMiddleware:
    """The same for what people do on pages: forms and buttons, not reading."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        if request.method in SAFE or request.path.startswith("/api/"):
            return None
        member = getattr(request, "member", None)
        if member is None and request.resolver_match and request.resolver_match.url_name in DOORS:
            return None
        try:
            count(kind_of(request) if member else "visit", f"member:{member.id}" if member else visitor(request))
        except LimitReached as reached:
            return error_response(request, reached)
        return None
