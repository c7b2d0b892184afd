"""Remove what was installed, built and stored here: `python3 -m ij8.embedded.clean`. Refused while ij8 runs."""

import shutil
import sys

from ij8.embedded import places
from ij8.embedded.places import CHECKOUT

MADE = (
    ".venv",
    "node_modules",
    "static/dist",
    ".mypy_cache",
    ".ruff_cache",
    ".import_linter_cache",
    ".hypothesis",
    "test-results",
)


def main() -> int:
    var = places.var_dir()
    lock = var / "run" / "supervisor.lock"
    if lock.exists():
        with places.locked(lock, wait=False) as free:
            if not free:
                print("ij8 is running; stop it first.", file=sys.stderr)
                return 2
    for path in [*(CHECKOUT / name for name in MADE), var, *places.own_folders(var), *places.own_folders(CHECKOUT)]:
        shutil.rmtree(path, ignore_errors=True)
    for cache in [path for path in CHECKOUT.rglob("__pycache__") if path.is_dir()]:
        shutil.rmtree(cache, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
