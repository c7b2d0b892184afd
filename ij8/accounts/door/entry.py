"""How a pupil comes in at the door of her school: by username and password, or by a card."""

import secrets
from typing import Any

from allauth.account.internal.stagekit import clear_login
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from ij8.accounts.door.cards import digest_of, is_known, know_device
from ij8.accounts.door.tries import count_address, forgive, spend_try
from ij8.accounts.members import SESSION_KEY
from ij8.accounts.models import Membership, School, User
from ij8.core.errors import Invalid

SCHOOL_COOKIE, DEVICE_COOKIE = "school_door", "device"
YEAR_S = 365 * 24 * 3600
LONGEST = 200  # of what may be typed


def school_at(slug: str) -> School | None:
    return School.objects.filter(slug=slug).first()


def person_at(school: School, username: str) -> Membership | None:
    rows = Membership.objects.filter(school=school, active=True, user__school=school, user__username__iexact=username)
    return rows.select_related("user__preferences", "school").first() if username else None


def check_words(request: HttpRequest, *, school: School, username: str, password: str) -> Membership:
    """The one whose username and password these are. Invalid when they are not, LimitReached after too many tries.

    Known and unknown usernames cost the same: the same statements, and one hash. A device on which this person has signed
    in before has tries of its own, so that nobody locks a pupil out by guessing elsewhere.
    """
    count_address(request, "asked")
    typed = username.strip()[:LONGEST]
    member = person_at(school, typed)
    device = request.COOKIES.get(DEVICE_COOKIE, "")
    own = device if is_known(member.user if member else User(), device) else ""
    account = ("words", str(school.pk), typed, digest_of(own))
    spend_try(*account)
    encoded = member.user.password if member else UNUSABLE_PASSWORD_PREFIX
    if not check_password(password[:LONGEST], encoded, preferred="words") or member is None:
        count_address(request, "failed")
        raise Invalid(_("This username and password do not belong together. Look at your card."), code="wrong_password")
    forgive(*account)
    return member


def enter_school(request: HttpRequest, member: Membership, *, by_password: bool, to: str = "") -> HttpResponseBase:
    """Signs in, with this school active. A pupil's device is known from then on if the password was typed on it."""
    clear_login(request)
    response: Any = perform_login(request, member.user, redirect_url=to or None)
    if request.user.is_authenticated:
        request.session[SESSION_KEY] = str(member.school_id)
        remember_school(response, member.school)
        if by_password and member.role == Membership.Role.STUDENT:
            device = request.COOKIES.get(DEVICE_COOKIE) or secrets.token_urlsafe(32)
            know_device(member=member, device=device)
            _keep(response, DEVICE_COOKIE, device)
    return response  # type: ignore[no-any-return]


def remember_school(response: Any, school: School) -> None:
    """This device comes to the door of this school from now on."""
    _keep(response, SCHOOL_COOKIE, school.slug)


def remembered_school(request: HttpRequest) -> School | None:
    slug = request.COOKIES.get(SCHOOL_COOKIE, "")
    return school_at(slug) if slug else None


def _keep(response: Any, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR_S, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
