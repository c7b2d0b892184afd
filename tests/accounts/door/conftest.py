from collections.abc import Iterator

import pytest
from django.core.cache import cache

from ij8.accounts.door import tries
from ij8.accounts.door.passwords import set_words
from ij8.accounts.models import Membership, School

WORDS = "river-lamp-47"


@pytest.fixture(autouse=True)
def _fresh_counts() -> Iterator[None]:
    cache.clear()
    tries.forget_ranges()
    tries._here.counts.clear()
    yield
    tries.forget_ranges()


@pytest.fixture
def pupil(student: Membership, school: School) -> Membership:
    """Mia, who has a username and words, and no address."""
    user = student.user
    user.email, user.username, user.school = None, "mia.k", school
    set_words(user, WORDS)
    user.save()
    return student
