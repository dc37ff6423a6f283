"""What scripts/course.py does, in the standard library alone: set up, then hand over."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
# Dask, which comes into .venv once it is needed: a student never does.
DASK_LOCK = ROOT / "scripts" / "dask.lock"
# Sphinx and Playwright live apart: students need neither, and their versions clash.
SITE_VENV = ROOT / ".venv-site"
SITE_LOCK = ROOT / "site" / "requirements.lock"
GIGABYTES = 4

FIRST_LESSON = "notebooks/00_start_here.ipynb"
NO_NEWS = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    }
}
# The last one leaves the address alone on the screen.
LAB_OPTIONS = (
    "--LabApp.news_url=",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    "--Application.log_level=WARN",
)
# What pip prints, and what that means to the reader; the first that fits is said.
CAUSES = {
    "the disk is full: free {gigabytes} GB": ("No space left", "Errno 28"),
    "pip's own settings keep it from the package index: unset no-index there": (
        "no-index='1'",
        "no-index='true'",
    ),
    "this Python does not trust the package index's certificate: who runs the network can "
    "say which file PIP_CERT should name": ("CERTIFICATE_VERIFY_FAILED", "SSLError"),
    "the package index asks for a name and a password: put them into pip's settings": (
        "401 Client Error",
        "407 Proxy Authentication",
    ),
    "the package index refuses to answer: ask who runs it": ("403 Client Error",),
    "the package index cannot be reached: check the network": (
        "Failed to establish",
        "NewConnectionError",
        "NameResolutionError",
        "ConnectTimeout",
        "ReadTimeout",
        "Connection refused",
        "Connection reset",
        "Network is unreachable",
        "ProxyError",
        "Server Error",
    ),
    "what answers is no package index, perhaps a page to log in: open it in a browser": (
        "(from versions: none)",
    ),
    "no version of a package fits this system: try another Python (3.11 to 3.13)": (
        "No matching distribution",
        "Could not find a version",
    ),
}
# They would send packages elsewhere than into an environment, or keep them out of it.
ELSEWHERE = ("TARGET", "PREFIX", "ROOT", "DRY_RUN", "PYTHON")
# Where programs keep their own things when the home folder cannot be written, or when what
# a user has set there must not count.
KEPT = {
    "JUPYTER_CONFIG_DIR": "jupyter",
    "JUPYTER_DATA_DIR": "jupyter/data",
    "JUPYTER_RUNTIME_DIR": "jupyter/runtime",
    "JUPYTERLAB_SETTINGS_DIR": "jupyter/settings",
    "JUPYTERLAB_WORKSPACES_DIR": "jupyter/workspaces",
    "IPYTHONDIR": "ipython",
    "MPLCONFIGDIR": "matplotlib",
    "KERAS_HOME": "keras",
}


def main(arguments):
    commands = {
        "lab": lab,
        "test": lambda *more: with_dask("scripts/suite.py", *more),
        "notebooks": lambda *more: run("scripts/pipeline.py", *more),
        "claims": lambda *more: with_dask("scripts/margins.py", *more),
        "bench": lambda *more: run("scripts/measure.py", *more),
        "shape": lambda *more: run("scripts/shape.py", *more),
        "links": lambda *more: run("scripts/links.py", *more),
        "site": site,
        "test-browser": test_browser,
        "test-colab": lambda *more: run("scripts/colab.py", *more),
        "handout": lambda *more: run("scripts/handout.py", *more),
        "test-faults": lambda *more: run("scripts/faults.py", *more),
    }
    if not arguments or arguments[0] not in commands:
        sys.exit("usage: python scripts/course.py " + " | ".join(commands))
    os.chdir(str(ROOT))
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # for terminals that are not in UTF-8
    try:
        if arguments[0] != "site":
            set_up()
        return commands[arguments[0]](*arguments[1:])
    except KeyboardInterrupt:
        say("\nInterrupted. Nothing is lost: call the same command again.")
        return 130


def set_up():
    """Make .venv, with lessonlib in it and JupyterLab's news off."""
    price = "about 700 MB to download, 3 GB on disk, some minutes"
    environment(VENV, LOCK, GIGABYTES, price, complete=add_the_course)


def set_up_site():
    """Make .venv-site, where the pages are built and browsers are driven."""
    price = "about 120 MB to download, 0.5 GB on disk, a minute"
    environment(SITE_VENV, SITE_LOCK, 1, price)


def environment(folder, lock, gigabytes, price, complete=lambda: None, python=None):
    """Make an environment unless a finished one is there; one not finished starts anew.

    `python` is the interpreter that it is for, if not the one that runs this.
    """
    # The path counts too: an environment that was moved or copied does not work.
    state = f"{ROOT} {python or sys.version} {lock.read_text()}"
    state = hashlib.sha256(state.encode()).hexdigest()
    finished = folder / "finished.txt"
    if finished.exists() and finished.read_text() == state:
        return
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    if free < gigabytes:
        stop(f"make room, {free:.1f} GB of disk are free and {gigabytes} are needed")
    say(f"Setting up {folder.name}, once: {price}.")
    finished.unlink(missing_ok=True)
    create(folder, python or sys.executable)
    install(folder, "-r", str(lock), gigabytes=gigabytes)
    complete()
    try_out(folder)
    finished.write_text(state)
    say("The environment is ready.")


def create(folder, python):
    """An empty environment for this interpreter, in place of what was there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        stop(
            f"{folder.parent} cannot be written ({error.strerror}): copy the course into "
            "a folder of your own"
        )
    if subprocess.call([python, "-m", "venv", "--clear", str(folder)]):
        stop("Python's venv module failed: on Debian, install python3-venv")


def add_the_course():
    install(VENV, "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    # Python reads this file in the system's encoding, which may lack letters of the path.
    for link in VENV.rglob("_lessonlib.pth"):
        link.write_text(Path(os.path.relpath(ROOT, link.parent)).as_posix() + "\n")
    settings = VENV / "share/jupyter/lab/settings/overrides.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps(NO_NEWS))


def try_out(folder):
    """Start the new Python once: what fails here would fail at every later call."""
    trial = "import lessonlib" if folder == VENV else "import pip"
    code, lines = read([python_in(folder), "-c", trial])
    if code:
        say("\n".join(lines))
        stop("the new Python does not start, for what its last line above names")


def python_in(folder):
    """The interpreter of an environment, as text."""
    return str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def install(folder, *arguments, gigabytes=GIGABYTES):
    """Run `pip install` with a short progress line; stop with one sentence if it fails."""
    code, settings = ask_pip(folder, "config", "list")
    for name in ("target", "prefix", "root"):
        if any(f".{name}=" in line for line in settings):
            stop(f"pip's own settings send packages elsewhere: unset {name} there")
    code, lines = ask_pip(folder, "install", *arguments, follow=say_how_far())
    if code == 0:
        return
    say("\n" + "\n".join(lines[-8:]))
    for line in lines:
        if "(from versions: none)" in line:  # why, pip tells only if asked for details
            name = line.split("requirement ")[-1].split()[0]
            details = ("download", "-vv", "--no-deps", "--dest", str(folder), name)
            lines = [*lines, *settings, *ask_pip(folder, *details)[1]]
            break
    text = "\n".join(lines)
    for cause, signs in CAUSES.items():
        if any(sign in text for sign in signs):
            stop(cause.format(gigabytes=gigabytes))
    stop("pip failed, so mend what its last line above names")


def say_how_far():
    """A function that turns pip's lines into a short progress line."""
    found = 0

    def follow(line):
        nonlocal found
        if line.startswith(("Collecting", "Processing")):
            found += 1
            say(f"\r  found {found} packages", end="")
        elif line.startswith("Installing collected") and found > 1:
            say("\n  unpacking them, a silent minute ...")

    return follow


def ask_pip(folder, *arguments, follow=lambda line: None):
    """The exit code and the lines of a call of pip that goes to this folder alone."""
    quiet = ["--no-input", "--disable-pip-version-check"]
    if arguments[0] != "config":
        quiet += ["--progress-bar", "off"]
    command = [python_in(folder), "-m", "pip", arguments[0], *quiet, *arguments[1:]]
    return read(command, follow)


def read(command, follow=lambda line: None):
    """The exit code and the lines of a command; `follow` is called with each line."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        encoding="utf-8",
        errors="replace",
        env=variables(),
    )
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        follow(line)
    return process.wait(), lines


def variables():
    """The environment variables for what is started: UTF-8, and each thing in its place."""
    misled = {f"PIP_{name}" for name in ELSEWHERE} | {"PYTHONHOME", "PYTHONPATH"}
    kept = {name: value for name, value in os.environ.items() if name not in misled}
    if not os.access(os.path.expanduser("~"), os.W_OK):
        kept.update(own_places())
    return dict(kept, PYTHONUTF8="1", PIP_USER="0")


def own_places():
    """Variables by which programs keep their things in the course, and find none there."""
    return {name: str(ROOT / ".cache" / "home" / place) for name, place in KEPT.items()}


def lab():
    """Start JupyterLab on the first lesson; it prints its address, port and token."""
    options = ["--LabApp.default_url=/lab/tree/" + FIRST_LESSON, *LAB_OPTIONS]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    if sys.platform.startswith("linux"):
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            options.append("--no-browser")
    say("Starting JupyterLab; open the address below, and end it here with Ctrl-C twice.")
    return run("-m", "jupyterlab", str(ROOT), *options)


def site():
    """Build the pages from what the notebooks store; nothing is executed."""
    set_up_site()
    return run("scripts/pages.py", folder=SITE_VENV)


def test_browser(*lessons):
    """Run the lessons in JupyterLab, then walk the site, in a browser without a window."""
    code = site()
    if code:
        return code
    # Its own settings file: those of `make test` ask for nbval, which is not there.
    settings = ["-c", "tests/browser/pytest.ini", "tests/browser"]
    chosen = ["--lessons", ",".join(lessons)] if lessons else []
    return run("-m", "pytest", *settings, *chosen, folder=SITE_VENV)


def with_dask(*arguments):
    """Run Python in .venv once Dask is there, too."""
    finished, wanted = VENV / "dask.txt", DASK_LOCK.read_text()
    if not finished.exists() or finished.read_text() != wanted:
        say("Adding Dask to .venv, once: some 3 MB to download.")
        install(VENV, "-r", str(DASK_LOCK))
        finished.write_text(wanted)
    return run(*arguments)


def run(*arguments, folder=None):
    """Run Python in .venv or `folder`, in the checkout, in UTF-8 mode on every system."""
    command = [python_in(folder or VENV), *arguments]
    return subprocess.call(command, env=variables())


def say(text, end="\n"):
    sys.stdout.write(text + end)
    sys.stdout.flush()


def stop(cause):
    sys.exit(f"The set-up stopped: {cause}. Then call the same command again.")
