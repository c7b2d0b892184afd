"""The questions about invitations and codes."""

from typing import Any, cast

from django import forms
from django.contrib.auth import password_validation
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ij8.accounts.joining.codes import MOST_USES
from ij8.accounts.joining.offers import offers_of
from ij8.accounts.models import Cohort, Membership
from ij8.accounts.outbox import mail_goes_out
from ij8.accounts.people.rules import leads, led_by
from ij8.accounts.settings_forms import HouseForm, ProfileForm

DAYS = {
    "1": gettext_lazy("a day"),
    "7": gettext_lazy("a week"),
    "30": gettext_lazy("30 days"),
    "": gettext_lazy("until I change it"),
}


class InviteForm(HouseForm):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )
    offer = forms.ChoiceField(label=gettext_lazy("As"), widget=forms.Select(attrs={"class": "select"}))
    cohort = forms.ModelChoiceField(
        label=gettext_lazy("Class"),
        queryset=Cohort.objects.none(),
        required=False,
        empty_label=gettext_lazy("No class"),
        widget=forms.Select(attrs={"class": "select", "translate": "no"}),
    )
    words = forms.CharField(
        label=gettext_lazy("A word to them"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "textarea", "dir": "auto"}),
    )

    def __init__(self, *args: Any, by: Membership, cohort: Cohort | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offers = offers_of(by)
        if cohort and not leads(by, cohort, for_good=True):
            offers = {"student": offers["student"]}
        field = cast(forms.ChoiceField, self.fields["offer"])
        field.choices = [(key, offer.label) for key, offer in offers.items()]
        if by.role != Membership.Role.ADMIN:
            field.help_text = _("Who assists or observes counts as under 13 here until an admin says that they are an adult.")
        if cohort:
            del self.fields["cohort"]
        else:
            cast(Any, self.fields["cohort"]).queryset = classes_of(by)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


def classes_of(by: Membership) -> QuerySet[Cohort]:
    """The running classes into which she may bring people."""
    running = Cohort.objects.filter(school_id=by.school_id, archived_at=None, trashed_at=None).order_by("name", "id")
    if by.role == Membership.Role.ADMIN:
        return running
    return running.filter(pk__in=led_by(by).filter(role="lead_teacher").values("cohort"))


class CodeForm(HouseForm):
    days = forms.ChoiceField(
        label=gettext_lazy("Good for"), choices=DAYS.items(), required=False, widget=forms.Select(attrs={"class": "select"})
    )
    most_uses = forms.IntegerField(
        label=gettext_lazy("For at most so many pupils"),
        required=False,
        min_value=1,
        max_value=MOST_USES,
        help_text=gettext_lazy("Empty for as many as come."),
        widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
    )

    def clean_days(self) -> int | None:
        return int(self.cleaned_data["days"]) if self.cleaned_data["days"] else None


class PupilForm(HouseForm):
    username = forms.CharField(
        label=gettext_lazy("Choose a username"),
        max_length=60,
        help_text=gettext_lazy("You sign in with it. Letters, digits, dots and dashes. Not your full name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class NewcomerForm(ProfileForm):
    password = forms.CharField(
        label=gettext_lazy("Choose a password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "input"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Your name")
        self.fields["password"].required = not mail_goes_out()
        least = _("At least 8 characters.")
        by_code = _("Leave it empty to sign in by codes that are mailed to you.")
        self.fields["password"].help_text = f"{least} {by_code}" if mail_goes_out() else least

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if password:
            password_validation.validate_password(password)
        return password
