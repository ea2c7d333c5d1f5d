"""From a file to answers, tabs and passages, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.corpora.catalogue import catalogue
from core.score import Note, Score, Track
from core.score.files import write_score
from tests.analysis.make import arpeggios
from tests.browser.songloom import Server, settle
from tests.browser.test_accessible import LOOKS, violations

pytestmark = pytest.mark.browser
TABS = ("Harmony", "Form", "Style and mood", "Quality", "Originality", "Difficulty")
FIRST_MS = 90_000
"""The first report of a server loads the weights and the library of originality."""


@pytest.fixture
def waltz(tmp_path: Path) -> Path:
    """A file with a waltz and its chords."""
    chords = [(0, "maj"), (5, "maj"), (7, "7"), (0, "maj"), (9, "min"), (2, "min"), (7, "7"), (0, "maj")] * 2
    path = tmp_path / "my waltz.musicxml"
    path.write_bytes(write_score(arpeggios(chords, 2), ".musicxml"))
    return path


def bring(page: Page, path: Path) -> None:
    page.locator(".st-key-choose-file-analyse input[type=file]").set_input_files(path)


def test_a_file_is_answered_and_shown_in_tabs(server: Server, page: Page, waltz: Path) -> None:
    server.open(page, "/analyse")
    bring(page, waltz)
    card = page.locator(".st-key-analyse-what")
    expect(card).to_contain_text("D major", timeout=FIRST_MS)
    expect(card).to_contain_text("3/4")
    settle(page)
    for tab in TABS:
        page.get_by_role("tab", name=tab, exact=True).click()
        settle(page)
    expect(page.locator(".st-key-analyse-level-violin")).to_contain_text("grade")


def test_a_broken_file_and_drums_alone_leave_the_page_whole(server: Server, page: Page, tmp_path: Path) -> None:
    server.open(page, "/analyse")
    broken = tmp_path / "broken.mid"
    broken.write_bytes(b"MThd and no more")
    bring(page, broken)
    expect(page.get_by_role("alert").first).to_be_visible()
    drums = tmp_path / "drums.mid"
    drums.write_bytes(write_score(Score((Track((Note(0, 36, 240), Note(480, 38, 240)), is_drum=True),)), ".mid"))
    page.reload()
    settle(page)
    bring(page, drums)
    expect(page.locator(".st-key-analyse-what")).to_contain_text("4/4", timeout=FIRST_MS)


@LOOKS
def test_no_rule_is_broken(server: Server, new_page: Callable[..., Page], dark: bool, width: int) -> None:
    page = new_page(width=width, dark=dark)
    found: dict[str, list[str]] = {}
    server.open(page, "/analyse")
    found["empty"] = violations(page)
    tune = next(entry.id for entry in catalogue() if entry.style == "irish-jig")
    server.open(page, f"/analyse?piece=tune:{tune}")
    page.locator(".st-key-analyse-what").wait_for(timeout=FIRST_MS)
    for tab in TABS:
        page.get_by_role("tab", name=tab, exact=True).click()
        settle(page)
        found[tab] = violations(page)
    assert not any(found.values()), "\n".join(sorted(f"{place}: {rule}" for place, rules in found.items() for rule in rules))
