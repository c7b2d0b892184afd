from collections.abc import Iterator

import pytest

from tests.fakes.comfy.running import Served, served
from tests.fakes.comfy.talking import Talk


@pytest.fixture
def comfy() -> Iterator[Served]:
    with served(seconds=0.02) as server:
        yield server


@pytest.fixture
def talk(comfy: Served) -> Iterator[Talk]:
    found = Talk(comfy.url)
    yield found
    found.close()
