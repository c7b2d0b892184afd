"""One work: its page, the inside of the viewer, and what its person does to it by a plain form."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.errors import Invalid
from ij8.core.once import asks_once
from ij8.core.validation import validated
from ij8.safety.check import WordsRefused
from ij8.safety.reports import is_hidden_from
from studio.artifacts.access import access_artifact
from studio.artifacts.artifact_json import artifact_json
from studio.artifacts.labels import Labels, set_labels
from studio.artifacts.telling import badge_of, changes_of
from studio.artifacts.trash import restore_work, trash_work
from studio.jobs.replay import may_replay
from studio.media import MEDIA, inside_of
from studio.models import Artifact, Drawing
from studio.pages.drawn import draw_way
from studio.pages.edit_words import edit_box
from studio.pages.facts import facts_of
from studio.pages.prompt_form import again_json, again_params
from studio.pages.sessions import title_of
from studio.pages.sight import sight_of
from studio.pages.versions import ACTS, line_view, move, shown_version, version_url

LABEL_ACTS = ("star", "save", "trash", "restore")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
@asks_once
def work(request: HttpRequest, artifact_id: uuid.UUID) -> HttpResponse:
    """One work: its current version, or `version`. POST `act` (star, save, trash, restore, undo, redo, choose) changes it."""
    member: Membership = request.member  # type: ignore[attr-defined]
    if request.method == "POST":
        return _change(request, access_artifact(member, artifact_id, "change"))
    shown = shown_version(request, access_artifact(member, artifact_id, "view"))
    return render(request, "works/work.html", {"work": work_view(shown, member)})


@require_safe
@member_required
@asks_once
def work_panel(request: HttpRequest, artifact_id: uuid.UUID) -> HttpResponse:
    """The inside of the viewer."""
    member: Membership = request.member  # type: ignore[attr-defined]
    view = work_view(access_artifact(member, artifact_id, "view"), member)
    return render(request, "works/_panel.html", {"work": view})


def work_view(artifact: Artifact, member: Membership) -> dict[str, Any]:
    """The work as the API shows it, and what its pages say of it."""
    is_hidden, has_strokes = _marks(artifact, member)
    doc = {**artifact_json(artifact), "is_hidden": is_hidden}
    session = artifact.session
    is_own = artifact.owner_id == member.id
    is_open = session is not None and session.trashed_at is None
    return {
        **doc,
        "artifact": doc,
        "title": doc["title"] or _("Untitled"),
        "own_title": doc["title"],
        "tags_line": ", ".join(doc["tags"]),
        "is_own": is_own,
        "is_trashed": doc["trashed"] is not None,
        "viewer": MEDIA[artifact.medium].viewer,
        "badge": badge_of(doc),
        "changes": changes_of(doc),
        "sight": sight_of(session, member, is_own=is_own),
        "inside": inside_of(artifact),
        "session_id": artifact.session_id if is_own or is_open else None,
        "session_title": title_of(session) if session else "",
        "facts": facts_of(artifact),
        "edit": edit_box(artifact, member),
        "line": line_view(artifact, is_own=is_own),
        "page_url": version_url(artifact),
        "may_replay": is_own and may_replay(artifact),
        "again": again_json(again_params(artifact)) if artifact.meta.get("params") else "",
        "draw": draw_way(artifact, session if is_open else None, again=has_strokes) if is_own else None,
        "again_session": session.id if session and is_open and is_own else None,
    }


def _marks(artifact: Artifact, member: Membership) -> tuple[bool, bool]:
    """Whether this person hid it, and whether the strokes of a drawing are kept with it. One query."""
    strokes = Exists(Drawing.objects.filter(artifact=OuterRef("pk")))
    marks = Artifact.objects.values_list(is_hidden_from(member, "root_id"), strokes).get(pk=artifact.pk)
    return marks[0], marks[1]


def _change(request: HttpRequest, artifact: Artifact) -> HttpResponse:
    match request.POST.get("act"):
        case "star":
            set_labels(artifact, Labels(starred=not artifact.root.starred))
        case "save":
            given: dict[str, Any] = {name: request.POST[name] for name in ("title", "alt") if name in request.POST}
            if "tags" in request.POST:
                given["tags"] = tags_of(request.POST["tags"])
            try:
                set_labels(artifact, validated(Labels, given))
            except WordsRefused as error:
                return _not_saved(request, artifact, error)
            messages.success(request, _("Saved."))
        case "trash":
            trash_work(artifact)
            messages.success(request, _("Moved to the trash. You can take it back from there."))
            return redirect("works_trash")
        case "restore":
            restore_work(artifact)
        case "undo" | "redo" | "choose":
            return move(request, artifact)
        case _:
            raise Invalid(_("This cannot be done to a work."), field="act", allowed=", ".join((*LABEL_ACTS, *ACTS)))
    return redirect("work", artifact.id)


def _not_saved(request: HttpRequest, artifact: Artifact, error: WordsRefused) -> HttpResponse:
    """The page again, with what was typed."""
    names = {"title": "own_title", "tags": "tags_line", "alt": "alt"}
    typed = {names[name]: request.POST[name] for name in names if name in request.POST}
    view = {**work_view(artifact, request.member), **typed, "labels_wrong": error}  # type: ignore[attr-defined]
    return render(request, "works/work.html", {"work": view}, status=error.status)


def tags_of(line: str) -> list[str]:
    """The tags of a line with commas between them."""
    return [tag.strip() for tag in line.split(",") if tag.strip()]
