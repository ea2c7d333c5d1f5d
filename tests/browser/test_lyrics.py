"""From words to takes that run along with their sound, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.score.files import read_score
from tests.browser.songloom import Server, compose, settle
from tests.browser.test_accessible import LOOKS, violations

pytestmark = pytest.mark.browser
LIT = """word => { for (const element of document.querySelectorAll("*")) {
  const texts = [".text button.lit", ".strip .note.lit"].map((lit) => element.shadowRoot?.querySelector(lit)?.textContent.trim());
  if (texts.every((text) => text?.startsWith(word))) return true;
} }"""
"""A syllable is lit, in the line and under its note."""
WORDS = "Beautiful dreamer, wake unto me\nStarlight and dewdrops are waiting for thee"


def write(page: Page, text: str) -> None:
    """Choose lyrics and type words."""
    page.get_by_role("radio", name="Lyrics").click()
    box = page.get_by_role("textbox", name="Words to sing")
    box.fill(text)
    box.press("Control+Enter")
    settle(page)


def sing(server: Server, page: Page) -> None:
    """Takes to `WORDS`."""
    server.open(page)
    write(page, WORDS)
    page.locator(".sheet li").first.wait_for()
    compose(page)
    page.locator(".karaoke .strip svg").first.wait_for()


def test_words_become_takes_that_run_along_are_sung_again_and_taken_home(server: Server, page: Page) -> None:
    sing(server, page)
    card = page.locator("[class*=st-key-card-]").first
    expect(card.locator(".lit")).to_have_count(0)
    card.get_by_role("button", name="Play").click()
    page.wait_for_function(LIT, arg="wake")  # for less than half a second
    assert page.locator(".karaoke").nth(1).locator(".lit").count() == 0
    card.get_by_role("button", name="Pause").click()
    title = card.get_by_role("link").first.inner_text()
    card.get_by_role("button", name="Sing line 2 again").click()
    cards = page.locator("[class*=st-key-card-]")
    expect(cards).to_have_count(5)
    settle(page)
    expect(cards.nth(0)).to_contain_text(title)
    expect(cards.nth(1)).to_contain_text(f"{title}, line 2 anew")
    expect(page.locator(".st-key-compose button")).to_be_enabled()
    cards.nth(1).get_by_role("button", name="Download").click()
    for suffix in ("mid", "musicxml", "lrc"):
        with page.expect_download() as download:
            page.locator(f"[class*=st-key-download-][class*=-{suffix}] button").click()
        content = download.value.path().read_bytes()
        if suffix == "lrc":
            assert re.fullmatch(r"\[00:0\d\.\d\d]Beautiful dreamer wake unto me", content.decode().splitlines()[-2])
        else:
            lyrics = read_score(content, f"song.{suffix}").melody.lyrics
            assert [lyric.text for lyric in lyrics][:4] == ["Beau", "ti", "ful", "dream"]


def test_a_syllable_is_gone_to_by_click_and_by_key(server: Server, page: Page) -> None:
    sing(server, page)
    card = page.locator("[class*=st-key-card-]").first
    card.locator(".roll[aria-busy=false]").wait_for()
    card.get_by_role("button", name="Star", exact=True).click()
    expect(card.locator(".text button.lit")).to_have_text("Star")
    expect(card.locator(".strip .note.lit")).to_contain_text("Star")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(card.locator(".text button.lit")).to_have_text("ti")
    card.locator(".strip .note").filter(has_text="dream").locator(".syl").click()
    expect(card.locator(".text button.lit")).to_have_text("dream")


def test_a_word_is_put_right_in_place(server: Server, page: Page) -> None:
    server.open(page)
    write(page, WORDS)
    page.get_by_role("button", name="Beautiful: Beau-ti-ful, stress on Beau").click()
    parts = page.get_by_role("textbox", name="Syllables, parted by hyphens")
    parts.fill("Beauti-ful")
    parts.press("Enter")
    stress = page.locator(".st-key-lyrics_fix_stress label")
    expect(stress.filter(has_text="Beauti")).to_have_count(1)
    settle(page)
    stress.filter(has_text="ful").click()
    settle(page)
    page.get_by_role("button", name="Sing it so").click()
    expect(page.get_by_role("button", name="Beautiful: Beauti-ful, stress on ful, put right by you")).to_be_visible()
    page.get_by_role("button", name="beautiful: Beauti-ful", exact=True).click()
    expect(page.get_by_role("button", name="Beautiful: Beau-ti-ful, stress on Beau")).to_be_visible()


def test_coming_back_to_lyrics_composes_from_them_at_once(server: Server, page: Page) -> None:
    server.open(page)
    write(page, WORDS)
    page.get_by_role("radio", name="A style").click()
    expect(page.locator(".sheet")).to_have_count(0)
    settle(page)
    page.get_by_role("radio", name="Lyrics").click()
    page.locator(".sheet li").first.wait_for()
    settle(page)
    compose(page)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    expect(page.locator(".karaoke")).to_have_count(4)


def test_words_are_never_executed(server: Server, page: Page) -> None:
    told: list[str] = []
    page.on("dialog", lambda dialog: (told.append(dialog.message), dialog.dismiss()))
    server.open(page)
    write(page, "<script>alert(1)</script>\n<img src=x onerror=alert(2)> \"><svg onload=alert(3)>\n[a](javascript:alert(4))")
    expect(page.locator(".sheet li")).to_have_count(3)
    compose(page)
    page.locator(".karaoke .strip svg").first.wait_for()
    assert told == []
    assert page.locator(".karaoke script, .karaoke img, .sheet script, .sheet img").count() == 0


@LOOKS
def test_no_rule_is_broken(server: Server, new_page: Callable[..., Page], dark: bool, width: int) -> None:
    page = new_page(width=width, dark=dark)
    found: dict[str, list[str]] = {}
    server.open(page)
    page.get_by_role("radio", name="Lyrics").click()
    page.locator(".st-key-lyrics").wait_for()
    settle(page)
    found["empty"] = violations(page)
    write(page, WORDS + "\n\n长大了 one two\nno twin")
    found["words"] = violations(page)
    page.get_by_role("button", name="Beautiful: Beau-ti-ful, stress on Beau").click()
    page.get_by_role("dialog").wait_for()
    settle(page)
    found["dialog"] = violations(page)
    page.keyboard.press("Escape")
    settle(page)
    compose(page)
    page.locator(".karaoke .strip svg").first.wait_for()
    page.locator("[class*=st-key-card-]").first.get_by_role("button", name="Star", exact=True).click()
    found["takes"] = violations(page)
    assert not any(found.values()), "\n".join(sorted(f"{place}: {rule}" for place, rules in found.items() for rule in rules))
