"""What every page's frame needs: the rail by role, icons, the theme, and the words that scripts say."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

register = template.Library()

THEMES = ("light", "dark")
BAR_PLACES = 4  # on phones; the fifth is More


@dataclass(frozen=True)
class Place:
    """One entry of the rail. It appears once its route exists: an app brings its place by naming the route."""

    label: Promise
    route: str
    icon: str


PLACES = {
    "home": Place(gettext_lazy("Home"), "home", "house"),
    "studio": Place(gettext_lazy("Studio"), "studio", "brush"),
    "learn": Place(gettext_lazy("Learn"), "learn", "book-open"),
    "library": Place(gettext_lazy("Library"), "works", "library"),
    "class": Place(gettext_lazy("Class"), "classes", "users"),
    "classes": Place(gettext_lazy("Classes"), "classes", "users"),
    "showcase": Place(gettext_lazy("Showcase"), "showcase", "presentation"),
    "school": Place(gettext_lazy("School"), "school", "school"),
    "gallery": Place(gettext_lazy("Gallery"), "gallery", "images"),
    "platform": Place(gettext_lazy("Platform"), "platform", "server"),
    "verify": Place(gettext_lazy("Verify"), "verify", "badge-check"),
}
RAILS = {
    "student": ("home", "studio", "learn", "library", "class"),
    "teacher": ("home", "studio", "learn", "library", "classes", "showcase"),
    "observer": ("home", "classes"),
    "admin": ("home", "studio", "learn", "library", "classes", "showcase", "school"),
    "artist": ("home", "studio", "learn", "library", "gallery"),
    "platform": ("home", "studio", "library", "platform"),
    "visitor": ("gallery", "showcase", "verify"),
}


@cache
def icon_names() -> frozenset[str]:
    return frozenset(json.loads((settings.ROOT / "static/src/icons.json").read_text()))


@register.simple_tag
def icon(name: str) -> SafeString:
    """A lucide icon, hidden from screen readers (a word stands beside it). A name not in icons.json is our mistake."""
    if name not in icon_names():
        raise template.TemplateSyntaxError(f"{name} is not in static/src/icons.json")
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("icons.svg"), name)


def rail_kind(member: Any) -> str:
    """Which rail a member sees. `member` is a Membership or None. One query for a `user` of a school."""
    if member is None:
        return "visitor"
    if member.user.platform_role:
        return "platform"
    if member.school.slug == "open":
        return "artist"
    if member.role == "user":  # an observer, unless they assist in a class
        return "teacher" if member.cohorts.filter(role__in=("lead_teacher", "assistant")).exists() else "observer"
    return str(member.role)


def places_of(kind: str, path: str) -> list[dict[str, Any]]:
    """The places of a rail whose routes exist, each with its address and whether `path` lies in it."""
    shown = []
    for key in RAILS[kind]:
        place = PLACES[key]
        try:
            url = reverse(place.route)
        except NoReverseMatch:
            continue
        shown.append({"label": place.label, "icon": place.icon, "url": url, "here": path.startswith(url)})
    return [{**place, "in_bar": n < BAR_PLACES} for n, place in enumerate(shown)]


@register.simple_tag(takes_context=True)
def places(context: Context) -> list[dict[str, Any]]:
    request = context.get("request")
    member = getattr(request, "member", None)
    return places_of(rail_kind(member), request.path if request else "")


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """Returns "light", "dark" or "" (the system's): the cookie of this device, else what the person keeps."""
    request = context.get("request")
    if request is None:
        return ""
    chosen = request.COOKIES.get("theme") or getattr(getattr(request, "user", None), "theme", "")
    return chosen if chosen in THEMES else ""


@register.simple_tag
def initials(name: str) -> str:
    """Up to two letters for an avatar."""
    parts = str(name).split()
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper() or "?"


@register.simple_tag
def script_words() -> SafeString:
    """The sentences that static/src says, as a JSON block (no script: the strict CSP allows it)."""
    return json_script(_words(), "words")


def _words() -> dict[str, str]:
    return {
        "undo": _("Undo"),
        "saved": _("Saved {time}"),
        "trashed": _("Moved to the trash."),
        "restored": _("It is back."),
        "offline": _("Not connected. Send it when you are back."),
        "not_reached": _("ij8 could not be reached. Nothing was lost; try again."),
        "not_done": _("That did not work (code {code}). Nothing was changed; reload the page and try again."),
        "signed_out": _("You are signed out. Sign in again; your text is kept on this device."),
        "percent": _("{n} %"),
        "n_of_all": _("{n} of {all}"),
        "place_first": _("Next in line"),
        "place_one": _("{n}st in line"),
        "place_two": _("{n}nd in line"),
        "place_few": _("{n}rd in line"),
        "place_other": _("{n}th in line"),
        "eta_s": _("about {n} s"),
        "eta_min": _("about {n} min"),
        "say_started": _("Started."),
        "say_done": _("A picture is ready."),
        "say_failed": _("A picture failed."),
        **{f"state_{state}": words for state, words in state_words().items()},
    }


def state_words() -> dict[str, str]:
    """What a person reads for each state of a job."""
    return {
        "held": _("Held"),
        "queued": _("Waiting"),
        "leased": _("Starting"),
        "submitted": _("Making"),
        "storing": _("Keeping"),
        "waiting": _("Waiting for its parts"),
        "succeeded": _("Done"),
        "failed": _("Failed"),
        "cancelled": _("Cancelled"),
    }
