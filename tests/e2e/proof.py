"""Stories of which the quick run has the services' tests alone."""

import os

import pytest

IS_PROOF = os.environ.get("IJ8_PROOF") == "1"
in_proof = pytest.mark.skipif(not IS_PROOF, reason="a long story; runs in make proof")
