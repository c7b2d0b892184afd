from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_earlier_tries() -> Iterator[None]:
    """Rate limits count in the cache, which outlives a test."""
    yield
    cache.clear()


@pytest.fixture
def mail_connected(settings: Any) -> None:
    settings.EMAIL_CONNECTED = True


@pytest.fixture
def in_demo(settings: Any) -> None:
    settings.DEMO = True
    settings.EMAIL_CONNECTED = False
    settings.EMAIL_BACKEND = "ij8.accounts.outbox.OutboxBackend"
