"""The door: set-up, its interruptions and its sentences, and what JupyterLab is told."""

import ast
import http.server
import importlib.util
import os
import socket
import subprocess
import sys
import threading
import types

import pytest

import colab
from conftest import ROOT

CREATE = f"new for {sys.executable}"


def load(name="commands"):
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def course(tmp_path, monkeypatch):
    """The door of an empty checkout, where venv and pip only leave a trace."""
    course = load()
    for name in ("ROOT", "VENV", "LOCK", "DASK_LOCK", "SITE_VENV", "SITE_LOCK"):
        path = getattr(course, name).relative_to(ROOT)
        monkeypatch.setattr(course, name, (tmp_path / path).resolve())
    monkeypatch.chdir(tmp_path)  # `main` goes to ROOT
    course.SITE_LOCK.parent.mkdir()
    course.DASK_LOCK.parent.mkdir()
    course.DASK_LOCK.write_text("four==4\n")
    course.LOCK.write_text("one==1\ntwo==2\n")
    course.SITE_LOCK.write_text("three==3\n")
    course.trace = []

    def create(folder, python):
        course.trace.append(f"new for {python}")
        os.makedirs(folder, exist_ok=True)

    monkeypatch.setattr(course, "create", create)

    def install(*arguments, **options):
        course.trace.append((*arguments, *options.values()))

    monkeypatch.setattr(course, "install", install)
    monkeypatch.setattr(course, "try_out", lambda folder: None)
    return course


def steps(course):
    """One full set-up, as the trace shows it."""
    flags = ("--no-deps", "--no-build-isolation", "--editable")
    editable = (course.VENV, *flags, str(course.ROOT))
    return [CREATE, (course.VENV, "-r", str(course.LOCK), 4), editable]


def finished(course):
    return (course.VENV / "finished.txt").exists()


def test_first_call_sets_up_and_the_second_does_nothing(course, capsys):
    course.set_up()
    assert course.trace == steps(course)
    assert "The environment is ready" in capsys.readouterr().out
    course.set_up()
    assert course.trace == steps(course) and capsys.readouterr().out == ""


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_an_interrupted_set_up_is_never_taken_for_complete(course, monkeypatch, error):
    def interrupted(*arguments, **options):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(course, "install", interrupted)
        with pytest.raises(error):
            course.set_up()
    assert course.VENV.exists() and not finished(course)
    course.trace.clear()
    course.set_up()
    assert course.trace == steps(course) and finished(course)


def test_new_versions_or_a_moved_checkout_set_up_anew(course, monkeypatch, tmp_path):
    course.set_up()
    course.LOCK.write_text("one==1.1\n")
    course.set_up()
    assert course.trace == 2 * steps(course)
    monkeypatch.setattr(course, "ROOT", tmp_path.parent)
    course.set_up()
    assert course.trace[6:] == steps(course)


def test_the_site_has_an_environment_of_its_own(course, monkeypatch):
    ran = []
    monkeypatch.setattr(course.subprocess, "call", lambda command, **_: ran.append(command))
    course.main(["site"])
    lock = (course.SITE_VENV, "-r", str(course.SITE_LOCK), 1)
    assert course.trace == [CREATE, lock] and not course.VENV.exists()
    assert ran == [[course.python_in(course.SITE_VENV), "scripts/pages.py"]]


def test_browsers_need_both_environments_and_may_run_some_lessons(course, monkeypatch):
    ran = []
    monkeypatch.setattr(course.subprocess, "call", lambda command, **_: ran.append(command))
    course.main(["test-browser", "00", "01"])
    assert finished(course) and (course.SITE_VENV / "finished.txt").exists()
    assert ran[0][1:] == ["scripts/pages.py"] and ran[1][-2:] == ["--lessons", "00,01"]


def test_browsers_do_not_walk_a_site_that_was_not_built(course, monkeypatch):
    ran = []
    monkeypatch.setattr(
        course.subprocess, "call", lambda command, **_: ran.append(command) or 1
    )
    assert course.main(["test-browser"]) == 1 and len(ran) == 1


def test_a_full_disk_is_named_before_anything_is_done(course, monkeypatch):
    usage = types.SimpleNamespace(free=1e9)
    monkeypatch.setattr(course.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(SystemExit, match="1.0 GB of disk are free and 4 are needed"):
        course.set_up()
    assert course.trace == [] and not course.VENV.exists()


def test_no_network_gives_one_sentence():
    """The real pip, asked for a package from an address where nobody listens."""
    course = load()
    course.python_in = lambda folder: sys.executable
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/simple"
        nobody = dict(PIP_INDEX_URL=address, PIP_RETRIES="1", PIP_CONFIG_FILE=os.devnull)
        with pytest.MonkeyPatch.context() as patch:
            for name, value in nobody.items():
                patch.setenv(name, value)
            with pytest.raises(
                SystemExit, match="index cannot be reached: check the network"
            ):
                course.install(course.VENV, "--dry-run", "no-such-package-in-this-course")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full: free 7 GB"),
        ("ERROR: No matching distribution found for x", "try another Python .3.11 to"),
        ("ERROR: something else", "pip failed, so mend what its last line above names"),
        ("SSLError(SSLCertVerificationError(1, '... self-signed", "PIP_CERT should name"),
        ("HTTP error 407 Proxy Authentication Required", "a name and a password"),
        ("WARNING: 503 Server Error: Service Unavailable", "cannot be reached"),
        ("global.prefix='/opt'", "send packages elsewhere: unset prefix there"),
        ("install.target='here'", "send packages elsewhere: unset target there"),
    ],
)
def test_what_pip_says_becomes_a_sentence(line, sentence, monkeypatch, tmp_path):
    course = load()
    fake = tmp_path / "pip.py"
    fake.write_text(f"import sys; print({line!r}); sys.exit(1)")
    popen = subprocess.Popen
    monkeypatch.setattr(
        course.subprocess,
        "Popen",
        lambda command, **options: popen([sys.executable, str(fake)], **options),
    )
    with pytest.raises(
        SystemExit, match=f"set-up stopped: .*{sentence}.*same command again"
    ):
        course.install(course.VENV, "x", gigabytes=7)


@pytest.mark.parametrize("version", [(3, 10), (3, 14), (2, 7)])
def test_an_unfit_python_gets_one_sentence(version, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (*version, 0))
    with pytest.raises(
        SystemExit, match=f"needs Python 3.11.*{version[0]}.{version[1]}.*PYTHON="
    ):
        load("course")


def test_an_unfit_python_can_read_the_door():
    """It holds what Python 2 knew already: no f-string, no hint, no star but in a call."""
    tree = ast.parse((ROOT / "scripts" / "course.py").read_text("ascii"))
    nodes = {type(node).__name__ for node in ast.walk(tree)}
    known = "Module Expr Constant Import alias Assign Tuple Name Store Load If UnaryOp Not "
    known += "Compare LtE Eq Subscript Slice Attribute Call Starred"
    assert nodes <= set(known.split())
    stars = [node for node in ast.walk(tree) if isinstance(node, ast.Starred)]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert stars == [star for call in calls for star in call.args if star in stars]
    first = [node for node in tree.body if isinstance(node, ast.Import | ast.If)]
    assert [type(node).__name__ for node in first] == ["Import", "If", "Import", "If"]


@pytest.mark.parametrize("command", ["claims", "test"])
def test_dask_comes_once_it_is_needed_and_not_for_students(course, monkeypatch, command):
    ran = []
    monkeypatch.setattr(course.subprocess, "call", lambda line, **_: ran.append(line[1:]))
    course.main(["lab"])
    assert course.trace == steps(course)
    for _ in range(2):
        course.main([command, "01"])
    dask = (course.VENV, "-r", str(course.DASK_LOCK))
    assert course.trace == [*steps(course), dask]
    assert ran[1] == ran[2] and ran[1][1:] == ["01"]
    course.DASK_LOCK.write_text("four==4.1\n")
    course.main([command])
    assert course.trace == [*steps(course), dask, dask]


def test_an_unknown_command_lists_those_there_are(course):
    with pytest.raises(SystemExit, match="usage: .*lab . test . notebooks"):
        course.main(["tset"])


@pytest.mark.parametrize(("display", "root"), [(True, False), (False, True)])
def test_jupyterlab_is_told_where_it_runs(course, monkeypatch, display, root):
    told = []
    monkeypatch.setattr(course, "run", lambda *arguments: told.extend(arguments) or 0)
    monkeypatch.setattr(course.sys, "platform", "linux")
    monkeypatch.setattr(course.os, "geteuid", lambda: 0 if root else 1000, raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":0" if display else "")
    course.lab()
    assert ("--allow-root" in told) == root and ("--no-browser" in told) == (not display)
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in told
    assert "--LabApp.news_url=" in told
    assert "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate" in told


def test_lessons_may_follow_the_seeds_as_make_puts_them():
    line = [sys.executable, "scripts/margins.py", "--seeds", "0 1", "77"]
    result = subprocess.run(line, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode and "There is no lesson '77'" in result.stderr


def test_another_interpreter_gets_an_environment_of_its_own(course):
    for python in ("python3.13", "python3.13", "another"):
        course.environment(course.VENV, course.LOCK, 1, "much", python=python)
    pip = (course.VENV, "-r", str(course.LOCK), 1)
    assert course.trace == ["new for python3.13", pip, "new for another", pip]


def test_without_the_venv_module_there_is_one_sentence(tmp_path, monkeypatch):
    course = load()
    monkeypatch.setattr(course.subprocess, "call", lambda command: 1)
    with pytest.raises(SystemExit, match="venv module failed: on Debian, install"):
        course.create(tmp_path / "new", sys.executable)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("where an environment cannot be")
    with pytest.raises(SystemExit, match="file cannot be written .*folder of your own"):
        load().create(tmp_path / "file" / ".venv", sys.executable)


class Index(http.server.BaseHTTPRequestHandler):
    """No package index: it refuses, wants a log-in, or shows a page to log in on."""

    def do_GET(self):
        number = self.path.split("/")[1]
        self.send_response(int(number))
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<html><form>Please log in</form></html>")

    def log_message(self, *arguments):
        pass


@pytest.fixture
def index():
    """The address of a server on this machine that is no package index."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize(
    ("place", "settings", "sentence"),
    [
        ("403", "", "the package index refuses to answer"),
        ("401", "", "asks for a name and a password"),
        ("200", "", "is no package index, perhaps a page to log in"),
        ("200", "no-index = true", "keep it from the package index: unset no-index"),
    ],
)
def test_an_index_that_hands_out_nothing(
    place, settings, sentence, index, tmp_path, monkeypatch
):
    """The real pip, which blames the requirement in all of these cases."""
    file = tmp_path / "pip.conf"
    file.write_text(f"[global]\nindex-url = {index}/{place}\nretries = 0\n{settings}\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    course = load()
    course.python_in = lambda folder: sys.executable
    with pytest.raises(SystemExit, match=sentence):
        course.install(tmp_path, "--dry-run", "no-such-package-in-this-course")


@pytest.mark.parametrize("name", ["PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_ROOT"])
def test_no_variable_sends_packages_elsewhere(name, monkeypatch, tmp_path):
    """The real pip says where it would put things."""
    monkeypatch.setenv(name, "1" if name == "PIP_USER" else str(tmp_path / "elsewhere"))
    course = load()
    course.python_in = lambda folder: sys.executable
    show = "from pip._internal.cli.main_parser import parse_command as parse\n"
    show += "from pip._internal.commands import create_command as make\n"
    show += "name, rest = parse(['install', 'x'])\n"
    show += "o, _ = make(name).parse_args(rest)\n"
    show += "print(o.target_dir, o.prefix_path, o.root_path, bool(o.use_user_site))"
    assert course.read([sys.executable, "-c", show]) == (0, ["None None None False"])


@pytest.mark.parametrize("folder", ["plain", "K\u00fcrs \u7f16\u7801", "two words"])
def test_the_way_to_the_course_is_told_without_its_name(folder, tmp_path, monkeypatch):
    """Python 3.11 reads the file in the system's encoding, at every start."""
    course = load()
    monkeypatch.setattr(course, "ROOT", tmp_path / folder)
    monkeypatch.setattr(course, "VENV", tmp_path / folder / ".venv")
    monkeypatch.setattr(course, "install", lambda *arguments: None)
    packages = course.VENV / "lib" / "python3" / "site-packages"
    packages.mkdir(parents=True)
    link = packages / "_lessonlib.pth"
    link.write_text(str(course.ROOT), encoding="utf-8")
    course.add_the_course()
    assert (packages / link.read_text("ascii").strip()).resolve() == course.ROOT.resolve()


def test_an_environment_that_does_not_start_is_not_finished(course, monkeypatch):
    monkeypatch.setattr(course, "try_out", load().try_out)
    monkeypatch.setattr(course, "read", lambda command: (1, ["UnicodeDecodeError: \u00fc"]))
    monkeypatch.setitem(course.try_out.__globals__, "read", course.read)
    with pytest.raises(SystemExit, match="new Python does not start"):
        course.set_up()
    assert not finished(course)


@pytest.mark.parametrize("allowed", [True, False])
def test_where_the_home_cannot_be_written_things_stay_in_the_course(
    allowed, course, monkeypatch
):
    monkeypatch.setattr(course.os, "access", lambda path, mode: allowed)
    monkeypatch.delenv("IPYTHONDIR", raising=False)
    variables = course.variables()
    assert variables["PYTHONUTF8"] == "1" and variables["PIP_USER"] == "0"
    inside = str(course.ROOT / ".cache" / "home")
    moved = [name for name in course.KEPT if variables.get(name, "").startswith(inside)]
    assert moved == ([] if allowed else list(course.KEPT))


@pytest.mark.parametrize("missing", ["git", ".git"])
def test_colab_without_git_or_a_clone_stops_before_the_set_up(
    missing, monkeypatch, tmp_path
):
    monkeypatch.setattr(colab, "set_up", lambda: pytest.fail("set up"))
    if missing == "git":
        monkeypatch.setattr(colab.shutil, "which", lambda name: None)
    else:
        monkeypatch.setattr(colab, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match="install git and call this in a clone"):
        colab.main([])


def test_without_colabs_python_the_one_at_hand_serves_and_that_is_said(monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    assert colab.interpreter() == sys.executable
    assert "No python3.13 was found" in capsys.readouterr().out
