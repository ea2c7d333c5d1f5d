"""A real Streamlit server and a real Chromium, for tests that need both.

`serve(app_path)` starts a server of its own on a free port and gives its address; `page` is a
Playwright page in Debian's Chromium. The server ends with the module, the page with the test.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.audio.voices import melody, wav

if TYPE_CHECKING:
    from tests.browser.songloom import Server

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
"""The last two: pages that ask for the microphone get what `browser` gives it to hear, without a question."""
TUNE = (60, 62, 64, 65, 67)
"""What the microphone hears, over and over: notes of half a second, up from middle C."""
START_SECONDS = 60
TIMEOUT_MS = 60_000
"""A limit for a busy machine, not what anything takes."""
RERUNS = 1
"""A browser test that failed is tried once more, and pytest names it at the end: two browsers, two servers and what they
compose share two cores, and a red run for one late frame hides the next real failure. What fails twice is broken."""
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=RERUNS))


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"the server ended with code {process.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            _wait(process, 0.1)
    raise AssertionError(f"no healthy server at {address} after {START_SECONDS} s")


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Wait for the process to end, at most so long; that it goes on is what is expected."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """`serve(app_path, **environment)` gives the address of a fresh server that runs the app file.

    Starting one takes seconds: a module whose tests may share it calls this in a module's fixture.
    """
    logs = tmp_path_factory.mktemp("servers")
    processes: list[subprocess.Popen[bytes]] = []

    def start(app_path: Path | str, **environment: str) -> str:
        port = free_port()
        command = [sys.executable, "-m", "streamlit", "run", str(app_path)]
        options = {
            "server.port": port,
            "server.address": "127.0.0.1",
            "server.headless": "true",
            "server.fileWatcherType": "none",
            "browser.gatherUsageStats": "false",
        }
        command += [f"--{name}={value}" for name, value in options.items()]
        env = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"} | environment
        log = (logs / f"server-{port}.log").open("wb")
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)
        log.close()
        processes.append(process)
        address = f"http://127.0.0.1:{port}"
        _wait_until_healthy(address, process)
        return address

    yield start
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Songloom with the fake engine and a home of its own, for all tests of a module."""
    from tests.browser.songloom import Server

    running = Server(tmp_path_factory.mktemp("home"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Debian's Chromium, headless; its microphone hears `TUNE`."""
    executable = shutil.which("chromium") or "/usr/bin/chromium"
    sound = tmp_path_factory.mktemp("microphone") / "tune.wav"
    sound.write_bytes(wav(melody(TUNE, [0.5] * len(TUNE))))
    with sync_playwright() as playwright:
        flags = [*FLAGS, f"--use-file-for-fake-audio-capture={sound}"]
        chromium = playwright.chromium.launch(executable_path=executable, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`new_page(width=…, height=…, dark=…)` opens a page in a session of its own; no script of it may fail."""
    contexts = []
    failures: list[str] = []

    def open_page(*, width: int = 1280, height: int = 900, dark: bool = False, touch: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", has_touch=touch
        )
        context.set_default_timeout(TIMEOUT_MS)
        contexts.append(context)
        context.on("weberror", lambda failure: failures.append(str(failure.error)))
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert not failures


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page as wide as a laptop's."""
    return new_page()


@pytest.fixture
def idle() -> Callable[[Page], None]:
    """`idle(page)` waits until the app's script has run to its end."""

    def wait(page: Page) -> None:
        page.wait_for_selector(IDLE)

    return wait
