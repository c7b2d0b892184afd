"""The chips and menus above a list of people: each an address with one filter changed."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ij8.accounts.models import AgeBand, Cohort, Membership
from ij8.accounts.people.lists import PeopleFilter
from ij8.core.addresses import with_query
from ij8.core.api import clean_text
from ij8.core.validation import validated

NAMES = tuple(PeopleFilter.model_fields)
Words = dict[str, str | Promise]
STATES: Words = {"never": gettext_lazy("Never signed in"), "left": gettext_lazy("Left")}
SORTS: Words = {"name": gettext_lazy("By name"), "newest": gettext_lazy("Newest first"), "seen": gettext_lazy("Signed in last")}


@dataclass(frozen=True)
class Menu:
    """Choices under one chip. `chosen` is the name of the one that is on, `clear_url` leads to all of them again."""

    label: str
    chosen: str
    clear_url: str
    choices: list[dict[str, Any]]


def asked_of(request: HttpRequest) -> PeopleFilter:
    """Empty fields ask for nothing. `Invalid` for a filter that cannot be."""
    query = {name: request.GET[name].strip() for name in NAMES if request.GET.get(name, "").strip()}
    for name, value in query.items():
        clean_text(value, name)
    return validated(PeopleFilter, query)


def is_any(asked: PeopleFilter) -> bool:
    return asked.model_copy(update={"sort": "name"}) != PeopleFilter()


def chips_of(request: HttpRequest, asked: PeopleFilter) -> list[dict[str, Any]]:
    states = [_chip(request, str(words), is_on=asked.state == name, name="state", value=name) for name, words in STATES.items()]
    everybody = {"label": _("All"), "is_on": not is_any(asked), "url": request.path}
    roles = [
        _chip(request, str(role.label).capitalize(), is_on=asked.role == role, name="role", value=role.value)
        for role in Membership.Role
    ]
    return [everybody, *roles, *states]


def menus_of(request: HttpRequest, asked: PeopleFilter, classes: list[Cohort]) -> list[Menu]:
    bands: Words = {**{band.value: band.label for band in AgeBand}, "unknown": _("not known")}
    names: Words = {"none": _("In no class"), **{str(one.pk): one.name for one in classes}}
    return [
        _menu(request, "cohort", _("Class"), str(asked.cohort), names),
        _menu(request, "age_band", _("Age"), asked.age_band, bands),
    ]


def order_of(request: HttpRequest, asked: PeopleFilter) -> Menu:
    return _menu(request, "sort", _("Order"), asked.sort, SORTS)


def _menu(request: HttpRequest, name: str, label: str, chosen: str, words: Words) -> Menu:
    choices = [
        {"label": str(text), "is_on": value == chosen, "url": with_query(request, cursor=None, **{name: value})}
        for value, text in words.items()
    ]
    return Menu(label, str(words.get(chosen, "")), with_query(request, cursor=None, **{name: None}), choices)


def _chip(request: HttpRequest, label: str, *, is_on: bool, name: str, value: str) -> dict[str, Any]:
    """A second press takes the filter away."""
    return {"label": label, "is_on": is_on, "url": with_query(request, cursor=None, **{name: None if is_on else value})}
