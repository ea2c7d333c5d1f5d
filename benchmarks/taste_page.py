"""From the address of My taste to its shelves on the screen, for a listener with ratings.

    python -m benchmarks.taste_page [--repeats 5]

Starts the real app on a free port with an empty data folder, goes through the first visit in Debian's
Chromium and waits until the first models are fitted, on the stars of that listener and of the demonstration
community. Then each page is opened anew, in a session of its own on the warm server: with an empty browser
cache, as at the very first view, and with a filled one. Told are the seconds until the page's heading and
until the first card of “For you” can be seen; the About page, which shows nothing but words, tells what of it
is Streamlit's own start in the browser.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from benchmarks.served import READY, chromium, served
from core.corpora.catalogue import catalogue

ANSWERS = (5, 2, 4, 3, 5)
"""Stars of the first visit."""
FIT_SECONDS = 600.0
CARD = "[data-shelf=for-you] article"
SIZE = {"width": 1280, "height": 900}


def answer(page: Page, address: str) -> None:
    """Go through the first visit."""
    page.goto(f"{address}/taste")
    for stars in ANSWERS:
        page.locator(".one .title").wait_for(timeout=120_000)
        before = page.locator(".one .title").inner_text()
        page.locator(".one .stars").press(str(stars))
        page.locator(".one .stars").press("Enter")
        page.wait_for_function(
            "before => { const find = root => [...root.querySelectorAll('*')].flatMap(e =>"
            " [...(e.matches('.one .title') ? [e.textContent] : []), ...(e.shadowRoot ? find(e.shadowRoot) : [])]);"
            " return !find(document).includes(before) }",
            arg=before,
        )
        page.wait_for_selector(READY)
    page.locator(CARD).first.wait_for(timeout=60_000)


def wait_for_fit(home: Path) -> None:
    """Until the first models are there."""
    end = time.monotonic() + FIT_SECONDS
    while not (home / "taste" / "current").exists():
        if time.monotonic() > end:
            raise SystemExit(f"no models after {FIT_SECONDS:.0f} s")
        time.sleep(1)


def view(context: BrowserContext, address: str, wanted: str) -> tuple[float, float]:
    """Seconds to the heading and to what is wanted."""
    page = context.new_page()
    started = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator("h1").first.wait_for(timeout=60_000)
    heading = time.perf_counter() - started
    page.locator(wanted).first.wait_for(timeout=60_000)
    shown = time.perf_counter() - started
    page.wait_for_selector(READY)
    page.close()
    return heading, shown


def views(
    browser: Browser, state: StorageState, address: str, wanted: str, repeats: int, filled: bool
) -> list[tuple[float, float]]:
    """As many views, after one that is left out; with an empty cache each has a browser context of its own."""
    found = []
    context = browser.new_context(viewport=SIZE, storage_state=state)
    for _ in range(repeats + 1):
        if not filled:
            context.close()
            context = browser.new_context(viewport=SIZE, storage_state=state)
        found.append(view(context, address, wanted))
    context.close()
    return found[1:]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    rows = []
    with served() as (address, home), chromium() as browser:
        context = browser.new_context(viewport=SIZE)
        answer(context.new_page(), address)
        state = context.storage_state()
        context.close()
        wait_for_fit(home)
        for name, path, wanted in (("About", "about", "h1"), ("My taste", "taste", CARD)):
            for cache in ("empty", "filled"):
                rows.append((name, cache, views(browser, state, f"{address}/{path}", wanted, repeats, cache == "filled")))
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {len(catalogue()):,} pieces; "
          f"median of {repeats} (range), first view left out\n")
    print("| page | browser's cache | heading, s | cards, s |\n|---|---|---|---|")
    for name, cache, times in rows:
        heading, shown = zip(*times, strict=True)
        cards = "" if name == "About" else f"{statistics.median(shown):.2f} ({min(shown):.2f} to {max(shown):.2f})"
        print(f"| {name} | {cache} | {statistics.median(heading):.2f} | {cards} |")


if __name__ == "__main__":
    main()
