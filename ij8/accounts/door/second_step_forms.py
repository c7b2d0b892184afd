"""allauth's questions about the second step, dressed as everywhere in the house."""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext_lazy as _

from ij8.accounts.forms import dress

_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


class SecondStepForm(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["code"], _("The code from your app, or a recovery code"), **_CODE)


class ProveByCodeForm(ReauthenticateByCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["code"], _("The code from your app, or a recovery code"), **_CODE)


class ProveByPasswordForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["password"], _("Your password"), autocomplete="current-password")


class AddAppForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["code"], _("The code that the app shows now"), **_CODE)


class AddPasskeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)
        dress(self.fields["name"], _("A name by which you will know it"), autocomplete="off", maxlength="60")

    def clean(self) -> Any:
        self.cleaned_data["passwordless"] = True  # refused if the device did not ask for its own lock
        return super().clean()
