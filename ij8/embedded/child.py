"""Starting and stopping one child process so that nothing outlives its parent. Standard library only."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ij8.embedded.places import CannotStart

PR_SET_PDEATHSIG = 1
LOG_LIMIT_BYTES = 5_000_000
# loaded before any fork: between fork and exec nothing may be imported
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class ChildSpec:
    """One line of the table of children.

    `stop_signal` asks it to end within `stop_timeout_s`; `death_signal` is what the kernel sends when we die first.
    `user` is (uid, gid) to drop to, None to stay. `before` runs before each start. `ready(pid)` says whether it serves;
    None means from its start.
    """

    name: str
    argv: Sequence[str]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = Path("/")
    user: tuple[int, int] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout_s: float = 10
    death_signal: signal.Signals = signal.SIGKILL
    before: Callable[[], None] | None = None
    ready: Callable[[int], bool] | None = None


def die_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`. It runs after the change of user, which would clear the wish.

    The kernel watches the parent's thread, so call Popen from a thread that lives as long as the process.
    """
    parent = os.getpid()

    def ask_kernel() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(death_signal))
            if os.getppid() != parent:  # it died between fork and prctl
                os._exit(1)

    return ask_kernel


def rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".log.1"))


def spawn(spec: ChildSpec) -> subprocess.Popen[bytes]:
    """Start it in a process group of its own, output appended to its log."""
    if spec.before:
        spec.before()
    rotate(spec.log)
    uid, gid = spec.user or (None, None)
    with open(spec.log, "ab") as log:
        try:
            return subprocess.Popen(
                list(spec.argv),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **spec.env},
                cwd=spec.cwd,
                process_group=0,
                user=uid,
                group=gid,
                extra_groups=[] if spec.user else None,
                preexec_fn=die_with_parent(spec.death_signal),
            )
        except PermissionError as error:
            raise CannotStart(
                f"{spec.name} may not be started ({error}). Run as a normal user, or allow root to change users."
            ) from error


def wait_ready(spec: ChildSpec, process: subprocess.Popen[bytes], timeout_s: float = 30) -> None:
    """Raises CannotStart, with the end of the log, when it ends or does not serve in time."""
    deadline = time.monotonic() + timeout_s
    while not (spec.ready is None or spec.ready(process.pid)):
        if process.poll() is not None:
            raise CannotStart(f"{spec.name} ended with status {process.returncode}.\n{tail(spec)}")
        if time.monotonic() > deadline:
            raise CannotStart(f"{spec.name} did not answer within {timeout_s:.0f} s.\n{tail(spec)}")
        time.sleep(0.02)


def tail(spec: ChildSpec, lines: int = 15) -> str:
    """The last lines of its log, each with its name before it."""
    text = spec.log.read_text(encoding="utf-8", errors="replace") if spec.log.exists() else ""
    return "\n".join(f"{spec.name} | {line}" for line in text.splitlines()[-lines:])


def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return  # the whole group ended by itself, which is what was wanted


def stop_all(running: Sequence[tuple[ChildSpec, subprocess.Popen[bytes]]]) -> None:
    """Ask all at once, wait for each its own time, then SIGKILL what is left of each group."""
    begun = time.monotonic()
    for spec, process in running:
        if process.poll() is None:
            process.send_signal(spec.stop_signal)
    for spec, process in running:
        try:
            process.wait(max(0.05, begun + spec.stop_timeout_s - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(f"{spec.name} did not end in {spec.stop_timeout_s:.0f} s; killed.", file=sys.stderr)
        signal_group(process, signal.SIGKILL)
        process.wait()
