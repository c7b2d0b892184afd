"""The questions about a person and a class. Which of them stand there depends on who asks."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ij8.accounts.models import AgeBand, Membership
from ij8.accounts.people.rules import handles
from ij8.accounts.people.services import PersonChanges, is_of_this_school
from ij8.accounts.settings_forms import HouseForm

OFF: dict[str, str] = {"autocomplete": "off", "spellcheck": "false"}


class PersonForm(HouseForm):
    """Only what `by` may change of `member` is asked."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False, widget=forms.TextInput(attrs=OFF))
    username = forms.CharField(
        label=gettext_lazy("Username"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("For signing in. A new one takes nothing away: works and classes stay."),
        widget=forms.TextInput(attrs={**OFF, "autocapitalize": "none"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("Whoever reads mail there can sign in as this person."),
        widget=forms.EmailInput(attrs=OFF),
    )
    age_band = forms.ChoiceField(
        label=gettext_lazy("Age"),
        required=False,
        help_text=gettext_lazy("Decides how strictly words are looked at. Not known counts as the youngest."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role in the school"), required=False)

    def __init__(self, *args: Any, member: Membership, by: Membership, **kwargs: Any) -> None:
        user = member.user
        now = {"name": user.name, "username": user.username, "email": user.email or "", "age_band": member.age_band}
        super().__init__(*args, initial={**now, "role": member.role}, **kwargs)
        fields: Any = self.fields
        fields["role"].choices = Membership.Role.choices
        is_admin = by.role == Membership.Role.ADMIN
        bands = [("", _("not known")), *AgeBand.choices]
        fields["age_band"].choices = bands if is_admin else [band for band in bands if band[0] != AgeBand.ADULT]
        asked = set(fields) if handles(by, member) else set()
        if not is_of_this_school(member):
            asked -= {"name", "username", "email"}
        if not is_admin:
            asked -= {"email", "role"}
            if member.age_band == AgeBand.ADULT:
                asked -= {"age_band"}
        if member.role == Membership.Role.ADMIN:
            asked -= {"email"}
        if by.pk == member.pk:
            asked -= {"role"}
        for name in set(fields) - asked:
            del fields[name]

    @property
    def changes(self) -> PersonChanges:
        """What was sent and differs now. An emptied name or username is left as it was."""
        sent = {name: value for name, value in self.cleaned_data.items() if name in self.changed_data and name in self.data}
        return PersonChanges(**{name: value for name, value in sent.items() if value or name in ("email", "age_band")})


class ClassForm(HouseForm):
    name = forms.CharField(
        label=gettext_lazy("Name of the class"),
        max_length=120,
        widget=forms.TextInput(attrs={**OFF, "placeholder": gettext_lazy("Art 6b")}),
    )
    term = forms.CharField(
        label=gettext_lazy("Term"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("As you call it. It may stay empty."),
        widget=forms.TextInput(attrs=OFF),
    )


class CopyForm(ClassForm):
    prefix = "copy"
    with_pupils = forms.BooleanField(
        label=gettext_lazy("With its pupils"),
        required=False,
        help_text=gettext_lazy("Otherwise the new class has the same teachers and lessons, and nobody to teach yet."),
    )


class SlotForm(HouseForm):
    """One lesson of the week. All three or none."""

    TIME: ClassVar[dict[str, str]] = {"type": "time", "class": "input"}
    weekday = forms.ChoiceField(label=gettext_lazy("Day"), required=False)
    starts = forms.TimeField(label=gettext_lazy("From"), required=False, widget=forms.TimeInput(attrs=TIME, format="%H:%M"))
    ends = forms.TimeField(label=gettext_lazy("To"), required=False, widget=forms.TimeInput(attrs=TIME, format="%H:%M"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from ij8.accounts.models import Slot

        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["weekday"].choices = [("", "–"), *Slot.Weekday.choices]

    def clean(self) -> dict[str, Any]:
        sent: dict[str, Any] = super().clean() or {}
        given = [name for name in ("weekday", "starts", "ends") if sent.get(name) not in (None, "")]
        if given and len(given) < 3 and not self.errors:
            missing = next(name for name in ("weekday", "starts", "ends") if name not in given)
            self.add_error(missing, _("Say day, beginning and end, or leave all three empty."))
        return sent
