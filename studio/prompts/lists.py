"""Lists of words that a prompt draws from by `__name__`."""

import re
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.core.errors import Invalid, NotFound
from ij8.safety.check import Context, must_pass
from ij8.safety.models import Refusal
from studio.models import WordList

MOST = 50
MOST_WORDS = 200
LONGEST_WORD = 120
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def save_list(*, member: Membership, name: str, lines: str) -> WordList:
    """One entry a line (or between commas, where there is one line). A list of the same name is replaced.

    Raises Invalid (`name`, `words`) and WordsRefused.
    """
    name = name.strip().strip("_").lower().replace(" ", "-")
    if not _NAME.fullmatch(name):
        raise Invalid(_("Name it with letters, digits and - alone, like animals."), field="name", allowed="a-z 0-9 -")
    parts = lines.splitlines() if "\n" in lines.strip() else lines.split(",")
    words = list(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))
    if not words or len(words) > MOST_WORDS or any(len(one) > LONGEST_WORD for one in words):
        say = _("Write 1 to %(n)d entries, each at most %(long)d letters long.")
        raise Invalid(say % {"n": MOST_WORDS, "long": LONGEST_WORD}, field="words", allowed=f"1 to {MOST_WORDS}")
    must_pass(member, ", ".join([name, *words]), Refusal.Where.PROMPT, context=Context(None, "words"))
    with transaction.atomic():
        mine = WordList.objects.select_for_update().filter(member=member)
        if not mine.filter(name=name).exists() and mine.count() >= MOST:
            raise Invalid(_("You have %(n)d lists. Delete one first.") % {"n": MOST}, field="name", allowed=str(MOST))
        kept, _is_new = WordList.objects.update_or_create(
            member=member, name=name, defaults={"words": words, "school_id": member.school_id}
        )
    return kept


def delete_list(member: Membership, list_id: uuid.UUID) -> WordList:
    """As it was, for its Undo. NotFound for another person's."""
    found = WordList.objects.filter(member=member, pk=list_id).first()
    if found is None:
        raise NotFound
    WordList.objects.filter(pk=found.pk).delete()
    return found
