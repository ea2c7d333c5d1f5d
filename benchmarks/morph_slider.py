"""How soon a morph answers when its slider moves, in the browser and without it.

    python -m benchmarks.morph_slider [--repeats 12]

Starts the real app with an empty data folder, opens a morph between two tunes of the catalogue in
Debian's Chromium, and moves the slider by its keys. Told are, measured inside the page, the times from the
key to the frame that shows the picture of the new piece, and to the roll of that piece (both name the share
in their text alternatives), under which it can be played. Beside them stands what decoding one piece takes
in this process. The limit is the issue's: 300 ms.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time

from benchmarks.served import READY, chromium, served
from core.corpora.catalogue import catalogue, load
from core.engines.vae import shaping

LIMIT_MS = 300.0

_WATCH = """([picture, share]) => { window.answered = new Promise(done => {
  const labels = () => [...document.querySelectorAll("*")].map(element =>
    element.shadowRoot?.querySelector(picture)?.getAttribute("aria-label") ?? "").join(" ");
  window.addEventListener("keydown", () => {
    const begun = performance.now();
    const look = () => labels().includes(share) ? done(performance.now() - begun) : requestAnimationFrame(look);
    requestAnimationFrame(look);
  }, { capture: true, once: true });
}) }"""
PICTURES = {"the picture": ".morph svg", "the roll to play": "canvas.notes"}


def pair() -> tuple[str, str]:
    """Two jigs of sixteen bars."""
    found = [entry.id for entry in catalogue() if entry.style == "irish-jig" and len(load(entry.id).bars) in (16, 17)]
    return found[0], found[1]


def in_the_browser(ids: tuple[str, str], picture: str, repeats: int) -> list[float]:
    """Milliseconds from a key on the slider to the new piece in a picture; the first three are left out."""
    times = []
    with served() as (address, _), chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}/shape?a=tune:{ids[0]}&b=tune:{ids[1]}")
        page.get_by_role("tab", name="Morph").click(timeout=60_000)
        slider = page.get_by_role("slider", name="Between the two")
        slider.wait_for(timeout=60_000)
        page.wait_for_selector(READY, timeout=60_000)
        slider.focus()
        share, step = 50, 5
        for _ in range(repeats + 3):
            if not 0 < share + step < 100:
                step = -step
            share += step
            page.evaluate(_WATCH, [picture, f", {share}%"])
            page.keyboard.press("ArrowRight" if step > 0 else "ArrowLeft")
            times.append(float(page.evaluate("() => window.answered")))
            page.wait_for_timeout(300)
            page.wait_for_selector(READY, timeout=60_000)
    return times[3:]


def alone(ids: tuple[str, str], repeats: int) -> list[float]:
    """Milliseconds that decoding one step takes."""
    morph = shaping.morph(load(ids[0]), load(ids[1]), False)
    times = []
    for at in range(repeats + 1):
        begun = time.perf_counter()
        morph.at(0.05 + 0.9 * at / (repeats + 1))
        times.append(1000 * (time.perf_counter() - begun))
    return times[1:]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=12)
    repeats = parser.parse_args().repeats
    ids = pair()
    times = {f"from the key to {name}": in_the_browser(ids, picture, repeats) for name, picture in PICTURES.items()}
    times["decoding one piece, alone"] = alone(ids, repeats)
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {repeats} moves\n")
    print("| | median, ms | slowest, ms |\n|---|---|---|")
    for name, found in times.items():
        print(f"| {name} | {statistics.median(found):.0f} | {max(found):.0f} |")
    met = [name for name, found in times.items() if statistics.median(found) < LIMIT_MS]
    print(f"\nTarget: under {LIMIT_MS:g} ms, met by the median of: {'; '.join(met)}.")


if __name__ == "__main__":
    main()
