"""What Home shows of classes: when one meets whom next, and whom the school's admins have to look after."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.accounts.people.class_lists import cards, own_classes
from ij8.accounts.people.lists import PeopleFilter, people

CLASSES_SHOWN = 4


class YourClasses:
    """Those that meet first stand first."""

    kinds, rank, template = ("teacher", "admin"), 15, "home/_classes.html"

    def context(self, member: Membership) -> dict[str, Any] | None:
        found = cards(member, own_classes(member))
        if not found:
            return None
        found.sort(key=lambda card: (card.next_lesson is None, card.next_lesson.starts.timestamp() if card.next_lesson else 0))
        return {"heading": _("Your classes"), "classes": found[:CLASSES_SHOWN], "more": len(found) > CLASSES_SHOWN}


class YourClass:
    """A pupil's: who teaches it and when it meets."""

    kinds, rank, template = ("student",), 40, "home/_class.html"

    def context(self, member: Membership) -> dict[str, Any] | None:
        found = cards(member, own_classes(member))
        if not found:
            return None
        return {"heading": _("Your class") if len(found) == 1 else _("Your classes"), "classes": found[:CLASSES_SHOWN]}


class PeopleToLookAfter:
    """Pupils in no class and people who never came in, while there are any."""

    kinds, rank, template = ("admin",), 35, "home/_look_after.html"

    def context(self, member: Membership) -> dict[str, Any] | None:
        asked = {
            _("Pupils in no class"): PeopleFilter(role="student", cohort="none"),
            _("Never signed in"): PeopleFilter(state="never"),
        }
        base = reverse("school_people")
        counts = [
            (label, people(member, filters).count(), f"{base}?{urlencode(filters.model_dump(exclude_defaults=True))}")
            for label, filters in asked.items()
        ]
        counts = [one for one in counts if one[1]]
        return {"heading": _("People to look after"), "counts": counts} if counts else None
