"""The whole product under its supervisor, in a folder and on a port of its own: for browser tests, chaos and benches."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

from ij8.embedded.child import die_with_parent
from ij8.embedded.places import CHECKOUT

READY_S, STOP_S = 240.0, 30.0
OWN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "IJ8_DB_ROLE", "EMAIL_URL")  # of a surrounding test run

UNLIMITED = (
    "LIMIT_READ",
    "LIMIT_MEDIA",
    "LIMIT_WRITE",
    "LIMIT_MAKE",
    "LIMIT_VISIT",
    "LIMIT_KNOCK",
)  # a machine asks faster than people


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stack:
    """`with Stack(var) as stack:` serves at `stack.url`; `stack.pids()` names the processes of the moment."""

    def __init__(
        self, var: Path, *, demo: bool = True, settings: str = "ij8.settings", env: dict[str, str] | None = None
    ) -> None:
        self.var = var
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        inherited = {name: value for name, value in os.environ.items() if name not in OWN}
        self.env = {
            **inherited,
            "IJ8_VAR": str(var),
            "IJ8_PORT": str(self.port),
            "IJ8_DEMO": "1" if demo else "0",
            "DJANGO_SETTINGS_MODULE": settings,
            **dict.fromkeys(UNLIMITED, "0"),
            **(env or {}),
        }

    def __enter__(self) -> "Stack":
        self.var.mkdir(parents=True, exist_ok=True)
        log = (self.var / "supervisor.out").open("wb")
        argv = [sys.executable, "-m", "ij8.embedded.supervisor"]
        self.process = subprocess.Popen(
            argv,
            cwd=CHECKOUT,
            env=self.env,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )  # a killed test run leaves nothing
        deadline = time.monotonic() + READY_S
        while not self.said().rstrip().endswith(f"{self.port}/"):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"ij8 did not start:\n{self.said()[-4000:]}")
            time.sleep(0.05)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def said(self) -> str:
        return (self.var / "supervisor.out").read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def pids(self) -> dict[str, int]:
        found: dict[str, int] = json.loads((self.var / "run" / "pids.json").read_text(encoding="utf-8"))
        return found

    def manage(self, *arguments: str) -> str:
        """Standard output of a manage.py command that finds the running services by itself."""
        argv = [sys.executable, "manage.py", *arguments]
        return subprocess.run(argv, cwd=CHECKOUT, env=self.env, check=True, capture_output=True, text=True).stdout
