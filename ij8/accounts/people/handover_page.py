"""/handovers/: works that a school offers to this person, to be taken along or not."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.accounts.people.handover import answer_handover, offers_to
from ij8.core.errors import Invalid


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def handovers(request: HttpRequest) -> HttpResponse:
    """By POST: `handover` and the `answer`, yes or no."""
    by: Membership = request.member  # type: ignore[attr-defined]
    if request.method != "POST":
        return render(request, "people/handovers.html", {"offers": offers_to(by)[:50]})
    answer = request.POST.get("answer", "")
    try:
        ident = uuid.UUID(request.POST.get("handover", ""))
    except ValueError:
        raise Invalid(_("This form is incomplete. Reload the page."), field="handover", allowed=_("an id")) from None
    if answer not in ("yes", "no"):
        raise Invalid(_("Say yes or no."), field="answer", allowed="yes, no")
    answer_handover(handover_id=ident, by=by, accept=answer == "yes")
    if answer == "yes":
        messages.success(request, _("The works are being copied into your library. You can leave this page."))
    return redirect("handovers")
