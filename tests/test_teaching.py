"""The commands that TEACHING.md gives to instructors, tried as they stand there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from conftest import ROOT

SOLVED = """
from lessonlib import check
check("00.1", lambda x, x_hat: ((x - x_hat) ** 2).sum(axis=1).mean())
"""


@pytest.mark.parametrize("kernel", ["python3", "conda-env-my ml-py"])
def test_a_notebook_is_graded_whatever_its_kernel_was_called(kernel, tmp_path):
    text = (ROOT / "TEACHING.md").read_text("utf-8")
    command = re.search(r"^\.venv/bin/(jupyter nbconvert .+?)\n```", text, re.M | re.S)[1]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SOLVED)])
    notebook.metadata.kernelspec = dict(name=kernel, display_name="Mine", language="python")
    nbformat.write(notebook, tmp_path / "handed_in.ipynb")
    programs = str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"]
    done = subprocess.run(
        command,
        shell=True,
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PATH": programs},
    )
    assert done.stdout.strip().endswith("✓ 00.1 is solved."), done.stderr
