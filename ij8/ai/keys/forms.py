"""The questions about keys."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models import School
from ij8.ai.keys.rules import By, default_off, entry, keep_rules
from ij8.ai.keys.service import LONGEST_KEY, Scope
from ij8.ai.models import Level, ProviderRules
from ij8.ai.providers import PROVIDERS
from ij8.core.http import LONGEST_URL

LEVELS = {
    Level.PLATFORM: (
        _("Keys of the installation"),
        _("Schools and people without a key of their own use these; whoever runs the installation pays."),
    ),
    Level.SCHOOL: (_("Keys of a school"), _("Set by its admins; the school pays.")),
    Level.PERSONAL: (_("Keys of persons"), _("Set by adults for themselves; they pay. Pupils under 18 can bring none.")),
}


class KeyForm(forms.Form):
    """A key is typed and never shown again: not even in the page that tells of a mistake."""

    key = forms.CharField(
        label=_("Key"),
        max_length=LONGEST_KEY,
        required=False,
        widget=forms.PasswordInput(attrs={"class": "input mono", "autocomplete": "off", "spellcheck": "false"}),
    )
    base_url = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_URL,
        required=False,
        widget=forms.TextInput(
            attrs={
                "class": "input mono",
                "inputmode": "url",
                "autocomplete": "off",
                "spellcheck": "false",
                "placeholder": "https://",
            }
        ),
    )

    def __init__(self, *args: Any, provider: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        facts = PROVIDERS[provider].facts
        sealed, seldom = _("It is sealed at once and never shown again."), _("Only where the address asks for one.")
        self.fields["key"].help_text = sealed if facts.key == "needed" else seldom
        if facts.url == "none":
            del self.fields["base_url"]
        elif facts.url == "optional":
            self.fields["base_url"].help_text = _(
                "Only for another service that speaks the same protocol. Empty: the vendor's own."
            )
        else:
            self.fields["base_url"].help_text = _("Where it answers, such as https://models.example.org.")
            self.order_fields(["base_url", "key"])


class RulesForm(forms.Form):
    """For each level, the providers whose keys may be used."""

    school: School
    by: str

    def __init__(self, *args: Any, school: School, by: str, **kwargs: Any) -> None:
        row = ProviderRules.objects.filter(school=school, by=by).first()
        off = set(row.off) if row else default_off(school) if by == By.SCHOOL else frozenset()
        initial = {level.value: [name for name in PROVIDERS if entry(level, name) not in off] for level in LEVELS}
        super().__init__(*args, **kwargs)
        self.initial = initial
        self.school, self.by = school, by
        names = [(name, PROVIDERS[name].facts.label) for name in PROVIDERS]
        for level, (label, help_text) in LEVELS.items():
            self.fields[level.value] = forms.MultipleChoiceField(
                label=label, help_text=help_text, choices=names, required=False, widget=forms.CheckboxSelectMultiple
            )

    @classmethod
    def of_platform(cls, scope: Scope, sent: Any = None) -> "RulesForm":
        return cls(sent, school=scope.school, by=By.PLATFORM)

    def keep(self) -> None:
        chosen = {entry(level, name) for level in LEVELS for name in self.cleaned_data[level.value]}
        every = {entry(level, name) for level in LEVELS for name in PROVIDERS}
        keep_rules(school=self.school, by=self.by, off=every - chosen)
