"""/settings/: what a person decides about herself. Plain forms, which work without scripts."""

import uuid
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ij8.accounts.access import member_required
from ij8.accounts.email_change import address_waiting, confirm_address, send_address_code, why_address_stays
from ij8.accounts.members import memberships_of
from ij8.accounts.models import Membership, Token, User
from ij8.accounts.notices import GROUPS
from ij8.accounts.outbox import mail_goes_out
from ij8.accounts.preferences import keep_preferences, preferences_of
from ij8.accounts.settings_forms import (
    AccessibilityForm,
    AddressCodeForm,
    AppearanceForm,
    NewAddressForm,
    NotificationsForm,
    ProfileForm,
    TokenForm,
)
from ij8.accounts.tokens import TOKENS_EACH, make_token, own_token, tokens_of
from ij8.accounts.words import must_pass
from ij8.core.errors import Ij8Error

either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@member_required
def settings_index(request: HttpRequest) -> HttpResponse:
    return redirect("settings_profile")


@either
@member_required
def profile(request: HttpRequest) -> HttpResponse:
    user = _member(request).user
    form = ProfileForm(_sent(request), initial={"name": user.name})
    if form.is_valid() and _may_be_called(request, form):
        user.name = form.cleaned_data["name"]
        user.save(update_fields=["name"])
        return _saved(request, "settings_profile")
    context = {"memberships": memberships_of(user), "address_stays": why_address_stays(user)}
    return _page(request, "settings/profile.html", form, **context)


def _may_be_called(request: HttpRequest, form: ProfileForm) -> bool:
    """Whether the name passes what checks words; else the form says why."""
    try:
        must_pass(_member(request), form.cleaned_data["name"])
    except Ij8Error as error:
        form.add_error("name", error.message)
    return not form.errors


@transaction.non_atomic_requests  # mail goes out over the network
@either
@member_required
def new_address(request: HttpRequest) -> HttpResponse:
    user = _member(request).user
    form = NewAddressForm(_sent(request))
    stays = why_address_stays(user)
    if form.is_valid() and not stays:
        if ratelimit.consume(request, action="manage_email", user=user):
            send_address_code(user=user, email=form.cleaned_data["email"], session=request.session)
            return redirect("settings_new_address_code")
        form.add_error("email", _("Too many codes were asked for. Wait a minute."))
    return _page(request, "settings/new_address.html", form, address_stays=stays)


@transaction.non_atomic_requests  # mail goes out over the network
@never_cache
@either
@member_required
def new_address_code(request: HttpRequest) -> HttpResponse:
    email = address_waiting(request.session)
    if not email:
        return redirect("settings_new_address")
    form = AddressCodeForm(_sent(request))
    if form.is_valid():
        try:
            confirm_address(user=_member(request).user, code=form.cleaned_data["code"], session=request.session)
        except Ij8Error as error:
            form.add_error("code", error.message)
        else:
            messages.success(request, _("Your e-mail address is changed."))
            return redirect("settings_profile")
    return _page(request, "settings/new_address_code.html", form, email=email)


@either
@member_required
def appearance(request: HttpRequest) -> HttpResponse:
    preferences = preferences_of(_member(request).user)
    kept = {"theme": preferences.theme, "locale": preferences.locale, "time_zone": preferences.time_zone}
    form = AppearanceForm(_sent(request), initial=kept, school_zone=_member(request).school.time_zone)
    return _preferences_page(request, "appearance", form)


@either
@member_required
def accessibility(request: HttpRequest) -> HttpResponse:
    preferences = preferences_of(_member(request).user)
    names = ("text_size", "contrast", "motion", "single_keys")
    return _preferences_page(
        request, "accessibility", AccessibilityForm(_sent(request), initial={name: getattr(preferences, name) for name in names})
    )


@either
@member_required
def notifications(request: HttpRequest) -> HttpResponse:
    user = _member(request).user
    kept = preferences_of(user)
    about = [group for group in GROUPS if group not in kept.mail_quiet]
    initial = {"notify_done": kept.notify_done, "mail_digest": kept.mail_digest, "mail_about": about}
    form = NotificationsForm(_sent(request), initial=initial, has_mail=bool(user.email) and mail_goes_out())
    if form.is_valid():
        changes = dict(form.cleaned_data)
        if (chosen := changes.pop("mail_about", None)) is not None:
            changes["mail_quiet"] = [group for group in GROUPS if group not in chosen]
        keep_preferences(user=user, **changes)
        return _saved(request, "settings_notifications")
    return _page(request, "settings/notifications.html", form)


@require_safe
@member_required
def privacy(request: HttpRequest) -> HttpResponse:
    """Who sees what, in plain words. Nothing is decided here."""
    member = _member(request)
    cohorts = [one.cohort for one in member.cohorts.in_force().select_related("cohort").order_by("cohort__name", "cohort_id")]
    return render(request, "settings/privacy.html", {"section": "privacy", "cohorts": cohorts})


@never_cache
@either
@member_required
def tokens(request: HttpRequest) -> HttpResponse:
    """The list; POST makes one, whose secret is in this answer and nowhere else."""
    member, secret = _member(request), ""
    form = TokenForm(_sent(request))
    if form.is_valid():
        try:
            secret = make_token(member=member, name=form.cleaned_data["name"])
            form = TokenForm()
        except Ij8Error as error:
            form.add_error(None, error.message)
    return _page(request, "settings/tokens.html", form, tokens=tokens_of(member), secret=secret, most=TOKENS_EACH)


@require_POST
@member_required
def revoke_token(request: HttpRequest, token_id: uuid.UUID) -> HttpResponse:
    token: Token = own_token(_member(request), token_id)
    token.delete()
    messages.success(request, _("The token is revoked. What used it is refused from now on."))
    return redirect("settings_tokens")


def _preferences_page(request: HttpRequest, section: str, form: Form) -> HttpResponse:
    """A page whose fields are named as the columns of Preferences."""
    if form.is_valid():
        user: User = _member(request).user
        keep_preferences(user=user, **form.cleaned_data)
        return _saved(request, f"settings_{section}")
    return _page(request, f"settings/{section}.html", form)


def _page(request: HttpRequest, template: str, form: Form, **context: Any) -> HttpResponse:
    section = template.removeprefix("settings/").removesuffix(".html")
    return render(request, template, {"form": form, "section": section, **context}, status=422 if form.errors else 200)


def _saved(request: HttpRequest, route: str) -> HttpResponse:
    messages.success(request, _("Saved %(time)s") % {"time": time_format(timezone.localtime(), "TIME_FORMAT")})
    return redirect(route)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _member(request: HttpRequest) -> Membership:
    member: Membership = request.member  # type: ignore[attr-defined]
    return member
