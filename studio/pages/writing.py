"""Writing: the editor of a text, what two tabs are told, and the changes between versions."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.api import clean_text
from ij8.core.errors import Invalid, NotFound
from ij8.core.ids import uuid7
from ij8.safety.check import WordsRefused
from studio.artifacts.access import access_artifact
from studio.models import Artifact, StudioSession, TextDraft
from studio.pages.sessions import title_of
from studio.sessions import access_session
from studio.text import drafts
from studio.text.diff import changes
from studio.text.markdown import html_of
from studio.text.pdf import unknown_in
from studio.text.words import MOST_CHARACTERS, plain
from studio.text.writing import (
    ChangedElsewhere,
    body_of,
    current_of,
    new_version,
    restore_version,
    save_text,
    text_work,
)

VERSIONS_SHOWN = 30
Typed = dict[str, str]


@transaction.non_atomic_requests  # saving writes to storage, which no transaction may wait for
@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def text_new(request: HttpRequest) -> HttpResponse:
    """A page for a text that is no work yet. POST `act`: save, or drop (what was begun)."""
    member: Membership = request.member  # type: ignore[attr-defined]
    given = request.POST if request.method == "POST" else request.GET
    session = access_session(member, _uuid(given["session"]), "make") if given.get("session") else None
    place = _uuid(given["place"]) if given.get("place") else uuid7()
    if request.method == "GET" or request.method == "HEAD":
        draft = drafts.draft_at(member, place)
        others = [] if given.get("place") else drafts.begun(member)
        seen = draft.updated.isoformat() if draft else ""
        typed = {"title": draft.title, "body": draft.body} if draft else {"title": "", "body": ""}
        return _editor(request, None, place=place, typed=typed, session=session, draft=draft, seen=seen, others=others)
    if request.POST.get("act") == "drop":
        drafts.drop_draft(member, place, seen=_seen(request))
        return redirect("text_new")
    typed = _typed(request)
    try:
        work = save_text(member=member, body=typed["body"], title=typed["title"], session=session)
    except (Invalid, WordsRefused) as error:
        return _editor(request, None, place=place, typed=typed, session=session, wrong=error)
    drafts.drop_draft(member, place, seen=_seen(request))
    return redirect("text_write", work.pk)


@transaction.non_atomic_requests  # as above
@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def text_write(request: HttpRequest, artifact_id: uuid.UUID) -> HttpResponse:
    """POST `act`: save, restore (`version`), drop (the draft)."""
    member: Membership = request.member  # type: ignore[attr-defined]
    work = text_work(access_artifact(member, artifact_id, "change"))
    if request.method == "POST":
        return _act(request, member, work)
    now = current_of(work)
    draft = drafts.draft_at(member, work.root_id)
    seen = draft.updated.isoformat() if draft else ""
    typed = {"title": now.root.title, "body": body_of(now)}
    if draft and (draft.body, draft.title) == (typed["body"], typed["title"]):
        draft = None
    if draft:
        typed = {"title": draft.title, "body": draft.body}
    base = draft.base if draft and draft.base else now.pk
    return _editor(request, now, place=work.root_id, typed=typed, base=base, draft=draft, seen=seen)


def _act(request: HttpRequest, member: Membership, work: Artifact) -> HttpResponse:
    act = request.POST.get("act")
    if act == "drop":
        drafts.drop_draft(member, work.root_id, seen=_seen(request))
        return redirect("text_write", work.root_id)
    if act not in ("save", "restore"):
        raise Invalid(_("This cannot be done to a text."), field="act", allowed="save, restore, drop")
    base, typed = _uuid(request.POST.get("base", "")), _typed(request)
    try:
        if act == "restore":
            version = access_artifact(member, _uuid(request.POST.get("version", "")), "view")
            typed = {"title": work.root.title, "body": body_of(version)}
            restore_version(work, version, member=member, base=base)
        else:
            new_version(work, member=member, body=typed["body"], title=typed["title"], base=base)
    except ChangedElsewhere as error:
        return _conflict(request, current_of(work), typed, error)
    except (Invalid, WordsRefused) as error:
        return _editor(request, current_of(work), place=work.root_id, typed=typed, base=base, wrong=error)
    drafts.drop_draft(member, work.root_id, seen=_seen(request))
    return redirect("text_write", work.root_id)


@require_safe
@member_required
def text_changes(request: HttpRequest, artifact_id: uuid.UUID) -> HttpResponse:
    """Between two versions: `from` (else the one before) and `to` (else the one that is asked for)."""
    member: Membership = request.member  # type: ignore[attr-defined]
    work = text_work(access_artifact(member, artifact_id, "view"))
    versions = list(Artifact.objects.filter(root_id=work.root_id, purged_at=None).order_by("created", "pk"))
    numbers = {version.pk: number for number, version in enumerate(versions, 1)}
    now = next(version for version in versions if version.is_current)
    after = _version(request.GET.get("to", ""), versions) or (work if work.pk != work.root_id else now)
    before = _version(request.GET.get("from", ""), versions)
    if before is None and numbers[after.pk] > 1:
        before = versions[numbers[after.pk] - 2]
    return render(
        request,
        "works/changes.html",
        {
            "work": work.root,
            "is_own": work.owner_id == member.id and not work.root.trashed_at,
            "versions": [(numbers[version.pk], version) for version in versions[::-1]],
            "before": before,
            "after": after,
            "before_n": numbers[before.pk] if before else 0,
            "after_n": numbers[after.pk],
            "now": now,
            "changes": changes(body_of(before) if before else "", body_of(after)),
        },
    )


def _version(text: str, versions: list[Artifact]) -> Artifact | None:
    if not text:
        return None
    found = next((version for version in versions if version.pk == _uuid(text)), None)
    if found is None:
        raise NotFound()
    return found


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotFound() from error


def _seen(request: HttpRequest) -> datetime | None:
    """The draft that the page was about, by its time; None for none."""
    try:
        if "seen" not in request.POST:
            return drafts.ANY
        return datetime.fromisoformat(request.POST["seen"]) if request.POST["seen"] else None
    except ValueError as error:
        raise Invalid(_("This is no time."), field="seen", allowed="as the page was given it") from error


def _typed(request: HttpRequest) -> Typed:
    body = request.POST.get("body", "").replace("\r\n", "\n")
    return {"title": clean_text(request.POST.get("title", ""), "title")[:200], "body": body}


def _editor(
    request: HttpRequest,
    now: Artifact | None,
    *,
    place: uuid.UUID,
    typed: Typed,
    base: uuid.UUID | None = None,
    session: StudioSession | None = None,
    draft: TextDraft | None = None,
    seen: str | None = None,
    others: Any = (),
    wrong: Invalid | None = None,
) -> HttpResponse:
    """`now` is the version that stands for the work, None while there is none."""
    session = session or (now.session if now else None)
    context = {
        "work": now.root if now else None,
        "now": now,
        "place": place,
        "base": base,
        "typed": typed,
        "session": session,
        "session_title": title_of(session) if session else "",
        "draft": draft,
        "seen": request.POST.get("seen", "") if seen is None else seen,
        "others": others,
        "wrong": wrong,
        "preview": html_of(typed["body"][:MOST_CHARACTERS]),
        "words": len(plain(typed["body"]).split()),
        "unknown": unknown_in(typed["body"]) if now else [],
        "saved_body": body_of(now) if draft and now else "",
        "most": MOST_CHARACTERS,
        **_versions(now),
    }
    return render(request, "works/write.html", context, status=wrong.status if wrong else 200)


def _versions(now: Artifact | None) -> dict[str, Any]:
    if now is None:
        return {"versions": [], "count": 0}
    rows = Artifact.objects.filter(root_id=now.root_id, purged_at=None)
    count = rows.count()
    newest = rows.order_by("-created", "-pk")[:VERSIONS_SHOWN]
    return {"versions": [(count - place, version) for place, version in enumerate(newest)], "count": count}


def _conflict(request: HttpRequest, now: Artifact, mine: Typed, error: ChangedElsewhere) -> HttpResponse:
    theirs = {"title": now.root.title, "body": body_of(now)}
    seen, is_kept = request.POST.get("seen", ""), True
    try:
        kept = drafts.keep_draft(
            member=request.member,  # type: ignore[attr-defined]
            place=now.root_id,
            title=mine["title"],
            body=mine["body"][:MOST_CHARACTERS],
            base=_uuid(request.POST.get("base", "")),
            seen=_seen(request),
        )
        seen = kept.updated.isoformat()
    except drafts.DraftElsewhere:
        is_kept = False
    context = {
        "seen": seen,
        "is_kept": is_kept,
        "work": now.root,
        "now": now,
        "mine": mine,
        "theirs": theirs,
        "theirs_html": html_of(theirs["body"]),
        "changes": changes(theirs["body"], mine["body"].rstrip() + "\n"),
        "back": reverse("text_write", args=[now.root_id]),
    }
    return render(request, "works/conflict.html", context, status=error.status)
