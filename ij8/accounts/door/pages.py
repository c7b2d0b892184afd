"""The door of a school: /s/<school>/…, for those who have a username and no address. And the code that leads there."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ij8.accounts.door import forgotten
from ij8.accounts.door.cards import card_of, is_known
from ij8.accounts.door.entry import (
    DEVICE_COOKIE,
    SCHOOL_COOKIE,
    check_words,
    enter_school,
    remember_school,
    school_at,
)
from ij8.accounts.door.forms import CardForm, SchoolCodeForm, UsernameForm, WordsForm
from ij8.accounts.door.tries import count_address
from ij8.accounts.models import School, SignInCard
from ij8.core.errors import Ij8Error, LimitReached, NotFound

either = require_http_methods(["GET", "HEAD", "POST"])
never_kept = cache_control(no_store=True, private=True)


@either
@never_kept
def school_code(request: HttpRequest) -> HttpResponseBase:
    """/sign-in/school/: which school? The device remembers the answer; `act=forget` takes it back."""
    if request.POST.get("act") == "forget":
        response: HttpResponse = redirect("sign_in_school")
        response.delete_cookie(SCHOOL_COOKIE)
        return response
    form = SchoolCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        count_address(request, "asked")
        school = school_at(form.cleaned_data["code"])
        if school is not None:
            response = redirect("school_sign_in", school.slug)
            remember_school(response, school)
            return response
        form.add_error("code", _("No school here has this code. Look at your card, or ask your teacher."))
    return render(request, "door/school_code.html", {"form": form}, status=_status(form))


@transaction.non_atomic_requests  # a try counts at once, and nothing is held while the password is hashed
@sensitive_post_parameters("password")
@either
@never_kept
def school_sign_in(request: HttpRequest, slug: str) -> HttpResponseBase:
    if request.user.is_authenticated:
        return redirect(_next(request) or "home")
    school = _school(slug)
    form = WordsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            member = check_words(request, school=school, **form.cleaned_data)
            return enter_school(request, member, by_password=True, to=_next(request))
        except Ij8Error as error:
            form.add_error(None, error.message)
            return _door(request, "sign_in", school, form, error)
    return _door(request, "sign_in", school, form, next=_next(request))


@transaction.non_atomic_requests
@sensitive_post_parameters("password", "key")
@either
@never_kept
def school_card(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What the QR of a card opens. It only asks: a button signs in, on a device that is not known yet with the password.

    The slug is for people to read; the key alone says which card it is, so a wrong one tells nothing.
    """
    if request.method == "POST":
        count_address(request, "asked")
    secret = request.POST.get("key", "") or request.GET.get("key", "")
    card = card_of(secret)
    if card is None:
        return render(request, "door/card_gone.html", status=410)
    known = is_known(card.member.user, request.COOKIES.get(DEVICE_COOKIE, ""))
    form = CardForm(request.POST if request.method == "POST" and not known else None)
    context: dict[str, Any] = {"card": card, "known": known, "secret": secret}
    if request.method == "POST" and (known or form.is_valid()):
        try:
            return _enter_by_card(request, card, "" if known else form.cleaned_data["password"])
        except Ij8Error as error:
            form.add_error(None, error.message)
            return _door(request, "card", card.member.school, form, error, **context)
    return _door(request, "card", card.member.school, form, **context)


def _enter_by_card(request: HttpRequest, card: SignInCard, password: str) -> HttpResponseBase:
    if not password:
        return enter_school(request, card.member, by_password=False)
    member = check_words(request, school=card.member.school, username=card.member.user.username, password=password)
    return enter_school(request, member, by_password=True)


@either
@never_kept
def school_forgotten(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Says to ask the teacher, and tells her. The answer is the same for every username."""
    if request.user.is_authenticated:
        return redirect("home")
    school = _school(slug)
    form = UsernameForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            count_address(request, "asked")
        except LimitReached as error:
            form.add_error(None, error.message)
            return _door(request, "forgotten", school, form, error)
        forgotten.tell_later(school, form.cleaned_data["username"])
        return _door(request, "forgotten", school, UsernameForm(), told=True)
    return _door(request, "forgotten", school, form)


def _door(
    request: HttpRequest, name: str, school: School, form: Any, error: Ij8Error | None = None, **context: Any
) -> HttpResponse:
    status = 429 if isinstance(error, LimitReached) else _status(form)
    response = render(request, f"door/{name}.html", {"school": school, "form": form, **context}, status=status)
    if isinstance(error, LimitReached):
        response["Retry-After"] = str(error.extra.get("retry_after_s", 60))
    return response


def _status(form: Any) -> int:
    return 422 if form.errors else 200


def _school(slug: str) -> School:
    school = school_at(slug)
    if school is None:
        raise NotFound()
    return school


def _next(request: HttpRequest) -> str:
    to = request.POST.get("next", "") or request.GET.get("next", "")
    return to if url_has_allowed_host_and_scheme(to, allowed_hosts=None) else ""
