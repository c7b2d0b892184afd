"""Who a transaction acts for. The setting lives in the transaction, so a pooled connection carries nothing over.

Row-level security will read `ij8.school`. Claim, sweep, child jobs and the storing of works set it; the workers' small
writes (ticks, stages, requeues) do not yet.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

ENGINE = "engine"


def _set(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('ij8.school', %s, true)", [name])


@contextmanager
def acting_in(school: uuid.UUID) -> Iterator[None]:
    """A transaction for one school's rows."""
    with transaction.atomic():
        _set(str(school))
        yield


@contextmanager
def acting_as_engine() -> Iterator[None]:
    """A transaction for claim and sweep, which look across schools."""
    with transaction.atomic():
        _set(ENGINE)
        yield
