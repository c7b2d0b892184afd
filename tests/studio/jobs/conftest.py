from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ij8.accounts.models import Membership
from studio.jobs import leases
from studio.jobs.drive import pump_pool
from studio.jobs.submit import submit_job
from studio.models import Backend, Job


@pytest.fixture
def bench(db: None) -> Backend:
    """A backend for operations that only tests ask for, in a pool of its own process."""
    return Backend.objects.create(slug="bench", engine="procedural", kind="bench", pool="remote", name="Bench", slots=2)


@pytest.fixture
def submit(bench: Backend) -> Callable[..., list[Job]]:
    def ask(member: Membership, operation: str = "test.nothing", **params: Any) -> list[Job]:
        return submit_job(member=member, operation=operation, params=params)

    return ask


@pytest.fixture
def pump() -> Callable[[], int]:
    return lambda: pump_pool("remote")


@pytest.fixture(autouse=True)
def _no_beat(settings: Any) -> None:
    """The beat has a connection of its own, which does not see a test's transaction and would take its leases for lost."""
    settings.BEAT_S = 3600


@pytest.fixture(autouse=True)
def _not_draining() -> Iterator[None]:
    yield
    leases._draining[0] = 0
