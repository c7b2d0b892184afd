"""The front page for visitors, and Home: what needs me, at most five cards."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ij8.accounts.access import member_of, member_required
from ij8.accounts.models import Membership
from studio.artifacts.artifact_json import artifact_json
from studio.artifacts.library import works
from studio.pages.address import BLANK_ID
from studio.pages.present import when_words
from studio.pages.prompt_form import STARTERS
from studio.pages.sessions import session_cards
from studio.sessions import sessions_of

CONTINUE_SHOWN = 3
WORKS_SHOWN = 8


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Visitors see what this is; members go on to Home."""
    if member_of(request) is not None:
        return redirect("home")
    return render(request, "front.html")


@require_safe
@member_required
def home(request: HttpRequest) -> HttpResponse:
    member: Membership = request.member  # type: ignore[attr-defined]
    return render(request, "home.html", home_context(member))


def home_context(member: Membership) -> dict[str, Any]:
    sessions = sessions_of(member).items[:CONTINUE_SHOWN]
    newest = works(member).items[:WORKS_SHOWN]
    return {
        "sessions": session_cards(sessions, member),
        "works": [{**artifact_json(work), "when": when_words(work.created)} for work in newest],
        "starters": STARTERS,
        "blank_id": BLANK_ID,
    }
