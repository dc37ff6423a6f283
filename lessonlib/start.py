"""The first line of every lesson: a quiet, seeded, legible start."""

from __future__ import annotations

import contextlib
import importlib.metadata
import logging
import os
import re
import sys
import warnings
from collections.abc import Iterator
from typing import Any

from lessonlib import claims
from lessonlib._output import say

# What the lessons were made for; older ones may do, and are worth a word.
OLDEST = {
    "keras": "3.13",
    "tensorflow": "2.20",
    "numpy": "2.0",
    "scikit-learn": "1.6",
    "matplotlib": "3.10",
}

# NumPy's own settings.
PRINTED: dict[str, Any] = dict(
    edgeitems=3,
    floatmode="maxprec",
    formatter=None,
    infstr="inf",
    legacy=False,
    linewidth=75,
    nanstr="nan",
    precision=8,
    sign="-",
    suppress=False,
    threshold=1_000,
)


def start(lesson: str) -> None:
    """Prepare a lesson: import Keras quietly, seed everything, set the figure style.

    Args:
        lesson: its number, two digits, such as "03".

    Raises:
        ValueError: if `lesson` is no such number, LESSONLIB_SEED is not a number, or Keras
            already runs on another backend than TensorFlow.
        ModuleNotFoundError: if Keras or TensorFlow is not installed.
    """
    if not isinstance(lesson, str) or not re.fullmatch("[0-9]{2}", lesson):
        raise ValueError(f"lesson is {lesson!r}; expected two digits, such as '03'.")
    claims.lesson = lesson
    # Whatever the variable or a keras.json says: the lessons are written for this one.
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    # With -W error, any library's word about its own future would end a lesson.
    warnings.filters = [known for known in warnings.filters if known[0] != "error"]
    # Building the font cache, once per machine, would print a warning into the lesson.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    # Keras warns about each dataset that it must not shuffle, TensorFlow about compiling.
    warnings.filterwarnings("ignore", message=".*`shuffle=True` was passed")
    with _quiet():
        import tensorflow as tf

        tf.zeros(1)  # the first operation looks for devices and talks about them
        _settle_keras()
        # Layers too, so that saved models that use them can be loaded.
        from lessonlib import layers, plots, training  # noqa: F401
    _settle_others()
    tf.get_logger().setLevel(logging.ERROR)
    tf.config.experimental.enable_op_determinism()
    training.set_seed()
    plots.set_style()


def _settle_keras() -> None:
    """Give Keras the settings that the lessons count on, whatever a keras.json says."""
    import keras

    if keras.backend.backend() != "tensorflow":
        raise ValueError(
            f"Keras already runs on {keras.backend.backend()!r}; expected 'tensorflow'. "
            "Restart the kernel, and let this cell be the first that runs."
        )
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")
    keras.config.set_image_data_format("channels_last")
    keras.config.set_epsilon(1e-7)
    keras.config.set_max_epochs(None)
    keras.config.set_max_steps_per_epoch(None)


def _settle_others() -> None:
    """Likewise for NumPy, scikit-learn and the place where figures go."""
    import numpy as np

    np.seterr(divide="warn", over="warn", under="ignore", invalid="warn")
    np.set_printoptions(**PRINTED)
    if "sklearn" in sys.modules:  # its settings hold for one process
        sys.modules["sklearn"].set_config(transform_output="default")
    # In a notebook, MPLBACKEND would send the figures into a window, or nowhere.
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and hasattr(shell, "kernel"):
        shell.run_line_magic("matplotlib", "inline")


def check_environment() -> None:
    """Print one line for each thing that the course needs, friendly when it is missing.

    Versions stand behind tildes, since they differ from machine to machine.
    """
    from lessonlib.data import load_mnist

    say(_line("Python", ".".join(map(str, sys.version_info[:3])), "3.11"))
    for name, oldest in OLDEST.items():
        try:
            say(_line(name, importlib.metadata.version(name), oldest))
        except importlib.metadata.PackageNotFoundError:
            say(f"✗ {name} is missing: install it with `pip install {name}`")
    with contextlib.suppress(ImportError):
        import tensorflow as tf

        processors = len(tf.config.list_physical_devices("GPU"))
        say(f"✓ graphics processors: ~{processors} (none is needed)")
    try:
        say(f"✓ digits: {load_mnist().source}")
    except (OSError, ValueError) as error:
        say(f"✗ digits: {error}")


def _line(name: str, found: str, oldest: str) -> str:
    numbers = [[int(part) for part in re.findall(r"\d+", v)[:2]] for v in (found, oldest)]
    if numbers[0] >= numbers[1]:
        return f"✓ {name} ~{found} ({oldest} or newer)"
    return f"✗ {name} ~{found} is older than {oldest}: update it if a lesson fails"


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Send file descriptor 2 nowhere: TensorFlow's C++ writes there, past Python."""
    sys.stderr.flush()
    saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)
