"""Songloom with the fake engine as a server of its own, that can be stopped and started again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import IDLE, ROOT, TIMEOUT_MS, _wait_until_healthy, free_port

expect.set_options(timeout=TIMEOUT_MS)


class Server:
    """One server over one home folder; the address stays the same after a restart."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home, self._environment = home, environment
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if name != "SONGLOOM_DB"}
        environment |= {"SONGLOOM_HOME": str(self.home), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"} | self._environment
        with (self.home / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.serve", str(self.port)], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        _wait_until_healthy(self.address, self._process)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def open(self, page: Page, path: str = "/") -> Page:
        page.goto(self.address + path)
        page.wait_for_selector("h1")
        settle(page)
        return page


def settle(page: Page) -> None:
    """Wait until the script has run to its end."""
    page.wait_for_selector(IDLE)


def compose(page: Page, cards: int = 4) -> None:
    """Press Compose and wait for as many cards with a roll each, and for the script."""
    page.locator(".st-key-compose button").click()
    page.wait_for_function(
        "count => document.querySelectorAll('[class*=st-key-card-]').length === count"
        " && [...document.querySelectorAll('[class*=st-key-keep-]')].length === count",
        arg=cards,
    )
    settle(page)
