"""The second step of signing in: allauth's views in our frame, under /settings/security/ and /sign-in/.

Pupils have none: a lost phone would keep a child out, and a school has cards and teachers for that.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import ReauthenticateView
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCode
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView, GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import AddWebAuthnView, LoginWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ij8.accounts.access import member_of, member_required
from ij8.accounts.models import Membership, User
from ij8.core import secrets
from ij8.core.errors import Forbidden

INDEX = reverse_lazy("settings_security")


class SecondStepAdapter(DefaultMFAAdapter):
    """What codes are made from is wrapped by the master keys before it is stored."""

    def encrypt(self, text: str) -> str:
        return secrets.wrap(text.encode())

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.unwrap(encrypted_text).decode()

    def get_totp_issuer(self) -> str:
        return "ij8"

    def get_totp_label(self, user: User) -> str:
        return user.email or user.username or str(user)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(n)s") % {"n": count + 1}

    def _get_user_identifier(self, user: User) -> str:
        return self.get_totp_label(user)

    def _get_site_name(self) -> str:
        return "ij8"


def grown_ups(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Everybody but pupils; visitors are asked to sign in."""

    @member_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        member = member_of(request)
        if member and member.role == Membership.Role.STUDENT:
            raise Forbidden(_("Pupils sign in with a card or a password. Your teacher can give you a new one."))
        return view(request, *args, **kwargs)

    return guarded


# allauth's forms take PUT as well, which nothing here sends
by_form = require_http_methods(["GET", "HEAD", "POST"])
for_grown_ups = method_decorator([by_form, never_cache, grown_ups], name="dispatch")
shown_to_grown_ups = method_decorator([require_safe, never_cache, grown_ups], name="dispatch")


@method_decorator([by_form, never_cache], name="dispatch")
class SecondStep(AuthenticateView):
    """/sign-in/second/"""

    template_name = "mfa/authenticate.html"


def _proved(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Whoever has just set it up has shown it: the recovery codes follow without another question."""
    record_authentication(request, request.user, "mfa", reauthenticated=True)
    return response


@for_grown_ups
class ProveByPassword(ReauthenticateView):
    template_name = "account/reauthenticate.html"


@for_grown_ups
class ProveByCode(ReauthenticateByCode):
    template_name = "mfa/reauthenticate.html"


@for_grown_ups
class ProveByPasskey(ReauthenticateWebAuthnView):
    template_name = "mfa/webauthn/reauthenticate.html"


@for_grown_ups
class AddApp(ActivateTOTPView):
    template_name = "mfa/totp/activate_form.html"

    def form_valid(self, form: Any) -> HttpResponseBase:
        return _proved(self.request, super().form_valid(form))


@for_grown_ups
class RemoveApp(DeactivateTOTPView):
    template_name = "mfa/totp/deactivate_form.html"
    success_url = INDEX


@for_grown_ups
class AddPasskey(AddWebAuthnView):
    """Always one that can sign in by itself, which needs the device's own lock."""

    template_name = "mfa/webauthn/add_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["js_data"] = {"creation_options": auth.begin_registration(self.request.user, True)}
        return context

    def form_valid(self, form: Any) -> HttpResponseBase:
        return _proved(self.request, super().form_valid(form))


@for_grown_ups
class RemovePasskey(RemoveWebAuthnView):
    template_name = "mfa/webauthn/authenticator_confirm_delete.html"
    success_url = INDEX


@shown_to_grown_ups
class RecoveryCodes(ViewRecoveryCodesView):
    template_name = "mfa/recovery_codes/index.html"


@for_grown_ups
class NewRecoveryCodes(GenerateRecoveryCodesView):
    template_name = "mfa/recovery_codes/generate.html"


@shown_to_grown_ups
class RecoveryCodesAsText(DownloadRecoveryCodesView):
    template_name = "mfa/recovery_codes/download.txt"


@method_decorator([by_form, never_cache], name="dispatch")
class SignInByPasskey(LoginWebAuthnView):
    """/sign-in/passkey/: what the browser signs, and the signature."""


def passkeys_work(request: HttpRequest) -> bool:
    """Browsers offer them by https and under the name localhost alone, never under a bare address."""
    return request.is_secure() or request.get_host().partition(":")[0] == "localhost"
