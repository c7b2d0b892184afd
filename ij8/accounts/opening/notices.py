"""What upper apps say about a school on its record: that it is paused, and the like."""

from collections.abc import Callable
from dataclasses import dataclass

from ij8.accounts.models import School
from ij8.core.registry import Registry


@dataclass(frozen=True)
class SchoolNotice:
    """A sentence, and where one goes on; `url` "" for nowhere."""

    words: str
    url: str = ""
    link: str = ""


SCHOOL_NOTICES: Registry[Callable[[School], list[SchoolNotice]]] = Registry("notices about a school")


def notices_of_school(school: School) -> list[SchoolNotice]:
    return [notice for name in SCHOOL_NOTICES for notice in SCHOOL_NOTICES[name](school)]
