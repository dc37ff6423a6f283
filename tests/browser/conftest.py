"""A browser without a window, and what it must never meet: errors and other hosts."""

import contextlib
import functools
import http.server
import os
import re
import shutil
import subprocess
import threading

import playwright.sync_api
import pytest

import lessons
import pages

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Without the rest, a fresh profile talks to its maker.
ARGUMENTS = (
    "--no-sandbox",  # containers have none, and the pages are our own
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_addoption(parser):
    parser.addoption("--lessons", default="", help="numbers such as 00,01; none means all")


def pytest_configure(config):
    """Refuse a lesson that there is not, before JupyterLab and a browser are started."""
    try:
        lessons.chosen([n for n in config.getoption("lessons").split(",") if n])
    except SystemExit as error:
        raise pytest.UsageError(str(error)) from None


def pytest_generate_tests(metafunc):
    if "lesson" in metafunc.fixturenames:
        chosen = tuple(metafunc.config.getoption("lessons").split(","))
        found = [path for path in pages.NOTEBOOKS if path.name.startswith(chosen)]
        metafunc.parametrize("lesson", found, ids=lambda path: path.stem)


def browser_path():
    """The browser that CHROME names, else one on the PATH, else Debian's, else none."""
    named = os.environ.get("CHROME")
    names = [named] if named else NAMES
    return next(filter(None, map(shutil.which, names)), None)


def install_browser():
    """On Debian, as root, fetch its Chromium; elsewhere leave that to the reader."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.call(["apt-get", "update", "-qq"])
        subprocess.call(["apt-get", "install", "-qq", "-y", "chromium"])


def launch(chromium):
    """Start the browser of `browser_path`, else Chrome or Edge where they are installed."""
    named = os.environ.get("CHROME")
    if not browser_path() and not named:
        install_browser()
    if path := browser_path():
        return chromium.launch(executable_path=path, args=ARGUMENTS)
    for channel in () if named else ("chrome", "msedge"):
        with contextlib.suppress(playwright.sync_api.Error):
            return chromium.launch(channel=channel, args=ARGUMENTS)
    pytest.exit(
        "There is no browser: install Chromium or Chrome, or name one in the variable "
        "CHROME, then call the same command again.",
        returncode=1,
    )


@pytest.fixture(scope="session")
def browser():
    with playwright.sync_api.sync_playwright() as driver:
        browser = launch(driver.chromium)
        yield browser
        browser.close()


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        """Keep silent: failed requests show up in the tests."""


@pytest.fixture(scope="session")
def site():
    """The address of the site, below a folder as on GitHub Pages."""
    handler = functools.partial(Handler, directory=pages.HTML.parent)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{pages.HTML.name}/"
    server.shutdown()


@pytest.fixture
def visit(browser):
    """Open an address; when the test ends, fail on what the browser complained of."""
    faults, contexts = [], []

    def visit(address, width=1280, **options):
        context = browser.new_context(viewport=dict(width=width, height=900), **options)
        contexts.append(context)
        page = context.new_page()
        host = re.match(r"http://([^/]+)/", address)[1]
        watch(page, host, faults)
        page.goto(address)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture(scope="session")
def axe():
    """The script that looks for what would hinder a reader."""
    try:
        return (pages.npm_package("axe-core") / "axe.min.js").read_text("utf-8")
    except SystemExit as error:
        pytest.exit(str(error), returncode=1)


def watch(page, host, faults):
    """Note errors of scripts, requests that fail, and requests to any other host."""

    def note_foreign(request):
        if not re.match(rf"(http|ws)://{re.escape(host)}/|data:|blob:", request.url):
            faults.append(f"asks another host: {request.url}")

    def note_error(message):
        if message.type == "error":
            faults.append(f"console: {message.text} ({message.location.get('url')})")

    page.on("request", note_foreign)
    page.on("console", note_error)
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
