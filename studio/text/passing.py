"""Whether the words of a text may stand."""

import uuid

from ij8.accounts.models import Membership
from ij8.safety.bands import policy_of
from ij8.safety.check import Context, hits_of, must_pass
from ij8.safety.lists import ListsUnreadable
from ij8.safety.models import Refusal
from studio.text.words import paragraphs


def words_pass(member: Membership, body: str, before: str, *, cohort_id: uuid.UUID | None) -> None:
    """Raises WordsRefused for what is new in `body`: what stood there was judged when it came.

    Paragraphs are judged apart, so that a refusal shows the teacher one of them, and what she allows stays allowed
    when another changes; then together, for words that are hidden across them.
    """
    known = set(paragraphs(before))
    fresh = [part for part in paragraphs(body) if part not in known]
    policy, context = policy_of(member.school_id), Context(cohort_id, "body")
    try:
        if not hits_of(member, "\n\n".join(fresh), policy):
            return
        innocent = [part for part in fresh if not hits_of(member, part, policy)]
    except ListsUnreadable:
        must_pass(member, "\n\n".join(fresh), Refusal.Where.TEXT, context=context)
        return
    for part in fresh:
        if part not in innocent:
            must_pass(member, part, Refusal.Where.TEXT, context=context)
    must_pass(member, "\n\n".join(innocent), Refusal.Where.TEXT, context=context)
