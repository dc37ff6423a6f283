"""What a contributor has set for notebooks of their own, builds and tests do not see."""

import nbformat
import pytest

import pipeline

SHOW = """
import os
import matplotlib
print("started" in globals(), matplotlib.rcParams["axes.grid"], matplotlib.get_backend())
print(os.path.exists(os.path.join(os.environ["KERAS_HOME"], "mine")))
print(*[name for name in os.environ if name.startswith("LESSONLIB_")])
"""


@pytest.fixture
def own_settings(tmp_path, monkeypatch):
    """A profile, a style and variables of somebody's own, all of which change a lesson."""
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "first.py").write_text("started = True\nprint('hello from my profile')")
    style = tmp_path / "matplotlib" / "matplotlibrc"
    style.parent.mkdir()
    style.write_text("axes.grid: True\n")
    (tmp_path / "keras").mkdir()
    (tmp_path / "keras" / "mine").touch()
    places = {"IPYTHONDIR": "ipython", "MPLCONFIGDIR": "matplotlib", "KERAS_HOME": "keras"}
    for name, folder in places.items():
        monkeypatch.setenv(name, str(tmp_path / folder))
    monkeypatch.setenv("MATPLOTLIBRC", str(style))
    monkeypatch.setenv("MPLBACKEND", "svg")
    monkeypatch.setenv("LESSONLIB_SEED", "7")


def test_a_contributors_own_settings_do_not_count(own_settings):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SHOW)])
    pipeline.execute(notebook)
    (output,) = notebook.cells[0].outputs
    state, keras, variables = output.text.split("\n")[:3]
    assert state.startswith("False False ") and "inline" in state
    assert keras == "False" and variables == ""
