"""Every edit leaves a valid score, and what can be undone is undone by its opposite."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RequestError
from core.score import MODES, ChordSymbol, Key, Lyric, Metre, Note, Score, Tempo, Track
from core.score import edits as e
from core.score.keyshift import degree_map
from tests.score.strategies import scores

C_TUNE = Score(
    tracks=(
        Track(
            tuple(Note(index * 480, pitch, 480) for index, pitch in enumerate([60, 64, 69, 71, 72, 71, 69, 60])),
            lyrics=(Lyric(480, "la"),),
        ),
        Track((Note(0, 36, 240),), is_drum=True),
    ),
    keys=(Key(0, 0),),
    chords=(ChordSymbol(0, 0), ChordSymbol(960, 9, "min"), ChordSymbol(1440, 7, "7", bass=11), ChordSymbol(1920, None)),
)


def pitches(score: Score) -> list[int]:
    return [note.pitch for note in score.tracks[0].notes]


@given(scores(), st.integers(-20, 20))
def test_transposing_there_and_back_changes_nothing(score: Score, semitones: int) -> None:
    pitched = [note.pitch for track in score.tracks if not track.is_drum for note in track.notes]
    if min(pitched) + semitones < 0 or max(pitched) + semitones > 127:
        with pytest.raises(RequestError):
            e.transpose(score, semitones)
        return
    moved = e.transpose(score, semitones)
    assert [note.pitch for note in moved.melody.notes] == [note.pitch + semitones for note in score.melody.notes]
    assert e.transpose(moved, -semitones) == score


@given(scores(), st.integers(0, 11), st.sampled_from(sorted(MODES)))
def test_a_changed_key_is_stated_and_rhythm_stays(score: Score, tonic: int, mode: str) -> None:
    inner = replace(score, tracks=tuple(replace(t, notes=tuple(replace(n, pitch=24 + n.pitch % 72) for n in t.notes))
                                        for t in score.tracks))
    changed = e.change_key(inner, tonic, mode, present=Key(0, 2, "dorian"))
    assert changed.key is not None
    assert (changed.key.tonic, changed.key.mode) == (tonic, mode)
    for before, after in zip(inner.tracks, changed.tracks, strict=True):
        assert sorted((n.start, n.duration) for n in before.notes) == sorted((n.start, n.duration) for n in after.notes)
        assert before.notes == after.notes or not before.is_drum


@given(st.sampled_from(sorted(MODES)), st.sampled_from(sorted(MODES)))
def test_degrees_go_to_degrees_in_rising_order(old: str, new: str) -> None:
    table = degree_map(old, new)
    assert [table[step] for step in MODES[old]] == list(MODES[new])
    assert list(table) == sorted(table)
    assert min(table) == 0
    assert max(table) <= 11


def test_a_tune_in_minor_keeps_its_rising_leading_note_and_dominant() -> None:
    minor = e.change_key(C_TUNE, 9, "minor")
    assert pitches(minor) == [57, 60, 65, 68, 69, 67, 65, 57]
    assert [(c.root, c.quality, c.bass) for c in minor.chords] == [
        (9, "min", None),
        (5, "maj", None),
        (4, "7", 8),
        (None, "maj", None),
    ]


def test_diatonic_music_survives_a_change_of_mode_and_back() -> None:
    tune = replace(C_TUNE, chords=())
    assert e.change_key(e.change_key(tune, 2, "mixolydian"), 0, "major") == tune


@pytest.mark.parametrize(("tonic", "mode"), [(12, None), (-1, None), (0, "blues")])
def test_unknown_keys_are_refused(tonic: int, mode: str | None) -> None:
    with pytest.raises(RequestError):
        e.change_key(C_TUNE, tonic, mode)


def test_the_key_must_be_known_to_change_it() -> None:
    with pytest.raises(RequestError, match="present key"):
        e.change_key(replace(C_TUNE, keys=()), 2)


@given(scores(), st.integers(1, 1000))
def test_tempo_begins_as_asked_and_keeps_its_shape(score: Score, bpm: int) -> None:
    changed = e.set_tempo(score, bpm)
    assert changed.tempos[0] == Tempo(0, float(bpm))
    assert [tempo.tick for tempo in changed.tempos] == [tempo.tick for tempo in score.tempos]


@given(scores(), st.sampled_from([1, 60, 120, 160, 480]))
def test_quantised_notes_lie_on_the_grid(score: Score, grid: int) -> None:
    done = e.quantise(score, grid)
    for before, after in zip(score.tracks, done.tracks, strict=True):
        assert all(note.start % grid == 0 for note in after.notes)
        assert all(note.duration >= grid for note in after.notes)
        assert len(after.lyrics) == len(before.lyrics)
        assert after.is_monophonic or not before.is_monophonic
    assert e.quantise(done, grid) == done


@given(scores(), st.data())
def test_trimming_keeps_what_sounds_inside(score: Score, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(score.bars) - 1))
    last = data.draw(st.integers(first, len(score.bars) - 1))
    start, end = score.bars[first][0], score.bars[last][1]
    cut = e.trim(score, first, last)
    inside = sum(note.start < end and note.end > start for track in score.tracks for note in track.notes)
    assert cut.note_count == inside
    assert cut.end <= end - start
    assert cut.metres[0] == replace(score.bars[first][2], tick=0)
    whole = e.trim(score, 0, len(score.bars) - 1)
    assert [track.notes for track in whole.tracks] == [track.notes for track in score.tracks]


def test_trimming_carries_chord_key_and_words() -> None:
    cut = e.trim(C_TUNE, 1, 1)
    assert pitches(cut) == [72, 71, 69, 60]
    assert cut.chords == (ChordSymbol(0, None),)
    assert cut.keys == (Key(0, 0),)
    assert cut.tracks[0].lyrics == ()


@pytest.mark.parametrize(("first", "last"), [(-1, 0), (1, 0), (0, 2)])
def test_bars_that_are_not_there_are_refused(first: int, last: int) -> None:
    with pytest.raises(RequestError):
        e.trim(C_TUNE, first, last)


@given(scores(), st.data())
def test_edits_of_one_note_are_undone_by_their_opposites(score: Score, data: st.DataObject) -> None:
    note = data.draw(st.sampled_from(score.tracks[0].notes))
    new = Note(note.start + 1, 127 - note.pitch, note.duration + 7, 3)
    assert e.delete_note(e.add_note(score, 0, new), 0, new) == score
    moved = e.move_note(score, 0, note, new.start, new.pitch)
    assert e.move_note(moved, 0, replace(note, start=new.start, pitch=new.pitch), note.start, note.pitch) == score
    longer = e.resize_note(score, 0, note, new.duration)
    assert e.resize_note(longer, 0, replace(note, duration=new.duration), note.duration) == score
    softer = e.set_velocity(score, 0, note, new.velocity)
    assert e.set_velocity(softer, 0, replace(note, velocity=new.velocity), note.velocity) == score


def test_a_syllable_goes_with_its_note() -> None:
    second = C_TUNE.tracks[0].notes[1]
    assert e.move_note(C_TUNE, 0, second, 500, 65).tracks[0].lyrics == (Lyric(500, "la"),)
    assert e.delete_note(C_TUNE, 0, second).tracks[0].lyrics == ()
    double = e.add_note(C_TUNE, 0, Note(480, 50, 10))
    assert e.delete_note(double, 0, second).tracks[0].lyrics == (Lyric(480, "la"),)


@given(scores(), st.integers(0, 127), st.booleans())
def test_the_mixer_changes_one_part_only(score: Score, value: int, flag: bool) -> None:
    changed = e.set_instrument(score, 0, value, flag)
    changed = e.rename_track(e.set_muted(e.set_volume(changed, 0, value), 0, flag), 0, "new")
    part = changed.tracks[0]
    assert (part.program, part.is_drum, part.volume, part.muted, part.name) == (value, flag, value, flag, "new")
    assert part.notes == score.tracks[0].notes
    assert changed.tracks[1:] == score.tracks[1:]


ABSENT = Note(9999, 1, 1)


@pytest.mark.parametrize(
    "edit",
    [
        lambda: e.set_volume(C_TUNE, 0, 128),
        lambda: e.set_instrument(C_TUNE, 0, -1),
        lambda: e.set_muted(C_TUNE, 2, True),
        lambda: e.add_note(C_TUNE, -1, ABSENT),
        lambda: e.delete_note(C_TUNE, 0, ABSENT),
        lambda: e.move_note(C_TUNE, 0, C_TUNE.tracks[0].notes[0], -1, 60),
        lambda: e.move_note(C_TUNE, 0, C_TUNE.tracks[0].notes[1], -1, 60),
        lambda: e.resize_note(C_TUNE, 0, C_TUNE.tracks[0].notes[0], 0),
        lambda: e.set_velocity(C_TUNE, 0, C_TUNE.tracks[0].notes[0], 0),
        lambda: e.set_tempo(C_TUNE, 0),
        lambda: e.quantise(C_TUNE, 0),
    ],
)
def test_what_a_score_cannot_hold_is_refused(edit: object) -> None:
    with pytest.raises(RequestError):
        edit()  # type: ignore[operator]


def test_a_trimmed_waltz_keeps_its_metre() -> None:
    waltz = replace(C_TUNE, metres=(Metre(0, 3, 4),))
    assert e.trim(waltz, 1, 2).metres == (Metre(0, 3, 4),)
