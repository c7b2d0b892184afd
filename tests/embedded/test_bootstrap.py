import re
import subprocess
import sys
from pathlib import Path

import pytest

from ij8.embedded import bootstrap, browser, places
from ij8.embedded.places import CannotStart

LOCKS = sorted((places.CHECKOUT / "requirements").glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_holds_names_versions_and_hashes_only(lock: Path) -> None:
    allowed = re.compile(r"[a-z0-9.-]+==[0-9a-z.+]+( ; [^:/]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in lock.read_text().splitlines() if not allowed.fullmatch(line)] == []


def test_the_test_lock_holds_the_core_lock() -> None:
    core, test = (
        set(re.findall(r"^[a-z0-9.-]+==[^ ]+", (places.CHECKOUT / "requirements" / name).read_text(), re.MULTILINE))
        for name in ("core.txt", "test.txt")
    )
    assert core - test == set()


def test_the_bootstrap_runs_on_the_standard_library_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", "import sys; sys.path.insert(0, '.'); import ij8.embedded.bootstrap"],
        cwd=places.CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_failed_step_shows_its_command_and_output() -> None:
    with pytest.raises(CannotStart, match=r"(?s)Trying failed: .*no such luck"):
        bootstrap.run([sys.executable, "-c", "import sys; print('no such luck'); sys.exit(3)"], "Trying")


def test_a_node_that_does_not_run_counts_as_none(tmp_path: Path) -> None:
    assert bootstrap.node_version(tmp_path / "node") == 0
    old = tmp_path / "old"
    old.write_text("#!/bin/sh\necho v18.2.0\n")
    old.chmod(0o755)
    assert bootstrap.node_version(old) == 18


def test_a_chosen_browser_that_cannot_start_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IJ8_CHROMIUM", str(tmp_path / "none"))
    assert browser.find_browser() is None
    with pytest.raises(CannotStart, match="IJ8_CHROMIUM"):
        browser.install_browser()


def test_ci_runs_the_command_of_the_readme() -> None:
    assert (places.CHECKOUT / ".ci" / "run").read_text().endswith("exec make test\n")
