"""What a supervisor that was killed may have left: found by the mark in its environment, never by number alone."""

import os
import signal
import time
from pathlib import Path

from ij8.embedded import places

MARK = "IJ8_SUPERVISED"


def kill_former(pids_file: Path, mark: str, timeout_s: float = 5) -> None:
    """End the process groups that the former supervisor of this folder started and that still live.

    Only for the holder of the supervisor's lock. A number may belong to a stranger by now, so a process counts only
    when it carries our mark. Postgres is left to `postgres.wait_for_former`: it stops cleanly by itself.
    """
    groups = {int(pid) for name, pid in places.read_json(pids_file).items() if name not in ("supervisor", "postgres", "redis")}
    deadline = time.monotonic() + timeout_s
    while (alive := members(groups, mark)) and time.monotonic() < deadline:
        for pid in alive:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue  # it ended between the look and the kill
        time.sleep(0.05)


def members(groups: set[int], mark: str) -> list[int]:
    """Processes of these groups that carry the mark. Linux only; elsewhere none are found."""
    if not groups or not Path("/proc/self/environ").exists():
        return []
    return [pid for pid in (int(path.name) for path in Path("/proc").glob("[0-9]*")) if is_ours(pid, groups, mark)]


def is_ours(pid: int, groups: set[int], mark: str) -> bool:
    try:
        if os.getpgid(pid) not in groups:
            return False
        environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False  # ended, or another user's
    return f"{MARK}={mark}".encode() in environment
