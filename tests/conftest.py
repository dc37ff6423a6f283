"""What all tests share: a strict, reproducible environment and the course's paths."""

import os
from pathlib import Path

import matplotlib
import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SHARED_MNIST = ROOT.parent / "shared" / "datasets"

matplotlib.use("Agg")
# For the kernels that nbval starts: a failed claim is a failed test, at the default seed.
os.environ["LESSONLIB_STRICT"] = "1"
for name in ("LESSONLIB_SEED", "LESSONLIB_SIZE", "LESSONLIB_CLAIMS", "LESSONLIB_DATA"):
    os.environ.pop(name, None)


@pytest.fixture
def lenient(monkeypatch):
    """A student's environment: failed claims print a cross and go on."""
    monkeypatch.delenv("LESSONLIB_STRICT")
