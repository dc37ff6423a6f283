"""JupyterLab in a folder of its own, driven as a student drives it."""

import contextlib
import os
import re
import secrets
import socket
import subprocess
import time

import nbformat

import commands
import pages

MINUTES = 20  # for a lesson; the longest takes four on two idle cores
QUIET_SECONDS = 5  # a kernel is idle between two cells, too
PICTURES = pages.ROOT / "build" / "browser"
# What the notebook in front holds, what its kernel does, and what JupyterLab says of it.
STATE = """() => {
    const panel = jupyterapp.shell.currentWidget;
    return {cells: panel.context.model.toJSON().cells,
            status: panel.sessionContext.session?.kernel?.status,
            dialog: document.querySelector('.jp-Dialog-content')?.innerText};
}"""
# What a live figure says of its state, and the pictures that it draws.
READ = """figure => {
    const named = '.live-panel > canvas[aria-label]:not(.live-pad)';
    const greys = canvas => [...canvas.getContext('2d')
        .getImageData(0, 0, canvas.width, canvas.height).data]
        .filter((_, i) => i % 4 === 0).map(grey => grey / 255);
    return {
        code: JSON.parse(figure.dataset.code),
        images: Object.fromEntries([...figure.querySelectorAll(named)].map(
            canvas => [canvas.getAttribute('aria-label'), greys(canvas)])),
    };
}"""
SHUT_DOWN = "window.jupyterapp?.shell.currentWidget?.sessionContext?.shutdown()"


@contextlib.contextmanager
def serve(folder):
    """Start JupyterLab there; gives a function from a notebook's name to its address."""
    port, token = free_port(), secrets.token_hex(8)
    place = [f"--ServerApp.port={port}", f"--IdentityProvider.token={token}"]
    # The page then names its inner parts, so that the test can ask for cells and kernel.
    inside = "--LabApp.expose_app_in_browser=True"
    options = [*commands.LAB_OPTIONS, *place, inside, "--no-browser", "--allow-root"]
    python = commands.python_in(commands.VENV)
    command = [python, "-m", "jupyterlab", str(folder), *options]
    with (folder / "log.txt").open("w") as log:
        server = subprocess.Popen(command, env=environment(folder), stdout=log, stderr=log)
    try:
        wait_for_port(port, server, folder / "log.txt")
        yield lambda name: f"http://127.0.0.1:{port}/lab/tree/{name}?token={token}&reset"
    finally:
        server.terminate()
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def without_outputs(path):
    """A stored notebook as it was before it ran."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(folder):
    """As on a new machine: no settings of Jupyter's or of the course's."""
    names = {"JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"}
    names |= {"JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR"}
    kept = {key: value for key, value in os.environ.items() if "LESSONLIB_" not in key}
    own = {name: str(folder / "settings" / name.lower()) for name in names}
    return kept | own | {"PYTHONUTF8": "1"}


def wait_for_port(port, server, log):
    for _ in range(120):
        assert server.poll() is None, log.read_text()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(1)
    raise AssertionError(f"JupyterLab did not start: {log.read_text()}")


def wait_until_open(page):
    """Wait for the notebook's cells and for its kernel."""
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=120_000)
    page.wait_for_function(f"({STATE})().status === 'idle'", timeout=120_000)


def run_all(page):
    """Run all cells from the menu; gives the code cells as they are then."""
    wait_until_open(page)
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
    page.locator('.lm-Menu-item[data-command="runmenu:run-all"]').click()
    return finished_cells(page)


def finished_cells(page):
    """The code cells, once the last one has run and the kernel rests."""
    quiet, end = 0, time.monotonic() + 60 * MINUTES
    while time.monotonic() < end:
        state = page.evaluate(STATE)
        # A kernel that died, as for want of memory, is announced in a dialog, and starts
        # again too quickly for its status to be relied on.
        if state["dialog"] or state["status"] == "dead":
            raise AssertionError(state["dialog"] or "The kernel died.")
        cells = [cell for cell in state["cells"] if cell["cell_type"] == "code"]
        resting = state["status"] == "idle" and cells[-1]["execution_count"]
        quiet = quiet + 1 if resting or failed(cells) else 0
        if quiet > QUIET_SECONDS:
            return cells
        page.wait_for_timeout(1000)
    raise AssertionError(f"The lesson did not end within {MINUTES} minutes.")


def failed(cells):
    """An error leaves the cells behind it unrun: there is nothing to wait for."""
    return any("error" == o["output_type"] for cell in cells for o in cell["outputs"])


def changed(figure, move):
    """Make a move; gives what the figure shows then, which must not be as before."""
    before = figure.evaluate(READ)
    move()
    after = figure.evaluate(READ)
    assert after["code"] != before["code"] and after["images"] != before["images"]
    return after
