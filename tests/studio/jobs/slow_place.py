"""The slow server as a process for tests, at an address that stays when it is started again."""

import subprocess
import sys
from typing import Any

import httpx2


class SlowPlace:
    def __init__(self, *, seconds: float = 0.05, slots: int = 2, queue: int = 100) -> None:
        self.port = 0
        self.options = ["--seconds", str(seconds), "--slots", str(slots), "--queue", str(queue)]

    def start(self) -> None:
        argv = [sys.executable, "-m", "tests.fakes.slow_server", "--port", str(self.port), *self.options]
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stats(self) -> dict[str, Any]:
        found: dict[str, Any] = httpx2.get(f"{self.url}/stats", trust_env=False).json()
        return found

    def be_ill(self, ill: bool) -> None:
        httpx2.put(f"{self.url}/ill", json={"ill": ill}, trust_env=False).raise_for_status()

    def work(self, remote_id: str) -> dict[str, Any]:
        found: dict[str, Any] = httpx2.get(f"{self.url}/work/{remote_id}", trust_env=False).json()
        return found
