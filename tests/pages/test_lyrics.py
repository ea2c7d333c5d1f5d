"""Songs from words on the Compose page: how they are read, put right, composed, sung again; and words that cannot be sung."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.engines.lstm.song.wish import CHOIR, VOICES
from core.lyrics.corrections import corrections_from_json
from ui.lyrics import fix, state
from ui.lyrics.write import EXAMPLES

Finish = Callable[[AppTest], AppTest]
WORDS = "Beautiful dreamer, wake unto me\nStarlight and dewdrops are waiting for thee"


@pytest.fixture
def words(app: AppTest) -> AppTest:
    """The page that composes from lyrics, with nothing typed yet."""
    app.session_state["c_from"] = "lyrics"
    return app.run()


def typed(app: AppTest, text: str) -> AppTest:
    app.text_area(key="c_words").set_value(text).run()
    assert not app.exception
    return app


def composed(app: AppTest, finish: Finish) -> AppTest:
    app.button(key="compose").click().run()
    finish(app)
    assert not app.exception
    return app


def component(app: AppTest, key: str) -> dict:
    """What Python tells the first component whose data has `key`."""
    told = [json.loads(one.proto.json) for one in app.get("bidi_component") if one.proto.json]
    return next(data for data in told if key in data)


def batch(app: AppTest) -> tuple:
    return app.session_state["batches"][-1]


def test_the_empty_box_says_what_to_do(words: AppTest) -> None:
    assert not words.exception
    assert any("Type or paste words" in markdown.value for markdown in words.markdown)
    assert not words.header  # the gallery of styles has gone
    words.button(key="compose").click().run()
    assert "Words to sing are needed" in words.error[0].value
    assert "job" not in words.session_state


@pytest.mark.parametrize("language", EXAMPLES)
def test_an_example_is_one_click_away_and_fits(words: AppTest, language: str) -> None:
    words.button(key=f"lyrics-example-{language}").click().run()
    assert not words.exception
    assert not words.error
    sections = component(words, "sections")["sections"]
    assert len(sections) == 4
    assert [line["note"] for section in sections for line in section["lines"]] == [""] * 12
    assert all("Mood:" in section["mood"] for section in sections)


def test_what_is_read_is_shown_beside_the_words(words: AppTest) -> None:
    typed(words, f"[Verse]\n{WORDS}\n\n[Verse]\nOne two\n长大了")
    first, second = component(words, "sections")["sections"]
    beautiful = first["lines"][0]["words"][0]
    assert [(one["text"], one["stress"]) for one in beautiful["syllables"]] == [("Beau", 1), ("ti", 0), ("ful", 0)]
    assert beautiful["said"] == "Beautiful: Beau-ti-ful, stress on Beau"
    assert [line["rhyme"] for line in first["lines"]] == ["A", "A"]
    assert first["lines"][0]["count"] == "9"
    assert second["lines"][0]["note"] == "2 syllables, but line 1, which has the same tune, has 9."
    assert [one["over"] for word in second["lines"][1]["words"] for one in word["syllables"]] == ["zhǎng", "dà", "le"]
    whole = next(caption.value for caption in words.caption if "All words together" in caption.value)
    assert "because" in whole


def test_the_mood_is_overruled_by_what_is_chosen(words: AppTest, finish: Finish) -> None:
    typed(words, "Tears and sorrow, I am lonely\nMy heart is broken, sad and only")
    composed(words, finish)
    assert batch(words)[0].request.mode == "minor"
    words.selectbox(key="c_mode").set_value("major")
    words.number_input(key="c_tempo").set_value(140).run()
    said = next(caption.value for caption in words.caption if "All words together" in caption.value)
    assert "You chose" in said
    composed(words, finish)
    request = batch(words)[0].request
    assert (request.mode, request.tempo) == ("major", 140)


def test_words_become_takes_with_a_note_a_syllable(words: AppTest, finish: Finish) -> None:
    typed(words, WORDS)
    composed(words, finish)
    assert len(batch(words)) == 4
    take = batch(words)[0]
    assert "".join(lyric.text for lyric in take.score.melody.lyrics[:3]) == "Beautiful"
    assert take.request.words == WORDS
    assert take.request.program == CHOIR
    karaoke = component(words, "onsets")
    assert [len(line) for line in karaoke["lines"]] == [9, 10]
    assert {from_second for line in karaoke["lines"] for _, from_second, _ in line} <= {onset[0] for onset in karaoke["onsets"]}
    assert karaoke["again"] == ["Sing line 1 again, keep the others", "Sing line 2 again, keep the others"]


def test_a_voice_is_a_range_and_a_range_of_ones_own_comes_first(words: AppTest, finish: Finish) -> None:
    typed(words, WORDS)
    words.selectbox(key="c_voice").set_value("bass").run()
    composed(words, finish)
    low, high = VOICES["bass"]
    assert batch(words)[0].request.pitch_range == (low, high)
    assert all(low <= note.pitch <= high for note in batch(words)[0].score.melody.notes)
    words.toggle(key="c_own_range").set_value(True).run()
    words.select_slider(key="c_range").set_value((60, 72)).run()
    composed(words, finish)
    assert batch(words)[0].request.pitch_range == (60, 72)


def test_only_styles_that_sing_are_offered(words: AppTest) -> None:
    assert "Bach chorale" not in words.selectbox(key="c_style").options
    words.session_state["c_from"] = "style"
    words.run()
    assert "Bach chorale" in words.selectbox(key="c_style").options


def test_no_weights_that_sing_is_a_message(words: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    from ui import services

    monkeypatch.setattr(services.engine(), "sung_styles", lambda free_only=False: ())
    words.run()
    assert not words.exception
    assert "there are none that sing" in words.error[0].value
    words.session_state["c_from"] = "style"
    words.run()
    assert not words.error


def open_word(app: AppTest, line: int, word: int) -> AppTest:
    """What a click on a word does."""
    lyrics = state.read_text(app.session_state["c_words"], "auto", "")
    before = [each for other in lyrics.lines[:line] for each in other.words] + list(lyrics.lines[line].words[:word])
    own = lyrics.lines[line].words[word]
    nth = 1 + sum(each.text.casefold() == own.text.casefold() for each in before)
    values = {fix._OPENED: fix.Opened(own, nth), fix._PARTS: "-".join(one.text for one in own.syllables), fix._STRESS: 0,
              fix._PINYIN: " ".join(one.pinyin for one in own.syllables), fix._EVERYWHERE: True}
    for key, value in values.items():
        app.session_state[key] = value
    return app.run()


def test_a_word_is_put_right_and_back(words: AppTest, finish: Finish) -> None:
    typed(words, WORDS)
    open_word(words, 0, 0)
    words.text_input(key="lyrics_fix_parts").set_value("Beauti-ful").run()
    words.radio(key="lyrics_fix_stress").set_value(1).run()
    words.button(key="lyrics-fix-apply").click().run()
    assert not words.exception
    beautiful = component(words, "sections")["sections"][0]["lines"][0]["words"][0]
    assert [(one["text"], one["stress"]) for one in beautiful["syllables"]] == [("Beauti", 0), ("ful", 1)]
    assert beautiful["fixed"]
    composed(words, finish)
    request = batch(words)[0].request
    assert corrections_from_json(request.corrections).words
    assert len(batch(words)[0].score.melody.lyrics) == 18
    words.button(key="lyrics-unfix-0").click().run()
    assert not component(words, "sections")["sections"][0]["lines"][0]["words"][0]["fixed"]


def test_pinyin_is_put_right(words: AppTest) -> None:
    typed(words, "长大了")
    open_word(words, 0, 0)
    words.text_input(key="lyrics_fix_pinyin").set_value("chang2 da4").run()
    words.button(key="lyrics-fix-apply").click().run()
    word = component(words, "sections")["sections"][0]["lines"][0]["words"][0]
    assert [one["over"] for one in word["syllables"]] == ["cháng", "dà"]


def test_a_correction_that_does_not_fit_says_so_and_loses_nothing(words: AppTest) -> None:
    typed(words, WORDS)
    open_word(words, 0, 0)
    words.text_input(key="lyrics_fix_parts").set_value("ugly").run()
    words.button(key="lyrics-fix-apply").click().run()
    assert not words.exception
    assert any("joined are the word" in error.value for error in words.error)
    assert words.text_area(key="c_words").value == WORDS
    assert not words.session_state["lyrics_fixes"].words


def test_one_line_is_sung_again_and_the_old_take_stays(words: AppTest, finish: Finish) -> None:
    typed(words, WORDS)
    composed(words, finish)
    old = batch(words)[1]
    words.session_state["lyrics_again"] = (old.id, 1)
    words.run()
    finish(words)
    assert not words.exception
    assert len(words.session_state["batches"]) == 1
    assert [take.id for take in batch(words)].index(old.id) == 1
    new = batch(words)[2]
    assert new.record.title == f"{old.record.title}, line 2 anew"
    before, after = old.score.melody.notes, new.score.melody.notes
    assert before[:9] == after[:9]
    assert before[9:] != after[9:]
    assert old.score.melody.lyrics == new.score.melody.lyrics


def test_going_on_from_a_song_leaves_its_words_behind(words: AppTest, finish: Finish) -> None:
    typed(words, WORDS)
    composed(words, finish)
    words.button(key=f"continue-{batch(words)[0].id}").click().run()
    finish(words)
    assert not words.exception
    assert not words.error
    assert batch(words)[0].request.words == ""


def test_words_survive_a_change_of_page(words: AppTest) -> None:
    typed(words, WORDS)
    words.selectbox(key="c_words_language").set_value("en").run()
    words.switch_page("pages/about.py").run()
    words.switch_page("pages/compose.py").run()
    assert words.text_area(key="c_words").value == WORDS
    assert words.selectbox(key="c_words_language").value == "en"


BAD = {
    "only punctuation": "... !!! ??? --- ///",
    "emoji": "😀😀 🎵 ❤️",
    "right to left": "שלום עולם",
    "20,000 lines": "la la la\n" * 20_000,
    "a word of 500 letters": "a" * 500,
    "control characters": "\x00\x01\x02\u202e",
    "the wrong language": "no Chinese here",
}


@pytest.mark.parametrize("what", BAD)
def test_words_that_cannot_be_sung_are_told_and_kept(words: AppTest, finish: Finish, what: str) -> None:
    typed(words, WORDS)
    composed(words, finish)
    takes = [take.id for take in batch(words)]
    if what == "the wrong language":
        words.selectbox(key="c_words_language").set_value("zh")
    typed(words, BAD[what])
    assert len(words.error) == 1
    words.button(key="compose").click().run()
    finish(words)
    assert not words.exception
    assert words.error
    assert [take.id for take in batch(words)] == takes
    assert words.text_area(key="c_words").value == BAD[what]


def test_html_is_text(words: AppTest, finish: Finish) -> None:
    typed(words, "<script>alert(1)</script> <img src=x onerror=alert(2)>\n**bold** [link](javascript:alert(3))")
    assert not words.error
    composed(words, finish)
    assert len(batch(words)) == 4
    assert not any("<script" in markdown.value for markdown in (*words.markdown, *words.caption))
