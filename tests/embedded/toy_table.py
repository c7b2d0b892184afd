"""A supervisor over two sleeping children, one with a child of its own: `python -m tests.embedded.toy_table FOLDER`."""

import sys
from pathlib import Path

from ij8.embedded.child import ChildSpec
from ij8.embedded.supervisor import Supervisor, supervise

SLEEPER = "import time; time.sleep(600)"
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]).wait()"


def main(folder: Path) -> int:
    table = Supervisor(folder / "pids.json")
    specs = [
        ChildSpec(name=name, argv=[sys.executable, "-c", code, str(folder)], log=folder / f"{name}.log", stop_timeout_s=3)
        for name, code in (("sleeper", SLEEPER), ("parent", PARENT))
    ]
    return supervise(table, lambda: table.add(*specs))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
