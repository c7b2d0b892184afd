"""/join/ and /invitation/: how somebody comes in, with the account that they have or a new one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ij8.accounts.door.entry import enter_school
from ij8.accounts.joining.accepting import accept, accept_as_new, find_invitation
from ij8.accounts.joining.codes import canonical, find_code, join_as_new, join_with
from ij8.accounts.joining.forms import NewcomerForm, PupilForm
from ij8.accounts.joining.guesses import guesser
from ij8.accounts.members import SESSION_KEY
from ij8.accounts.models import Invitation, JoinCode, Membership, User
from ij8.core.errors import Ij8Error, NotFound

either = require_http_methods(["GET", "HEAD", "POST"])
LONGEST = 40


@require_safe
def join(request: HttpRequest) -> HttpResponse:
    """Where a code is typed; `code` leads to its class."""
    typed = request.GET.get("code", "").strip()[:LONGEST]
    code = canonical(typed).replace("/", "")
    if code:
        return redirect("join_class", f"{code[:4]}-{code[4:]}" if len(code) > 4 else code)
    return render(request, "joining/join.html")


@never_cache
@either
def join_class(request: HttpRequest, code: str) -> HttpResponseBase:
    """One answer for every code that opens nothing, whether it never did, is over, used up or changed."""
    try:
        found = find_code(code, guesser(request))
    except NotFound:
        return render(request, "joining/no_code.html", status=404)
    if request.user.is_authenticated:
        return _join_with_account(request, found, request.user)
    form = PupilForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            member, password = join_as_new(code=found, username=form.cleaned_data["username"])
        except Ij8Error as error:
            form.add_error("username" if error.extra.get("field") == "username" else None, error.message)
        else:
            return _show_password(request, found, member, password)
    return render(request, "joining/join_class.html", {"code": found, "form": form}, status=422 if form.errors else 200)


def _join_with_account(request: HttpRequest, code: JoinCode, user: User) -> HttpResponse:
    mine = Membership.objects.filter(user=user, school_id=code.school_id, active=True).first()
    is_in = mine is not None and mine.cohorts.in_force().filter(cohort=code.cohort).exists()
    if request.method == "POST":
        try:
            member = join_with(code=code, user=user)
        except Ij8Error as error:
            messages.error(request, error.message)
            return redirect("join_class", code.shown)
        return _came_in(request, member, code.cohort.name)
    return render(request, "joining/join_class.html", {"code": code, "is_in": is_in})


def _show_password(request: HttpRequest, code: JoinCode, member: Membership, password: str) -> HttpResponse:
    """The pupil is signed in; the password stands in this answer and nowhere else."""
    cookies = enter_school(request, member, by_password=True).cookies
    request.member = member  # type: ignore[attr-defined]
    answer = render(request, "joining/welcome.html", {"code": code, "person": member.user, "password": password})
    answer.cookies.update(cookies)
    return answer


@never_cache
@either
def invitation(request: HttpRequest) -> HttpResponseBase:
    """Opening the link only asks, and first with which account: mail scanners open links, but press no buttons."""
    key = request.POST.get("key") or request.GET.get("key", "")
    found = find_invitation(key)
    if found is None:
        return render(request, "joining/invitation_over.html", status=410)
    try:
        return _accept(request, found, key)
    except Ij8Error as error:
        messages.error(request, error.message)
        return render(request, "joining/invitation_over.html", status=error.status)


def _accept(request: HttpRequest, found: Invitation, key: str) -> HttpResponseBase:
    act = request.POST.get("act", "") if request.method == "POST" else ""
    form = NewcomerForm(request.POST if act == "new" else None)
    if act == "join" and request.user.is_authenticated:
        member = accept(invitation=found, user=request.user)
        return _came_in(request, member, found.cohort.name if found.cohort else member.school.name)
    if act == "new" and not request.user.is_authenticated and form.is_valid():
        try:
            user = accept_as_new(invitation=found, **form.cleaned_data)
        except Ij8Error as error:
            form.add_error("name" if error.extra.get("field") == "name" else None, error.message)
        else:
            return enter_school(request, user.memberships.select_related("school", "user").get(), by_password=False)
    context = {"invitation": found, "form": form, "key": key, **_who(request, found)}
    return render(request, "joining/invitation.html", context, status=422 if form.errors else 200)


def _who(request: HttpRequest, found: Invitation) -> dict[str, Any]:
    """Whether the person signed in is the one whose address was invited, and whether that address has an account."""
    mine = str(getattr(request.user, "email", "") or "").lower()
    is_known = User.objects.filter(email=found.email, is_active=True).exists()
    return {"is_mine": mine == found.email, "is_known": is_known, "here": request.get_full_path()}


def _came_in(request: HttpRequest, member: Membership, name: str) -> HttpResponse:
    request.session[SESSION_KEY] = str(member.school_id)
    messages.success(request, _("You are in now: %(name)s. What you had before is still yours.") % {"name": name})
    return redirect("home")
