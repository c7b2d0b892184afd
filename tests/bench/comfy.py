"""Whether a ComfyUI is kept at work: `python -m tests.bench.comfy`.

A backlog of prompts of 0.25 s goes through ij8, then the same graphs are posted to the server at once. Both rates are
read from the server's own history, between its first and its last success.
"""

import tempfile
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2

from tests.bench.figures import Bar, Measured, best_of
from tests.bench.product import people, running
from tests.fakes.comfy.running import Process
from tests.stack import free_port

if TYPE_CHECKING:
    from ij8.accounts.models import Membership

SECONDS, JOBS, TAKES = 0.25, 80, 8
PATIENCE_S = 180
SLUG = "bench"
ASKED = {
    "model": "comfy/ckpt/sd_xl_base_1.0.safetensors",
    "prompt": "a lighthouse in the morning",
    "width": 512,
    "height": 512,
    "steps": 8,
}
THROUGH = Bar("prompts of 0.25 s through ij8", "1/s", at_least=True)
DIRECT = Bar("the same, posted to ComfyUI", "1/s", at_least=True)
SHARE = Bar("share of ComfyUI's throughput that comes through ij8", "", 0.95, at_least=True)


def rate(server: Process, since: int) -> float:
    """Prompts per second of what ended after `since` (ms), by the server's clock."""
    history = httpx2.get(f"{server.url}/history", timeout=30, trust_env=False).json()
    ends = sorted(entry["status"]["messages"][-1][1]["timestamp"] for entry in history.values())
    ends = [end for end in ends if end > since]
    if len(ends) != JOBS:
        raise RuntimeError(f"{len(ends)} prompts ended, not {JOBS}")
    return (len(ends) - 1) * 1000 / (ends[-1] - ends[0])


def until(question: Any, what: str) -> None:
    patience = time.monotonic() + PATIENCE_S
    while not question():
        if time.monotonic() > patience:
            raise TimeoutError(what)
        time.sleep(0.1)


def through_ij8(server: Process, members: "list[Membership]", seed: int) -> float:
    """The backlog is there before the place opens."""
    from studio.jobs.submit import submit_job
    from studio.models import Backend, Job

    Backend.objects.filter(slug=SLUG).update(slots=0)
    for number in range(JOBS // TAKES):
        params = {**ASKED, "seed": seed + number * TAKES, "count": TAKES}
        submit_job(member=members[number % len(members)], operation="image.generate", params=params)
    begun = int(time.time() * 1000)
    Backend.objects.filter(slug=SLUG).update(slots=2)
    until(lambda: not Job.objects.filter(ended_at=None).exists(), "the jobs did not end")
    if failed := Job.objects.exclude(state="succeeded").count():
        raise RuntimeError(f"{failed} jobs did not succeed")
    return rate(server, begun)


def graphs(url: str, seed: int) -> list[dict[str, Any]]:
    """As the engine builds them."""
    from studio.engines.base import Request
    from studio.engines.comfy import Comfy

    engine, found = Comfy(), []
    for number in range(JOBS):
        params = {name: value for name, value in ASKED.items() if name != "model"} | {"seed": seed + number}
        request = Request("image.generate", ASKED["model"], params, url=url, folder=f"direct/{number}")
        found.append(engine._graph(request, str(uuid.uuid4())).nodes)
    return found


def directly(server: Process, seed: int) -> float:
    asked = graphs(server.url, seed)
    begun = int(time.time() * 1000)
    with httpx2.Client(base_url=server.url, timeout=30, trust_env=False) as client:
        for graph in asked:
            client.post("/prompt", json={"prompt": graph, "client_id": "direct"}).raise_for_status()
        until(lambda: not client.get("/prompt").json()["exec_info"]["queue_remaining"], "the prompts did not end")
    return rate(server, begun)


def connect(server: Process) -> None:
    from studio.models import Backend

    Backend.objects.create(slug=SLUG, engine="comfy", kind="local", pool="remote", name="ComfyUI", url=server.url, slots=2)
    told = Backend.objects.filter(slug=SLUG).exclude(offered_at=None)
    until(told.exists, "ij8 did not ask for the models")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="ij8-bench-comfy-") as folder:
        server = Process(port=free_port(), seconds=SECONDS, models=["sdxl"], folder=Path(folder))
        server.start()
        try:
            with running(demo=False, settings="tests.settings"):
                connect(server)
                members = [member for member, _ in people(5, "student")]

                def measure() -> Measured:
                    seed = int(time.time())
                    direct, through = directly(server, seed), through_ij8(server, members, seed)
                    return {THROUGH.name: through, DIRECT.name: direct, SHARE.name: through / direct}

                return 0 if best_of([THROUGH, DIRECT, SHARE], measure) else 1
        finally:
            server.kill()


if __name__ == "__main__":
    raise SystemExit(main())
