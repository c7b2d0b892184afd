"""/school/people/invitations/ and /classes/<id>/invitations/: who was invited, and inviting."""

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ij8.accounts.access import access_cohort, member_required, role_required
from ij8.accounts.joining.forms import InviteForm
from ij8.accounts.joining.invitations import invitations_of, invite, renew, send_invitation, take_back
from ij8.accounts.models import Cohort, Invitation, Membership
from ij8.accounts.outbox import mail_goes_out
from ij8.accounts.people.links import class_tabs
from ij8.core.addresses import next_url
from ij8.core.errors import Conflict, Ij8Error
from ij8.core.paging import page

either = require_http_methods(["GET", "HEAD", "POST"])


@transaction.non_atomic_requests  # mail goes out over the network
@never_cache
@either
@role_required("admin")
def school_invitations(request: HttpRequest) -> HttpResponse:
    return _list(request, None)


@transaction.non_atomic_requests  # mail goes out over the network
@never_cache
@either
@member_required
def class_invitations(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    return _list(request, access_cohort(_member(request), cohort_id, "change"))


def _list(request: HttpRequest, cohort: Cohort | None) -> HttpResponse:
    """POST invites, and shows the link in this answer alone where it could not be mailed."""
    member, shown = _member(request), None
    form = InviteForm(request.POST if request.method == "POST" else None, by=member, cohort=cohort)
    if form.is_valid():
        try:
            shown = _invite(request, member, form, cohort)
        except Ij8Error as error:
            field = str(error.extra.get("field", ""))
            form.add_error(field if field in form.fields else None, error.message)
        else:
            if shown is None:
                return redirect(_address(cohort))
            form = InviteForm(by=member, cohort=cohort)
    return _page(request, cohort, form, shown)


def _invite(request: HttpRequest, member: Membership, form: InviteForm, cohort: Cohort | None) -> tuple[Invitation, str] | None:
    given = form.cleaned_data
    invitation, link = invite(
        by=member, email=given["email"], offer=given["offer"], cohort=cohort or given["cohort"], words=given["words"]
    )
    return _sent(request, invitation, link)


def _sent(request: HttpRequest, invitation: Invitation, link: str) -> tuple[Invitation, str] | None:
    """None when the mail went out; else what the issuer must hand over."""
    if not send_invitation(invitation, link):
        return invitation, link
    messages.success(request, _("An invitation went to %(email)s.") % {"email": invitation.email})
    return None


def _page(request: HttpRequest, cohort: Cohort | None, form: InviteForm, shown: tuple[Invitation, str] | None) -> HttpResponse:
    member = _member(request)
    rows = invitations_of(member, cohort).select_related("cohort", "invited_by__user", "accepted_by__user")
    found = page(rows, cursor=request.GET.get("cursor"))
    context: dict[str, Any] = {"invitations": found.items, "next_url": next_url(request, found.next), "cohort": cohort}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "joining/_invitations.html", context)
    context |= {
        "form": form,
        "shown": shown,
        "mail": mail_goes_out(),
        "tabs": class_tabs(cohort, member, request.path) if cohort else [],
    }
    return render(request, "joining/invitations.html", context, status=422 if form.errors else 200)


@transaction.non_atomic_requests  # mail goes out over the network
@never_cache
@require_POST
@member_required
def invitation_again(request: HttpRequest, invitation_id: uuid.UUID) -> HttpResponse:
    """A new link, mailed or shown; the old one ends."""
    member = _member(request)
    try:
        invitation, link = renew(invitation_id=invitation_id, by=member)
    except Conflict as error:
        messages.error(request, error.message)
        return redirect(_list_of(request))
    cohort = invitation.cohort if member.role != Membership.Role.ADMIN else None
    shown = _sent(request, invitation, link)
    if shown is None:
        return redirect(_address(cohort))
    return _page(request, cohort, InviteForm(by=member, cohort=cohort), shown)


@require_POST
@member_required
def invitation_take_back(request: HttpRequest, invitation_id: uuid.UUID) -> HttpResponse:
    try:
        take_back(invitation_id=invitation_id, by=_member(request))
    except Conflict as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The invitation is taken back. Its link opens nothing any more."))
    return redirect(_list_of(request))


def _list_of(request: HttpRequest) -> str:
    """The list from which one came: a class's when its id was sent along."""
    try:
        return reverse("class_invitations", args=[uuid.UUID(request.POST.get("cohort", ""))])
    except ValueError:
        return reverse("school_invitations" if _member(request).role == Membership.Role.ADMIN else "classes")


def _address(cohort: Cohort | None) -> str:
    return reverse("class_invitations", args=[cohort.pk]) if cohort else reverse("school_invitations")


def _member(request: HttpRequest) -> Membership:
    member: Membership = request.member  # type: ignore[attr-defined]
    return member
