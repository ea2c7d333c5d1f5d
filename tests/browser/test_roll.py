"""The piano roll in a real browser: drawn fast, heard, steered by keys."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

APP = Path(__file__).parent / "apps" / "roll_app.py"
FIRST, SECOND, EDITOR = 0, 1, 2

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(serve: Callable[..., str]) -> str:
    return serve(APP)


@pytest.fixture
def opened(address: str, page: Page, idle: Callable[[Page], None]) -> Page:
    page.goto(address)
    idle(page)
    expect(page.locator("canvas.notes")).to_have_count(3)
    return page


def roll(page: Page, index: int) -> Locator:
    return page.locator(".roll").nth(index)


def position(page: Page, index: int) -> float:
    return float(roll(page, index).locator("audio").evaluate("audio => audio.currentTime"))


def wait_for(page: Page, index: int, condition: str) -> None:
    """Wait until the JavaScript `condition` on the roll's `audio` holds."""
    handle = roll(page, index).locator("audio").element_handle()
    page.wait_for_function(f"audio => {condition}", arg=handle)


def notes(page: Page) -> list[tuple[int, int, int]]:
    text = page.locator("code").inner_text()
    return [tuple(map(int, note.split("/"))) for note in text.split()] if "/" in text else []  # type: ignore[misc]


def draw(page: Page, count: int) -> None:
    """Click `count` places on the editor as fast as the browser takes them, each in a cell of its own."""
    canvas = roll(page, EDITOR).locator("canvas.notes")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    for i in range(count):
        page.mouse.click(box["x"] + 60 + i * 45, box["y"] + 90 + (i * 7) % 10 * 12)


def expect_notes(page: Page, count: int) -> None:
    expect(page.get_by_text(re.compile("^notes: "))).to_have_text(f"notes: {count}")
    # The text comes in a message of its own.
    text = r"\s+".join([r"\d+/\d+/\d+"] * count) or "none"
    expect(page.locator("code")).to_have_text(re.compile(f"^{text}$"))


def test_twenty_notes_drawn_fast_all_arrive(opened: Page) -> None:
    draw(opened, 20)
    expect_notes(opened, 20)
    drawn = notes(opened)
    assert len({start for start, _, _ in drawn}) == 20
    assert all(start % 240 == 0 and duration == 240 for start, _, duration in drawn)


def test_notes_are_moved_lengthened_deleted_and_restored_by_keys(opened: Page, idle: Callable[[Page], None]) -> None:
    draw(opened, 1)
    expect_notes(opened, 1)
    [(start, pitch, _)] = notes(opened)
    keys = opened.keyboard
    for key in ("ArrowRight", "ArrowUp", "Shift+ArrowDown", "]"):
        keys.press(key)
    expect(opened.locator("code")).to_have_text(f"{start + 240}/{pitch + 1 - 12}/480")
    keys.press("Control+z")
    expect(opened.locator("code")).to_have_text(f"{start + 240}/{pitch + 1 - 12}/240")
    keys.press("Control+Shift+z")
    expect(opened.locator("code")).to_have_text(f"{start + 240}/{pitch + 1 - 12}/480")
    idle(opened)  # the roll knows it too
    keys.press("Control+a")
    keys.press("Delete")
    expect_notes(opened, 0)
    roll(opened, EDITOR).get_by_role("button", name="Undo").click()
    expect_notes(opened, 1)


def test_notes_are_drawn_without_a_mouse(opened: Page) -> None:
    canvas = roll(opened, EDITOR).locator("canvas.notes")
    canvas.focus()
    for key in ("ArrowUp", "Enter", "ArrowUp", "Enter"):
        opened.keyboard.press(key)
    expect(opened.locator("code")).to_have_text("0/68/240 240/69/240")
    expect(roll(opened, EDITOR).locator(".said")).to_have_text("A4, bar 1.1, added")


def test_notes_are_dragged_longer_and_deleted_by_a_double_click(opened: Page) -> None:
    canvas = roll(opened, EDITOR).locator("canvas.notes")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    x, y = box["x"] + 200, box["y"] + 150
    mouse = opened.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 140, y, steps=4)
    mouse.up()
    expect_notes(opened, 1)
    [(start, pitch, duration)] = notes(opened)
    assert duration > 480
    mouse.move(x + 20, y)
    mouse.down()
    mouse.move(x + 20, y - 36, steps=4)
    mouse.up()
    expect(opened.locator("code")).to_have_text(f"{start}/{pitch + 3}/{duration}")
    mouse.dblclick(x + 20, y - 36)
    expect_notes(opened, 0)


def test_zooming_in_keeps_the_grid_and_scrolls(opened: Page) -> None:
    editor = roll(opened, EDITOR)
    stage = editor.locator(".stage")
    before = stage.evaluate("stage => [stage.scrollWidth, stage.scrollHeight]")
    editor.get_by_role("button", name="Zoom in").click()
    wide = stage.evaluate("stage => [stage.scrollWidth, stage.scrollHeight]")
    assert wide[0] > before[0] * 1.3
    assert wide[1] > before[1] * 1.1
    draw(opened, 3)
    expect_notes(opened, 3)
    assert all(start % 240 == 0 for start, _, _ in notes(opened))
    editor.get_by_role("button", name="Zoom out").click()
    assert stage.evaluate("stage => [stage.scrollWidth, stage.scrollHeight]") == before


def test_a_drum_is_drawn_on_the_drum_track(opened: Page) -> None:
    editor = roll(opened, EDITOR)
    editor.locator("select.track").select_option(label="Drums")
    editor.locator("canvas.notes").focus()
    opened.keyboard.press("Enter")
    expect(editor.locator(".said")).to_have_text("Kick, bar 1.1, added")
    expect(editor.locator("canvas.notes")).to_have_attribute("aria-label", re.compile("1 note"))


def test_playing_moves_the_cursor_and_only_one_player_sounds(opened: Page) -> None:
    roll(opened, FIRST).get_by_role("button", name="Play").click()
    wait_for(opened, FIRST, "audio.currentTime > 0.4")
    over = roll(opened, FIRST).locator("canvas.over")
    before = float(over.get_attribute("data-cursor") or 0)
    wait_for(opened, FIRST, "audio.currentTime > 1.2")
    assert float(over.get_attribute("data-cursor") or 0) > before > 0
    roll(opened, SECOND).get_by_role("button", name="Play").click()
    wait_for(opened, SECOND, "!audio.paused && audio.currentTime > 0.1")
    wait_for(opened, FIRST, "audio.paused")
    expect(roll(opened, FIRST).get_by_role("button", name="Play")).to_be_visible()


def test_space_plays_and_pauses_the_player_touched_last(opened: Page) -> None:
    play = roll(opened, SECOND).get_by_role("button", name="Play")
    play.click()
    wait_for(opened, SECOND, "!audio.paused")
    opened.get_by_text(re.compile("^notes: ")).click()
    opened.evaluate("document.activeElement.blur()")
    opened.keyboard.press("Space")
    wait_for(opened, SECOND, "audio.paused")
    opened.keyboard.press("Space")
    wait_for(opened, SECOND, "!audio.paused")
    field = opened.get_by_label("A field")
    field.click()
    field.press("Space")
    expect(field).to_have_value(" ")
    assert roll(opened, SECOND).locator("audio").evaluate("audio => audio.paused") is False
    assert position(opened, FIRST) == 0


def test_a_click_on_the_roll_seeks(opened: Page) -> None:
    canvas = roll(opened, FIRST).locator("canvas.notes")
    wait_for(opened, FIRST, "audio.duration > 0")
    width = canvas.evaluate("canvas => canvas.clientWidth")
    canvas.click(position={"x": width / 2, "y": 100})
    wait_for(opened, FIRST, "Math.abs(audio.currentTime - 8) < 0.4")
    before = position(opened, FIRST)
    canvas.press("ArrowRight")
    wait_for(opened, FIRST, "Math.abs(audio.currentTime % 1) < 0.01")
    assert before < position(opened, FIRST) <= before + 1.01  # to the beginning of the next bar


def test_the_sound_answers_range_requests_and_survives_a_rerun(opened: Page) -> None:
    source = str(roll(opened, FIRST).locator("audio").evaluate("audio => audio.src"))
    assert "/media/" in source
    opened.get_by_label("A field").fill("rerun")
    opened.get_by_label("A field").press("Enter")
    draw(opened, 1)
    expect_notes(opened, 1)
    request = urllib.request.Request(source, headers={"Range": "bytes=0-99"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 206
        assert len(answer.read()) == 100
    assert roll(opened, FIRST).locator("audio").evaluate("audio => audio.src") == source


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_fits_a_phone_and_has_no_axe_violations(
    address: str, new_page: Callable[..., Page], idle: Callable[[Page], None], dark: bool
) -> None:
    page = new_page(width=390, height=800, dark=dark, touch=True)
    page.goto(address)
    idle(page)
    expect(page.locator("canvas.notes")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for name in (".play", ".stage", ".group"):
        for box in (item.bounding_box() for item in page.locator(name).all() if item.is_visible()):
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390
    found = Axe().run(page, context=".stApp", options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    assert found.violations_count == 0, found.generate_report()


def test_a_tap_draws_a_note(address: str, new_page: Callable[..., Page], idle: Callable[[Page], None]) -> None:
    page = new_page(width=390, height=800, touch=True)
    page.goto(address)
    idle(page)
    canvas = roll(page, EDITOR).locator("canvas.notes")
    canvas.scroll_into_view_if_needed()
    canvas.tap(position={"x": 120, "y": 120})
    expect_notes(page, 1)
    assert len(notes(page)) == 1
