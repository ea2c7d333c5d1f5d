"""The chords of a bar as text, and a bar's chords changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RequestError
from core.score import ChordSymbol, Key, Metre, Note, Score, Track
from core.score.bar_chords import bar_chords, with_bar_chords

BAR = 1920
CHORDS = (ChordSymbol(0, 5), ChordSymbol(BAR, 0, "7"), ChordSymbol(BAR + 960, 10), ChordSymbol(2 * BAR + 1440, 7, "min"))
SCORE = Score((Track((Note(0, 60, 4 * BAR),)),), keys=(Key(0, 5),), chords=CHORDS)


@pytest.mark.parametrize(("bar", "text"), [(0, "F"), (1, "C7 Bb"), (2, ". . . Gm"), (3, "")])
def test_a_bar_as_text(bar: int, text: str) -> None:
    assert bar_chords(SCORE, bar) == text
    assert with_bar_chords(SCORE, bar, text) == SCORE


def test_only_that_bar_changes() -> None:
    changed = with_bar_chords(SCORE, 2, "Dm A7/C#")
    assert [bar_chords(changed, bar) for bar in range(4)] == ["F", "C7 Bb", "Dm A7/Db", "Gm"]
    assert [bar_chords(with_bar_chords(SCORE, 1, ""), bar) for bar in range(4)] == ["F", "", "Bb . . Gm", ""]


def test_a_pickup_is_not_counted() -> None:
    score = replace(SCORE, pickup=480, chords=(ChordSymbol(480, 0),))
    assert bar_chords(score, 0) == "C"
    assert with_bar_chords(score, 1, "G").chords[1] == ChordSymbol(480 + BAR, 7)


@pytest.mark.parametrize(("text", "words"), [("H", "got 'H'"), ("C D E", "got 3 of them"), ("C D E F G", "4 beats"),
                                             ("<b>", "chord")])
def test_what_is_no_chord_is_refused(text: str, words: str) -> None:
    with pytest.raises(RequestError, match=words):
        with_bar_chords(SCORE, 0, text)


NAMES = st.sampled_from(["C", "F#m", "Bb7", "Dm7", "E/G#", "N.C.", "Asus4"])


@given(st.lists(NAMES | st.just("."), min_size=1, max_size=4), st.integers(0, 3), st.sampled_from([(4, 4), (6, 8), (3, 4)]))
def test_text_comes_back(names: list[str], bar: int, metre: tuple[int, int]) -> None:
    score = replace(SCORE, metres=(Metre(0, *metre),), chords=(), keys=())
    beats = score.bars[0][2].bar_ticks // score.bars[0][2].beat_ticks
    names = (names * beats)[:beats]
    changed = with_bar_chords(score, bar, " ".join(names))
    assert with_bar_chords(changed, bar, bar_chords(changed, bar)) == changed
