from collections.abc import Callable, Iterator
from ipaddress import ip_network
from typing import Any

import pytest

from ij8.accounts.models import Cohort, Membership
from ij8.ai.keys.service import scope_of, set_key
from ij8.ai.prices.table import ensure_prices
from studio.jobs import leases
from studio.jobs.backends import ensure_backends
from studio.jobs.drive import pump_pool
from studio.models import StudioSession
from studio.sessions import create_session
from tests.canary import canary
from tests.fakes.providers.gemini import FakeGemini, fake_gemini

KEY = canary("talk")


@pytest.fixture(autouse=True)
def _no_beat(settings: Any) -> Iterator[None]:
    """The beat has a connection of its own, which does not see a test's transaction and would take its leases for lost."""
    settings.BEAT_S = 3600
    yield
    leases._draining[0] = 0


@pytest.fixture
def gemini(settings: Any, admin: Membership) -> Iterator[FakeGemini]:
    """A Gemini on loopback, with a key of the platform."""
    settings.TRUSTED_NETWORKS = [ip_network("127.0.0.1")]
    ensure_backends()
    ensure_prices()
    with fake_gemini(KEY) as server:
        settings.PROVIDER_URLS = {"gemini": server.url, "openai": ""}
        set_key(scope_of(admin, "platform", change=True), "gemini", key=KEY, base_url="")
        yield server


@pytest.fixture
def canvas(teacher: Membership, cohort: Cohort) -> StudioSession:
    """A teacher's session: an adult, whom every provider may see."""
    return create_session(member=teacher, cohort=cohort, title="Sea")


@pytest.fixture
def work_off() -> Callable[[], None]:
    """Runs everything that waits, in every pool, until nothing is left."""

    def run() -> None:
        while pump_pool("remote") + pump_pool("cpu"):
            pass

    return run
