"""/school/people/<id>/merge/: finds the duplicate, says what will happen, and does it when asked."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ij8.accounts.access import role_required
from ij8.accounts.models import Membership
from ij8.accounts.people.facts import facts_of
from ij8.accounts.people.finding import twins_of
from ij8.accounts.people.merge import merge_members
from ij8.accounts.people.rules import access_member
from ij8.core.api import clean_text
from ij8.core.errors import Ij8Error, Invalid
from ij8.core.search import LONGEST


@require_http_methods(["GET", "HEAD", "POST"])
@role_required("admin")
def school_person_merge(request: HttpRequest, member_id: uuid.UUID) -> HttpResponse:
    """The person of the address is kept; `other` is merged into her. By GET with `other` it only asks."""
    by: Membership = request.member  # type: ignore[attr-defined]
    kept = access_member(by, member_id, "manage")
    given = request.POST.get("other") or request.GET.get("other", "")
    other = access_member(by, _id(given), "manage") if given else None
    wrong = ""
    if request.method == "POST" and other:
        try:
            merge_members(kept=kept, dropped=other, by=by)
        except Ij8Error as error:
            wrong = error.message
        else:
            messages.success(request, _("They are one account now."))
            return redirect("school_person", member_id=kept.pk)
    q = clean_text(request.GET.get("q", ""), "q")[:LONGEST]
    context: dict[str, object] = {"person": kept, "other": other, "wrong": wrong, "q": q}
    if other:
        context["facts"] = facts_of(other)
    else:
        context["found"] = twins_of(kept, q, by)
    return render(request, "people/merge.html", context)


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Invalid(_("This form is incomplete. Reload the page."), field="other", allowed=_("an id")) from None
