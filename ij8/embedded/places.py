"""Where the embedded services keep things. Standard library only: it runs before anything is installed."""

import contextlib
import fcntl
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
OWNER_NOTE = "belongs-to"


class CannotStart(Exception):
    """A start that cannot go on; the message is one or two sentences that say what to do."""


def var_dir() -> Path:
    return Path(os.environ.get("IJ8_VAR") or CHECKOUT / "var").resolve()


def make_folder(path: Path, mode: int) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(mode)
    return path


def secrets_dir(var: Path) -> Path:
    return make_folder(var / "secrets", 0o700)


def run_dir(var: Path) -> Path:
    return make_folder(var / "run", 0o700)


def log_dir(var: Path) -> Path:
    return make_folder(var / "log", 0o755)


def own_path(base: Path, owner: Path, purpose: str) -> Path:
    digest = hashlib.sha256(f"{owner}|{purpose}|{os.getuid()}".encode()).hexdigest()[:10]
    return base / f"ij8-{digest}"


def own_folder(base: Path, owner: Path, purpose: str) -> Path:
    """A folder of ours in a shared temporary folder; its path is short and the same at each start.

    `owner` is the folder that it belongs to (var, the checkout), noted inside so that `make clean` finds it.
    Anyone may create names in a shared temporary folder, so one that is not ours is refused, not used.
    """
    path = own_path(base, owner, purpose)
    try:
        # as root, Postgres runs as another user and passes through this folder to its own inside
        path.mkdir(mode=0o711 if os.getuid() == 0 else 0o700)
    except FileExistsError:
        if not is_ours(path):
            raise CannotStart(f"{path} belongs to someone else. Remove it, or set TMPDIR to a folder of your own.") from None
    write_private(path / OWNER_NOTE, str(owner))
    return path


def is_ours(path: Path) -> bool:
    info = path.lstat()
    return stat.S_ISDIR(info.st_mode) and info.st_uid == os.getuid() and not info.st_mode & 0o022


def own_folders(owner: Path) -> list[Path]:
    """The folders in the temporary folders that belong to `owner`."""
    found = {path for base in (Path(tempfile.gettempdir()), lasting_temp()) for path in base.glob("ij8-*") if is_ours(path)}
    return sorted(path for path in found if (path / OWNER_NOTE).exists() and (path / OWNER_NOTE).read_text() == str(owner))


def socket_dir(var: Path, purpose: str) -> Path:
    """Folder for the Unix sockets, outside the checkout: a socket's path may have at most 107 bytes."""
    path = own_folder(Path(tempfile.gettempdir()), var, f"sockets {purpose}")
    if len(str(path)) > 70:
        raise CannotStart(f"{path} is too long for a Unix socket. Set TMPDIR to a short path such as /tmp.")
    return path


def lasting_temp() -> Path:
    """/var/tmp outlives a restart of the machine, /tmp may not: a database that must lie outside the checkout goes there."""
    lasting = Path("/var/tmp")
    return lasting if os.access(lasting, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())


def write_private(path: Path, text: str) -> None:
    """Whole or not at all, readable by the owner only."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def read_json(path: Path) -> dict[str, str]:
    """The object in the file; empty when there is no such file or it may not be read."""
    try:
        found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, PermissionError):
        return {}
    return found


@contextlib.contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold the file lock; yields False when another process has it and `wait` is off. Freed by the kernel at our death."""
    with open(path, "a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
