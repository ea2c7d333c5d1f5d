"""What people do on the page that varies and morphs, in a real browser and with the networks of the repository."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.corpora.catalogue import catalogue
from tests.browser.songloom import Server, settle
from tests.browser.test_accessible import LOOKS, violations
from tests.browser.test_journeys import PLAYING

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pair() -> str:
    """The address of the page with two jigs."""
    first, second = (entry.id for entry, _ in zip((e for e in catalogue() if e.style == "irish-jig"), range(2), strict=False))
    return f"/shape?a=tune:{first}&b=tune:{second}"


def choose(page: Page, which: str, words: str) -> None:
    page.locator(f".st-key-choose-{which} button").first.click()
    page.get_by_label("Or search your takes and the catalogue").fill(words)
    tune = page.locator(f"[class*=st-key-choose-{which}-tune] button", has_text=words).first
    tune.wait_for()
    settle(page)
    tune.click()
    expect(page.locator(f".st-key-end-{which}")).to_contain_text(words)
    page.keyboard.press("Escape")
    settle(page)


def test_from_a_tune_of_the_library_to_a_kept_variation(server: Server, page: Page) -> None:
    server.open(page, "/library")
    page.get_by_role("tab", name="Catalogue").click()
    page.locator("[class*=st-key-tune-] summary").first.click()
    page.get_by_role("button", name="Vary & morph").click()
    expect(page.locator("h1")).to_have_text("Vary & morph")
    page.locator(".st-key-shape-vary button").click()
    cards = page.locator("[class*=st-key-shape-roll-]")
    expect(cards).to_have_count(4)
    settle(page)
    page.get_by_role("button", name="Keep", exact=True).first.click()
    expect(page.get_by_role("button", name="Kept", exact=True)).to_have_count(1)


def test_a_morph_follows_the_slider_and_is_heard(server: Server, page: Page) -> None:
    server.open(page, "/shape")
    choose(page, "a", "Kitty of Coleraine")
    choose(page, "b", "Larry")
    page.get_by_role("tab", name="Morph").click()
    slider = page.get_by_role("slider", name="Between the two")
    slider.focus()
    picture = page.locator(".morph svg path")
    before = picture.get_attribute("d")
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "55%")
    assert picture.get_attribute("d") != before
    expect(page.locator("canvas.notes[aria-label*='55%']")).to_have_count(1)
    settle(page)
    page.locator(".roll", has=page.locator("canvas.notes[aria-label*='55%']")).locator(".play").click()
    page.wait_for_function(PLAYING)
    expect(page.locator(".morph-row li")).to_have_count(8)


def test_pointing_at_the_map_sounds_a_click_composes_there_and_a_line_is_a_way(server: Server, page: Page) -> None:
    server.open(page, "/shape")
    plot = page.locator(".js-plotly-plot .nsewdrag").first
    plot.wait_for()
    settle(page)
    page.locator("h1").click()  # before the first click a browser lets nothing sound
    point = page.locator(".js-plotly-plot .points path").first.bounding_box()
    assert point is not None
    page.mouse.move(point["x"] + point["width"] / 2, point["y"] + point["height"] / 2, steps=3)
    page.wait_for_function(PLAYING)
    box = plot.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.62 * box["width"], box["y"] + 0.3 * box["height"])
    expect(page.locator("[class*=st-key-shape-roll-]")).to_have_count(2)
    settle(page)
    page.locator("[class*=st-key-there-] button").first.click()
    expect(page.locator(".st-key-end-a canvas.notes")).to_have_count(1)
    assert "a=tune" in page.url
    settle(page)
    page.get_by_role("tab", name="Map").click()
    settle(page)
    page.locator(".js-plotly-plot").hover()
    page.locator(".modebar-btn[data-val=lasso]").click()
    box = page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    assert box is not None
    for number, (x, y) in enumerate(((0.3, 0.6), (0.4, 0.5), (0.5, 0.45), (0.6, 0.5), (0.65, 0.6), (0.5, 0.7))):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=4)
        if number == 0:
            page.mouse.down()
    page.mouse.up()
    expect(page.locator("[class*=st-key-map-way] canvas.notes").first).to_be_visible()


TUNE = "X:1\nT:Mine\nM:12/8\nL:1/8\nK:D\nDFA dAF Ace def|gfe dcB Bcd e3|faf gfe fdB AFD|GBd cec d6|]\n"


def test_a_file_of_ones_own_is_varied_and_a_bad_one_takes_nothing_away(server: Server, page: Page) -> None:
    server.open(page, "/shape")
    piece = page.locator(".st-key-end-a")
    for name, data, seen in (("mine.abc", TUNE.encode(), piece), ("bad.mid", b"MThd", page.get_by_test_id("stAlert"))):
        file = page.locator(".st-key-choose-file-a input[type=file]")
        if not file.count():  # the panel is closed
            page.locator(".st-key-choose-a button").first.click()
        file.set_input_files({"name": name, "mimeType": "audio/midi", "buffer": data})
        expect(seen).to_contain_text("cut short" if name == "bad.mid" else name)
        page.keyboard.press("Escape")
        settle(page)
    expect(piece).to_contain_text("mine.abc")
    page.locator(".st-key-shape-vary button").click()
    expect(page.locator("[class*=st-key-shape-roll-]")).to_have_count(4)
    expect(page.locator("[class*=st-key-shape-roll-]").first).to_be_visible()


@LOOKS
def test_no_tab_breaks_a_rule(server: Server, new_page: Callable[..., Page], pair: str, dark: bool, width: int) -> None:
    page = new_page(width=width, dark=dark)
    server.open(page, "/shape")
    found = {"empty": violations(page)}
    server.open(page, pair)
    for tab in ("Vary", "Morph", "Mix styles", "Character", "Map"):
        page.get_by_role("tab", name=tab, exact=True).click()
        settle(page)
        found[tab] = violations(page)
    assert not any(found.values()), "\n".join(f"{tab}: {rule}" for tab, rules in found.items() for rule in rules)
