"""Seconds and piano rolls agree with the ticks they come from; instruments are found by name."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import LimitError, RequestError
from core.score import Note, Score, Tempo, Track
from core.score.clock import Clock, seconds_long
from core.score.instruments import DRUMS, INSTRUMENTS, find_instrument, instrument_name, sounding_range
from core.score.pianoroll import PianoRoll, from_roll, to_roll
from tests.score.strategies import scores


@given(scores(), st.lists(st.integers(0, 100_000), min_size=1))
def test_ticks_to_seconds_and_back(score: Score, ticks: list[int]) -> None:
    clock = Clock.of(score)
    array = np.array(sorted(ticks))
    seconds = clock.seconds(array)
    assert np.all(np.diff(seconds) >= 0)
    assert np.array_equal(clock.ticks(seconds), array)
    assert clock.ticks(clock.seconds(ticks[0])) == ticks[0]


def test_a_tempo_change_is_felt_from_its_tick_on() -> None:
    score = Score((Track((Note(0, 60, 3840),)),), tempos=(Tempo(0, 60.0), Tempo(1920, 120.0)))
    clock = Clock.of(score)
    assert [clock.seconds(tick) for tick in (0, 480, 1920, 2400, 3840)] == pytest.approx([0, 1, 4, 4.5, 6])
    assert seconds_long(score) == pytest.approx(6)


@given(scores())
def test_notes_on_the_grid_survive_the_roll(score: Score) -> None:
    for track in score.tracks:
        shown = {(n.start, n.pitch, min(n.duration, _next(track, n) - n.start)) for n in track.notes}
        notes = from_roll(to_roll(track, step=1)) if track.end < 20_000 else ()
        assert not notes or {(n.start, n.pitch, n.duration) for n in notes} == shown


def _next(track: Track, note: Note) -> int:
    return min((other.start for other in track.notes if other.pitch == note.pitch and other.start > note.start), default=10**9)


def test_repeated_notes_stay_apart_and_short_ones_fill_a_step() -> None:
    notes = (Note(0, 60, 120, 90), Note(120, 60, 120, 70), Note(240, 64, 10, 50))
    roll = to_roll(Track(notes), step=120)
    assert roll.velocities.shape == (3, 128)
    assert from_roll(roll) == (Note(0, 60, 120, 90), Note(120, 60, 120, 70), Note(240, 64, 120, 50))
    assert to_roll(Track(notes), step=120, steps=8).velocities.shape == (8, 128)
    assert from_roll(to_roll(Track(notes), step=120, steps=1)) == (Note(0, 60, 120, 90),)


def test_rolls_too_long_or_misshapen_are_refused() -> None:
    with pytest.raises(LimitError):
        to_roll(Track((Note(0, 60, 10**6),)), step=1)
    with pytest.raises(RequestError):
        to_roll(Track(), step=0)
    with pytest.raises(RequestError):
        PianoRoll(np.zeros((4, 12), np.uint8), np.zeros((4, 12), np.bool_), 120)


@pytest.mark.parametrize(
    ("text", "program"),
    [("violin", 40), ("Violin", 40), ("tin whistle", 78), ("tin-whistle", 78), ("clarinet", 71), ("64", 64), ("honky", 3),
     ("lead", 80)],
)
def test_instruments_are_found_by_what_people_type(text: str, program: int) -> None:
    assert find_instrument(text) == INSTRUMENTS[program]


def test_drums_are_an_instrument_too() -> None:
    assert find_instrument("Drums") == DRUMS
    assert instrument_name(0, is_drum=True) == "Drum Kit"
    assert sounding_range(0, is_drum=True) == (35, 81)


@pytest.mark.parametrize("text", ["", "128", "-1", "theremin orchestra"])
def test_unknown_instruments_are_refused(text: str) -> None:
    with pytest.raises(RequestError):
        find_instrument(text)


def test_every_program_has_a_name_and_a_range_of_an_octave_or_more() -> None:
    assert len(INSTRUMENTS) == len({instrument.name for instrument in INSTRUMENTS}) == 128
    assert all(i.lowest >= 0 and i.lowest + 12 <= i.highest <= 127 for i in INSTRUMENTS)
    assert sounding_range(40) == (55, 100)
