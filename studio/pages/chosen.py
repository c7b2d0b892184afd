"""What is done with chosen works, as plain forms: one act on all of them, or their files as a ZIP."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.errors import Invalid
from ij8.core.streams import streamed
from ij8.core.validation import validated
from studio.artifacts.archive import archive, archive_name
from studio.artifacts.bulk import ACTIONS, MOST_IDS, Action, Done, Order, change_works
from studio.artifacts.folders import access_folder
from studio.artifacts.labels import Labels
from studio.models import Folder
from studio.pages.works_filters import asked_of
from studio.sessions import access_session


@require_POST
@member_required
def works_bulk(request: HttpRequest) -> HttpResponse:
    """`action` on the works `ids`; `tag` holds one or several tags with commas, `session` where to move them."""
    member: Membership = request.member  # type: ignore[attr-defined]
    action = request.POST.get("action", "")
    if action not in ACTIONS or action in ("erase", "refile"):
        raise Invalid(_("This cannot be done to works."), field="action", allowed=", ".join(ACTIONS))
    back = request.POST.get("next", "")
    answer = redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "works")
    ids = _ids(request.POST)
    if not ids:
        messages.warning(request, _("Nothing was chosen. Tick some works first."))
        return answer
    done = change_works(member, _order(member, cast(Action, action), request.POST), chosen=ids)
    messages.success(request, done_words(done))
    return answer


def _order(member: Membership, action: Action, form: QueryDict) -> Order:
    tags = [tag for tag in form.get("tag", "").split(",") if tag.strip()]
    if action in ("tag", "untag") and not tags:
        raise Invalid(_("Say which tag."), field="tag", allowed="1 to 40 characters")
    session = _session(member, form.get("session", "")) if action == "move" else None
    folder = _folder(member, form.get("folder", "")) if action == "file" else None
    return Order(action, validated(Labels, {"tags": tags}).tags, session, folder)


def _session(member: Membership, given: str) -> Any:
    try:
        return access_session(member, uuid.UUID(given), "make")
    except ValueError as error:
        raise Invalid(_("Say which session."), field="session", allowed="a session of your own") from error


def _folder(member: Membership, given: str) -> Folder | None:
    """None for "", which is no folder at all."""
    try:
        return access_folder(member, uuid.UUID(given)) if given else None
    except ValueError as error:
        raise Invalid(_("Say which folder."), field="folder", allowed="a folder of your own") from error


def _ids(form: QueryDict) -> list[uuid.UUID]:
    """From ticked boxes, or one field that holds many with commas."""
    given = [one.strip() for field in form.getlist("ids") for one in field.split(",") if one.strip()]
    if len(given) > MOST_IDS:
        raise Invalid(_("These are too many works at once."), field="ids", allowed=f"at most {MOST_IDS}")
    try:
        return [uuid.UUID(one) for one in given]
    except ValueError as error:
        raise Invalid(_("One of these is no work."), field="ids", allowed="ids of works") from error


def done_words(done: Done) -> str:
    """Like "3 works are starred. 1 has no room for more tags."."""
    forms = {
        "star": ngettext("%(n)d work is starred.", "%(n)d works are starred.", done.done),
        "unstar": ngettext("%(n)d work has no star.", "%(n)d works have no star.", done.done),
        "tag": ngettext("%(n)d work is tagged.", "%(n)d works are tagged.", done.done),
        "untag": ngettext("The tag is gone from %(n)d work.", "The tag is gone from %(n)d works.", done.done),
        "move": ngettext("%(n)d work was moved.", "%(n)d works were moved.", done.done),
        "file": ngettext("%(n)d work was moved.", "%(n)d works were moved.", done.done),
        "trash": ngettext("%(n)d work is in the trash now.", "%(n)d works are in the trash now.", done.done),
        "restore": ngettext("%(n)d work is back.", "%(n)d works are back.", done.done),
        "erase": ngettext("%(n)d work was erased.", "%(n)d works were erased.", done.done),
    }
    told = forms[done.action] % {"n": done.done}
    left = len(done.refused)
    if left:
        told += " " + ngettext("%(n)d has no room for more tags.", "%(n)d have no room for more tags.", left) % {"n": left}
    return told


@transaction.non_atomic_requests  # it reads storage for minutes
@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def works_zip(request: HttpRequest) -> HttpResponseBase:
    """Own works as a ZIP: those that the address means, or by POST those that are chosen."""
    member: Membership = request.member  # type: ignore[attr-defined]
    chosen = _ids(request.POST) if request.method == "POST" else asked_of(request).filters
    return streamed(request, archive(member, chosen), content_type="application/zip", name=archive_name())
