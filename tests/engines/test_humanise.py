"""Music on a grid played as people would: what must not change does not, on scores of any kind."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.engines.feel.humanise import humanise
from core.engines.feel.tables import ANY, Cell, Feel, load, place_of
from core.errors import WeightsMissingError
from core.score import Metre, Note, Score, Tempo, Track


def feel(late: float = 30.0, loud: tuple[int, int] = (40, 120)) -> Feel:
    """Tables that push and pull by up to `late` milliseconds."""
    cell = Cell(np.linspace(-late, late, 13), np.linspace(*loud, 13))
    return Feel({(ANY, drum, -1): cell for drum in ("kick", "snare", "hat", "ride")}, (0.1, 0.1), (0.5, 0.3))


NOTES = st.lists(
    st.builds(Note, st.integers(0, 60).map(lambda step: step * 60), st.integers(35, 81), st.integers(1, 12).map(lambda n: n * 60),
              st.integers(1, 127)),
    max_size=40, unique_by=lambda note: (note.start, note.pitch),
)  # fmt: skip


@st.composite
def scores(draw: st.DrawFn) -> Score:
    metre = draw(st.sampled_from(((4, 4), (3, 4), (6, 8), (5, 4))))
    tracks = (
        Track(tuple(draw(NOTES)), "drums", is_drum=True),
        Track(tuple(draw(NOTES)), "chords"),
        Track(tuple(draw(NOTES)), "bass", 32),
    )
    pickup = draw(st.sampled_from((0, 240, 480)))
    return Score(tracks, (Tempo(0, draw(st.sampled_from((40.0, 120.0, 280.0)))),), (Metre(0, *metre),), pickup=pickup)


def bars_and_pitches(score: Score, track: Track) -> Counter[tuple[int, int]]:
    return Counter((bar_of(score, note.start), note.pitch) for note in track.notes)


def bar_of(score: Score, tick: int) -> int:
    return bisect_right([start for start, _, _ in score.bars], tick) - 1


@settings(deadline=None, max_examples=50)
@given(scores(), st.integers(0, 2**32))
def test_what_must_not_change_does_not(score: Score, seed: int) -> None:
    after = humanise(score, "rock", seed, feel(120.0))
    assert after.length == score.length or not score.note_count
    assert after == humanise(score, "rock", seed, feel(120.0))
    for a, b in zip(score.tracks, after.tracks, strict=True):
        assert (a.name, a.program, a.is_drum) == (b.name, b.program, b.is_drum)
        assert Counter(n.pitch for n in a.notes) == Counter(n.pitch for n in b.notes)
        assert bars_and_pitches(score, a) == bars_and_pitches(after, b)
        assert b.end <= score.length
        # Onsets in order: sorted by time, the pitches of the one are those of the other, onset for onset.
        groups: dict[int, list[int]] = {}
        for note in a.notes:
            groups.setdefault(note.start, []).append(note.pitch)
        rest = [note.pitch for note in b.notes]
        for _, pitches in sorted(groups.items()):
            assert sorted(rest[: len(pitches)]) == sorted(pitches)
            rest = rest[len(pitches) :]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(1, 8), min_size=1, max_size=30), st.integers(0, 999))
def test_a_line_stays_a_line(lengths: list[int], seed: int) -> None:
    notes, tick = [], 0
    for length in lengths:
        notes.append(Note(tick, 50, length * 60))
        tick += length * 60
    after = humanise(Score((Track(tuple(notes), "bass", 32),)), "jazz", seed, feel(90.0))
    assert after.tracks[0].is_monophonic


def test_notes_of_a_chord_stay_together_and_drums_do_not_all() -> None:
    chord = Track(tuple(Note(1920 + 480 * n, pitch, 480) for n in range(8) for pitch in (60, 64, 67)), "chords")
    kit = Track(tuple(Note(1920 + 480 * n, pitch, 120) for n in range(8) for pitch in (36, 42)), "drums", is_drum=True)
    after = humanise(Score((chord, kit)), "rock", 3, feel())
    assert len({note.start for note in after.tracks[0].notes}) == 8
    assert len({note.start for note in after.tracks[1].notes}) > 8


def test_drums_are_hit_as_hard_as_people_do_and_louder_where_it_is_written() -> None:
    kit = Track(tuple(Note(480 * n, 38, 120, 110 if n % 4 == 0 else 80) for n in range(400)), "drums", is_drum=True)
    after = humanise(Score((kit,)), "rock", 1, feel(loud=(50, 90)))
    plain = [note.velocity for n, note in enumerate(after.tracks[0].notes) if n % 4]
    accents = [note.velocity for n, note in enumerate(after.tracks[0].notes) if n % 4 == 0]
    assert set(plain) <= set(range(50, 91))
    assert 60 < np.mean(plain) < 80
    assert np.mean(accents) - np.mean(plain) == pytest.approx(30, abs=6)


def test_deviation_is_in_milliseconds_whatever_the_tempo() -> None:
    def spread(bpm: float) -> float:
        kit = Track(tuple(Note(1920 * n + 960, 36, 120) for n in range(200)), "drums", is_drum=True)
        after = humanise(Score((kit,), (Tempo(0, bpm),)), "rock", 5, feel(20.0))
        ticks = [b.start - a.start for a, b in zip(kit.notes, after.tracks[0].notes, strict=True)]
        return float(np.std(ticks)) * 60_000 / bpm / 480

    assert spread(60) == pytest.approx(spread(180), rel=0.1)


def test_places_in_a_bar() -> None:
    assert [place_of(tick) for tick in (0, 120, 160, 240, 320, 360, 480, 1920)] == [0, 1, 2, 3, 4, 5, 6, 0]


def test_the_shipped_tables_push_every_drum_and_survive_json() -> None:
    tables = load()
    assert Feel.from_config(tables.as_config()).as_config() == tables.as_config()
    assert all((np.diff(cell.timing) >= 0).all() and (np.diff(cell.velocity) >= 0).all() for cell in tables.cells.values())
    for band in ("folk", "rock", "jazz", "ballad", "orchestra", "latin", "no such band"):
        assert len(tables.cell(band, "kick", 0).timing) == 13


def test_tables_that_are_not_there_are_asked_for(tmp_path: object) -> None:
    with pytest.raises(WeightsMissingError, match="songloom train feel"):
        load(tmp_path)  # type: ignore[arg-type]
