"""/classes/<id>/join/: the code of a class, on its board; and its invitations."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ij8.accounts.access import access_cohort, member_required
from ij8.accounts.joining.codes import code_of, end_code, new_code
from ij8.accounts.joining.forms import CodeForm
from ij8.accounts.models import Cohort, JoinCode, Membership
from ij8.accounts.people.links import class_tabs
from ij8.accounts.people.rules import leads
from ij8.core.errors import Ij8Error
from ij8.core.qr import qr_svg


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def class_join(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    """Assistants see and show it; lead teachers and admins make, change and end it."""
    member: Membership = request.member  # type: ignore[attr-defined]
    cohort = access_cohort(member, cohort_id, "teach" if request.method != "POST" else "change")
    form = CodeForm(request.POST if request.method == "POST" else None, initial={"days": "30"})
    if request.method == "POST" and form.is_valid():
        try:
            _act(request, cohort, member, form)
        except Ij8Error as error:
            messages.error(request, error.message)
        return redirect("class_join", cohort.pk)
    context = {
        "cohort": cohort,
        "form": form,
        "changes": leads(member, cohort) and not cohort.archived_at,
        "tabs": class_tabs(cohort, member, request.path),
        **board(code_of(cohort)),
    }
    return render(request, "joining/class_join.html", context, status=422 if form.errors else 200)


def _act(request: HttpRequest, cohort: Cohort, member: Membership, form: CodeForm) -> None:
    if request.POST.get("act") == "off":
        end_code(cohort=cohort, by=member)
        messages.success(request, _("The code is off. Nobody comes in by it any more."))
    else:
        new_code(cohort=cohort, by=member, days=form.cleaned_data["days"], most_uses=form.cleaned_data["most_uses"])
        messages.success(request, _("This is the code from now on. An earlier one does not work any more."))


def board(code: JoinCode | None) -> dict[str, Any]:
    """What the board shows; `is_over`: there is a code, but it is too old or used up."""
    if code is None:
        return {"code": None}
    link = f"{settings.SITE_URL}{reverse('join_class', args=[code.shown])}"
    site = settings.SITE_URL.partition("://")[2]
    return {
        "code": code,
        "is_over": code.is_expired or code.is_used_up,
        "link": link,
        "address": f"{site}{reverse('join')}",
        "qr": qr_svg(link, _("QR code with the address of this class")),
    }
