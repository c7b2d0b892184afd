"""The places of the house: which the rail shows to whom, and the further pages that the search knows."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BAR_PLACES = 4  # on phones; the fifth is More


@dataclass(frozen=True)
class Place:
    """One page that can be named. It appears once its route exists: an app brings its place by naming the route."""

    label: Promise
    route: str
    icon: str


PLACES = {
    "home": Place(_("Home"), "home", "house"),
    "studio": Place(_("Studio"), "studio", "brush"),
    "learn": Place(_("Learn"), "learn", "book-open"),
    "library": Place(_("Library"), "works", "library"),
    "class": Place(_("Class"), "classes", "users"),
    "classes": Place(_("Classes"), "classes", "users"),
    "showcase": Place(_("Showcase"), "showcase", "presentation"),
    "school": Place(_("School"), "school", "school"),
    "gallery": Place(_("Gallery"), "gallery", "images"),
    "platform": Place(_("Platform"), "platform", "server"),
    "verify": Place(_("Verify"), "verify", "badge-check"),
}
RAILS = {
    "student": ("home", "studio", "learn", "library", "class"),
    "teacher": ("home", "studio", "learn", "library", "classes", "showcase"),
    "observer": ("home", "classes"),
    "admin": ("home", "studio", "learn", "library", "classes", "showcase", "school"),
    "artist": ("home", "studio", "learn", "library", "gallery"),
    "platform": ("home", "studio", "platform"),
    "visitor": ("gallery", "showcase", "verify"),
}
FURTHER = (  # for everybody who is signed in, by search and menus
    PLACES["library"],
    Place(_("Trash"), "works_trash", "trash-2"),
    Place(_("Profile"), "settings_profile", "circle-user"),
    Place(_("Appearance"), "settings_appearance", "sun-moon"),
    Place(_("Accessibility"), "settings_accessibility", "eye"),
    Place(_("Privacy settings"), "settings_privacy", "info"),
    Place(_("Keys of your own"), "settings_keys", "key-round"),
    Place(_("Security"), "settings_security", "shield"),
    Place(_("Tokens"), "settings_tokens", "code-xml"),
    Place(_("What you spent"), "settings_spend", "coins"),
    Place(_("Notification settings"), "settings_notifications", "activity"),
    Place(_("Change school"), "switch_school", "school"),
    Place(_("Help"), "help", "circle-help"),
    Place(_("API"), "api-docs", "code-xml"),
    Place(_("Status"), "status", "activity"),
    Place(_("What ij8 keeps"), "privacy", "info"),
)

TABS = {  # the pages of a section, in order; each appears once its route exists
    "school": (
        Place(_("People"), "school_people", "users"),
        Place(_("Classes"), "school_cohorts", "presentation"),
        Place(_("Policy"), "school_policy", "scale"),
        Place(_("Consent"), "school_consent", "clipboard-list"),
        Place(_("Providers"), "school_providers", "key-round"),
        Place(_("Budgets"), "school_budgets", "wallet"),
        Place(_("Spend"), "school_spend", "chart-column"),
        Place(_("Requests"), "school_requests", "circle-help"),
        Place(_("Audit"), "school_audit", "history"),
    ),
    "platform": (
        Place(_("Schools"), "platform_schools", "school"),
        Place(_("Health"), "platform_health", "activity"),
        Place(_("Backends"), "platform_backends", "server"),
        Place(_("Providers"), "platform_providers", "key-round"),
        Place(_("Prices"), "platform_prices", "coins"),
        Place(_("Spend"), "platform_spend", "chart-column"),
        Place(_("Requests"), "platform_requests", "circle-help"),
        Place(_("Support"), "platform_support", "life-buoy"),
        Place(_("Audit"), "platform_audit", "history"),
    ),
}


def address_of(route: str, *args: object) -> str:
    """The address of a named route, or "" while no app has brought it."""
    try:
        return reverse(route, args=args)
    except NoReverseMatch:
        return ""


def rail_kind(member: Any) -> str:
    """Which rail a member sees. `member` is a Membership or None. One query for a `user` of a school."""
    if member is None:
        return "visitor"
    if member.user.platform_role:
        return "platform"
    if member.school.slug == "open":
        return "artist"
    if member.role == "user":  # an observer, unless they assist in a class
        return "teacher" if member.cohorts.in_force().filter(role__in=("lead_teacher", "assistant")).exists() else "observer"
    return str(member.role)


def tabs_of(section: str, path: str) -> list[dict[str, Any]]:
    """The pages of "school" or "platform" whose routes exist, and which of them `path` lies in."""
    tabs = [(place, address_of(place.route)) for place in TABS[section]]
    return [{"label": place.label, "url": url, "here": path.startswith(url)} for place, url in tabs if url]


def places_of(kind: str, path: str) -> list[dict[str, Any]]:
    """The places of a rail whose routes exist, each with its address and whether `path` lies in it."""
    shown = []
    for key in RAILS[kind]:
        place = PLACES[key]
        if url := address_of(place.route):
            shown.append({"label": place.label, "icon": place.icon, "url": url, "here": path.startswith(url)})
    return [{**place, "in_bar": n < BAR_PLACES} for n, place in enumerate(shown)]
