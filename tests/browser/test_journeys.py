"""What people do with Songloom, from one end to the other, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.store import NewTake, Store
from tests.browser.conftest import TUNE
from tests.browser.songloom import Server, compose, settle
from tests.fakes import melody
from ui.files import to_midi

pytestmark = pytest.mark.browser
PLAYING = "() => [...document.querySelectorAll('*')].some(e => e.shadowRoot?.querySelector('audio')?.currentTime > 0.05)"


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Makes servers that no other test uses."""
    servers: list[Server] = []

    def start(**environment: str) -> Server:
        servers.append(Server(tmp_path, **environment))
        return servers[-1]

    yield start
    for running in servers:
        running.stop()


def stored_take(home: Path) -> str:
    """Puts a take of somebody else into the store of a home folder; its path and query."""
    store = Store(f"sqlite:///{home}/songloom.db")
    request = {"style": "irish-jig", "engine": "lstm"}
    new = NewTake("somebody", "Irish jig 1", "irish-jig", "lstm", request, "fake0000", 7, to_midi(melody()))
    (record,) = store.add([new])
    store.close()
    return f"/take?id={record.id}"


def test_from_the_first_visit_to_the_library_after_a_restart(own_server: Callable[..., Server], page: Page) -> None:
    server = own_server()
    server.open(page)
    expect(page.get_by_role("heading", name="What will you hear first?")).to_be_visible()
    compose(page)
    page.get_by_role("button", name="Play").first.click()
    page.wait_for_function(PLAYING)
    title = page.locator("[class*=st-key-card-]").first.get_by_role("link").first.inner_text()
    page.get_by_role("button", name="Keep", exact=True).first.click()
    expect(page.get_by_role("button", name="Kept", exact=True)).to_have_count(1)
    server.restart()
    server.open(page, "/library")
    expect(page.locator("[class*=st-key-kept-] a", has_text=title)).to_be_visible()


def test_a_deep_link_is_the_very_first_request_of_a_server(
    own_server: Callable[..., Server], tmp_path: Path, page: Page
) -> None:
    address = stored_take(tmp_path)
    server = own_server()
    server.open(page, address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Irish jig 1")
    assert page.url == server.address + address
    expect(page.get_by_text("Somebody else composed this take")).to_be_visible()
    expect(page.get_by_role("link", name="Library")).to_be_visible()
    page.locator("canvas.notes").first.wait_for()


@pytest.mark.parametrize("path", ["/library", "/about"])
def test_other_pages_can_come_first_too(own_server: Callable[..., Server], page: Page, path: str) -> None:
    server = own_server()
    server.open(page, path)
    assert page.url == server.address + path
    expect(page.get_by_test_id("stTopNav").get_by_role("link", name="Compose")).to_be_visible()
    expect(page.locator("h1")).to_contain_text({"/library": "Library", "/about": "About"}[path])


def test_an_uploaded_melody_is_continued(server: Server, page: Page) -> None:
    server.open(page)
    page.get_by_role("radio", name="A file").click()
    page.locator("input[type=file]").set_input_files({"name": "tune.mid", "mimeType": "audio/midi", "buffer": to_midi(melody())})
    expect(page.get_by_text("From tune.mid")).to_be_visible()
    settle(page)
    compose(page)
    expect(page.locator("[class*=st-key-card-]").first).to_contain_text("24 bars")


def test_a_broken_upload_keeps_the_page(server: Server, page: Page) -> None:
    server.open(page)
    compose(page)
    page.get_by_role("radio", name="A file").click()
    page.locator("input[type=file]").set_input_files({"name": "x.mid", "mimeType": "audio/midi", "buffer": b"no music"})
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    settle(page)
    expect(page.locator("[class*=st-key-card-]")).to_have_count(4)
    page.get_by_role("radio", name="A style").click()
    settle(page)
    compose(page)


def test_notes_drawn_on_the_roll_are_a_melody(server: Server, page: Page) -> None:
    server.open(page)
    page.get_by_role("radio", name="Your own notes").click()
    canvas = page.locator(".st-key-melody canvas.notes")
    canvas.wait_for()
    settle(page)
    for x in (0.2, 0.4, 0.6):
        box = canvas.bounding_box()
        assert box is not None
        canvas.click(position={"x": box["width"] * x, "y": box["height"] * 0.6})
    expect(canvas).to_have_attribute("aria-label", re.compile(r"3 notes"))
    expect(page.get_by_role("button", name="Clear")).to_be_enabled()
    settle(page)
    compose(page)


def test_a_sung_melody_is_corrected_by_keyboard_and_composed_from(server: Server, page: Page) -> None:
    server.open(page)
    page.get_by_role("radio", name="Hum or play").click()
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_test_id("stAudioInputWaveformTimeCode")).to_have_text("00:03")  # the tune lasts shorter
    page.get_by_role("button", name="Stop recording").click()
    expect(page.get_by_text(re.compile(r"\d+ notes heard in your recording"))).to_be_visible()
    canvas = page.locator(".st-key-melody canvas.notes")
    expect(canvas).to_have_attribute("aria-label", re.compile(r"\d+ notes"))
    heard = int(re.findall(r"(\d+) notes", canvas.get_attribute("aria-label") or "")[0])
    assert len(TUNE) - 1 <= heard <= 2 * len(TUNE)
    settle(page)
    canvas.focus()
    page.keyboard.press(".")
    page.keyboard.press("Delete")
    expect(canvas).to_have_attribute("aria-label", re.compile(rf"\b{heard - 1} notes"))
    settle(page)
    compose(page)


def test_work_can_be_cancelled_and_the_page_goes_on(own_server: Callable[..., Server], page: Page) -> None:
    server = own_server(SONGLOOM_TEST_HOLD="1")
    server.open(page)
    page.locator(".st-key-compose button").click()
    expect(page.get_by_text("Writing: Irish jig")).to_be_visible()
    page.get_by_role("link", name="About").click()
    expect(page.locator("h1")).to_have_text("About Songloom")
    page.get_by_role("link", name="Compose").click()
    expect(page.get_by_text("Writing: Irish jig")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Writing: Irish jig")).to_have_count(0)
    expect(page.locator(".st-key-compose button")).to_be_enabled()


def test_a_second_person_sees_a_place_in_the_line(own_server: Callable[..., Server], new_page: Callable[..., Page]) -> None:
    server = own_server(SONGLOOM_TEST_HOLD="1", SONGLOOM_TEST_WORKERS="1")
    first, second = new_page(), new_page()
    for page in (first, second):
        server.open(page)
        page.locator(".st-key-compose button").click()
        expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    expect(second.get_by_text("Next in line")).to_be_visible()
    first.get_by_role("button", name="Cancel").click()
    expect(second.get_by_text("Writing: Irish jig")).to_be_visible()


def test_two_people_do_not_see_each_others_takes(server: Server, new_page: Callable[..., Page]) -> None:
    first, second = new_page(), new_page()
    for page in (first, second):
        server.open(page)
    compose(first)
    first.get_by_role("button", name="Keep", exact=True).first.click()
    expect(first.get_by_role("button", name="Kept", exact=True)).to_have_count(1)
    expect(second.locator("[class*=st-key-card-]")).to_have_count(0)
    server.open(second, "/library")
    expect(second.get_by_text("Nothing kept yet")).to_be_visible()
    server.open(first, "/library")
    expect(first.locator("[class*=st-key-kept-]").first).to_be_visible()


def test_the_browsers_language_is_spoken_and_can_be_changed(server: Server, browser: Browser) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    server.open(page)
    expect(page.locator("h1")).to_have_text("作曲")
    compose(page)
    expect(page.get_by_role("button", name="收藏").first).to_be_visible()
    expect(page.locator("[class*=st-key-card-]").first).to_contain_text(re.compile(r"爱尔兰吉格舞曲 [1-4]"))
    page.get_by_role("radio", name="English").click()
    expect(page.locator("h1")).to_have_text("Compose")
    server.open(page)
    expect(page.locator("h1")).to_have_text("Compose")
    context.close()


def test_space_plays_the_take(server: Server, page: Page) -> None:
    server.open(page)
    compose(page)
    card = page.locator("[class*=st-key-card-]").first
    expect(card.locator(".roll.playing")).to_have_count(0)
    card.locator("canvas.notes").focus()
    page.keyboard.press("Space")
    page.wait_for_function(PLAYING)  # the sound goes on, and it is this card's
    expect(card.locator(".roll.playing")).to_have_count(1)
    assert page.locator(".roll.playing").count() == 1
    page.keyboard.press("Space")
    expect(card.locator(".roll.playing")).to_have_count(0)


def test_a_tune_of_the_catalogue_is_heard(server: Server, page: Page) -> None:
    server.open(page, "/library")
    page.get_by_role("tab", name="Catalogue").click()
    page.locator("[class*=st-key-tune-] summary").first.click()
    page.get_by_role("button", name="Play").first.click()
    assert page.wait_for_function(PLAYING).json_value()


def test_an_edit_is_heard(server: Server, page: Page) -> None:
    server.open(page)
    compose(page)
    page.get_by_role("button", name="Look closer").first.click()
    canvas = page.locator(".st-key-opened canvas.notes").first
    canvas.wait_for()
    address = """before => { for (const element of document.querySelectorAll(".st-key-opened *")) {
      const address = element.shadowRoot?.querySelector("audio")?.src;
      if (address && address !== before) return address;
    } }"""
    before = page.wait_for_function(address).json_value()
    settle(page)
    canvas.focus()
    page.keyboard.press("Enter")
    assert page.wait_for_function(address, arg=before).json_value() != before


def test_every_download_arrives(server: Server, page: Page) -> None:
    server.open(page)
    compose(page)
    name = page.locator("[class*=st-key-card-]").first.get_by_role("link").first.inner_text().strip().lower().replace(" ", "-")
    page.get_by_role("button", name="Download").first.click()
    heads = {"mid": b"MThd", "musicxml": b"<?xml", "abc": b"X:", "wav": b"RIFF", "flac": b"fLaC", "ogg": b"OggS", "mp3": b""}
    for suffix, head in heads.items():
        button = page.locator(f"[class*=st-key-download-][class*=-{suffix}] button")
        with page.expect_download() as download:
            button.click()
        assert download.value.suggested_filename == f"{name}.{suffix}"
        content = download.value.path().read_bytes()
        assert content.startswith(head)
        assert len(content) > 200


def test_nothing_is_fetched_from_elsewhere(server: Server, page: Page) -> None:
    foreign: list[str] = []
    page.on(
        "request",
        lambda request: None if request.url.startswith((server.address, "data:", "blob:")) else foreign.append(request.url),
    )
    server.open(page)
    compose(page)
    server.open(page, "/library")
    assert foreign == []


def test_a_restore_code_brings_a_listener_to_another_browser(server: Server, browser: Browser, page: Page) -> None:
    server.open(page)
    page.get_by_role("button", name="You", exact=True).click()
    page.get_by_role("textbox", name="Your name").fill("Ann")
    page.get_by_role("textbox", name="Your name").press("Enter")
    page.get_by_role("button", name="Ann", exact=True).wait_for()
    page.get_by_role("button", name="Show a restore code").click()
    code = page.get_by_text(re.compile(r"^[0-9A-Z]{5}(-[0-9A-Z]{5}){3}$")).inner_text()
    with browser.new_context() as elsewhere:
        other = elsewhere.new_page()
        server.open(other)
        before = listener_cookie(other)
        other.get_by_role("button", name="You", exact=True).click()
        other.get_by_role("textbox", name="Restore code from another device").fill(code)
        other.get_by_role("button", name="Restore", exact=True).click()
        other.get_by_role("button", name="Ann", exact=True).wait_for()
        settle(other)
        assert listener_cookie(other) == listener_cookie(page) != before
        server.open(other)
        other.get_by_role("button", name="Ann", exact=True).wait_for()
        # An altered cookie opens nothing, and gives way to one of a new listener.
        altered = listener_cookie(page)[:-1] + ("x" if listener_cookie(page)[-1] != "x" else "y")
        elsewhere.add_cookies([{"name": "songloom_listener", "value": altered, "url": server.address}])
        server.open(other)
        other.get_by_role("button", name="You", exact=True).wait_for()
        other.wait_for_function("altered => !document.cookie.includes(altered)", arg=altered)
        assert listener_cookie(other) not in (before, listener_cookie(page))


def listener_cookie(page: Page) -> str:
    """The cookie that says who listens, once the page has written it."""
    page.wait_for_function("() => document.cookie.includes('songloom_listener=')")
    return next(str(cookie["value"]) for cookie in page.context.cookies() if cookie["name"] == "songloom_listener")
