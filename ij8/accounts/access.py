"""Who may do what with schools and cohorts, and the decorators that guard views.

Another school's id answers NotFound, as does one that does not exist; a role that may not answers Forbidden.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from ij8.accounts.models import Cohort, CohortMembership, Membership, School
from ij8.core.errors import Forbidden, NotFound

View = Callable[..., HttpResponseBase]

SCHOOL_ACTIONS = {
    "view": set(Membership.Role),
    "change": {Membership.Role.ADMIN},
}
COHORT_ACTIONS = {  # the school's admins may do all of it
    "view": set(CohortMembership.Role),
    "look_on": {*CohortMembership.LEADING, CohortMembership.Role.OBSERVER},
    "teach": set(CohortMembership.LEADING),
    "change": {CohortMembership.Role.LEAD_TEACHER},
}


def access_school(member: Membership, school_id: uuid.UUID, action: str) -> School:
    if school_id != member.school_id:
        raise NotFound()
    if member.role not in SCHOOL_ACTIONS[action]:
        raise Forbidden(_("Only an admin of your school can do this."))
    return member.school


def access_cohort(member: Membership, cohort_id: uuid.UUID, action: str) -> Cohort:
    """What lies in the trash is NotFound; what is in the archive is there, and services refuse to change it."""
    rows = Cohort.objects.filter(school_id=member.school_id, id=cohort_id, trashed_at=None)
    cohort = rows.select_related("school").first()
    if cohort is None:
        raise NotFound()
    if member.role == Membership.Role.ADMIN:
        return cohort
    places = CohortMembership.objects.in_force().filter(cohort=cohort, member=member)
    role = places.values_list("role", flat=True).first()
    if role not in COHORT_ACTIONS[action]:
        raise Forbidden(_("Only those who belong to this class can do this. Ask its teacher."))
    return cohort


def member_required(view: View) -> View:
    """Asks visitors to sign in; a person without a school gets 403. `request.member` is set in the view."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        if member_of(request) is None:
            raise Forbidden(_("You do not belong to a school at present. Ask the school that invited you."))
        return view(request, *args, **kwargs)

    return guarded


def role_required(*roles: str) -> Callable[[View], View]:
    """Only these school roles; names as in Membership.Role."""
    allowed = {Membership.Role(role) for role in roles}

    def decorate(view: View) -> View:
        @member_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.member.role not in allowed:  # type: ignore[attr-defined]
                raise Forbidden(_("Your role in this school may not open this page. Ask a school admin."))
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def platform_required(*roles: str) -> Callable[[View], View]:
    """Only these platform roles ("admin", "dev"); the school does not matter."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            if request.user.platform_role not in roles:
                raise Forbidden(_("Only the people who run this installation can open this page."), code="platform_only")
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def member_of(request: HttpRequest) -> Membership | None:
    found: Membership | None = getattr(request, "member", None)
    return found


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the door, and back to the page afterwards. A part that was fetched sends the whole page there."""
    htmx = getattr(request, "htmx", None)
    if htmx:
        login = redirect_to_login(htmx.current_url_abs_path or "/home/")
        return HttpResponseClientRedirect(login.url)
    return redirect_to_login(request.get_full_path() if request.method in ("GET", "HEAD") else "/home/")
