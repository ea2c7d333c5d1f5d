"""What people do on the page on which a band plays, in a real browser."""

from __future__ import annotations

import io
from collections.abc import Callable

import mido
import pytest
from playwright.sync_api import Page, expect

from core.corpora.catalogue import catalogue
from tests.browser.songloom import Server, compose, settle
from tests.browser.test_accessible import LOOKS, violations
from tests.browser.test_journeys import PLAYING

pytestmark = pytest.mark.browser


def test_from_a_take_to_a_band_and_home(server: Server, page: Page) -> None:
    server.open(page)
    compose(page)
    page.get_by_role("button", name="Arrange").first.click()
    expect(page.locator("h1")).to_have_text("Arrange")
    page.locator(".st-key-band-folk button").click()
    player = page.locator(".st-key-arrangement .roll")
    player.locator(".play").click()
    page.wait_for_function(PLAYING)
    player.locator(".play").click()
    mixer = page.locator(".st-key-mixer")
    mixer.get_by_text("Mute Drums").click()
    expect(mixer.get_by_role("switch", name="Mute Drums")).to_be_checked()
    settle(page)
    mixer.get_by_role("button", name="Another Bass").click()
    undo = page.locator(".st-key-arrange-undo button")
    expect(undo).to_be_enabled()
    settle(page)
    undo.click()  # the old bass is there again, the drums are still mute
    settle(page)
    expect(mixer.get_by_role("switch", name="Mute Drums")).to_be_checked()
    page.locator(".st-key-arrangement").get_by_role("button", name="Download").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="MIDI", exact=True).click()
    file = mido.MidiFile(file=io.BytesIO(waiting.value.path().read_bytes()))
    names = [track.name for track in file.tracks[1:]]
    assert names == ["melody", "chords", "pad", "bass", "drums"]
    channels = [{message.channel for message in track if message.type == "note_on"} for track in file.tracks[1:]]
    assert channels[4] == {9}
    assert all(9 not in found for found in channels[:4])


@LOOKS
def test_no_tab_breaks_a_rule(server: Server, new_page: Callable[..., Page], dark: bool, width: int) -> None:
    page = new_page(width=width, dark=dark)
    server.open(page, "/arrange")
    found = {"empty": violations(page)}
    tune = next(entry.id for entry in catalogue() if entry.style == "irish-jig")
    server.open(page, f"/arrange?piece=tune:{tune}")
    found["bands"] = violations(page)
    page.locator(".st-key-band-folk button").click()
    for tab in ("Mixer", "Chords and sections", "All parts", "Notation"):
        page.get_by_role("tab", name=tab, exact=True).click()
        settle(page)
        found[tab] = violations(page)
    assert not any(found.values()), "\n".join(f"{tab}: {rule}" for tab, rules in found.items() for rule in rules)
