"""The questions of the settings pages."""

import unicodedata
from collections.abc import Iterable
from itertools import groupby
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ij8.accounts.long_select import LongSelect
from ij8.accounts.models import Preferences, Token, User
from ij8.accounts.notices import GROUPS
from ij8.accounts.preferences import zones

CLASSES: dict[type[forms.Widget], str] = {forms.Select: "select", forms.TextInput: "input", forms.EmailInput: "input"}
LONGEST_CODE = 20


class HouseForm(forms.Form):
    """Fields look as everywhere in the house."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if look := CLASSES.get(type(cast(forms.Widget, field.widget))):
                field.widget.attrs["class"] = look


def _choice(label: Any, name: str, help_text: Any = "") -> forms.ChoiceField:
    """Radio buttons over the choices of that column."""
    choices = cast(Any, Preferences._meta.get_field(name)).choices
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, required=False, help_text=help_text)


class ProfileForm(HouseForm):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=cast(Any, User._meta.get_field("name")).max_length,
        help_text=gettext_lazy("As others see it beside your works."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        """One line of readable text: signs that turn or hide what stands beside a name are taken out."""
        typed = unicodedata.normalize("NFC", self.cleaned_data["name"])
        name = " ".join("".join(sign for sign in typed if unicodedata.category(sign) not in ("Cc", "Cf", "Cs")).split())
        if not name:
            raise ValidationError(_("Write a name of at least one letter."))
        return name


class AppearanceForm(HouseForm):
    theme = _choice(gettext_lazy("Theme"), "theme")
    locale = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        help_text=gettext_lazy("Also how dates, times and numbers are written."),
        widget=forms.Select(attrs={"translate": "no"}),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        help_text=gettext_lazy("All times are shown in it."),
        widget=LongSelect(attrs={"translate": "no", "class": "select"}),
    )

    def __init__(self, *args: Any, school_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = cast(dict[str, forms.ChoiceField], self.fields)
        fields["locale"].choices = [("", _("As the browser asks for")), *settings.LANGUAGES]
        fields["time_zone"].choices = [("", _("As the school: %(zone)s") % {"zone": school_zone}), *by_region(zones())]


class AccessibilityForm(HouseForm):
    text_size = _choice(gettext_lazy("Text size"), "text_size", gettext_lazy("Zooming in the browser works too."))
    contrast = _choice(gettext_lazy("Contrast"), "contrast", gettext_lazy("More: darker lines and no grey text."))
    motion = _choice(gettext_lazy("Motion"), "motion", gettext_lazy("Less: nothing slides, pictures appear at once."))
    single_keys = forms.BooleanField(
        label=gettext_lazy("Shortcuts of a single key"),
        required=False,
        help_text=gettext_lazy("Such as ? and [. Switch them off if you speak to the computer or press keys by accident."),
    )


class NotificationsForm(HouseForm):
    notify_done = forms.BooleanField(
        label=gettext_lazy("Tell me when a picture is ready"),
        required=False,
        help_text=gettext_lazy("A notice of your browser, while ij8 is open in a tab that you do not look at."),
    )
    mail_digest = forms.BooleanField(
        label=gettext_lazy("Mail me what I have not read"),
        required=False,
        help_text=gettext_lazy("Once a day at most, in the morning, and only when something is unread."),
    )
    mail_about = forms.MultipleChoiceField(
        label=gettext_lazy("What the mail tells of"),
        required=False,
        choices=lambda: list(GROUPS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Everything stands on the page of notices, whatever you choose here."),
    )

    def __init__(self, *args: Any, has_mail: bool, **kwargs: Any) -> None:
        """Without an address, or where no mail goes out, there is nothing to choose about mail."""
        super().__init__(*args, **kwargs)
        if not has_mail:
            del self.fields["mail_digest"], self.fields["mail_about"]


class TokenForm(HouseForm):
    name = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=Token.NAME_LENGTH,
        help_text=gettext_lazy("A name by which you will know it, such as the program that uses it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class NewAddressForm(HouseForm):
    email = forms.EmailField(
        label=gettext_lazy("New e-mail address"),
        max_length=254,
        help_text=gettext_lazy("A code goes there. Nothing changes before you typed it in here."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class AddressCodeForm(HouseForm):
    code = forms.CharField(
        label=gettext_lazy("The code from the mail"),
        max_length=LONGEST_CODE,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}),
    )


def by_region(names: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Option groups: Europe → Amsterdam, Andorra, …"""
    regions = groupby(names, key=lambda name: name.partition("/")[0])
    return [(region, [(name, _place(name)) for name in inside]) for region, inside in regions]


def _place(name: str) -> str:
    """ "America/Argentina/Salta" → "Argentina, Salta"."""
    return (name.partition("/")[2] or name).replace("_", " ").replace("/", ", ")
