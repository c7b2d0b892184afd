from collections.abc import Callable, Iterator
from ipaddress import ip_network
from typing import Any

import pytest

from ij8.accounts.models import Membership
from ij8.ai.keys.service import Scope, scope_of, set_key
from ij8.ai.models import ProviderKey
from studio.jobs import leases
from studio.jobs.backends import ensure_backends
from tests.canary import canary
from tests.fakes.providers.openai import FakeOpenAI, fake_openai

Set = Callable[..., ProviderKey]
GOOD = canary("good")


@pytest.fixture(autouse=True)
def _here(settings: Any, db: None) -> Iterator[None]:
    """Loopback is trusted at the platform's level; the lease's beat has a connection that sees no test's rows."""
    settings.TRUSTED_NETWORKS = [ip_network("127.0.0.1")]
    settings.BEAT_S = 3600
    ensure_backends()
    yield
    leases._draining[0] = 0


@pytest.fixture
def vendor() -> Iterator[FakeOpenAI]:
    with fake_openai(GOOD) as server:
        yield server


@pytest.fixture
def platform(admin: Membership) -> Scope:
    return scope_of(admin, "platform", change=True)


@pytest.fixture
def put() -> Set:
    """`put(member, level, provider)` keeps a canary as its key."""

    def put(member: Membership, level: str, provider: str = "openai", key: str = "", base_url: str = "") -> ProviderKey:
        scope = scope_of(member, level, change=True)
        return set_key(scope, provider, key=key or canary(f"{level}-{provider}"), base_url=base_url)

    return put
