"""Undo all learning from outside, and every claim about training must fail.

A claim that survives would hold for a model that learned nothing, and prove nothing.
"""

import json

import nbformat
import pytest

import pipeline
from conftest import NOTEBOOKS

# Runs before the lesson. Keras models train for a few epochs, keep their history and get
# their old weights back; loops written by hand take no step; scikit-learn's regressors see
# the mean in place of each target.
UNDO = """
import functools, warnings
import numpy as np
import lessonlib
lessonlib.start("00")
import keras
from lessonlib import training
from sklearn.utils import all_estimators

def forgetful(fit):
    @functools.wraps(fit)
    def wrapper(self, *arguments, epochs=1, **options):
        before = self.get_weights()
        history = fit(self, *arguments, epochs=min(epochs, 3), **options)
        self.set_weights(before)
        return history
    return wrapper

def dulled(fit):
    @functools.wraps(fit)
    def wrapper(self, X, y, *arguments, **options):
        mean = np.broadcast_to(np.mean(y, axis=0), np.shape(y))
        return fit(self, X, mean, *arguments, **options)
    return wrapper

def without_steps(each):
    # A training loop written by hand goes through each(range(steps)).
    return lambda items: each(items[:0] if isinstance(items, range) else items)

keras.Model.fit = forgetful(keras.Model.fit)
training.each = without_steps(training.each)
for _, estimator in all_estimators(type_filter="regressor"):
    if "fit" in vars(estimator):
        estimator.fit = dulled(estimator.fit)
"""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_claims_about_training_fail_without_training(path, tmp_path):
    notebook = pipeline.read_source(path.parent / "source" / f"{path.stem}.py")
    count = sum(line.startswith("✓") for line in printed_claims(path))
    notebook.cells.insert(0, nbformat.v4.new_code_cell(UNDO))
    record = tmp_path / "claims.jsonl"
    pipeline.execute(notebook, LESSONLIB_CLAIMS=str(record))
    claims = [json.loads(line) for line in record.read_text("utf-8").splitlines()]
    assert len(claims) == count
    assert {claim["lesson"] for claim in claims} == {path.stem[:2]}
    survivors = [c["sentence"] for c in claims if c["kind"] == "trained" and c["holds"]]
    assert not survivors, "these hold although nothing was learned"
    broken = [c["sentence"] for c in claims if c["kind"] == "identity" and not c["holds"]]
    assert not broken, "these should not depend on training"


def printed_claims(path):
    cells = nbformat.read(path, as_version=4).cells
    outputs = [o for cell in cells if cell.cell_type == "code" for o in cell.outputs]
    lines = "".join(o.get("text", "") for o in outputs).splitlines()
    return [line for line in lines if "(at least" in line or "(at most" in line]
