"""Help with writing in a real browser: next lines that a machine wrote, rhymes, moods; and what they look like."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.songloom import Server, compose, settle
from tests.browser.test_accessible import LOOKS, violations
from tests.browser.test_lyrics import write

pytestmark = pytest.mark.browser
WORDS = "The morning sun is on the hill\nThe village and the fields are still\nA little bird begins to sing"


def begin(server: Server, page: Page) -> None:
    server.open(page)
    write(page, WORDS)
    page.locator(".sheet li").first.wait_for()
    page.get_by_text("Help with writing").click()
    page.get_by_role("button", name="Suggest a line").wait_for()
    settle(page)


def test_a_line_and_a_rhyme_are_put_into_the_text_and_taken_back(server: Server, page: Page) -> None:
    told: list[str] = []
    page.on("dialog", lambda dialog: (told.append(dialog.message), dialog.dismiss()))
    begin(server, page)
    box = page.get_by_role("textbox", name="Words to sing")
    page.get_by_role("button", name="Suggest a line").click()
    offer = page.locator(".st-key-lyrics-offer")
    expect(offer).to_contain_text("Written by a machine")
    expect(offer).to_contain_text("rhymes with sing")
    page.get_by_role("button", name="The river knows the song of spring").click()
    expect(box).to_have_value(WORDS + "\nThe river knows the song of spring")
    expect(page.locator(".sheet li").nth(3)).to_contain_text("Written by a machine")
    settle(page)
    page.get_by_role("button", name="Take it back").click()
    expect(box).to_have_value(WORDS)
    settle(page)
    page.get_by_role("radio", name="thing", exact=True).click()
    expect(box).to_have_value(WORDS + " thing")
    settle(page)
    page.get_by_role("button", name="Take it back").click()
    expect(box).to_have_value(WORDS)
    assert told == []
    # Not asked for by anybody: the fields for an address are there, since this server is for this machine alone.
    page.get_by_role("button", name="A program of your own").click()
    page.get_by_role("textbox", name="Its address").fill("http://127.0.0.1:9/v1")
    page.get_by_role("textbox", name="Its address").press("Enter")
    settle(page)
    page.get_by_role("textbox", name="Name of the model").fill("llama")
    page.get_by_role("textbox", name="Name of the model").press("Enter")
    page.get_by_role("button", name="Send the words to 127.0.0.1:9 and ask").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("cannot be reached")


@LOOKS
def test_no_rule_is_broken(server: Server, new_page: Callable[..., Page], dark: bool, width: int) -> None:
    page = new_page(width=width, dark=dark)
    begin(server, page)
    page.get_by_role("button", name="Suggest a line").click()
    page.locator(".st-key-lyrics-offer").wait_for()
    page.get_by_text("Mood of each section").click()
    page.get_by_role("slider", name="Sad to happy").wait_for()
    settle(page)
    found = violations(page)
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    compose(page)
    page.get_by_role("button", name="Sound").first.click()
    page.get_by_text("Words are sung by").wait_for()
    found += violations(page)
    assert found == []
