import subprocess
import sys

import pytest

from ij8.embedded.places import CHECKOUT


@pytest.mark.xdist_group("stack")
def test_a_small_sample_of_chaos_misses_no_bar() -> None:
    argv = [sys.executable, "-m", "tests.chaos", "--quick"]
    done = subprocess.run(argv, cwd=CHECKOUT, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert '"worker.gpu_runs", "value": 18' in done.stdout
