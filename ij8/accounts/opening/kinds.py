"""What visitors ask for: an account in a school, a place in the open school, a school."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, Field

from ij8.accounts.models import AgeBand, Ask, Membership
from ij8.accounts.opening.letters import write_later
from ij8.accounts.opening.people import bring_in
from ij8.accounts.opening.requests import admins_of, platform_deciders
from ij8.accounts.opening.schools import SchoolFacts, check_slug, free_slug, open_school
from ij8.accounts.settings_forms import HouseForm

ROLES = (
    (Membership.Role.STUDENT, gettext_lazy("pupil")),
    (Membership.Role.TEACHER, gettext_lazy("teacher")),
    (Membership.Role.USER, gettext_lazy("adult guest, who looks on or assists")),
)


class Knock(BaseModel):
    """Who asks from outside."""

    name: str = Field(max_length=120)
    email: str = Field(max_length=254)


class SchoolWish(Knock):
    school_name: str = Field(max_length=200)


class RoleForm(HouseForm):
    role = forms.ChoiceField(
        label=gettext_lazy("They come in as"),
        choices=ROLES,
        help_text=gettext_lazy("Who was here before comes back in no class: add them to their classes again."),
    )


class AccountAsk:
    label = gettext_lazy("An account")
    decided_by_platform = False
    Details = Knock

    def deciders(self, ask: Ask) -> "QuerySet[Membership]":
        return admins_of(ask.school_id)

    def describe(self, ask: Ask) -> str:
        return str(_("%(name)s (%(email)s) asks for an account.") % ask.details)

    def form(self, ask: Ask, sent: Any = None) -> RoleForm:
        return RoleForm(sent)

    def grant(self, ask: Ask, by: Membership, values: dict[str, Any]) -> None:
        role = values.get("role", Membership.Role.STUDENT)
        band = AgeBand.ADULT if role != Membership.Role.STUDENT else ""
        who = {"email": ask.details["email"], "name": ask.details["name"]}
        member = bring_in(school=ask.school, role=role, age_band=band, **who)
        write_later("come_in", member.user, school=ask.school)


class ArtistAsk(AccountAsk):
    """In the open school, whose people are decided about by the platform, and who are adults."""

    label = gettext_lazy("An artist's account")
    decided_by_platform = True

    def deciders(self, ask: Ask) -> "QuerySet[Membership]":
        return platform_deciders()

    def form(self, ask: Ask, sent: Any = None) -> Any:
        return HouseForm(sent)

    def grant(self, ask: Ask, by: Membership, values: dict[str, Any]) -> None:
        who = {"email": ask.details["email"], "name": ask.details["name"]}
        member = bring_in(school=ask.school, role=Membership.Role.USER, age_band=AgeBand.ADULT, **who)
        write_later("come_in", member.user, school=ask.school)


class NewSchoolForm(HouseForm):
    """The decider may mend the name before the school opens under it."""

    name = forms.CharField(label=gettext_lazy("Name of the school"), max_length=200)
    slug = forms.CharField(
        label=gettext_lazy("Short name in addresses"),
        max_length=50,
        validators=[check_slug],
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"}),
    )


class SchoolAsk:
    label = gettext_lazy("A school")
    decided_by_platform = True
    Details = SchoolWish

    def deciders(self, ask: Ask) -> "QuerySet[Membership]":
        return platform_deciders()

    def describe(self, ask: Ask) -> str:
        return str(_("%(name)s (%(email)s) asks to open “%(school_name)s”.") % ask.details)

    def form(self, ask: Ask, sent: Any = None) -> NewSchoolForm:
        wished = ask.details["school_name"]
        return NewSchoolForm(sent, initial={"name": wished, "slug": free_slug(wished)})

    def grant(self, ask: Ask, by: Membership, values: dict[str, Any]) -> None:
        name = values.get("name") or ask.details["school_name"]
        facts = SchoolFacts(name=name, slug=values.get("slug") or free_slug(name))
        open_school(facts=facts, admin_name=ask.details["name"], admin_email=ask.details["email"])
