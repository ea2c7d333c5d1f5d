"""What is heard in a large player counts as a play of the piece."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from core.store import Store
from tests.browser.songloom import Server, settle

HEARD = "() => [...document.querySelectorAll('*')].some(e => e.shadowRoot?.querySelector('audio')?.currentTime > 1.2)"


def test_a_tune_that_was_heard_in_the_library_is_a_play_once_the_page_is_left(tmp_path: Path, page: Page) -> None:
    server = Server(tmp_path)
    try:
        server.open(page, "/library")
        page.get_by_role("tab", name="Catalogue").click()
        page.locator("[class*=st-key-tune-] summary").first.click()
        page.locator("[class*=st-key-tune-] .roll[aria-busy=false] .player .play").first.click()
        page.wait_for_function(HEARD, timeout=60_000)
        page.get_by_role("link", name="My taste").first.click()
        page.locator(".one .title").wait_for()
        page.wait_for_function("() => window[Symbol.for('songloom.tab')].log.pending.length === 0")  # Python has it
        settle(page)
    finally:
        server.stop()
    store = Store(f"sqlite:///{tmp_path}/songloom.db")
    plays = store.listening.all_plays()
    store.close()
    assert [item.partition(":")[0] for item in plays.items] == ["tune"]
    assert 1.0 < float(plays.heard[0]) < float(plays.length[0])
