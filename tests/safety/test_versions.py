"""Words that have versions: what two admins write at once."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from ij8.accounts.models import Membership
from ij8.safety.consent import write_letter
from ij8.safety.rules import write_rules

WAIT_S = 0.3  # long enough for the second to come to where the first stands
Write = Callable[[Membership, str], int]


def _letter(by: Membership, words: str) -> int:
    return write_letter(by=by, kind="photo", words=words).version


def _rules(by: Membership, words: str) -> int:
    return write_rules(by=by, words=words).version


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("write", [_letter, _rules], ids=["letter", "rules"])
def test_of_two_who_write_at_once_the_second_writes_the_version_after(write: Write, school_admin: Membership) -> None:
    told: list[int | str] = []
    begun = threading.Event()

    def second() -> None:
        begun.set()
        try:
            told.append(write(school_admin, "Second words"))
        except Exception as error:  # whatever it is, the test shows it
            told.append(repr(error))
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        told.append(write(school_admin, "First words"))
        thread.start()
        begun.wait()
        thread.join(WAIT_S)
    thread.join()
    assert told == [1, 2]
