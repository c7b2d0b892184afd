"""The questions at the door."""

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, LoginForm, RequestLoginCodeForm
from django import forms
from django.utils.translation import gettext_lazy as _

from ij8.accounts.backend import may_sign_in
from ij8.accounts.models import User


def dress(field: forms.Field, label: Any, **attrs: str) -> None:
    field.label = label
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update({"class": "input", **attrs})


class AddressForm(RequestLoginCodeForm):
    """An e-mail address, to which a code goes when somebody who may sign in has it."""

    _user: User | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["email"], _("Your e-mail address"), autocomplete="username", inputmode="email")

    def clean_email(self) -> str:
        email = str(super().clean_email()).lower()
        if self._user is not None and not may_sign_in(self._user):
            self._user = None  # answered like an unknown address
        return email


class CodeForm(ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["code"], _("The code from the mail"), autocapitalize="characters", spellcheck="false")


class PasswordForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.fields["login"], _("Your e-mail address"), autocomplete="username", inputmode="email")
        dress(self.fields["password"], _("Your password"), autocomplete="current-password")
        self.fields["password"].help_text = ""
