"""The steps of opening a school, one form each. Their fields are named apart, so that one draft holds them all."""

import unicodedata
from datetime import date
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ij8.accounts.long_select import LongSelect
from ij8.accounts.models import AgeBand, School, SignUpPolicy, Term
from ij8.accounts.opening.logos import as_text, prepare_logo
from ij8.accounts.opening.schools import MOST_DOMAINS, SLUG_LENGTH, check_slug, clean_domain, free_slug
from ij8.accounts.preferences import zones
from ij8.accounts.settings_forms import HouseForm, by_region
from ij8.core.errors import Ij8Error

TERM_ROWS = 4
PLAIN = {"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"}


def plain_name(typed: str) -> str:
    """One line of readable text, without signs that turn or hide what stands beside it."""
    text = unicodedata.normalize("NFC", typed)
    return " ".join("".join(sign for sign in text if unicodedata.category(sign) not in ("Cc", "Cf", "Cs")).split())


class FactsForm(HouseForm):
    """What a school's record can change; the wizard's first step adds the short name."""

    name = forms.CharField(label=gettext_lazy("Name of the school"), max_length=200)
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Its timetable, and the days of its budgets, are counted in it."),
        widget=LongSelect(attrs={"translate": "no", "class": "select"}),
    )
    locale = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        help_text=gettext_lazy("For those who have not chosen one themselves."),
        widget=forms.Select(attrs={"translate": "no"}),
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy("PNG, JPEG or WebP, at most 2 MB. It stands on the school's door."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp", "class": "input"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = cast(dict[str, forms.ChoiceField], self.fields)
        fields["locale"].choices = [("", _("As the browser asks for")), *settings.LANGUAGES]
        fields["time_zone"].choices = by_region(zones())

    def clean_name(self) -> str:
        if name := plain_name(self.cleaned_data["name"]):
            return name
        raise ValidationError(_("Write a name of at least one letter."))

    def clean_logo(self) -> str:
        """As text for the draft; "" for none."""
        if not (file := self.cleaned_data.get("logo")):
            return ""
        try:
            return as_text(prepare_logo(file.read()))
        except Ij8Error as error:
            raise ValidationError(error.message) from error


class SchoolStep(FactsForm):
    slug = forms.CharField(
        label=gettext_lazy("Short name in addresses"),
        required=False,
        max_length=SLUG_LENGTH,
        validators=[check_slug],
        help_text=gettext_lazy("Pupils type it: /s/short-name/sign-in/. Empty: made from the name. It stays for good."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    field_order = ("name", "slug", "time_zone", "locale", "logo")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("name") and not found.get("slug") and "slug" not in self.errors:
            found["slug"] = free_slug(found["name"])
        return found


class DatesForm(HouseForm):
    """Terms, in up to four rows, and the school's e-mail domains."""

    email_domains = forms.CharField(
        label=gettext_lazy("E-mail domains"),
        required=False,
        help_text=gettext_lazy("Whose addresses are the school's own, such as school.example. One a line."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "textarea", **PLAIN}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(TERM_ROWS):
            name = forms.CharField(label=_("Name"), required=False, max_length=Term._meta.get_field("name").max_length)
            name.widget.attrs["class"] = "input"
            self.fields[f"term_{n}_name"] = name
            for which, label in (("starts", _("First day")), ("ends", _("Last day"))):
                widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input"})
                self.fields[f"term_{n}_{which}"] = forms.DateField(
                    label=label, required=False, widget=widget, input_formats=["%Y-%m-%d"]
                )

    @property
    def term_rows(self) -> list[list[forms.BoundField]]:
        return [[self[f"term_{n}_{part}"] for part in ("name", "starts", "ends")] for n in range(TERM_ROWS)]

    def clean_email_domains(self) -> list[str]:
        typed = self.cleaned_data["email_domains"].replace(",", "\n").split()
        if len(typed) > MOST_DOMAINS:
            raise ValidationError(_("At most %(n)d domains.") % {"n": MOST_DOMAINS})
        try:
            return list(dict.fromkeys(map(clean_domain, typed)))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        found["terms"] = [term for n in range(TERM_ROWS) if (term := self._term(n, found))]
        return found

    def _term(self, n: int, found: dict[str, Any]) -> dict[str, Any] | None:
        parts: dict[str, Any] = {part: found.get(f"term_{n}_{part}") for part in ("name", "starts", "ends")}
        if not any(parts.values()):
            return None
        for part, value in parts.items():
            if not value and f"term_{n}_{part}" not in self.errors:
                self.add_error(f"term_{n}_{part}", _("A term needs a name, a first and a last day."))
        starts, ends = parts["starts"], parts["ends"]
        if isinstance(starts, date) and isinstance(ends, date) and ends < starts:
            self.add_error(f"term_{n}_ends", _("A term ends after it starts."))
        return parts


def dates_of(school: School) -> dict[str, Any]:
    """What DatesForm begins with for a school that exists. One query."""
    found: dict[str, Any] = {"email_domains": "\n".join(school.email_domains)}
    for n, term in enumerate(school.terms.all()[:TERM_ROWS]):
        found |= {f"term_{n}_name": term.name, f"term_{n}_starts": term.starts, f"term_{n}_ends": term.ends}
    return found


class DefaultsForm(HouseForm):
    sign_up = forms.ChoiceField(
        label=gettext_lazy("Who may come in by themselves"),
        choices=SignUpPolicy.Mode.choices,
        widget=forms.RadioSelect,
        initial=SignUpPolicy.Mode.CLOSED,
        help_text=gettext_lazy(
            "By request, the school is named at the door; on a list or open to adults, people come in by a mail to "
            "their address. Everybody else is brought in by the school, or asks."
        ),
    )
    simple_up_to = forms.ChoiceField(
        label=gettext_lazy("Simple settings alone up to the age of"),
        required=False,
        choices=[("", gettext_lazy("nobody")), *AgeBand.choices],
        help_text=gettext_lazy("Who is so old or younger sees words, shape and number, and no further settings."),
    )


class AdminForm(HouseForm):
    admin_name = forms.CharField(label=gettext_lazy("Name of the first admin"), max_length=120)
    admin_email = forms.EmailField(
        label=gettext_lazy("Their e-mail address"),
        max_length=254,
        help_text=gettext_lazy("Somebody who has an account here already keeps it and belongs to both schools."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "class": "input"}),
    )

    def clean_admin_name(self) -> str:
        if name := plain_name(self.cleaned_data["admin_name"]):
            return name
        raise ValidationError(_("Write a name of at least one letter."))

    def clean_admin_email(self) -> str:
        return str(self.cleaned_data["admin_email"]).lower()
