"""The Chromium that the browser tests drive: `python -m ij8.embedded.browser` finds it or, as root on Debian, installs it."""

import os
import shutil
import subprocess
import sys

from ij8.embedded.places import CannotStart

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str | None:
    """Path of the executable: IJ8_CHROMIUM, else the first known name on PATH; None when there is none."""
    chosen = os.environ.get("IJ8_CHROMIUM")
    if chosen:
        return chosen if os.access(chosen, os.X_OK) else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install_browser() -> None:
    """Raises CannotStart with what to do."""
    apt = shutil.which("apt-get")
    if os.environ.get("IJ8_CHROMIUM"):
        raise CannotStart(f"IJ8_CHROMIUM={os.environ['IJ8_CHROMIUM']} is not a program that may be started.")
    if not apt or os.getuid() != 0:
        raise CannotStart(
            "The browser tests need Chromium or Google Chrome. Install one (Debian, Ubuntu: sudo apt-get install chromium) "
            "or set IJ8_CHROMIUM to its path."
        )
    print("  installing Chromium with apt-get", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        done = subprocess.run([apt, *arguments], env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotStart(f"apt-get could not install Chromium; install it by hand or set IJ8_CHROMIUM.\n{done.stderr.strip()}")


def main() -> int:
    try:
        if find_browser() is None:
            install_browser()
    except CannotStart as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
