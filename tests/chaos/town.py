"""What chaos happens to: the whole product, a server beside it, people with tokens, and who watches the slots."""

import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ij8.embedded import places
from tests.chaos.places import Place
from tests.stack import OWN, Stack

SETTINGS = "tests.settings"
TIMES = {
    "IJ8_LEASE_S": "3",
    "IJ8_BEAT_S": "0.5",
    "IJ8_CANCEL_GRACE_S": "1",
    "IJ8_SWEEP_S": "0.5",
    "IJ8_STEADY_S": "1",  # else the supervisor waits up to 10 s before it starts again what died twenty times
}
AGAIN_S = 30.0


class Town:
    def __init__(self, stack: Stack, place: Place) -> None:
        self.stack = stack
        self.place = place
        self.slots = place.slots
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
        """Makes a school of pupils and a token for each, and lets the place join."""
        from ij8.accounts.models import Membership, School, Token, User
        from ij8.ai.models import Budget

        school = School.objects.create(slug="chaos", name="Chaos School")
        Budget.objects.create(school=school, level=Budget.Level.SCHOOL, hard_usd=1000)
        for number in range(count):
            user = User.objects.create_user(f"pupil{number}@chaos.test", name=f"Pupil {number}")
            member = Membership.objects.create(user=user, school=school, role=Membership.Role.STUDENT)
            self.tokens.append(Token.issue(member))
        self.place.join()


class SlotWatch(threading.Thread):
    """Counts the live rows of the backend again and again."""

    def __init__(self, place: Place) -> None:
        super().__init__(name="slots", daemon=True)
        self.backend = place.backend
        self.samples = self.most = 0
        self.ended = threading.Event()

    def run(self) -> None:
        from django.db import DatabaseError, InterfaceError, connection

        from studio.models import LIVE, Job

        while not self.ended.wait(0.05):
            try:
                self.most = max(self.most, Job.objects.filter(backend=self.backend, state__in=LIVE).count())
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
def town(place: Place, *, people: int, keep: bool) -> Iterator[Town]:
    with ExitStack() as stack:
        place.start()
        stack.callback(place.end)
        var = stack.enter_context(own_var(keep=keep))
        product = stack.enter_context(Stack(var, demo=False, settings=SETTINGS, env=TIMES | place.env()))
        for name in OWN:
            os.environ.pop(name, None)
        os.environ.update({"IJ8_VAR": str(var), "DJANGO_SETTINGS_MODULE": SETTINGS, "LOG_LEVEL": "ERROR", **TIMES, **place.env()})
        import django

        django.setup()
        logging.disable(logging.WARNING)  # the database is killed on purpose; what counts is printed
        found = Town(product, place)
        found.people(people)
        yield found
