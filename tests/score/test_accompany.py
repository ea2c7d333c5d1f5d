from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from core.score import CHORD_QUALITIES, ChordSymbol, Metre, Note, Score, Track
from core.score.accompany import NAME, led_by, with_chords, without_chords


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([(4, 4), (3, 4), (6, 8), (2, 2), (9, 8)]), st.lists(st.tuples(
    st.integers(0, 5000), st.integers(0, 11), st.sampled_from(sorted(CHORD_QUALITIES))), min_size=1, max_size=6))
def test_every_note_is_in_the_chord_of_its_moment(metre: tuple[int, int], marks: list[tuple[int, int, str]]) -> None:
    chords = tuple(ChordSymbol(tick, root, quality) for tick, root, quality in marks)
    score = Score((Track((Note(0, 72, 7000),)),), metres=(Metre(0, *metre),), chords=chords)
    played = with_chords(score)
    for note in played.tracks[-1].notes:
        chord = [c for c in score.chords if c.tick <= note.start][-1]
        assert note.pitch % 12 in chord.pitch_classes
        later = [c.tick for c in score.chords if c.tick > note.start]
        assert note.end <= (later[0] if later else score.length)
    assert without_chords(played) == score
    assert with_chords(played) == played


def test_without_symbols_nothing_is_added() -> None:
    score = Score((Track((Note(0, 72, 480),)),))
    assert with_chords(score) is score


def test_silence_where_there_is_no_chord() -> None:
    score = Score((Track((Note(0, 72, 3840),)),), chords=(ChordSymbol(0, None), ChordSymbol(1920, 0)))
    played = with_chords(score).tracks[-1]
    assert played.name == NAME
    assert min(note.start for note in played.notes) == 1920


def test_a_melody_is_led_by_another_instrument_and_has_a_name() -> None:
    score = Score((Track((Note(0, 60, 480),), program=52), Track((Note(0, 48, 480),), "Bass", 32)))
    led = led_by(score, 73)
    assert [(track.name, track.program) for track in led.tracks] == [("Voice", 73), ("Bass", 32)]
    assert led_by(score, None).melody.program == 52
    assert led_by(led, 40, "Flute").melody.name == "Voice"
