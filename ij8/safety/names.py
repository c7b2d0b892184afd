"""The filter at the doors of `ij8.accounts`, which knows nothing of it: names, usernames and classes."""

import logging
import uuid
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from ij8.accounts.models import Membership
from ij8.safety.bands import band_of, policy_of
from ij8.safety.check import Context, hits_by, must_pass
from ij8.safety.lists import ListsUnreadable, lists_of

log = logging.getLogger(__name__)


def name_must_pass(member: Membership, text: str, where: str, field: str, cohort_id: uuid.UUID | None) -> None:
    must_pass(member, text, where, context=Context(cohort_id, field))


def refused_names(member: Membership, texts: Sequence[str]) -> list[list[str]]:
    """By the lists for whoever brings them in, not for a pupil's age: these are the names that people have, and the strict lists
    would refuse a Slaughter and a Beer. With the lists unreadable nothing is found, as only adults bring in many.
    """
    policy = policy_of(member.school_id)
    try:
        lists = lists_of(Path(settings.WORDS), policy.strictness(band_of(member)))
    except ListsUnreadable:
        log.exception("the filter of words is down")
        return [[] for _ in texts]
    return [[hit.word for hit in hits_by(text, lists, policy)] if text else [] for text in texts]
