"""The versions of a work as its page and the viewer show them, and the plain forms of undo and redo."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.errors import Conflict, Ij8Error, Invalid, NotFound
from studio.artifacts.access import access_artifact
from studio.artifacts.artifact_json import thumbnail_fields
from studio.artifacts.uploads import store_upload
from studio.artifacts.versions import Line, choose, line_of, step
from studio.models import Artifact
from studio.pages.made_by import asked_words, made_words
from studio.pages.present import when_words

BROUGHT = ("image", "video")
ACTS = ("undo", "redo", "choose")


def shown_version(request: HttpRequest, found: Artifact) -> Artifact:
    """Which version an address means: `version` in it, else the current one for the work's own id."""
    member: Membership = request.member  # type: ignore[attr-defined]
    if asked := request.GET.get("version", ""):
        version = access_artifact(member, _uuid(asked), "view")
        if version.root_id != found.root_id:
            raise NotFound()
        return version
    if found.pk != found.root_id or found.is_current:
        return found
    seen = Artifact.objects.visible_to(member).select_related("root", "session__cohort")
    return seen.filter(root_id=found.root_id, is_current=True).first() or found


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotFound() from error


def version_url(version: Artifact) -> str:
    """Leads to this very version, also when another is the current one."""
    page = reverse("work", args=[version.pk])
    return f"{page}?version={version.pk}" if version.pk == version.root_id else page


def line_view(artifact: Artifact, *, is_own: bool) -> dict[str, Any]:
    """The line as `works/_versions.html` draws it. `artifact` is the version that is shown."""
    line = line_of(artifact)
    return {
        "count": line.count,
        "more": line.count - len(line.versions),
        "items": [_item(line, one, artifact) for one in line.versions],
        "current": line.current.pk,
        "current_url": reverse("work", args=[line.current.root_id]),
        "is_current": artifact.pk == line.current.pk,
        "shown": line.number(artifact) if artifact in line.versions else None,
        "may_undo": is_own and line.before is not None,
        "may_redo": is_own and line.after is not None,
        "may_bring": is_own and artifact.root.trashed_at is None and artifact.medium in BROUGHT,
        "may_move": is_own and line.count > 1 and artifact.root.trashed_at is None,
    }


def _item(line: Line, version: Artifact, shown: Artifact) -> dict[str, Any]:
    meta = version.meta
    file = reverse("api-artifact-file", args=[version.pk])
    return {
        "id": version.pk,
        "number": line.number(version),
        "url": version_url(version),
        "download_url": f"{file}?download=1",
        **thumbnail_fields(version),
        "made": made_words(meta.get("operation", ""), version.source),
        "asked": asked_words(meta, version.prompt),
        "model": meta.get("model", ""),
        "when": when_words(version.created),
        "is_current": version.pk == line.current.pk,
        "is_shown": version.pk == shown.pk,
    }


def move(request: HttpRequest, artifact: Artifact) -> HttpResponse:
    """POST `act` undo, redo or choose (with `version`); `expected` is the version that the page showed as the current one."""
    act, expected = request.POST["act"], _posted(request, "expected")
    try:
        now = (
            choose(artifact, _posted(request, "version"), expected=expected)
            if act == "choose"
            else step(artifact, "undo" if act == "undo" else "redo", expected=expected)
        )
    except Conflict as error:
        messages.warning(request, error.message)
        return redirect("work", artifact.root_id)
    line = line_of(now)
    number = line.number(now) if now in line.versions else ""
    messages.success(request, _("Version %(n)s is the current one now.") % {"n": number})
    return redirect("work", artifact.root_id)


@transaction.non_atomic_requests  # an upload writes to storage, which no transaction may wait for
@require_POST
@member_required
def work_version(request: HttpRequest, artifact_id: uuid.UUID) -> HttpResponse:
    """`file` becomes the next version of one's own work."""
    found = access_artifact(request.member, artifact_id, "change")  # type: ignore[attr-defined]
    file = request.FILES.get("file")
    if file is None:
        messages.warning(request, _("Choose a file first."))
        return redirect("work", found.pk)
    try:
        store_upload(member=found.owner, file=file, session=found.session, title=found.root.title, version_of=found)
    except Ij8Error as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("It is the current version now. The one before is kept."))
    return redirect("work", found.root_id)


def _posted(request: HttpRequest, name: str) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get(name, ""))
    except ValueError as error:
        raise Invalid(_("This is no version."), field=name, allowed=_("the id of one of its versions")) from error
