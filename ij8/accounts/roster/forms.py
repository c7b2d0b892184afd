"""What is asked before a list is read, and before it is brought in."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from ij8.accounts.roster.decoding import ENCODINGS
from ij8.accounts.settings_forms import HouseForm


class RosterForm(HouseForm):
    file = forms.FileField(
        label=_("The list"),
        help_text=_("A CSV file of at most 20,000 people. Nothing changes before you have seen what would."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv", "class": "input"}),
    )
    encoding = forms.ChoiceField(
        label=_("Letters"),
        required=False,
        help_text=_("Only where names with accents came out wrong."),
        widget=forms.Select(attrs={"class": "select", "translate": "no"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("As the file seems to be")), *ENCODINGS.items()]
        cast(forms.ChoiceField, self.fields["encoding"]).choices = choices


class CommitForm(HouseForm):
    create_classes = forms.BooleanField(required=False)
    end_missing = forms.BooleanField(required=False)
    skip_errors = forms.BooleanField(required=False)
