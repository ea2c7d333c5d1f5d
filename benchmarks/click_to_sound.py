"""From the click on Compose to sound in the browser, beside what the work alone costs.

    python -m benchmarks.click_to_sound [--repeats 5]

Starts the real app on a free port with an empty data folder, opens it in Debian's Chromium, and clicks
Compose with everything as it is at first (the first style, four takes of sixteen bars). Told are the
times until the takes are drawn, until the first player has its sound (the browser knows its length), and
until all four have. The limit is composing the same request and rendering and encoding its takes one after
another in this process, with weights and soundfont loaded.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time

from playwright.sync_api import Browser

from benchmarks.served import READY, chromium, served
from core.audio.export import PLAYER, render_bytes
from core.audio.soundfonts import default_soundfont
from core.engines.protocol import Request
from core.engines.registry import get
from core.score.accompany import with_chords

_PLAYABLE = """count => { const found = [];
  const walk = root => root.querySelectorAll('*').forEach(e => {
    if (e.tagName === 'AUDIO') found.push(e); if (e.shadowRoot) walk(e.shadowRoot) });
  walk(document); return found.filter(a => a.readyState >= 1).length >= count }"""


def limit(repeats: int) -> tuple[float, float]:
    """Median seconds of composing, then rendering one take alone; and of rendering all four."""
    engine, font = get("lstm", "cpu"), default_soundfont()
    style = engine.styles()[0].id
    times = []
    for seed in range(repeats + 1):
        started = time.perf_counter()
        takes = engine.compose(Request(style, random_seed=seed))
        for take in takes:
            render_bytes(with_chords(take.score), PLAYER, font)
            if take is takes[0]:
                first = time.perf_counter() - started
        times.append((first, time.perf_counter() - started))
    one, four = zip(*times[1:], strict=True)
    return statistics.median(one), statistics.median(four)


def clicks(browser: Browser, address: str, repeats: int) -> list[tuple[float, float, float]]:
    """For each click: seconds to the takes, to the first sound, to sound for all of them."""
    found = []
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    for _ in range(repeats + 1):
        page.goto(address)
        page.locator(".st-key-compose button").wait_for(timeout=60_000)
        page.wait_for_selector(READY, timeout=60_000)
        started = time.perf_counter()
        page.locator(".st-key-compose button").click()
        page.locator("[class*=st-key-card-] canvas").first.wait_for(timeout=120_000)
        drawn = time.perf_counter()
        page.wait_for_function(_PLAYABLE, arg=1, timeout=120_000)
        first = time.perf_counter()
        page.wait_for_function(_PLAYABLE, arg=4, timeout=120_000)
        found.append((drawn - started, first - started, time.perf_counter() - started))
    return found[1:]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    with served() as (address, _), chromium() as browser:
        times = clicks(browser, address, repeats)
    one, four = limit(repeats)
    load = os.getloadavg()[0]
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f}; median of {repeats}, first click left out\n")
    print("| from the click to | seconds | times the limit |\n|---|---|---|")
    names = ("takes drawn", "first sound", "sound for all four")
    for name, values, least in zip(names, zip(*times, strict=True), (one, one, four), strict=True):
        middle = statistics.median(values)
        print(f"| {name} | {middle:.2f} | {middle / least:.2f} |")
    print(f"| limit: composing four and rendering the first, alone | {one:.2f} | 1.00 |")
    print(f"| limit: composing and rendering four, alone | {four:.2f} | 1.00 |")


if __name__ == "__main__":
    main()
