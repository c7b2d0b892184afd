"""A server in a thread of the test's own process, or in a process that can be killed."""

import asyncio
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
from aiohttp import web

from ij8.embedded.child import die_with_parent
from ij8.embedded.places import CHECKOUT
from tests.fakes.comfy.catalogue import FAMILIES, files_of
from tests.fakes.comfy.mood import Mood
from tests.fakes.comfy.server import Comfy

START_S = 20.0


async def open_at(runner: web.AppRunner, port: int) -> str:
    """The address, with the port that was really taken."""
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"


class SideDoor:
    """The server's controls, for whoever knows its address."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx2.Client(timeout=10, trust_env=False, verify=False)

    def feel(self, **mood: Any) -> None:
        self._ask("PUT", "mood", json=mood)

    def tally(self) -> dict[str, Any]:
        found: dict[str, Any] = self._ask("GET", "tally").json()
        return found

    def restart(self) -> None:
        self._ask("POST", "restart")

    def kill_worker(self) -> None:
        self._ask("POST", "kill-worker")

    def hang_up(self) -> None:
        self._ask("POST", "hang-up")

    def lose(self, file: str) -> None:
        self._ask("POST", "lose", json={"file": file})

    def forget_files(self) -> None:
        self._ask("POST", "forget-files")

    def _ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        answer = self._http.request(method, f"{self.url}/fake/{path}", **more)
        answer.raise_for_status()
        return answer


class Served(SideDoor):
    """In a thread. `stop` and `start` make it go down and come back at its port, having forgotten all but its files."""

    def __init__(self, root: Path, models: Iterable[str] = FAMILIES, **mood: Any) -> None:
        super().__init__("")
        self.comfy = Comfy(root, files_of(models), Mood(**mood))
        self._port = 0

    def start(self) -> None:
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), name="comfy", daemon=True)
        self._thread.start()
        if not ready.wait(START_S):
            raise TimeoutError("the server did not start")

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._asked_to_end.set)
            self._thread.join(START_S)

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._asked_to_end = asyncio.get_running_loop(), asyncio.Event()
        self.comfy.renew()
        runner = web.AppRunner(self.comfy.app(), access_log=None, shutdown_timeout=0.2)
        self.url = await open_at(runner, self._port)
        self._port = int(self.url.rpartition(":")[2])
        ready.set()
        await self._asked_to_end.wait()
        await runner.cleanup()


@contextmanager
def served(models: Iterable[str] = FAMILIES, **mood: Any) -> Iterator[Served]:
    """`with served(seconds=0.05) as comfy:` answers at `comfy.url`; `mood` are fields of `Mood`."""
    with tempfile.TemporaryDirectory(prefix="fake-comfy-") as root:
        server = Served(Path(root), models, **mood)
        server.start()
        try:
            yield server
        finally:
            server.stop()


class Process(SideDoor):
    """In a process of its own, at a port that it keeps; its files stay in `folder` when it is killed."""

    def __init__(self, *, port: int, seconds: float, folder: Path, models: Iterable[str] = FAMILIES) -> None:
        super().__init__(f"http://127.0.0.1:{port}")
        self.argv = [sys.executable, "-m", "tests.fakes.comfy", "--port", str(port), "--folder", str(folder)]
        self.argv += ["--seconds", str(seconds), "--models", ",".join(models)]

    def start(self) -> None:
        ends = die_with_parent(signal.SIGKILL)
        quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(self.argv, cwd=CHECKOUT, preexec_fn=ends, **quiet)
        assert self.process.stdout
        if not self.process.stdout.readline():  # its address: from now on it listens
            raise RuntimeError("the server did not start")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
