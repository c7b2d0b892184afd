"""All figures, one JSON line each: `make bench`, or `make bench ARGS="--only claims,sockets"`.

`--all` adds what installs things: the first `make run` of a fresh clone, and the largest paintings. The exit status is 1
when a bar was missed, 2 when something could not be measured.
"""

import argparse
import shutil
import subprocess
import sys

from ij8.embedded.places import CHECKOUT

LIMIT_S = 1800
ONE_CORE = ["taskset", "-c", "0"]  # the painter's bar is for one core
BENCHES = {
    "painter": ["tests.bench.painter"],
    "claims": ["tests.bench.claims"],
    "round_trip": ["tests.bench.round_trip"],
    "pages": ["tests.bench.pages"],
    "lineage": ["tests.bench.lineage"],
    "session": ["tests.bench.session"],
    "people": ["tests.bench.people"],
    "sockets": ["tests.bench.sockets"],
    "comfy": ["tests.bench.comfy"],
    "talking": ["tests.bench.talking"],
    "sign_in": ["tests.bench.sign_in"],
    "load": ["tests.bench.load"],
    "keys": ["tests.bench.keys"],
    "keys_rotation": ["tests.bench.keys_rotation"],
    "pad": ["tests.bench.pad"],
    "safety": ["tests.bench.safety"],
    "spend": ["tests.bench.money"],
    "roster": ["tests.bench.roster"],
    "start": ["tests.bench.start"],
}
WITH_ALL = {"start": ["--fresh"], "painter": ["--large"]}


def run(name: str, *, everything: bool) -> int:
    """The status of one bench, in a process of its own: it leaves nothing for the next to stumble over."""
    pinned = ONE_CORE if name == "painter" and shutil.which(ONE_CORE[0]) else []
    argv = [*pinned, sys.executable, "-m", *BENCHES[name], *(WITH_ALL.get(name, []) if everything else [])]
    status = subprocess.run(argv, cwd=CHECKOUT, timeout=LIMIT_S, check=False).returncode
    if status not in (0, 1):
        print(f"{name} could not be measured (status {status})", file=sys.stderr)
    return status


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", default=",".join(BENCHES), help=f"some of {', '.join(BENCHES)}")
    parser.add_argument("--all", action="store_true", help="also what installs or takes long")
    options = parser.parse_args()
    chosen = options.only.split(",")
    if unknown := set(chosen) - set(BENCHES):
        parser.error(f"there is no bench {', '.join(sorted(unknown))}")
    statuses = [run(name, everything=options.all) for name in chosen]
    return 0 if not any(statuses) else 1 if set(statuses) <= {0, 1} else 2


if __name__ == "__main__":
    raise SystemExit(main())
