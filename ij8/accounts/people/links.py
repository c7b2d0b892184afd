"""Where one goes on from a class or a person. Each line appears once its route exists: an app brings it by naming the route."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from ij8.accounts.models import Cohort, Membership
from ij8.accounts.people.rules import handles, leads
from ij8.core.places import Place, address_of

CLASS_TABS = (  # (place, whether only those who lead the class see it)
    (Place(_("Now"), "class_now", "activity"), True),
    (Place(_("People"), "class_people", "users"), False),
    (Place(_("Join code"), "class_join", "qr-code"), True),
    (Place(_("Cards"), "class_cards", "printer"), True),
    (Place(_("Invitations"), "class_invitations", "mail"), True),
    (Place(_("Bring in a list"), "class_roster", "upload"), True),
    (Place(_("Work"), "class_work", "images"), True),
    (Place(_("Gradebook"), "class_gradebook", "clipboard-list"), True),
    (Place(_("Reports"), "class_reports", "file-text"), True),
    (Place(_("Refusals"), "class_refusals", "shield"), True),
    (Place(_("Consent"), "class_consent", "clipboard-list"), True),
    (Place(_("Showcase"), "class_showcase", "presentation"), True),
    (Place(_("Settings"), "class_settings", "sliders-horizontal"), True),
)
PERSON_LINKS = (
    Place(_("Password and card"), "person_card", "key-round"),
    Place(_("Consent"), "person_consent", "clipboard-list"),
)


def class_tabs(cohort: Cohort, by: Membership, path: str) -> list[dict[str, Any]]:
    leading = leads(by, cohort)
    shown = ((place, _address(place, cohort.pk)) for place, only_leading in CLASS_TABS if leading or not only_leading)
    return [{"label": place.label, "url": url, "here": path == url} for place, url in shown if url]


def person_links(member: Membership, by: Membership) -> list[dict[str, Any]]:
    """For those who handle her."""
    if not member.active or not handles(by, member):
        return []
    shown = ((place, _address(place, member.pk)) for place in PERSON_LINKS)
    return [{"label": place.label, "icon": place.icon, "url": url} for place, url in shown if url]


def _address(place: Place, ident: uuid.UUID) -> str:
    return address_of(place.route, ident)
