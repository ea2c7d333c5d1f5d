"""`songloom serve`: the app, through Streamlit, from the folder that it lives in."""

from __future__ import annotations

import argparse
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from core.errors import MissingError, RequestError

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_PORT = 8501
_START_S = 120.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help=f"port (default: {DEFAULT_PORT} or the next free one)")
    parser.add_argument("--address", default="localhost", help="address to listen on; 0.0.0.0 lets other machines in")


def run(args: argparse.Namespace) -> int:
    port = _port(args.address, args.port)
    if not (ROOT / "app.py").is_file():
        raise MissingError("The app is started from a clone of the repository", f"there is no app.py in {ROOT}", "Clone it")
    # Streamlit's own lines name addresses that it only guesses; ours is printed when the app answers.
    server = subprocess.Popen(command(args.address, port), cwd=ROOT, stdout=subprocess.DEVNULL)

    def end(_signal: int, _frame: FrameType | None) -> None:
        server.terminate()

    before = signal.signal(signal.SIGTERM, end)
    try:
        _announce(server, "localhost" if args.address == "0.0.0.0" else args.address, port)
        return max(0, server.wait())
    except KeyboardInterrupt:
        return 0
    finally:
        signal.signal(signal.SIGTERM, before)
        server.terminate()
        server.wait()


def command(address: str, port: int) -> list[str]:
    """What starts Streamlit.

    Its watcher of files is off: when one of our files changes, or the kernel's queue of changes overflows, it throws every
    module of ours out of the running server. The next page loads all weights and dictionaries again, which takes up to a
    minute, and jobs under way answer with classes that nobody knows any more.
    """
    options = {
        "server.port": port,
        "server.address": address,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    return [sys.executable, "-m", "streamlit", "run", "app.py", *(f"--{name}={value}" for name, value in options.items())]


def _port(address: str, wanted: int | None) -> int:
    """The port that was asked for, else the default one or the next that is free.

    Raises:
        RequestError: it is out of range or in use.
    """
    if wanted is not None and not 1 <= wanted <= 65_535:
        raise RequestError("A port is a number between 1 and 65535", f"got {wanted}", "Choose another one")
    for port in [wanted] if wanted else range(DEFAULT_PORT, DEFAULT_PORT + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError:
                continue  # in use: try the next one
            return port
    got = f"{wanted} on {address} is in use" if wanted else f"the fifty from {DEFAULT_PORT} on {address} are in use"
    raise RequestError("A free port is needed", got, "Choose another one with --port")


def _announce(server: subprocess.Popen[bytes], host: str, port: int) -> None:
    """Print the address once the app answers there."""
    address = f"http://{host}:{port}"
    deadline = time.monotonic() + _START_S
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)  # not up yet
    if server.poll() is None:
        print(f"Songloom is at {address} (Ctrl+C ends it)", flush=True)
