"""What a user has set for Keras and Matplotlib changes no lesson."""

import json
import os
import subprocess
import sys

import pytest

STARTED = """
import json
import numpy as np
import lessonlib
lessonlib.start("04")
import keras, matplotlib
from lessonlib import data, metrics, noise
from lessonlib.training import fit
images = data.load_mnist().x_test[:4]
warped = noise.affine_warp(images, np.random.default_rng(0))
model = keras.Sequential([keras.layers.Input((28, 28, 1)), keras.layers.Conv2D(2, 3)])
layer = keras.layers.Dense(2)
print(json.dumps(dict(
    change=[round(float(e)) for e in metrics.squared_error_per_image(images, warped)],
    shape=model.output_shape,
    dtypes=[layer.compute_dtype, layer.dtype, keras.config.floatx()],
    backend=keras.backend.backend(),
    style=[matplotlib.rcParams[n] for n in ("axes.grid", "text.usetex", "font.size")],
)))
"""
FINE = dict(
    change=[17, 17, 37, 16],  # as with settings that nobody has touched
    shape=[None, 26, 26, 2],
    dtypes=["float32"] * 3,
    backend="tensorflow",
    style=[False, False, 12],
)


def python(code, folder, **variables):
    places = {"KERAS_HOME": str(folder), "MPLCONFIGDIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | places | variables,
        capture_output=True,
        encoding="utf-8",
    )


@pytest.mark.parametrize(
    ("settings", "variables"),
    [
        (dict(image_data_format="channels_first"), {}),
        (dict(floatx="float16", epsilon=1e-3, backend="jax"), {}),
        (dict(dtype_policy="mixed_float16"), {"KERAS_BACKEND": "torch"}),
        (dict(floatx="float64"), {"KERAS_BACKEND": "no-such-backend"}),
    ],
)
def test_a_users_settings_change_no_lesson(settings, variables, tmp_path):
    (tmp_path / "keras.json").write_text(json.dumps(settings))
    style = "axes.grid: True\ntext.usetex: True\nfont.size: 31\nfigure.dpi: 300\n"
    (tmp_path / "matplotlibrc").write_text(style)
    run = python(STARTED, tmp_path, **variables)
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == FINE


def test_a_policy_that_was_set_before_is_set_back(tmp_path):
    before = "import keras\nkeras.config.set_dtype_policy('mixed_float16')\n"
    run = python(before + STARTED, tmp_path)
    assert json.loads(run.stdout)["dtypes"] == FINE["dtypes"], run.stderr


def test_keras_on_another_backend_is_named(tmp_path):
    before = "import keras\nkeras.backend.backend = lambda: 'jax'\n"
    run = python(before + "import lessonlib\nlessonlib.start('04')", tmp_path)
    assert "already runs on 'jax'; expected 'tensorflow'. Restart the kernel" in run.stderr


SAVED = """
import keras
from lessonlib.layers import TiedDense
from lessonlib.training import sum_of_squares
model = keras.Sequential([keras.layers.Input((6,)), TiedDense(2)])
model.compile("adam", sum_of_squares)
model.save("model.keras")
"""
LOADED = """
import os
os.chdir(FOLDER)
import lessonlib
lessonlib.start("04")
import keras
print(keras.saving.load_model("model.keras").output_shape)
"""


def test_a_saved_model_with_the_courses_layers_loads_after_start(tmp_path):
    folder = repr(str(tmp_path))
    done = python(f"import os\nos.chdir({folder})\n" + SAVED, tmp_path)
    assert done.returncode == 0, done.stderr
    run = python(LOADED.replace("FOLDER", folder), tmp_path)
    assert run.stdout == "(None, 6)\n", run.stderr
