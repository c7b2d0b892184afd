"""The servers that a town can stand beside: processes that can be killed and started again at their port."""

import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Protocol

import httpx2

from ij8.embedded.child import die_with_parent
from ij8.embedded.places import CHECKOUT
from tests.fakes.comfy.running import Process
from tests.stack import free_port

CHECKPOINT = "sd_xl_base_1.0.safetensors"
SLOWLY = "slowly"
Order = dict[str, Any]


class Place(Protocol):
    """`order` is the body of a submit; `slow_order` of one that takes so long that a cancel meets it at work."""

    backend: str
    slots: int
    rounds: int  # of pairs in which one is cancelled

    def start(self) -> None: ...
    def kill(self) -> None: ...
    def end(self) -> None: ...
    def env(self) -> dict[str, str]:
        """What the product must be told before it starts."""

    def join(self) -> None:
        """Makes the backend's row, where the product does not."""

    def order(self, seed: int) -> Order: ...
    def slow_order(self, seed: int) -> Order: ...
    def started(self) -> dict[str, int]:
        """Runs by seed."""

    def interrupted(self) -> set[str]:
        """Remote ids."""


class SlowPlace:
    backend = "slow"
    slots, seconds, rounds = 12, 1.0, 500

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.argv = [sys.executable, "-m", "tests.fakes.slow_server", "--port", str(self.port)]
        self.argv += ["--seconds", str(self.seconds), "--slots", str(self.slots)]

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.argv, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, preexec_fn=die_with_parent(signal.SIGKILL)
        )
        assert self.process.stdout
        self.process.stdout.readline()  # its port: from now on it listens

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        self.kill()

    def env(self) -> dict[str, str]:
        return {}

    def join(self) -> None:
        from studio.models import Backend

        Backend.objects.create(
            slug=self.backend, engine="slow", kind="slow", pool="remote", name="Slow", url=self.url, slots=self.slots
        )

    def order(self, seed: int) -> Order:
        return {"operation": "test.slow", "params": {"seed": seed}}

    def slow_order(self, seed: int) -> Order:
        return {"operation": "test.slow", "params": {"seed": seed, "seconds": 1.2}}

    def started(self) -> dict[str, int]:
        found: dict[str, int] = self._stats()["started"]
        return found

    def interrupted(self) -> set[str]:
        return set(self._stats()["interrupted"])

    def _stats(self) -> dict[str, Any]:
        found: dict[str, Any] = httpx2.get(f"{self.url}/stats", timeout=10, trust_env=False).json()
        return found


class ComfyPlace:
    """A ComfyUI, connected as an admin would. It runs one after the other, so its work is short."""

    backend = "comfyui"
    slots, seconds, rounds = 2, 0.1, 60

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ij8-chaos-comfy-"))
        self.server = Process(port=free_port(), seconds=self.seconds, models=["sdxl"], folder=self.folder)

    def start(self) -> None:
        self.server.start()
        self.server.feel(slow_word=SLOWLY, slow_s=0.6)

    def kill(self) -> None:
        self.server.kill()

    def end(self) -> None:
        self.server.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def env(self) -> dict[str, str]:
        return {"COMFYUI_URL": self.server.url}

    def join(self) -> None:
        from studio.models import Backend
        from tests.chaos.rows import wait_until

        row = Backend.objects.filter(slug=self.backend)
        if not wait_until(lambda: row.exclude(offered_at=None).exists(), 30):
            raise RuntimeError("the product did not ask ComfyUI for its models")

    def order(self, seed: int) -> Order:
        return self._order(seed, "a lighthouse")

    def slow_order(self, seed: int) -> Order:
        return self._order(seed, f"a lighthouse {SLOWLY}")

    def _order(self, seed: int, prompt: str) -> Order:
        size = {"width": 256, "height": 256, "steps": 4}
        params = {"model": f"comfy/ckpt/{CHECKPOINT}", "prompt": prompt, "seed": seed, **size}
        return {"operation": "image.generate", "params": params}

    def started(self) -> dict[str, int]:
        found: dict[str, int] = self.server.tally()["started"]
        return found

    def interrupted(self) -> set[str]:
        return set(self.server.tally()["interrupted"])


PLACES: dict[str, type[SlowPlace] | type[ComfyPlace]] = {"slow": SlowPlace, "comfy": ComfyPlace}
