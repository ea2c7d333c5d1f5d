"""Which lines come back, how a melody is fitted to other words, which candidate is chosen, where tones go."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engines.lstm.song import tones
from core.engines.lstm.song.choose import melody_worth, rhythm_worth
from core.engines.lstm.song.fitting import SungNote, fitted
from core.engines.lstm.song.plan import plan
from core.engines.lstm.song.rules import strength
from core.lyrics import read_lyrics

SONG = """[Verse]
The river runs to meet the sea
and no one holds it back

[Chorus]
Roll on, roll on, you waters
Roll on and carry me

[Verse]
The road goes on behind the hill
and nobody comes back

[Chorus]
Roll on, roll on, you waters
Roll on and carry me"""


def test_choruses_return_and_verses_share_a_melody() -> None:
    lines = plan(read_lyrics(SONG))
    assert [line.how for line in lines] == ["new", "new", "new", "new", "twin", "twin", "same", "same"]
    assert [line.model for line in lines[4:]] == [0, 1, 2, 3]
    assert [line.first for line in lines[1:]] == [line.last for line in lines[:-1]]


def test_a_line_of_another_length_has_music_of_its_own() -> None:
    lines = plan(read_lyrics("[Verse]\nOne two three four\n\n[Verse]\nOne two three four five six seven eight nine ten\n"))
    assert [line.how for line in lines] == ["new", "new"]


notes = st.builds(SungNote, st.sampled_from((0, 0, 0, 12, 24)), st.sampled_from((6, 12, 18, 24, 36, 48, 72)), st.just(0),
                  st.integers(-5, 12))


@given(st.lists(notes, min_size=1, max_size=12), st.integers(1, 12), st.data())
def test_a_fitted_line_carries_every_syllable_in_the_same_time(line: list[SungNote], wanted: int, data: st.DataObject) -> None:
    numbers = [0]
    for _ in line[1:]:
        numbers.append(numbers[-1] + data.draw(st.integers(0, 1)))
    own = tuple(SungNote(note.gap, note.duration, at, note.pitch) for note, at in zip(line, numbers, strict=True))
    may = [data.draw(st.booleans()) for _ in range(wanted)]
    longest = sum(note.duration for note in own) // 6
    if wanted > longest:
        return
    found = fitted(own, wanted, may)
    assert [note.carries for note in found] == sorted(note.carries for note in found)
    assert {note.carries for note in found} == set(range(wanted))
    assert sum(note.gap + note.duration for note in found) == sum(note.gap + note.duration for note in own)
    for before, note in itertools.pairwise(found):
        assert not note.gap or (note.carries != before.carries and may[note.carries])


def test_the_same_number_of_syllables_changes_nothing() -> None:
    line = (SungNote(0, 24, 0, 3), SungNote(12, 12, 1, 5), SungNote(0, 48, 2, 0))
    assert fitted(line, 3, [True] * 3) == line


@pytest.mark.parametrize(("metre", "beats"), [("4/4", [3, 1, 2, 1]), ("3/4", [3, 1, 1]), ("6/8", [3, 1]), ("2/4", [3, 1])])
def test_weights_of_beats(metre: str, beats: list[int]) -> None:
    weights = strength(metre)
    assert [weight for weight in weights if weight] == beats


def test_stress_on_the_beat_is_worth_more() -> None:
    places = read_lyrics("the river").places
    on = (SungNote(72, 24, 0), SungNote(0, 24, 1), SungNote(0, 48, 2))
    off = (SungNote(0, 24, 0), SungNote(0, 24, 1), SungNote(0, 48, 2))
    weights = strength("4/4")
    assert rhythm_worth(on, places, 0, weights, None) > rhythm_worth(off, places, 0, weights, None)


def test_a_question_should_rise_and_a_sentence_fall() -> None:
    asking, saying = (read_lyrics(text).places for text in ("Will you go?", "I will go."))
    up = tuple(SungNote(0, 24, at, pitch) for at, pitch in enumerate((4, 2, 7)))
    down = tuple(SungNote(0, 24, at, pitch) for at, pitch in enumerate((4, 7, 0)))
    assert melody_worth(up, asking, None) > melody_worth(down, asking, None)
    assert melody_worth(down, saying, None) > melody_worth(up, saying, None)


@pytest.mark.parametrize(("first", "second", "way"), [(3, 1, 1), (1, 3, -1), (4, 3, -1), (2, 1, 1), (1, 1, 0), (3, 4, 1)])
def test_the_way_from_tone_to_tone(first: int, second: int, way: int) -> None:
    assert tones.expected(first, second) == way
    nats = tones.lean(first, second)
    assert nats.shape == (49,)
    if way:
        assert nats[24 + 2 * way] > nats[24] > nats[24 - 2 * way] - 10
        assert nats[24 + 2 * way] > nats[24 - 2 * way]


def test_tones_that_go_their_way_are_worth_more() -> None:
    places = read_lyrics("马天").places  # third tone, first tone
    up, down = ((SungNote(0, 24, 0, 0), SungNote(0, 24, 1, pitch)) for pitch in (5, -5))
    assert melody_worth(up, places, None) > melody_worth(down, places, None)
    assert np.isfinite(melody_worth(up, places, (1, 3)))
