"""How long work that does nothing takes, from POST to its last event on the socket: `python -m tests.bench.round_trip`."""

import asyncio
import json
import time

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from tests.bench.figures import Bar, Measured, best_of, quantile
from tests.bench.product import people, running

JOBS, FIRST = 200, 10  # the first few warm the processes up
PATIENCE_S = 20
BARS = [
    Bar("job that does nothing, POST to last event, p50", "ms", 120),
    Bar("job that does nothing, POST to last event, p99", "ms", 400),
]


async def one_job(client: httpx2.AsyncClient, socket: ClientConnection) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    answer = await client.post("/api/jobs/", json={"operation": "test.nothing", "params": {}})
    if answer.status_code != 202:
        raise RuntimeError(f"not accepted: {answer.status_code} {answer.text}")
    ident = answer.json()["id"]
    async with asyncio.timeout(PATIENCE_S):
        while True:
            message = json.loads(await socket.recv())
            if message["type"] == "job" and message["job"]["id"] == ident and message["job"]["state"] == "succeeded":
                return (time.perf_counter() - begun) * 1000


async def all_jobs(url: str, token: str) -> list[float]:
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(base_url=url, headers=headers, trust_env=False, timeout=PATIENCE_S) as client,
        connect(
            f"{url.replace('http', 'ws', 1)}/ws/events/", additional_headers=headers, origin=Origin(url), proxy=None
        ) as socket,
    ):
        for _ in range(FIRST):
            await one_job(client, socket)
        return [await one_job(client, socket) for _ in range(JOBS)]


def main() -> int:
    with running(demo=False, settings="tests.settings") as stack:
        from studio.models import Backend

        Backend.objects.create(slug="bench", engine="procedural", kind="bench", pool="remote", name="Bench", slots=2)
        [(_, token)] = people(1, "student")

        def measure() -> Measured:
            times = asyncio.run(all_jobs(stack.url, token))
            return {BARS[0].name: quantile(times, 0.5), BARS[1].name: quantile(times, 0.99)}

        return 0 if best_of(BARS, measure) else 1


if __name__ == "__main__":
    raise SystemExit(main())
