"""What listeners do on the page "My taste", in a real browser: from the first stars to deleting everything."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.store import Store
from tests.browser.songloom import Server, settle
from tests.browser.test_accessible import LOOKS, violations
from tests.browser.test_journeys import PLAYING

pytestmark = pytest.mark.browser


def first_visit(page: Page, answers: tuple[float, ...] = (5, 1, 5, 4, 0.5)) -> list[str]:
    """Answer what is asked with stars; the titles that were asked about."""
    asked = []
    for stars in answers:
        title = page.locator(".one .title").inner_text()
        asked.append(title)
        row = page.locator(".one .stars")
        box = row.bounding_box()
        assert box is not None
        row.click(position={"x": 4 + (box["width"] - 8) * (stars - 0.3) / 5, "y": box["height"] / 2})
        expect(page.locator(".tunes .title").first).not_to_have_text(title)
        settle(page)
    return asked


def shelf(page: Page, id: str) -> list[str]:
    return page.locator(f"[data-shelf={id}] .title").all_inner_texts()


def menu(page: Page, entry: str) -> None:
    page.locator("[data-shelf=for-you] .more").first.click()
    page.get_by_role("menuitem", name=entry).click()
    settle(page)


def test_from_the_first_stars_to_deleting_everything(server: Server, new_page: Callable[..., Page], tmp_path: Path) -> None:
    page = new_page()
    server.open(page, "/taste")
    expect(page.get_by_role("heading", name="What do you like?")).to_be_visible()
    asked = first_visit(page)
    assert len(set(asked)) == 5
    before = shelf(page, "for-you")
    assert len(before) >= 6
    assert not set(before) & set(asked)

    page.locator("[data-shelf=for-you] .stars").first.focus()
    for key in ("End", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("[data-shelf=for-you] .stars").first).to_have_attribute("aria-valuenow", "4.5")
    page.get_by_role("button", name="Show what they change").click()
    expect(page.locator("[data-shelf=for-you] .title").first).not_to_have_text(before[0])
    settle(page)

    page.locator("[data-shelf=for-you] .because").first.click()
    expect(page.locator(".panel.reasons li").first).to_be_visible()
    reasons = page.locator(".panel.reasons li span:first-child").all_inner_texts()
    assert set(reasons) & {*asked, before[0]}
    page.keyboard.press("Escape")

    gone = shelf(page, "for-you")[0]
    menu(page, "Leave this piece out")
    expect(page.locator(".shelves")).not_to_contain_text(gone)

    page.locator("[data-shelf=for-you] .play").first.click()
    page.wait_for_function(PLAYING)

    page.get_by_role("button", name="Compose", exact=True).click()
    composed = page.locator("[data-shelf=composed] .title")
    expect(composed.first).to_be_visible(timeout=90_000)
    settle(page)
    page.locator("[data-shelf=composed] .stars").first.click(position={"x": 90, "y": 14})
    expect(page.locator("[data-shelf=composed] .stars").first).to_have_attribute("aria-valuetext", "4 of 5 stars")
    settle(page)

    page.get_by_role("tab", name="My data").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    taken = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    words = json.dumps(taken)
    assert "take:" in words
    assert words.count("tune:") >= len(asked)

    other = new_page()
    server.open(other, "/taste")
    expect(other.get_by_role("heading", name="What do you like?")).to_be_visible()
    assert not set(asked[1:]) <= set(other.locator(".title").all_inner_texts())

    page.get_by_role("button", name="Delete everything").click()
    page.get_by_role("button", name="Yes, delete everything").click()
    expect(page.get_by_text("Everything about you is deleted.")).to_be_visible()
    expect(page.get_by_role("heading", name="What do you like?")).to_be_visible()
    settle(page)
    store = Store(f"sqlite:///{server.home}/songloom.db")
    left = store.listening.counts()
    store.close()
    assert not any(left.values()), left


def test_what_was_heard_is_noted_when_another_piece_starts(server: Server, page: Page) -> None:
    store = Store(f"sqlite:///{server.home}/songloom.db")
    before = set(store.listening.all_plays().listeners)  # those of the tests before this one
    server.open(page, "/taste")
    page.get_by_role("button", name="Skip this").click()
    page.locator("[data-shelf=for-you]").wait_for()
    settle(page)
    page.locator("[data-shelf=for-you] .play").first.click()
    page.wait_for_function(PLAYING)
    page.wait_for_function(PLAYING.replace("0.05", "3"))
    page.locator("[data-shelf=for-you] .play").nth(1).click()
    settle(page)
    page.wait_for_function("() => ![...document.querySelectorAll('[data-state=waiting]')].length")
    expect(page.locator("[data-shelf=for-you] li[data-state=playing]")).to_have_count(1)
    plays = store.listening.all_plays()
    store.close()
    (own,) = [place for place, listener in enumerate(plays.listeners) if listener not in before]
    assert 1.0 < float(plays.heard[own]) < float(plays.length[own])


@LOOKS
def test_no_part_of_the_page_breaks_a_rule(server: Server, new_page: Callable[..., Page], dark: bool, width: int) -> None:
    page = new_page(width=width, dark=dark)
    found: dict[str, list[str]] = {}
    server.open(page, "/taste")
    page.locator(".one .title").wait_for()
    settle(page)
    found["visit"] = violations(page)
    first_visit(page)
    page.get_by_text("Steer", exact=True).click()
    settle(page)
    found["shelves"] = violations(page)
    page.locator("[data-shelf=for-you] .because").first.click()
    page.locator(".panel.reasons li").first.wait_for()
    found["reasons"] = violations(page)
    page.keyboard.press("Escape")
    page.locator("[data-shelf=for-you] .more").first.click()
    page.get_by_role("menuitem").first.wait_for()
    found["menu"] = violations(page)
    page.get_by_role("menuitem", name="Comments and playlists").click()
    page.get_by_role("dialog").wait_for()
    settle(page)
    found["dialog"] = violations(page)
    page.get_by_role("dialog").press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    for tab in ("Profile", "Playlists", "Together", "My data"):
        page.get_by_role("tab", name=tab).click()
        settle(page)
        found[tab] = violations(page)
    assert not any(found.values()), "\n".join(sorted(f"{place}: {rule}" for place, rules in found.items() for rule in rules))
