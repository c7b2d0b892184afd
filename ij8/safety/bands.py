"""How old a person counts where minors are protected."""

import uuid

from ij8.accounts.models import AgeBand, Membership
from ij8.safety.models import SafetyPolicy


def band_of(member: Membership) -> AgeBand:
    """The band on record, or what somebody counts as without one."""
    return member.counted_band


def is_minor(member: Membership) -> bool:
    return band_of(member) != AgeBand.ADULT


def is_newcomer(member: Membership) -> bool:
    """Somebody at the door of a class: no such member is stored yet."""
    return member._state.adding


def policy_of(school_id: uuid.UUID) -> SafetyPolicy:
    """What the school decided, or the defaults, unsaved. One query: decisions hold from the moment they are made."""
    return SafetyPolicy.objects.filter(pk=school_id).first() or SafetyPolicy(school_id=school_id)


def may_share(member: Membership) -> bool:
    """Whether the school lets people of this age show works to others than their teachers. Off by default under 13."""
    least = policy_of(member.school_id).share_from
    bands = list(AgeBand)
    return bool(least) and bands.index(band_of(member)) >= bands.index(AgeBand(least))
