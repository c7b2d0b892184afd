"""Bringing work in: files, the camera, an address. By itself a page; in the library and the studio a menu and the page's edge."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.errors import Ij8Error, Invalid
from ij8.core.validation import validated
from studio.api.bringing import FromUrl
from studio.artifacts.uploads import store_upload
from studio.jobs.bringing import bring_from
from studio.models import StudioSession
from studio.pages.sessions import title_of
from studio.sessions import access_session

MOST_FILES = 20


@dataclass(frozen=True)
class Wrong:
    """`name` of the file, or "" for the address."""

    name: str
    error: Ij8Error


@transaction.non_atomic_requests  # files are written while they are checked
@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def works_bring(request: HttpRequest) -> HttpResponse:
    """The page; POST keeps `files`, or asks for the file at `url`. `session`: into which they go."""
    member: Membership = request.member  # type: ignore[attr-defined]
    session = _session(request, member)
    if request.method != "POST":
        return _page(request, session)
    if "url" in request.POST:
        return _from_address(request, member, session)
    return _from_files(request, member, session)


def _session(request: HttpRequest, member: Membership) -> StudioSession | None:
    asked = request.POST.get("session") or request.GET.get("session")
    if not asked:
        return None
    try:
        ident = uuid.UUID(asked)
    except ValueError as error:
        raise Invalid(_("This is no session."), field="session", allowed="an id") from error
    return access_session(member, ident, "make")


def _from_address(request: HttpRequest, member: Membership, session: StudioSession | None) -> HttpResponse:
    try:
        asked = validated(FromUrl, {"url": request.POST["url"].strip()})
        bring_from(member=member, url=asked.url, session=session)
    except Ij8Error as error:
        return _page(request, session, wrong_link=error, typed=request.POST["url"])
    messages.success(request, _("It is being fetched. It will be here in a moment."))
    return redirect(_back(session))


def _from_files(request: HttpRequest, member: Membership, session: StudioSession | None) -> HttpResponse:
    files: list[UploadedFile] = request.FILES.getlist("files")
    if not files or len(files) > MOST_FILES:
        none = _("Choose at least one file.") if not files else _("Choose at most %(n)d files at once.") % {"n": MOST_FILES}
        return _page(request, session, wrong=[Wrong("", Invalid(none, field="files", allowed=f"1 to {MOST_FILES}"))])
    kept, wrong = 0, []
    for file in files:
        try:
            store_upload(member=member, file=file, session=session)
            kept += 1
        except Ij8Error as error:
            wrong.append(Wrong(file.name or "", error))
    if kept:
        messages.success(request, ngettext("%(n)d work was brought in.", "%(n)d works were brought in.", kept) % {"n": kept})
    return _page(request, session, wrong=wrong) if wrong else redirect(_back(session))


def _back(session: StudioSession | None) -> str:
    return reverse("studio_session", args=[session.id]) if session else reverse("works")


def _page(request: HttpRequest, session: StudioSession | None, **told: Any) -> HttpResponse:
    errors = [one.error for one in told.get("wrong", [])] + list(filter(None, [told.get("wrong_link")]))
    context = {"into": session, "into_title": title_of(session) if session else "", "back": _back(session), **told}
    return render(request, "works/bring.html", context, status=errors[0].status if errors else 200)
