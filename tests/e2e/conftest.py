"""A real server and a real Chromium for the tests of this folder."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_TIMEOUT_S = 60
CATALOGUE_TIMEOUT_S = 300


class Server:
    """A server process of its own, on a free port, with a data folder of its own."""

    def __init__(self, home: Path):
        self.home = home
        self.port = find_free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "server", "serve", "--port", str(self.port), "--home", str(self.home)]
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended at once: {self.log()}")
            try:
                if httpx.get(f"{self.url}/api/health").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise RuntimeError(f"the server did not answer within {START_TIMEOUT_S} s: {self.log()}")

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self.process is not None and self.process.poll() is None:
            os.kill(self.process.pid, number)
            self.process.wait(timeout=60)

    def log(self) -> str:
        return (self.home / "server.log").read_text(errors="replace")


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the catalogue, which takes a new server a while to make and is the same for all of them."""
    running = Server(tmp_path_factory.mktemp("first"))
    running.start()
    httpx.get(f"{running.url}/api/catalogue", timeout=CATALOGUE_TIMEOUT_S).raise_for_status()
    running.stop()
    return running.home / "cache"


@pytest.fixture
def server(tmp_path: Path, catalogue: Path) -> Iterator[Server]:
    """A server that nobody else uses: a test may kill and start it again."""
    running = Server(tmp_path)
    shutil.copytree(catalogue, tmp_path / "cache")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    """The distribution's Chromium where there is one, otherwise Playwright's own."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    launched = playwright_driver.chromium.launch(executable_path=chromium, args=BROWSER_FLAGS)
    yield launched
    launched.close()


@pytest.fixture
def context(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    # With less motion, as a person may ask for it: a click meets what it was aimed at, however slow the machine is.
    size: ViewportSize = {"width": 1440, "height": 900}
    opened = browser.new_context(base_url=server.url, viewport=size, reduced_motion="reduce")
    yield opened
    opened.close()


@pytest.fixture
def page_problems() -> list[str]:
    """What the page's scripts complained of. A test that provokes complaints takes them out."""
    return []


@pytest.fixture
def page(context: BrowserContext, page_problems: list[str]) -> Iterator[Page]:
    """A page whose script errors and console errors fail the test."""
    expect.set_options(timeout=15_000)
    opened = context.new_page()

    def keep_errors(message: ConsoleMessage) -> None:
        if message.type == "error":
            page_problems.append(f"{message.text} {message.location.get('url', '')}")

    opened.on("console", keep_errors)
    opened.on("pageerror", lambda error: page_problems.append(str(error)))
    yield opened
    assert not page_problems, f"the page reported errors: {page_problems}"
