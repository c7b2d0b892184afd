"""This slice's sections of the policy page: what the school is called and where it is, and who may come in by themselves."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ij8.accounts.models import Membership, SignUpPolicy
from ij8.accounts.opening.schools import MOST_DOMAINS, SchoolChanges, change_school, clean_domain, sign_up_of
from ij8.accounts.opening.wizard_forms import PLAIN, FactsForm
from ij8.accounts.settings_forms import HouseForm

MOST_ADDRESSES = 2000


class SchoolForm(FactsForm):
    """The logo is for the platform's page, which sends files."""

    logo = None  # type: ignore[assignment]


class SchoolSection:
    label = gettext_lazy("Your school")
    about = gettext_lazy("Its name stands on its door and on printed cards; times are counted in its zone.")
    rank = 5

    def form(self, member: Membership, sent: Any = None) -> SchoolForm:
        school = member.school
        kept = {"name": school.name, "time_zone": school.time_zone, "locale": school.locale}
        return SchoolForm(sent, prefix="school", initial=kept)

    def save(self, form: forms.Form, by: Membership) -> None:
        change_school(by.school, SchoolChanges(**form.cleaned_data))


class SignUpForm(HouseForm):
    mode = forms.ChoiceField(
        label=gettext_lazy("Who may come in by themselves"), choices=SignUpPolicy.Mode.choices, widget=forms.RadioSelect
    )
    addresses = forms.CharField(
        label=gettext_lazy("Addresses on the list"),
        required=False,
        help_text=gettext_lazy("One a line. They make their accounts by a mail to the address."),
        widget=forms.Textarea(attrs={"rows": 4, "class": "textarea", **PLAIN}),
    )
    domains = forms.CharField(
        label=gettext_lazy("E-mail domains of the school"),
        required=False,
        help_text=gettext_lazy("One a line, such as school.example. Every address there counts as on the list."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "textarea", **PLAIN}),
    )

    def clean_addresses(self) -> list[str]:
        typed = [address.lower() for address in self.cleaned_data["addresses"].replace(",", "\n").split()]
        if len(typed) > MOST_ADDRESSES:
            raise ValidationError(_("At most %(n)d addresses. A domain stands for all of its addresses.") % {"n": MOST_ADDRESSES})
        for address in typed:
            try:
                validate_email(address)
            except ValidationError as error:
                raise ValidationError(_("“%(typed)s” is no e-mail address.") % {"typed": address[:80]}) from error
        return list(dict.fromkeys(typed))

    def clean_domains(self) -> list[str]:
        typed = self.cleaned_data["domains"].replace(",", "\n").split()
        if len(typed) > MOST_DOMAINS:
            raise ValidationError(_("At most %(n)d domains.") % {"n": MOST_DOMAINS})
        try:
            return list(dict.fromkeys(map(clean_domain, typed)))
        except ValueError as error:
            raise ValidationError(str(error)) from error


class SignUpSection:
    label = gettext_lazy("Coming in")
    about = gettext_lazy(
        "Closed: only whom the school brings in; others may still ask. By request: the door also names the school to everybody. "
        "Addresses on a list, and open to adults, let people in without being asked."
    )
    rank = 20

    def form(self, member: Membership, sent: Any = None) -> SignUpForm:
        policy = sign_up_of(member.school)
        domains = "\n".join(member.school.email_domains)
        kept = {"mode": policy.mode, "addresses": "\n".join(policy.addresses), "domains": domains}
        return SignUpForm(sent, prefix="sign-up", initial=kept)

    def save(self, form: forms.Form, by: Membership) -> None:
        found = form.cleaned_data
        kept = {"mode": found["mode"], "addresses": found["addresses"]}
        SignUpPolicy.objects.update_or_create(school=by.school, defaults=kept)
        change_school(by.school, SchoolChanges(email_domains=found["domains"]))
