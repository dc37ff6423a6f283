"""The wheel: complete, and of use in an environment that never saw the checkout."""

import subprocess
import sys
import sysconfig
import zipfile

import pytest
from packaging.metadata import Metadata

from conftest import ROOT

# What a reader of the wheel does, far from the course: data, figures, checks, style.
VISIT = """
import sys, lessonlib
from importlib.metadata import version
from pathlib import Path
import matplotlib.pyplot as plt
from lessonlib import data, exercises, plots

assert Path(lessonlib.__file__).is_relative_to(sys.prefix), lessonlib.__file__
assert version("lessonlib") == lessonlib.__version__
digits = data.load_mnist(valid=500)
assert digits.x_train.shape == (3500, 28, 28)
assert len(data.load_letters("ab").x_test) and len(data.make_curve().x_test)
plots.set_style()
plots.image_rows({"digits": digits.x_test}, title="The first test images")
plt.savefig("figure.png")
assert plt.rcParams["image.cmap"] == "gray"
lessonlib.claim("Pixels are at most", digits.x_test.max(), at_most=1.0)
for number in exercises.all_checks():
    lessonlib.check(number, None)
"""


def run(*command, **options):
    result = subprocess.run(
        list(map(str, command)), capture_output=True, encoding="utf-8", **options
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    """The folder with what `python -m build` makes: the source archive, and its wheel."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, cwd=ROOT)
    return folder


@pytest.fixture(scope="module")
def wheel(dist):
    (path,) = dist.glob("*.whl")
    return path


def test_it_carries_package_data_and_licences_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("lessonlib/**/*.py")}
    assert modules | {
        "lessonlib/live/figure.css",
        "lessonlib/live/figure.js",
        "lessonlib/embedded/mnist-5k.npz",
        "lessonlib/embedded/README.md",
    } == {name for name in names if ".dist-info/" not in name}
    assert sum("/licenses/" in name for name in names) == 2


def test_its_description_renders(dist):
    report = run(
        *(sys.executable, "-m", "twine", "--no-color", "check", "--strict"),
        *dist.iterdir(),
    )
    assert report.count("PASSED") == 2


def test_its_metadata_are_complete(wheel):
    archive = zipfile.ZipFile(wheel)
    (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
    metadata = Metadata.from_email(archive.read(name))
    assert metadata.summary and metadata.author and metadata.keywords
    assert metadata.license_expression == "MIT AND CC-BY-SA-3.0"
    assert metadata.description_content_type == "text/markdown"
    assert str(metadata.requires_python) == ">=3.11"
    assert set(metadata.project_urls) == {"Repository", "Documentation", "Issues"}
    kinds = {line.split(" :: ")[0] for line in metadata.classifiers}
    wanted = {"Development Status", "Intended Audience", "Natural Language"}
    assert kinds >= wanted | {"Operating System", "Programming Language", "Topic"}


def test_it_works_in_an_environment_without_the_checkout(wheel, tmp_path):
    place = tmp_path / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", place)
    scripts = "Scripts" if sys.platform == "win32" else "bin"
    python = place / scripts / ("python.exe" if sys.platform == "win32" else "python")
    # Its dependencies are those of this environment; the checkout that is installed here
    # stays behind, since Python follows no .pth file of a folder named in a .pth file.
    packages = run(
        python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'), end='')"
    )
    with open(f"{packages}/dependencies.pth", "w", encoding="utf-8") as file:
        file.write(sysconfig.get_path("purelib"))
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--no-index"]
    run(*pip, "--no-deps", wheel)
    (tmp_path / "empty").mkdir()
    said = run(python, "-I", "-c", VISIT, cwd=tmp_path / "empty")
    assert said.startswith("✓ Pixels are at most") and "✗" not in said
    assert (tmp_path / "empty" / "figure.png").stat().st_size > 5_000
