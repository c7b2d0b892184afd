"""A fake ComfyUI over loopback, and a backend row that knows what it has."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ij8.accounts.models import Membership
from studio.jobs import leases, watch
from studio.jobs.drive import pump_pool
from studio.jobs.submit import submit_job
from studio.models import Backend, Job
from tests.fakes.comfy.running import Served, served

SDXL = "comfy/ckpt/sd_xl_base_1.0.safetensors"
Ask = Callable[..., Job]


@pytest.fixture
def comfy() -> Iterator[Served]:
    with served(seconds=0.02) as server:
        yield server


@pytest.fixture
def place(db: None, comfy: Served, settings: Any) -> Backend:
    settings.AWAY_S = 0.3
    settings.BEAT_S = 3600  # its connection does not see a test's transaction
    backend = Backend.objects.create(
        slug="comfyui", engine="comfy", kind="local", pool="remote", name="ComfyUI", url=comfy.url, slots=2
    )
    watch.look_around()
    backend.refresh_from_db()
    return backend


@pytest.fixture(autouse=True)
def _not_draining() -> Iterator[None]:
    yield
    leases._draining[0] = 0


@pytest.fixture
def ask(place: Backend) -> Ask:
    """`ask(member, model=…, seed=…)` submits one small picture."""

    def submit(member: Membership, **params: Any) -> Job:
        given = {"model": SDXL, "prompt": "a red boat", "width": 256, "height": 256, "seed": 7, **params}
        return submit_job(member=member, operation="image.generate", params=given)[0]

    return submit


@pytest.fixture
def run(ask: Ask) -> Ask:
    """As `ask`, and works until nothing is left to claim; returns the job as it is then."""

    def go(member: Membership, **params: Any) -> Job:
        job = ask(member, **params)
        pump_pool("remote")
        job.refresh_from_db()
        return job

    return go
