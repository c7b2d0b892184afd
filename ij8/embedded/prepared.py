"""`manage.py prepare`, run by the supervisor before anything serves, and skipped when nothing it does would change."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from ij8.embedded import places
from ij8.embedded.child import die_with_parent
from ij8.embedded.places import CHECKOUT, CannotStart

SOURCES = (
    "*/migrations/*.py",
    "ij8/*/migrations/*.py",
    "studio/jobs/*.sql",
    "ij8/embedded/demo*.py",
    "ij8/settings.py",
    "requirements/core.txt",
)


def inputs() -> Iterable[Path]:
    for pattern in SOURCES:
        yield from CHECKOUT.glob(pattern)
    yield from (path for path in (CHECKOUT / "static" / "dist").rglob("*") if path.is_file())


def fingerprint(mark: str) -> str:
    digest = hashlib.sha256(mark.encode())
    for path in sorted(inputs()):
        digest.update(f"{path.relative_to(CHECKOUT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def prepare(*, var: Path, mark: str, env: Mapping[str, str]) -> None:
    """Migrate, collect the static files, seed the demo, in one process. Raises CannotStart with its output.

    `mark` names the database, so that a new one is prepared although no file changed.
    """
    stamp, wanted = places.run_dir(var) / "prepared", fingerprint(mark)
    if stamp.exists() and stamp.read_text() == wanted and (var / "static").is_dir():
        return
    with open(places.log_dir(var) / "prepare.log", "w+b") as log:
        done = subprocess.run(
            [sys.executable, "manage.py", "prepare"],
            env={**os.environ, **env, "IJ8_DB_ROLE": "owner"},
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent(signal.SIGTERM),
            check=False,
        )
        log.seek(0)
        said = log.read().decode(errors="replace")
    if done.returncode != 0:
        raise CannotStart(f"Preparing the database failed (status {done.returncode}).\n{said[-4000:].strip()}")
    stamp.write_text(wanted)
