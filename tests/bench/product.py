"""The product under its supervisor, in a folder of its own, and this process as one of its friends."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.chaos.town import own_var
from tests.stack import Stack

if TYPE_CHECKING:
    from ij8.accounts.models import Membership

PATIENCE_S = 240
BARE_GROUP = "bare"  # of the bare consumer that the socket bench compares with


@contextmanager
def running(*, demo: bool, settings: str, env: dict[str, str] | None = None) -> Iterator[Stack]:
    """Yields when a page is served. With Django set up in this process for the same database and Redis."""
    with own_var(keep=False) as var, Stack(var, demo=demo, settings=settings, env=env) as stack:
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):  # of the services around the bench
            os.environ.pop(name, None)
        os.environ.update({"IJ8_VAR": str(var), "DJANGO_SETTINGS_MODULE": settings, "LOG_LEVEL": "ERROR"})
        import django

        django.setup()
        wait_for_rest()
        yield stack


def wait_for_workers() -> None:
    """The page is served before the workers have started. Raises TimeoutError."""
    from studio.models import Worker

    _wait(lambda: set(Worker.objects.values_list("pool", flat=True)) >= {"remote", "cpu"}, "the workers to start")


def wait_for_rest() -> None:
    """The demo's first works are painted after that. Raises TimeoutError."""
    from studio.models import Job

    wait_for_workers()
    _wait(lambda: not Job.objects.filter(ended_at=None).exists(), "the house to be at rest")


def _wait(question: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while not question():
        if time.monotonic() > until:
            raise TimeoutError(f"waited {PATIENCE_S} s for {what}")
        time.sleep(0.1)


def people(count: int, role: str) -> "list[tuple[Membership, str]]":
    """Members of a new school, each with the secret of a token."""
    from ij8.accounts.models import Membership, School, Token, User

    school = School.objects.create(slug="bench", name="Bench School")
    found = []
    for number in range(count):
        user = User.objects.create_user(f"person{number}@bench.test", name=f"Person {number}")
        member = Membership.objects.create(user=user, school=school, role=role)
        found.append((member, Token.issue(member)))
    return found
