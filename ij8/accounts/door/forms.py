"""What the door asks of pupils."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ij8.accounts.settings_forms import HouseForm

_PLAIN = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


class SchoolCodeForm(HouseForm):
    code = forms.SlugField(
        label=_("Your school’s code"),
        max_length=50,
        help_text=_("It stands on your card, or your teacher knows it. This device remembers it."),
        error_messages={"invalid": _("A school’s code has letters, digits and dashes only.")},
        widget=forms.TextInput(attrs={**_PLAIN, "autocomplete": "organization"}),
    )

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).lower()


class UsernameForm(HouseForm):
    username = forms.CharField(
        label=_("Your username"), max_length=60, widget=forms.TextInput(attrs={**_PLAIN, "autocomplete": "username"})
    )


class WordsForm(UsernameForm):
    password = forms.CharField(
        label=_("Your password"),
        max_length=200,
        strip=True,
        help_text=_("Capitals, spaces and dashes do not matter."),
        widget=forms.PasswordInput(attrs={**_PLAIN, "autocomplete": "current-password", "class": "input"}),
    )


class CardForm(HouseForm):
    password = WordsForm.base_fields["password"]
