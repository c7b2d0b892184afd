"""Runs the tests of the front end's pure modules, and holds the weight of a first load."""

import gzip
import subprocess
from pathlib import Path

import pytest

from ij8.embedded.bootstrap import CHECKOUT, find_node

FIRST_LOAD_BYTES = 60_000
SUITES = sorted(Path(__file__).parent.glob("*.test.mjs"))


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.stem)
def test_the_pure_modules_pass_their_own_tests(suite: Path) -> None:
    node, _ = find_node()
    done = subprocess.run([*node, "--test", str(suite)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout


def test_a_first_load_has_at_most_sixty_kilobytes_of_script() -> None:
    script = CHECKOUT / "static" / "dist" / "studio.js"
    assert len(gzip.compress(script.read_bytes())) <= FIRST_LOAD_BYTES


def test_every_element_stays_small_enough_to_read() -> None:
    long = [path.name for path in (CHECKOUT / "static" / "src").rglob("*.js") if len(path.read_text().splitlines()) > 200]
    assert long == []
