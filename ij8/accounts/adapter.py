"""allauth, as this house uses it: accounts are given by schools, never made at the door."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ij8.accounts.backend import may_sign_in
from ij8.accounts.door.tries import count_address, forgive, spend_try
from ij8.accounts.links import issue_link
from ij8.accounts.models import User
from ij8.core.errors import LimitReached

CODE_MAIL = "account/email/login_code"


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def clean_email(self, email: str) -> str:
        return str(super().clean_email(email)).lower()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A code travels with a link that does the same in another browser."""
        if template_prefix == CODE_MAIL:
            user = User.objects.filter(email=email.lower()).first()
            context = {**context, "link": issue_link(user) if user else ""}
        super().send_mail(template_prefix, email, context)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the try before anything is hashed, known address or not."""
        self._account = ("address", str(credentials.get("email") or credentials.get("username") or ""))
        try:
            count_address(request, "asked")
            spend_try(*self._account)
        except LimitReached as error:
            raise ValidationError(error.message) from error

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user is not None:
            forgive(*self._account)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            count_address(request, "failed")
        except LimitReached as error:
            raise ValidationError(error.message) from error

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Whoever is signed in proves it by the password; the same number of tries."""
        account = ("again", str(user.pk))
        try:
            spend_try(*account)
        except LimitReached as error:
            raise ValidationError(error.message) from error
        if not user.check_password(password):
            return False
        forgive(*account)
        return True

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """In our words. Whoever has passkeys and no app is asked for a passkey before a recovery code."""
        words = {"reauthenticate": _("Use your password"), "mfa_reauthenticate": _("Use a code")}
        ways = super().get_reauthentication_methods(user)
        has_app = not user.is_anonymous and is_mfa_enabled(user, ["totp"])
        ways.sort(key=lambda way: not has_app and way["id"] == "mfa_reauthenticate")
        return [{**way, "description": words.get(way["id"], _("Use a passkey"))} for way in ways]

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """The one gate that every way in passes: code, link, password, Google, the demo's cards."""
        if not may_sign_in(user):
            clear_login(request)
            return self.respond_user_inactive(request, user)  # type: ignore[no-any-return]
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response


class SocialAdapter(DefaultSocialAccountAdapter):
    """Google signs in those whom a school has already given an account with the same address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False
