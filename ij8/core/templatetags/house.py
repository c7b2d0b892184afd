"""What every page's frame needs: the rail by role, icons, the theme, and the words that scripts say."""

import json
from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ij8.core.logs import request_id
from ij8.core.moments import when_words
from ij8.core.places import PLACES, address_of, places_of, rail_kind, tabs_of

register = template.Library()

LOOKS = {"theme": ("light", "dark"), "text_size": ("large", "larger"), "contrast": ("more",), "motion": ("less",)}


@cache
def icon_names() -> frozenset[str]:
    return frozenset(json.loads((settings.ROOT / "static/src/icons.json").read_text()))


@register.simple_tag
def icon(name: str) -> SafeString:
    """A lucide icon, hidden from screen readers (a word stands beside it). A name not in icons.json is our mistake."""
    if name not in icon_names():
        raise template.TemplateSyntaxError(f"{name} is not in static/src/icons.json")
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("icons.svg"), name)


@register.simple_tag(takes_context=True)
def places(context: Context) -> list[dict[str, Any]]:
    request = context.get("request")
    member = getattr(request, "member", None)
    return places_of(rail_kind(member), request.path if request else "")


@register.inclusion_tag("parts/_tabs.html", takes_context=True)
def tabs(context: Context, section: str) -> dict[str, Any]:
    """The pages of "school" or "platform", for the block `tabs` of each of them."""
    request = context.get("request")
    return {"tabs": tabs_of(section, request.path if request else ""), "label": PLACES[section].label}


@register.simple_tag
def address(route: str) -> str:
    """The address of a page that may not have been built yet; "" then."""
    return address_of(route)


@register.simple_tag(takes_context=True)
def help_address(context: Context) -> str:
    """Of the help text for the page that is shown; of the index where a page has no name; "" without help pages."""
    match = getattr(context.get("request"), "resolver_match", None)
    name = (match.url_name or "") if match else ""
    return (address_of("help_page", name.replace("_", "-")) if name else "") or address_of("help")


@register.filter
def grouped(number: int) -> str:
    """10003 as people of this language write it: 10,003."""
    return number_format(number, force_grouping=True)


@register.filter
def key_names(keys: str) -> list[str]:
    """The keys pressed together, each for its own <kbd>: "Ctrl K" is two."""
    return keys.split()


@register.simple_tag(takes_context=True)
def look(context: Context) -> dict[str, str]:
    """How pages shall look, by the names of Preferences: what the person keeps, else what a visitor's cookies say."""
    request = context.get("request")
    kept = _preferences(context)
    return {name: _chosen(name, kept, request) for name in LOOKS}


def _chosen(name: str, kept: Any, request: Any) -> str:
    given = getattr(kept, name, "") if kept is not None else getattr(request, "COOKIES", {}).get(name, "")
    return given if given in LOOKS[name] else ""


@register.simple_tag(takes_context=True)
def single_keys(context: Context) -> bool:
    """Whether keys act that are pressed alone (`?`, `[`): on, unless the person switched them off."""
    return bool(getattr(_preferences(context), "single_keys", True))


def _preferences(context: Context) -> Any:
    """The row of the person who is signed in; None for visitors and while nothing was chosen."""
    member = getattr(context.get("request"), "member", None)
    kept = getattr(member.user, "preferences", None) if member else None
    return None if kept is None or kept._state.adding else kept


@register.filter
def when(moment: datetime) -> str:
    """ "3 h ago", a date from a day on."""
    return when_words(moment)


@register.simple_tag
def initials(name: str) -> str:
    """Up to two letters for an avatar."""
    parts = str(name).split()
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper() or "?"


@register.simple_tag
def request_code() -> str:
    """What the logs call this request."""
    return request_id()


@register.simple_tag
def script_words() -> SafeString:
    """The sentences that static/src says, as a JSON block (no script: the strict CSP allows it)."""
    return json_script(_words(), "script-words")


def _words() -> dict[str, str]:
    return {**_words_of_works(), **_words_of_making(), **_words_of_tools()}


def _words_of_works() -> dict[str, str]:
    return {
        "undo": _("Undo"),
        "saved": _("Saved {time}"),
        "trashed": _("Moved to the trash."),
        "restored": _("It is back."),
        "n_chosen": _("Chosen: {n}"),
        "all_chosen": _("Chosen: all {n}, also those not shown yet"),
        "bulk_star": _("Starred: {n}."),
        "bulk_unstar": _("Star taken away: {n}."),
        "bulk_tag": _("Tagged: {n}."),
        "bulk_untag": _("Tag taken away: {n}."),
        "bulk_move": _("Moved: {n}."),
        "bulk_file": _("Moved: {n}."),
        "bulk_refile": _("Taken back: {n}."),
        "folder_gone": _("The folder is deleted; what lay in it went up."),
        "version_now": _("Version {n} is the current one now."),
        "undo_ends": _("This is the first version."),
        "redo_ends": _("There is nothing to redo."),
        "bulk_trash": _("Moved to the trash: {n}."),
        "bulk_restore": _("Taken back: {n}."),
        "bulk_refused": _("No room for more tags: {n}."),
        "improve_asked": _("Asking for better words"),
        "improve_by": _("Proposed by {by}. {why}"),
        "improve_ready": _("Better words are proposed."),
        "bring_sending": _("{n} % sent"),
        "bring_checking": _("Looking at it"),
        "bring_done": _("Brought in."),
        "bring_sum": _("{n} of {all} brought in"),
        "bring_over": _("Brought in: {n}."),
        "bring_pasted": _("Pasted at {time}"),
        "bring_photo": _("Photo at {time}"),
        "offline": _("Not connected. Send it when you are back."),
        "not_reached": _("ij8 could not be reached. Nothing was lost; try again."),
        "too_often": _("That was too much at once. You can go on in {wait} seconds."),
        "not_done": _("That did not work (code {code}). Nothing was changed; reload the page and try again."),
        "signed_out": _("You are signed out. Sign in again; your text is kept on this device."),
    }


def _words_of_making() -> dict[str, str]:
    return {
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
        "say_ready": _("{n} of {all} ready."),
        "say_failed": _("A picture failed."),
        "say_answered": _("The answer is there."),
        "say_unanswered": _("The answer failed."),
        "card_missing": _("What became of this take could not be loaded. It is safe."),
        "picture_missing": _("This picture could not be loaded."),
        "picture_missing_still": _("It still cannot be loaded. The file may be gone; tell an admin."),
        "try_again": _("Try again"),
        "new_session": _("New session"),
        "session_trashed": _("The session was moved to the trash."),
        "seed_n": _("Seed {n}"),
        "models_n": _("{n} models in turn"),
        "free": _("free"),
        "found_none": _("Nothing found."),
        "found_one": _("1 found."),
        "found_many": _("{n} found."),
        "copied": _("Copied."),
    }


def _words_of_tools() -> dict[str, str]:
    return {
        "pad_up": _("x {x} %, y {y} %, pen up"),
        "pad_down": _("x {x} %, y {y} %, pen down"),
        "pad_undo": _("Undone."),
        "pad_redo": _("Done again."),
        "pad_nothing": _("Nothing left to undo or redo."),
        "pad_cleared": _("The sheet is empty."),
        "pad_anew": _("A new beginning."),
        "pad_next_version": _("Save as next version"),
        "pad_empty": _("Draw something first."),
        "pad_unsaved": _("A drawing that is not saved"),
        "pad_no_strokes": _("The strokes of this drawing could not be loaded. Reload the page to try again."),
        "pad_no_picture": _("The picture under this drawing is gone. Your strokes are here."),
        "not_kept": _("This could not be kept. It lasts until you leave the page."),
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
