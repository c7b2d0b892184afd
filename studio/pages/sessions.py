"""The studio's door: the list of one's sessions, a new one, the trash, and how a person likes the studio."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.errors import Invalid
from ij8.core.search import LONGEST
from studio.artifacts.artifact_json import artifact_json
from studio.models import Artifact, StudioSession
from studio.pages.address import next_url
from studio.pages.present import when_words
from studio.preferences import change_preferences
from studio.sessions import create_session, default_cohort, sessions_of

STRIP = 4
CARRIED = ("words", "again")  # what a new session begins with
SWITCHES = ("all_settings", "told_who_sees")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def studio(request: HttpRequest) -> HttpResponse:
    """One's sessions, last used first; POST begins a new one, with `words` or the settings of the work `again`."""
    member: Membership = request.member  # type: ignore[attr-defined]
    if request.method == "POST":
        session = create_session(member=member, cohort=default_cohort(member))
        query = urlencode({name: request.POST[name] for name in CARRIED if request.POST.get(name)})
        return redirect(f"{reverse('studio_session', args=[session.id])}{'?' if query else ''}{query}")
    return _cards(request, trashed=False)


@require_safe
@member_required
def studio_trash(request: HttpRequest) -> HttpResponse:
    return _cards(request, trashed=True)


def _cards(request: HttpRequest, *, trashed: bool) -> HttpResponse:
    member: Membership = request.member  # type: ignore[attr-defined]
    q = asked_words(request)
    page = sessions_of(member, q=q, trashed=trashed, cursor=request.GET.get("cursor"))
    template = "studio/_sessions.html" if request.htmx else "studio/index.html"  # type: ignore[attr-defined]
    context = {"sessions": session_cards(page.items, member), "next_url": next_url(request, page.next)}
    return render(request, template, {**context, "q": q, "trash": trashed, "acts": True, "undo": _undo(request)})


def _undo(request: HttpRequest) -> StudioSession | None:
    """The session that was just put into the trash from its own page."""
    asked = request.GET.get("undo", "")
    own = StudioSession.objects.filter(member=request.member, trashed_at__isnull=False)  # type: ignore[attr-defined]
    return own.filter(pk=asked).first() if _is_id(asked) else None


@require_safe
@member_required
def studio_list(request: HttpRequest) -> HttpResponse:
    """The list beside the stage; `q` searches the titles, `here` is the session that is open."""
    return render(request, "studio/_list.html", list_context(request))


def list_context(request: HttpRequest, here: uuid.UUID | None = None) -> dict[str, Any]:
    """One query."""
    q = asked_words(request)
    page = sessions_of(request.member, q=q, cursor=request.GET.get("cursor"))  # type: ignore[attr-defined]
    query = {"q": q, "here": str(here) if here else request.GET.get("here", ""), "cursor": page.next or ""}
    more = f"{reverse('studio_list')}?{urlencode({name: value for name, value in query.items() if value})}"
    rows = [
        {
            "id": session.id,
            "title": title_of(session),
            "when": when_words(session.updated),
            "here": str(session.id) == query["here"],
        }
        for session in page.items
    ]
    return {"rows": rows, "more_url": more if page.next else "", "q": q, "here": query["here"]}


def asked_words(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST]


def session_cards(sessions: list[StudioSession], member: Membership) -> list[dict[str, Any]]:
    """Title, when, and a strip of the newest works of each. One query."""
    works = Artifact.objects.filter(is_current=True, root__trashed_at=None, purged_at=None).exclude(thumbnail_key="")
    newest = works.select_related("root").order_by("-created", "-id")[:STRIP]
    prefetch_related_objects(sessions, Prefetch("artifacts", queryset=newest, to_attr="newest"))
    return [
        {
            "id": session.id,
            "title": title_of(session),
            "when": when_words(session.updated),
            "strip": [artifact_json(work) for work in session.newest],  # type: ignore[attr-defined]
        }
        for session in sessions
    ]


def title_of(session: StudioSession) -> str:
    return session.title or _("New session")


@require_POST
@member_required
def studio_preferences(request: HttpRequest) -> HttpResponse:
    """One switch, posted as 1 or 0; answers with the page it came from, or with nothing for a script."""
    changes = {name: request.POST[name] == "1" for name in SWITCHES if name in request.POST}
    if not changes:
        raise Invalid(_("There is no such switch."), field="all_settings", allowed=", ".join(SWITCHES))
    change_preferences(request.member, **changes)  # type: ignore[attr-defined]
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse()
    session = request.POST.get("session", "")
    return redirect(reverse("studio_session", args=[session]) if _is_id(session) else reverse("studio"))


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
