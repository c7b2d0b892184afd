"""What upper apps know about a person, for her record: numbers of works, sessions and the like."""

from collections.abc import Callable

from ij8.accounts.models import Membership
from ij8.core.registry import Registry

Facts = Callable[[Membership], list[tuple[str, str]]]
PERSON_FACTS: Registry[Facts] = Registry("facts about a person")


def facts_of(member: Membership) -> list[tuple[str, str]]:
    """Label and value, in the order of the registry."""
    return [fact for name in PERSON_FACTS for fact in PERSON_FACTS[name](member)]
