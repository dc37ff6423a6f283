"""What a user has set for Keras, NumPy, Matplotlib and others changes no lesson."""

import json
import os
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

STARTED = """
import json, warnings
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
warnings.warn("a library's word about its future", FutureWarning)
one = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
one.set_weights([np.zeros((1, 1)), np.zeros(1)])
record = fit(one, np.ones((4, 1)), steps=6, rate=1e-9, batch_size=2, quiet=True)
one.compile("sgd", "mse")  # anew, without many steps in one call
one.fit(np.ones((4, 1)), np.ones((4, 1)), batch_size=2, verbose=0)
print(json.dumps(dict(
    change=[round(float(e)) for e in metrics.squared_error_per_image(images, warped)],
    shape=model.output_shape,
    dtypes=[layer.compute_dtype, layer.dtype, keras.config.floatx()],
    backend=keras.backend.backend(),
    style=[matplotlib.rcParams[n] for n in ("axes.grid", "text.usetex", "font.size")],
    steps=int(one.optimizer.iterations),
    losses=[round(loss, 3) for loss in record.history["loss"]],
    printed=str(np.array([1 / 3, 1e-9])),
    tiny=float(np.exp(np.float32(-200))),
    pca=type(metrics.pca_reconstruction(images[0], images[0], 2)).__name__,
)))
"""
FINE = dict(
    change=[17, 17, 37, 16],  # as with settings that nobody has touched
    shape=[None, 26, 26, 2],
    dtypes=["float32"] * 3,
    backend="tensorflow",
    style=[False, False, 12],
    steps=2,  # 4 rows, 2 in a batch
    losses=[1, 1, 1],  # (1 - 0) squared, in 6 / 2 epochs
    printed="[3.33333333e-01 1.00000000e-09]",
    tiny=0,
    pca="ndarray",
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
    [  # many at a time, since each run imports TensorFlow anew
        (
            dict(image_data_format="channels_first", floatx="float16", backend="jax"),
            {"KERAS_MAX_EPOCHS": "1", "PYTHONWARNINGS": "error::FutureWarning"},
        ),
        (dict(dtype_policy="mixed_float16", epsilon=1e-3), {"KERAS_BACKEND": "torch"}),
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


BEFORE = """
import warnings
import keras, sklearn
import matplotlib.pyplot as plt
import numpy as np
keras.config.set_dtype_policy("mixed_float16")
keras.config.set_image_data_format("channels_first")
keras.config.set_max_steps_per_epoch(1)
np.set_printoptions(precision=2, suppress=True, legacy="1.13",
                    formatter={"float": "{:.1f}".format})
np.seterr(all="raise")
sklearn.set_config(transform_output="polars")
plt.style.use("dark_background")
plt.rcParams["axes.grid"] = True
plt.rcParams["font.size"] = 31
warnings.simplefilter("error")
"""


def test_what_was_set_before_is_set_back(tmp_path):
    run = python(BEFORE + STARTED, tmp_path)
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == FINE


def test_figures_stay_in_the_notebook_wherever_others_go(tmp_path, monkeypatch):
    """With MPLBACKEND=agg, as containers have it, `plt.show()` would show nothing."""
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path))
    cells = [
        "import lessonlib\nlessonlib.start('00')",
        "import numpy as np\nfrom lessonlib import plots\n"
        "plots.image_rows({'a': np.eye(9)}, 'nine')",
    ]
    notebook = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, cells)))
    NotebookClient(notebook, kernel_name="python3").execute()
    assert notebook.cells[0].outputs == []
    (output,) = notebook.cells[1].outputs
    assert "image/png" in output.data


def test_keras_on_another_backend_is_named(tmp_path):
    before = "import keras\nkeras.backend.backend = lambda: 'jax'\n"
    run = python(before + "import lessonlib\nlessonlib.start('04')", tmp_path)
    assert "already runs on 'jax'; expected 'tensorflow'. Restart the kernel" in run.stderr


LOADED = """
import os
os.chdir(FOLDER)
import lessonlib
lessonlib.start("04")
import keras
print(keras.saving.load_model("model.keras").output_shape)
"""


def test_a_saved_model_with_the_courses_layers_loads_after_start(tmp_path):
    import keras

    from lessonlib.layers import TiedDense
    from lessonlib.training import sum_of_squares

    model = keras.Sequential([keras.layers.Input((6,)), TiedDense(2)])
    model.compile("adam", sum_of_squares)
    model.save(tmp_path / "model.keras")
    run = python(LOADED.replace("FOLDER", repr(str(tmp_path))), tmp_path)
    assert run.stdout == "(None, 6)\n", run.stderr
