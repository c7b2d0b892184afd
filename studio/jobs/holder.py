"""The name of this process on leases: host, boot, pid and the process's start time, so that a reused pid is no lease."""

import functools
import os
import socket
from pathlib import Path


def _started(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] == "Z" else fields[19]


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8")[:8]
    except OSError:
        return "unknown"


def here() -> str:
    return f"{socket.gethostname()}:{_boot()}:"


def holder() -> str:
    return _name(os.getpid())


@functools.cache
def _name(pid: int) -> str:  # by pid, for a forked child inherits what its parent remembers
    return f"{here()}{pid}:{_started(pid) or 0}"


def is_dead(name: str) -> bool:
    """True only when `name` was a process of this host and boot that is gone. Elsewhere the lease decides."""
    if not name.startswith(here()):
        return False
    pid, _, started = name.removeprefix(here()).partition(":")
    return _started(int(pid)) != started
