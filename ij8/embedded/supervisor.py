"""One process that starts, watches and stops all of ij8 on this machine: `python -m ij8.embedded.supervisor`.

Postgres and Redis (unless DATABASE_URL and REDIS_URL name others), then `manage.py prepare`, Daphne and two Celery
workers. A dead child is started again; Ctrl-C or SIGTERM stops all; a supervisor that is killed takes its children along.
"""

import http.client
import ipaddress
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from ij8.embedded import leftovers, places, postgres, prepared, redis_server
from ij8.embedded.address import STATE_NAME
from ij8.embedded.child import ChildSpec, signal_group, spawn, stop_all, tail, wait_ready
from ij8.embedded.places import CHECKOUT, CannotStart

FIRST_DELAY_S, LONGEST_DELAY_S = 0.2, 10.0
STEADY_S = float(os.environ.get("IJ8_STEADY_S") or 30)  # who lived this long is started again at once; chaos says less
LOOK_EVERY_S = 0.1
ENDED_FROM_OUTSIDE = (0, -signal.SIGKILL, -signal.SIGTERM)  # asked to go or killed: no fault of its own, so no longer wait
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass
class Running:
    """A line of the table: the process, since when, how often it failed by itself, and when to start it again if it is dead
    (monotonic seconds)."""

    spec: ChildSpec
    process: subprocess.Popen[bytes]
    begun: float
    faults: int = 0
    again_at: float | None = None


class Supervisor:
    """The table of children. `add` starts one and waits until it is ready; `watch` restarts the dead; `stop` ends all."""

    def __init__(self, pids_file: Path) -> None:
        self.table: dict[str, Running] = {}
        self.pids_file = pids_file

    def add(self, *specs: ChildSpec) -> None:
        """Start them side by side, then wait for each. Raises CannotStart."""
        for spec in specs:
            self.table[spec.name] = Running(spec, spawn(spec), time.monotonic())
        self.write_pids()
        for spec in specs:
            wait_ready(spec, self.table[spec.name].process)

    def watch(self) -> None:
        """One look at every child."""
        now = time.monotonic()
        for running in self.table.values():
            if running.again_at is not None:
                if now >= running.again_at:
                    self.start_again(running)
            elif running.process.poll() is not None:
                self.note_death(running, now)

    def note_death(self, running: Running, now: float) -> None:
        signal_group(running.process, signal.SIGKILL)  # a killed worker's own children would go on without it
        status = running.process.returncode
        if now - running.begun >= STEADY_S:
            running.faults = 0
        delay = min(LONGEST_DELAY_S, FIRST_DELAY_S * 2**running.faults)
        running.faults += status not in ENDED_FROM_OUTSIDE
        running.again_at = now + delay
        say(f"{running.spec.name} ended ({status_in_words(status)}); starting it again in {delay:.1f} s.")
        if status > 0:
            print(tail(running.spec), flush=True)

    def start_again(self, running: Running) -> None:
        running.begun, running.again_at = time.monotonic(), None
        try:
            running.process = spawn(running.spec)
        except CannotStart as refusal:
            say(f"{running.spec.name}: {refusal}")
            running.again_at = running.begun + LONGEST_DELAY_S
        self.write_pids()

    def write_pids(self) -> None:
        pids = {name: running.process.pid for name, running in self.table.items()}
        places.write_private(self.pids_file, json.dumps({"supervisor": os.getpid(), **pids}))

    def stop(self) -> None:
        """What serves first, then what it stands on."""
        last = [running for name, running in self.table.items() if name in ("postgres", "redis")]
        first = [running for running in self.table.values() if running not in last]
        for some in (first, last):
            stop_all([(running.spec, running.process) for running in some])
        self.pids_file.unlink(missing_ok=True)


def say(text: str) -> None:
    print(text, flush=True)


def status_in_words(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"status {status}"


class Stopped(BaseException):
    """SIGTERM, SIGINT or SIGHUP arrived."""


def raise_stopped(_number: int, _frame: FrameType | None) -> None:
    for number in STOP_SIGNALS:  # a second one must not cut the stopping short
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def chosen_host(env: Mapping[str, str]) -> str:
    """IJ8_HOST when it is a loopback address. Raises CannotStart: demo accounts are one click each, without a password."""
    host = env.get("IJ8_HOST") or "127.0.0.1"
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise CannotStart(
            f"IJ8_HOST={host} is refused: demo accounts open with one click, so ij8 listens on this machine only. "
            "Leave IJ8_HOST unset (127.0.0.1)."
        )
    return host


def chosen_port(env: Mapping[str, str], host: str) -> int:
    """IJ8_PORT, free to listen on. Raises CannotStart."""
    raw = env.get("IJ8_PORT") or "8008"
    if not raw.isdigit() or not 1 <= int(raw) <= 65535:
        raise CannotStart(f"IJ8_PORT is {raw!r}; it must be a number between 1 and 65535.")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(raw)))
        except OSError as error:
            raise CannotStart(f"Port {raw} is taken ({error.strerror}). Choose another: IJ8_PORT=8010 make run") from None
    return int(raw)


def start_services(supervisor: Supervisor, *, var: Path, env: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Start what the environment does not name; returns the addresses and a mark of the database, for `prepared`."""
    sockets, logs = places.socket_dir(var, "demo"), places.log_dir(var)
    found = {name: env[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL") if env.get(name)}
    specs = []
    if "REDIS_URL" not in found:
        found["REDIS_URL"] = redis_server.url(sockets)
        specs.append(redis_server.redis_spec(sockets=sockets, log=logs / "redis.log"))
    if "DATABASE_URL" not in found:
        cluster = postgres.ensure_cluster(var=var, profile="demo")
        found["DATABASE_URL"] = cluster.url(sockets)
        found["DATABASE_OWNER_URL"] = cluster.url(sockets, owner=True)
        specs.append(postgres.postgres_spec(cluster, sockets=sockets, log=logs / "postgres.log"))
        mark = f"{cluster.data}|{cluster.data.stat().st_ino}"
    else:
        mark = found["DATABASE_URL"]
    supervisor.add(*specs)
    return found, mark


def write_state(var: Path, found: Mapping[str, str], demo: bool) -> None:
    state = {name.lower(): url for name, url in found.items()}
    places.write_private(places.run_dir(var) / STATE_NAME, json.dumps({**state, "demo": "1" if demo else "0"}))


def app_specs(*, env: Mapping[str, str], host: str, port: int, logs: Path) -> list[ChildSpec]:
    """The server first, then the workers of the two pools."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    worker = [sys.executable, "-m", "celery", "-A", "ij8", "worker", "--loglevel", "INFO"]
    lean = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    rows: list[tuple[str, list[str]]] = [
        ("daphne", [sys.executable, "-m", "ij8.webserver", "-v", "0", "-b", host, "-p", str(port), "ij8.asgi:application"]),
        ("remote", [*worker, "-P", "threads", "-c", "16", "-Q", "remote", "-n", "remote@%h", *lean]),
        ("cpu", [*worker, "-P", "prefork", "-c", str(cores), "-Q", "cpu", "-n", "cpu@%h", *lean]),
    ]
    return [ChildSpec(name=name, argv=argv, log=logs / f"{name}.log", env=env, cwd=CHECKOUT) for name, argv in rows]


def answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/sign-in/")
        return connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_for_page(supervisor: Supervisor, host: str, port: int, timeout_s: float = 60) -> None:
    """Until the sign-in page is served. Raises CannotStart with the end of Daphne's log."""
    daphne, deadline = supervisor.table["daphne"], time.monotonic() + timeout_s
    while not answers(host, port):
        if daphne.process.poll() is not None or time.monotonic() > deadline:
            raise CannotStart(f"The server did not come up.\n{tail(daphne.spec, 30)}")
        time.sleep(0.05)


def start(supervisor: Supervisor, *, var: Path, host: str, port: int) -> None:
    """Start everything and print the address as the last line. Raises CannotStart."""
    demo = os.environ.get("IJ8_DEMO", "1") == "1"
    found, mark = start_services(supervisor, var=var, env=os.environ)
    env = {
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "ij8.settings"),
        "IJ8_VAR": str(var),
        "IJ8_HOST": host,
        "IJ8_PORT": str(port),
        "IJ8_DEMO": "1" if demo else "0",
        "PYTHONUNBUFFERED": "1",
        "MALLOC_ARENA_MAX": "2",  # sixteen threads would each keep a heap of their own
        **ONE_THREAD,
        **found,
        leftovers.MARK: str(var),
    }
    write_state(var, found, demo)
    prepared.prepare(var=var, mark=f"{mark}|{demo}", env=env)
    daphne, *workers = app_specs(env=env, host=host, port=port, logs=places.log_dir(var))
    supervisor.add(daphne)
    wait_for_page(supervisor, host, port)
    supervisor.add(*workers)  # after the page: three imports at once on two cores would keep a person waiting
    say(f"ij8 is ready. Stop it with Ctrl-C.\nhttp://{f'[{host}]' if ':' in host else host}:{port}/")


def supervise(supervisor: Supervisor, begin: Callable[[], None]) -> int:
    """`begin` starts the children; watch them until a signal comes, then stop all. Returns the exit status."""
    for number in STOP_SIGNALS:
        signal.signal(number, raise_stopped)
    try:
        begin()
        while True:
            supervisor.watch()
            time.sleep(LOOK_EVERY_S)
    except CannotStart as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except Stopped:
        say("Stopping.")
        return 0
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        supervisor.stop()


def main() -> int:
    var = places.var_dir()
    with ExitStack() as stack:
        try:
            host = chosen_host(os.environ)
            run = places.run_dir(var)
            if not stack.enter_context(places.locked(run / "supervisor.lock", wait=False)):
                raise CannotStart(f"ij8 already runs on {var}. Stop it first, or set IJ8_VAR to another folder.")
            leftovers.kill_former(run / "pids.json", str(var))
            port = chosen_port(os.environ, host)
        except CannotStart as refusal:
            print(refusal, file=sys.stderr)
            return 2
        supervisor = Supervisor(run / "pids.json")
        try:
            return supervise(supervisor, lambda: start(supervisor, var=var, host=host, port=port))
        finally:
            (run / STATE_NAME).unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
