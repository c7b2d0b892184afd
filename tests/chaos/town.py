"""What chaos happens to: the whole product, a slow server beside it, people with tokens, and who watches the slots."""

import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2

from ij8.embedded import places
from ij8.embedded.child import die_with_parent
from ij8.embedded.places import CHECKOUT
from tests.stack import OWN, Stack, free_port

SETTINGS = "tests.settings"
TIMES = {
    "IJ8_LEASE_S": "3",
    "IJ8_BEAT_S": "0.5",
    "IJ8_CANCEL_GRACE_S": "1",
    "IJ8_SWEEP_S": "0.5",
    "IJ8_STEADY_S": "1",  # else the supervisor waits up to 10 s before it starts again what died twenty times
}
BACKEND = "slow"
AGAIN_S = 30.0


class SlowPlace:
    """The slow server as a process that can be killed and started again at its port."""

    def __init__(self, *, seconds: float, slots: int) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.argv = [sys.executable, "-m", "tests.fakes.slow_server", "--port", str(self.port)]
        self.argv += ["--seconds", str(seconds), "--slots", str(slots)]

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.argv, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, preexec_fn=die_with_parent(signal.SIGKILL)
        )
        assert self.process.stdout
        self.process.stdout.readline()  # its port: from now on it listens

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stats(self) -> dict[str, Any]:
        found: dict[str, Any] = httpx2.get(f"{self.url}/stats", timeout=10, trust_env=False).json()
        return found


class Town:
    def __init__(self, stack: Stack, place: SlowPlace, *, slots: int) -> None:
        self.stack = stack
        self.place = place
        self.slots = slots
        self.tokens: list[str] = []
        self.media = stack.var / "media"

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Ends a child of the supervisor and waits until that has started another."""
        self.kill_pid(self.stack.pids()[name], number)

    def kill_pid(self, pid: int, number: signal.Signals = signal.SIGKILL) -> None:
        [name] = [name for name, known in self.stack.pids().items() if known == pid]
        os.kill(pid, number)
        until = time.monotonic() + AGAIN_S
        while self.stack.pids()[name] == pid:
            if time.monotonic() > until:
                raise RuntimeError(f"{name} was not started again within {AGAIN_S:.0f} s")
            time.sleep(0.05)

    def people(self, count: int) -> None:
        """Makes a school of pupils, a token for each, and the backend."""
        from ij8.accounts.models import Membership, School, Token, User
        from studio.models import Backend

        school = School.objects.create(slug="chaos", name="Chaos School")
        for number in range(count):
            user = User.objects.create_user(f"pupil{number}@chaos.test", name=f"Pupil {number}")
            member = Membership.objects.create(user=user, school=school, role=Membership.Role.STUDENT)
            self.tokens.append(Token.issue(member))
        Backend.objects.create(
            slug=BACKEND, engine="slow", kind="slow", pool="remote", name="Slow", url=self.place.url, slots=self.slots
        )


class SlotWatch(threading.Thread):
    """Counts the live rows of the backend again and again."""

    def __init__(self) -> None:
        super().__init__(name="slots", daemon=True)
        self.samples = self.most = 0
        self.ended = threading.Event()

    def run(self) -> None:
        from django.db import DatabaseError, InterfaceError, connection

        from studio.models import LIVE, Job

        while not self.ended.wait(0.05):
            try:
                self.most = max(self.most, Job.objects.filter(backend=BACKEND, state__in=LIVE).count())
                self.samples += 1
            except (DatabaseError, InterfaceError):
                connection.close()  # Postgres was killed on purpose
        connection.close()

    def __enter__(self) -> "SlotWatch":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.join(10)


@contextmanager
def own_var(*, keep: bool) -> Iterator[Path]:
    """A folder that Postgres' user can enter, removed at the end (unless `keep`) with what belongs to it elsewhere."""
    var = Path(tempfile.mkdtemp(prefix="ij8-chaos-")).resolve()
    var.chmod(0o755)
    try:
        yield var
    finally:
        for folder in places.own_folders(var):
            shutil.rmtree(folder, ignore_errors=True)
        if keep:
            print(f"The logs are in {var / 'log'}", file=sys.stderr)
        else:
            shutil.rmtree(var, ignore_errors=True)


@contextmanager
def town(*, seconds: float, slots: int, people: int, keep: bool) -> Iterator[Town]:
    with ExitStack() as stack:
        place = SlowPlace(seconds=seconds, slots=slots)
        place.start()
        stack.callback(lambda: place.kill())
        var = stack.enter_context(own_var(keep=keep))
        product = stack.enter_context(Stack(var, demo=False, settings=SETTINGS, env=TIMES))
        for name in OWN:
            os.environ.pop(name, None)
        os.environ.update({"IJ8_VAR": str(var), "DJANGO_SETTINGS_MODULE": SETTINGS, "LOG_LEVEL": "ERROR", **TIMES})
        import django

        django.setup()
        logging.disable(logging.WARNING)  # the database is killed on purpose; what counts is printed
        found = Town(product, place, slots=slots)
        found.people(people)
        yield found
