"""/classes/<id>/refusals/: what the filter refused to the pupils of a class, and the teacher's second word on it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ij8.accounts.access import access_cohort, member_required
from ij8.accounts.models import Membership
from ij8.accounts.people.links import class_tabs
from ij8.core.addresses import next_url
from ij8.core.errors import Invalid, NotFound
from ij8.core.paging import page
from ij8.safety.check import CATEGORIES
from ij8.safety.models import Refusal
from ij8.safety.refusals import overrule, refusals_of, take_back


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def class_refusals(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    """POST `act` (allow, allow_class, take_back) on the refusal `refusal`."""
    member: Membership = request.member  # type: ignore[attr-defined]
    cohort = access_cohort(member, cohort_id, "teach")
    if request.method == "POST":
        _act(request, member, cohort_id)
        return redirect(reverse("class_refusals", args=[cohort_id]))
    found = page(refusals_of(cohort), cursor=request.GET.get("cursor"), by="last_at")
    context = {
        "cohort": cohort,
        "refusals": [_row(one, member) for one in found.items],
        "next_url": next_url(request, found.next),
        "is_admin": member.role == Membership.Role.ADMIN,
        "tabs": class_tabs(cohort, member, request.path),
    }
    template = "safety/_refusals.html" if request.htmx else "safety/refusals.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _act(request: HttpRequest, member: Membership, cohort_id: uuid.UUID) -> None:
    refusal_id = id_of(request.POST.get("refusal", ""))
    match request.POST.get("act"):
        case "allow" | "allow_class" as act:
            found = overrule(cohort_id=cohort_id, refusal_id=refusal_id, by=member, for_class=act == "allow_class")
            messages.success(request, _allowed(found, for_class=act == "allow_class"))
        case "take_back":
            take_back(cohort_id=cohort_id, refusal_id=refusal_id, by=member)
            messages.success(request, _("It is refused again."))
        case _:
            raise Invalid(_("This cannot be done to a refusal."), field="act", allowed="allow, allow_class, take_back")


def _allowed(found: Refusal, *, for_class: bool) -> str:
    if found.member is None:
        return _("Allowed at the door of the class. Say that it can be typed again: nobody is told.")
    who = _("the class") if for_class else str(found.member.user)
    return _("Allowed for %(who)s. %(name)s is told.") % {"who": who, "name": found.member.user}


def _row(one: Refusal, viewer: Membership) -> dict[str, Any]:
    words = list(dict.fromkeys(hit["word"] for hit in one.hits))
    labels = [str(CATEGORIES.get(category, category)) for category in one.categories]
    return {"refusal": one, "words": words, "labels": labels, "is_own": one.member_id == viewer.pk}


def id_of(given: str) -> uuid.UUID:
    """What is no id finds nothing."""
    try:
        return uuid.UUID(given)
    except ValueError as error:
        raise NotFound() from error
