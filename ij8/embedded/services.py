"""Postgres and Redis for one command: `python -m ij8.embedded.services up --profile test -- pytest`.

Each run has a cluster, folders and sockets of its own, so runs do not collide; all of it is gone afterwards.
A service whose address is in the environment (DATABASE_URL, REDIS_URL) is used as it is and not started.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from ij8.embedded import places, postgres, redis_server
from ij8.embedded.child import ChildSpec, die_with_parent, spawn, stop_all, wait_ready

# `test` throws its data away, so it does not wait for the disk; `bench` measures, so it waits as in real use
PROFILES: dict[str, dict[str, str]] = {
    "test": {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"},
    "bench": {"shared_buffers": "128MB"},
}


class Stopped(BaseException):
    """SIGTERM or SIGINT arrived; carried through every `finally` on its way out."""

    def __init__(self, number: int) -> None:
        self.number = number


def raise_stopped(number: int, _frame: FrameType | None) -> None:
    raise Stopped(number)


def template_cluster(var: Path) -> postgres.Cluster:
    """Made once; each run copies its files, which is faster than initdb."""
    return postgres.ensure_cluster(var=var, profile="template", createdb=True)


def sweep_dead_runs(var: Path, folder: Path) -> None:
    """Remove the copies and socket folders of runs that were killed; a live run holds the lock of its own."""
    for run in folder.glob("run-*"):
        with places.locked(run / "lock", wait=False) as dead:
            if dead:
                shutil.rmtree(run, ignore_errors=True)
                shutil.rmtree(places.socket_dir(var, run.name), ignore_errors=True)


@contextmanager
def own_cluster(var: Path, template: postgres.Cluster) -> Iterator[tuple[postgres.Cluster, Path]]:
    """A copy of the template and a folder for its logs, both removed at the end."""
    folder = template.data.parent
    run = folder / f"run-{os.getpid()}"
    with ExitStack() as stack:
        with places.locked(folder / "runs.lock"):  # or another run would sweep ours before we hold its lock
            sweep_dead_runs(var, folder)
            run.mkdir(mode=0o755)
            stack.callback(shutil.rmtree, run, ignore_errors=True)
            stack.enter_context(places.locked(run / "lock"))
        copy = ["cp", "-a", *(["--reflink=auto"] if sys.platform == "linux" else [])]
        subprocess.run([*copy, str(template.data), str(run / "postgres")], check=True)
        yield replace(template, data=run / "postgres"), run


@contextmanager
def own_sockets(var: Path) -> Iterator[Path]:
    folder = places.socket_dir(var, f"run-{os.getpid()}")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def started(specs: Sequence[ChildSpec]) -> Iterator[None]:
    """The children, started side by side and ready; stopped at the end, last one first."""
    running: list[tuple[ChildSpec, subprocess.Popen[bytes]]] = []
    try:
        for spec in specs:
            running.append((spec, spawn(spec)))  # noqa: PERF401 - what was started before a failure must be stopped
        for spec, process in running:
            wait_ready(spec, process)
        yield
    finally:
        stop_all(running[::-1])


@contextmanager
def services(*, var: Path, profile: str) -> Iterator[dict[str, str]]:
    """Yields the variables that a command needs: DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL (those not set already)."""
    with ExitStack() as stack:
        sockets = stack.enter_context(own_sockets(var))
        specs: list[ChildSpec] = []
        found: dict[str, str] = {}
        logs = places.log_dir(var)
        if not os.environ.get("DATABASE_URL"):
            cluster, logs = stack.enter_context(own_cluster(var, template_cluster(var)))
            specs.append(postgres.postgres_spec(cluster, sockets=sockets, log=logs / "postgres.log", settings=PROFILES[profile]))
            found["DATABASE_URL"] = cluster.url(sockets)
            found["DATABASE_OWNER_URL"] = cluster.url(sockets, owner=True)
        if not os.environ.get("REDIS_URL"):
            specs.append(redis_server.redis_spec(sockets=sockets, log=logs / "redis.log"))
            found["REDIS_URL"] = redis_server.url(sockets)
        stack.enter_context(started(specs))
        yield found


def run_command(command: Sequence[str], env: dict[str, str]) -> int:
    """Run it in the foreground group (a debugger may read the terminal) and pass SIGTERM on; returns its exit status."""
    process = subprocess.Popen(list(command), env={**os.environ, **env}, preexec_fn=die_with_parent(signal.SIGTERM))
    try:
        return process.wait()
    except Stopped as stopped:
        if stopped.number == signal.SIGTERM or not sys.stdin.isatty():  # a terminal has sent SIGINT to both
            process.send_signal(stopped.number)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        return 128 + stopped.number


def parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ij8.embedded.services", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="action", required=True)
    up = commands.add_parser("up", help="start them, run a command with their addresses exported, stop them")
    up.add_argument("--profile", choices=sorted(PROFILES), default="test")
    up.add_argument("command", nargs="*", help="after `--`; without one, print the addresses and wait for Ctrl-C")
    return parser.parse_args(argv)


def wait_for_signal(found: dict[str, str]) -> int:
    print(json.dumps(found, indent=1), flush=True)
    try:
        signal.pause()
    except Stopped:
        return 0
    return 0


def main(argv: Sequence[str]) -> int:
    options = parse(argv)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, raise_stopped)
    try:
        with services(var=places.var_dir(), profile=options.profile) as found:
            # a second signal must not cut the stopping short
            code = run_command(options.command, found) if options.command else wait_for_signal(found)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            return code
    except places.CannotStart as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except Stopped as stopped:
        return 128 + stopped.number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
