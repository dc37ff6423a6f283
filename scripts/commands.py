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
# What pip prints, and what that means to the reader.
CAUSES = {
    "the disk is full: free {gigabytes} GB": ("No space left", "Errno 28"),
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
    ),
    "no version of a package fits this system: try another Python (3.11 to 3.13)": (
        "No matching distribution",
        "Could not find a version",
    ),
}


def main(arguments):
    commands = {
        "lab": lab,
        "test": lambda *more: with_dask("scripts/suite.py", *more),
        "notebooks": lambda *more: run("scripts/pipeline.py", *more),
        "claims": lambda *more: with_dask("scripts/margins.py", *more),
        "bench": lambda *more: run("scripts/measure.py", *more),
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
    finished.write_text(state)
    say("The environment is ready.")


def create(folder, python):
    """An empty environment for this interpreter, in place of what was there."""
    if subprocess.call([python, "-m", "venv", "--clear", str(folder)]):
        stop("Python's venv module failed: on Debian, install python3-venv")


def add_the_course():
    install(VENV, "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    settings = VENV / "share/jupyter/lab/settings/overrides.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps(NO_NEWS))


def python_in(folder):
    """The interpreter of an environment, as text."""
    return str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def install(folder, *arguments, gigabytes=GIGABYTES):
    """Run `pip install` with a short progress line; stop with one sentence if it fails."""
    quiet = ["--no-input", "--progress-bar", "off"]
    command = [python_in(folder), "-m", "pip", "install", *quiet]
    process = subprocess.Popen(
        command + list(arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        encoding="utf-8",
        errors="replace",
    )
    lines, found = [], 0
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith(("Collecting", "Processing")):
            found += 1
            say(f"\r  found {found} packages", end="")
        elif line.startswith("Installing collected") and found > 1:
            say("\n  unpacking them, a silent minute ...")
    if process.wait() == 0:
        return
    text = "\n".join(lines)
    say("\n" + "\n".join(lines[-8:]))
    for cause, signs in CAUSES.items():
        if any(sign in text for sign in signs):
            stop(cause.format(gigabytes=gigabytes))
    stop("pip failed, so mend what its last line above names")


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
    return subprocess.call(command, env=dict(os.environ, PYTHONUTF8="1"))


def say(text, end="\n"):
    sys.stdout.write(text + end)
    sys.stdout.flush()


def stop(cause):
    sys.exit(f"The set-up stopped: {cause}. Then call the same command again.")
