"""/settings/security/: the password, the second step, and where one is signed in."""

import uuid
from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ij8.accounts.access import member_required
from ij8.accounts.door import middleware, sessions
from ij8.accounts.door.passwords import set_words
from ij8.accounts.door.second_step import passkeys_work
from ij8.accounts.door.tries import forgive, spend_try
from ij8.accounts.hashers import plain_form
from ij8.accounts.models import BrowserSession, KnownDevice, Membership, User
from ij8.accounts.settings_forms import HouseForm
from ij8.core.errors import LimitReached, NotFound

LEAST_LETTERS = 8


class OwnPasswordForm(HouseForm):
    """`user`: whose password; a pupil's is kept as words. Without one yet the old is not asked for."""

    old = forms.CharField(
        label=gettext_lazy("Your password now"),
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("The new password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, is_pupil: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.is_pupil = user, is_pupil
        if not user.has_usable_password():
            del self.fields["old"]
        hint = _("Two or three words that you remember. Capitals and spaces do not matter.")
        self.fields["new"].help_text = hint if is_pupil else _("At least %(n)s characters. Long is better than odd.") % {"n": 8}

    def clean_old(self) -> str:
        old = str(self.cleaned_data["old"])
        account = ("own", str(self.user.pk))
        try:
            spend_try(*account)
        except LimitReached as error:
            raise ValidationError(error.message) from error
        if not self.user.check_password(old):
            raise ValidationError(_("This is not your password."))
        forgive(*account)
        return old

    def clean_new(self) -> str:
        new = str(self.cleaned_data["new"])
        if not self.is_pupil:
            validate_password(new, self.user)
        elif len(plain_form(new)) < LEAST_LETTERS or plain_form(new) == plain_form(self.user.username):
            raise ValidationError(_("Take at least %(n)s letters, and not your username.") % {"n": LEAST_LETTERS})
        return new


@sensitive_post_parameters("old", "new")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def security(request: HttpRequest) -> HttpResponse:
    """POST changes the password; every other place where one is signed in ends."""
    member = _member(request)
    is_pupil = member.role == Membership.Role.STUDENT
    form = OwnPasswordForm(request.POST if request.method == "POST" else None, user=member.user, is_pupil=is_pupil)
    if form.is_valid():
        keep_password(request, member, form.cleaned_data["new"])
        messages.success(request, _("Your password is changed. Everywhere else you are signed out."))
        return redirect("settings_security")
    steps = {} if is_pupil else _steps(member.user)
    context = {
        "section": "security",
        "form": form,
        "is_pupil": is_pupil,
        "passkeys_work": passkeys_work(request),
        "needed": middleware.lacks_second_step(member),
        "sessions": sessions.open_sessions_of(member.user),
        "here": request.session.session_key,
        **steps,
    }
    return render(request, "door/security.html", context, status=422 if form.errors else 200)


def keep_password(request: HttpRequest, member: Membership, new: str) -> None:
    user = member.user
    with transaction.atomic():
        if member.role == Membership.Role.STUDENT:
            set_words(user, new)
        else:
            user.set_password(new)
        user.save(update_fields=["password"])
        KnownDevice.objects.filter(user=user).delete()
        sessions.end_all_of([user], but=request.session.session_key or "")
    old = request.session.session_key or ""
    update_session_auth_hash(request, user)  # gives the session a new key
    BrowserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)


def _steps(user: User) -> dict[str, Any]:
    found = list(Authenticator.objects.filter(user_id=user.pk).order_by("created_at"))
    by_kind = {kind: [one for one in found if one.type == kind] for kind in Authenticator.Type}
    return {
        "app": next(iter(by_kind[Authenticator.Type.TOTP]), None),
        "passkeys": by_kind[Authenticator.Type.WEBAUTHN],
        "codes": next(iter(by_kind[Authenticator.Type.RECOVERY_CODES]), None),
    }


@require_POST
@member_required
def end_session(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    rows = BrowserSession.objects.filter(user=_member(request).user, pk=session_id)
    if not sessions.end_sessions(rows):
        raise NotFound()
    messages.success(request, _("That device is signed out."))
    return redirect("settings_security")


@require_POST
@member_required
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    count = sessions.end_all_of([_member(request).user], but=request.session.session_key or "")
    words = ngettext("%(n)s other device is signed out.", "%(n)s other devices are signed out.", count)
    messages.success(request, words % {"n": count})
    return redirect("settings_security")


@require_POST
@member_required
def here(request: HttpRequest) -> HttpResponse:
    """ "I am still here": what the page says while somebody types or draws. The middleware notes it."""
    return HttpResponse(status=204)


def _member(request: Any) -> Membership:
    member: Membership = request.member
    return member
