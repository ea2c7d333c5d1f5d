"""Help with writing on the page: next lines, an own address, rhymes, moods that are chosen, who sings."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import MissingError
from core.lyrics import Word, address
from core.lyrics.rhymes import Rhyme
from core.score import Score
from tests.pages.test_lyrics import batch, component, composed, typed
from ui import services
from ui.lyrics import own, rhyming, state
from ui.sound import LEAD

Finish = Callable[[AppTest], AppTest]
WORDS = "The morning sun is on the hill\nThe village and the fields are still\nA little bird begins to sing"


def few_rhymes(word: Word, limit: int) -> tuple[Rhyme, ...]:
    """Rhymes without the index of a language, which takes seconds."""
    found = {"sing": ("bring", "ring"), "月光": ("阳光", "远方")}.get(word.text, ())
    return tuple(Rhyme(text, closeness, 1, 0.1) for text, closeness in zip(found, ("perfect", "near"), strict=False))


@pytest.fixture
def help_open(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page that composes from lyrics, with words and the help with writing open."""
    monkeypatch.setattr(rhyming, "rhymes", few_rhymes)
    app.session_state["c_from"] = "lyrics"
    app.session_state["lyrics_help"] = True
    app.run()
    return typed(app, WORDS)


def asked(app: AppTest, button: str = "lyrics-next") -> AppTest:
    app.button(key=button).click().run()
    job = app.session_state["lyrics_next_job"]
    if job is not None:
        services.writers().wait(job, 30)
        app.run()
    assert not app.exception
    return app


def told(app: AppTest) -> str:
    return "\n".join(one.value for one in (*app.markdown, *app.caption))


def test_lines_are_marked_put_into_the_text_and_taken_back(help_open: AppTest) -> None:
    app = asked(help_open)
    assert "Written by a machine" in told(app)
    assert "8 syllables · rhymes with sing" in told(app)
    app.button(key="lyrics-take-1").click().run()
    assert app.session_state[state.WORDS] == WORDS + "\nThe river knows the song of spring"
    assert "Written by a machine" not in told(app)  # what was offered belongs to another text
    lines = [line for section in component(app, "sections")["sections"] for line in section["lines"]]
    assert [line["by"] for line in lines] == ["", "", "", "Written by a machine"]
    app.button(key="lyrics-next-undo").click().run()
    assert app.session_state[state.WORDS] == WORDS
    assert not any(button.key == "lyrics-next-undo" for button in app.button)


def test_a_line_goes_behind_the_one_that_was_chosen(help_open: AppTest) -> None:
    help_open.selectbox(key="c_next_after").select(0).run()
    help_open.number_input(key="c_next_syllables").set_value(6).run()
    help_open.selectbox(key="c_next_rhyme").select(0).run()
    app = asked(help_open)
    assert "6 syllables · rhymes with hill" in told(app)
    app.button(key="lyrics-take-0").click().run()
    assert app.session_state[state.WORDS].split("\n")[1] == "And every heart is full of <b>spring</b>"
    assert not app.exception


def test_what_was_offered_goes_when_the_text_changes(help_open: AppTest) -> None:
    app = asked(help_open)
    typed(app, WORDS + "!")
    assert not any(str(button.key).startswith("lyrics-take") for button in app.button)


def test_words_behind_which_nothing_can_be_written(help_open: AppTest) -> None:
    for text in ("", "🙂 🙃", "x\n" * 20_000, "<script>alert(1)</script>", "שלום", "a" * 500, "\x00\x01"):
        typed(help_open, text)
        if any(button.key == "lyrics-next" for button in help_open.button):
            asked(help_open)
        assert not help_open.exception


def test_nothing_may_be_sent_where_others_come_in(help_open: AppTest) -> None:
    assert not any(one.key == "lyrics_own_url" for one in help_open.text_input)


def test_an_own_address_is_told_and_asked_on_a_click(help_open: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[address.Address] = []

    def ask(to: address.Address, wish: object, count: int, *, progress: object = None) -> tuple:
        sent.append(to)
        if len(sent) > 1:
            raise MissingError(f"A program that answers at {to.host} is needed", "it cannot be reached")
        return (own_line,)

    own_line = address.NextLine("<img src=x onerror=alert(1)> a song", 8, False)
    monkeypatch.setattr(address, "ask", ask)
    monkeypatch.setattr(own, "_is_served_here", lambda: True)
    app = help_open.run()
    app.text_input(key="lyrics_own_url").set_value("ftp://x").run()
    app.text_input(key="lyrics_own_model").set_value("llama").run()
    assert "An address that begins with" in app.error[0].value
    app.text_input(key="lyrics_own_url").set_value("https://api.example.com/v1").run()
    app.text_input(key="lyrics_own_key").set_value("sk-secret").run()
    assert "sent to" in told(app)
    assert sent == []
    asked(app, "lyrics-own-ask")
    assert [(one.host, one.key) for one in sent] == [("api.example.com", "sk-secret")]
    assert "the program at api" in told(app)
    assert "does not quite rhyme" in told(app)
    asked(app, "lyrics-own-ask")
    assert any("cannot be reached" in error.value for error in app.error)
    assert "sk-secret" not in told(app)


def test_the_operator_may_name_an_address_or_forbid_all(help_open: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(own.URL, "http://10.1.2.3:8000/v1")
    monkeypatch.setenv(own.MODEL, "house")
    help_open.run()
    assert any(button.key == "lyrics-own-ask" for button in help_open.button)
    assert not any(one.key == "lyrics_own_url" for one in help_open.text_input)
    monkeypatch.setenv(own.URL, own.OFF)
    monkeypatch.setattr(own, "_is_served_here", lambda: True)
    help_open.run()
    assert not any(button.key == "lyrics-own-ask" for button in help_open.button)


def test_rhymes_of_the_last_word_and_of_any_other(help_open: AppTest) -> None:
    perfect = help_open.pills(key="lyrics_rhyme_picked-perfect")
    assert "Rhymes with sing" in perfect.label
    help_open.text_input(key="lyrics_rhyme_word").set_value("月光").run()
    found = help_open.pills(key="lyrics_rhyme_picked-near")
    assert "月光" in found.label
    assert found.options


def test_a_rhyme_is_put_at_the_end_with_a_click(help_open: AppTest) -> None:
    pills = help_open.pills(key="lyrics_rhyme_picked-perfect")
    word = pills.options[0]
    pills.select(word).run()
    assert help_open.session_state[state.WORDS] == f"{WORDS} {word}"
    help_open.button(key="lyrics-next-undo").click().run()
    assert help_open.session_state[state.WORDS] == WORDS


def test_words_without_a_rhyme(help_open: AppTest) -> None:
    for word in ("<script>", "🙂", "שלום", "brrr"):
        help_open.text_input(key="lyrics_rhyme_word").set_value(word).run()
        assert not help_open.exception


def test_a_mood_that_is_chosen_goes_before_what_was_read(help_open: AppTest, finish: Finish) -> None:
    app = help_open
    app.session_state["lyrics_moods_open"] = True
    typed(app, "[Verse]\nI am so sad\nMy tears are falling\n\n[Chorus]\nLove is good\nI am so happy\n\n[Chorus]")
    sliders = [slider for slider in app.slider if str(slider.key).startswith("lyrics-mood-")]
    assert len(sliders) == 4  # the chorus that comes back has none of its own
    assert sliders[0].value < 0 < sliders[2].value
    sliders[0].set_value(0.9).run()
    assert "You chose" in told(app)
    assert "you chose some of it" in told(app)
    composed(app, finish)
    request = batch(app)[0].request
    made = json.loads(request.moods)
    assert made[0][0] == 0.9
    assert made[1:] == [None, None]
    app.button(key="lyrics-mood-0-back").click().run()
    assert "You chose" not in told(app)


def test_words_are_sung_by_whom_the_listener_chose(help_open: AppTest, finish: Finish, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.audio import export

    played: list[Score] = []
    app = composed(help_open, finish)
    monkeypatch.setattr(export, "render_bytes", lambda score, *rest, **more: played.append(score) or b"sound")
    app.selectbox(key=LEAD).select(73).run()
    finish(app)
    assert not app.exception
    assert played
    assert {score.melody.program for score in played} == {73}
    assert {score.melody.name for score in played} == {"Voice"}
