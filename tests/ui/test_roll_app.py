"""What the roll tells the browser, through a page run by Streamlit's own test runner."""

import base64
import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import RequestError
from core.score.types import ChordSymbol, Key, Metre, Note, Score, Tempo, Track
from ui.roll import piano_roll
from ui.roll.data import score_data
from ui.roll.texts import EN, ZH, describe


def page() -> None:
    from core.score.types import Note, Score, Track
    from ui.roll import piano_roll

    score = Score((Track((Note(0, 60, 480), Note(480, 64, 480)), "Tune"),))
    piano_roll(score, key="take", label="Jig", audio=b"OggS", new_from=480)
    piano_roll(score, key="draw", label="旋律", editable=True, on_edit=lambda edits: None, lang="zh", can_redo=False)


def sent(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(component.proto.json) for component in app.get("bidi_component")]


def test_a_page_shows_a_roll_to_hear_and_one_to_edit() -> None:
    app = AppTest.from_function(page).run()
    assert not app.exception
    heard, drawn = sent(app)
    assert heard["tracks"] == [{"name": "Tune", "drum": False, "muted": False, "notes": [0, 60, 480, 80, 480, 64, 480, 80]}]
    assert heard["label"] == "Jig: piano roll, 1 track, 1 bar, 2 notes"
    assert heard["audio"].endswith((".ogg", ".oga"))
    assert base64.b64encode(b"OggS").decode() not in json.dumps(heard)
    assert (heard["newFrom"], heard["editable"], heard["acknowledged"]) == (480, False, 0)
    assert (drawn["audio"], drawn["editable"], drawn["lang"], drawn["canRedo"]) == (None, True, "zh", False)
    assert len(drawn["bars"]) == 8
    assert heard["session"] != drawn["session"]


def test_a_rerun_keeps_the_log_and_the_sound() -> None:
    app = AppTest.from_function(page).run()
    before = sent(app)
    assert sent(app.run()) == before


def test_the_score_reaches_the_browser_in_ticks_bars_and_seconds() -> None:
    score = Score(
        (Track((Note(0, 60, 480 * 5),)),),
        tempos=(Tempo(0, 120), Tempo(960, 60)),
        metres=(Metre(0, 4, 4), Metre(480 * 5, 6, 8)),
        keys=(Key(0, 5),),
        chords=(ChordSymbol(0, 10), ChordSymbol(960, None)),
        pickup=480,
    )
    data = score_data(score, min_bars=3)
    assert data["bars"] == [[0, 480, 480], [480, 2400, 480], [2400, 3840, 720]]
    assert data["firstBar"] == 0
    assert [entry[:2] for entry in data["tempo"]] == [[0, 0.0], [960, 1.0]]
    assert data["tempo"][1][2] * 480 == pytest.approx(1.0)
    assert data["chords"] == [[0, "Bb"], [960, "N.C."]]
    assert data["flats"] is True


def test_wrong_use_is_refused() -> None:
    with pytest.raises(RequestError, match="80 pixels"):
        piano_roll(Score(), key="a", label="A", height=10)
    with pytest.raises(RequestError, match="on_edit"):
        piano_roll(Score(), key="a", label="A", editable=True)


def test_the_text_alternative_counts_in_both_languages() -> None:
    assert describe("Reel", 1, 2, 1, "en") == "Reel: piano roll, 1 track, 2 bars, 1 note"
    assert describe("里尔", 5, 2, 1, "zh-CN") == "里尔：钢琴卷帘，1 个声部，2 小节，5 个音符"
    assert EN.keys() == ZH.keys()
