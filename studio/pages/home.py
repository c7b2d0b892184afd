"""The front page for visitors, and Home: what needs me, at most five cards."""

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ij8.accounts.access import member_of, member_required, platform_required
from ij8.accounts.models import Membership
from ij8.core.first_steps import ticks_for
from ij8.core.home import cards_for
from ij8.core.places import rail_kind
from studio.health import overall, parts
from studio.pages.address import BLANK_ID
from studio.pages.front_works import FRONT_WORKS


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Visitors see what this is; members go on to Home."""
    if member_of(request) is not None:
        return redirect("home")
    return render(request, "front.html", {"works": FRONT_WORKS, "demo": settings.DEMO})


@require_safe
@member_required
def home(request: HttpRequest) -> HttpResponse:
    member: Membership = request.member  # type: ignore[attr-defined]
    kind = rail_kind(member)
    ticks = ticks_for(member, kind) if settings.DEMO and member.user.is_demo else []
    context = {"cards": cards_for(member, kind), "ticks": ticks, "makes": kind != "observer", "blank_id": BLANK_ID}
    return render(request, "home.html", context)


@transaction.non_atomic_requests  # asks Redis and the storage, for which no transaction waits
@require_safe
@platform_required("admin", "dev")
def home_health(request: HttpRequest) -> HttpResponse:
    """How each part of the installation is, as a part of Home."""
    found = parts()
    return render(request, "home/_parts.html", {"parts": found, "overall": overall(found)})
