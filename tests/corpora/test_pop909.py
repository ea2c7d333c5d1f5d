"""POP909 is read onto its beats: bars, keys, chords and melody come out as written music."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpora.beats import beat_positions, off_grid, snap
from core.corpora.folder import DataFolder
from core.corpora.pop909 import Pop909, read_chord, read_song, settle_downbeats
from core.errors import DataMissingError
from core.score import ChordSymbol, Key, Metre, Note, Score, Tempo, Track
from core.score.midi import write_midi

SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def write_song(folder: Path, late: int = 7, keys: str = "0\t1\tC:maj\n", pitches: tuple[int, ...] = SCALE * 5) -> Path:
    """A song of quarter notes at 120, each `late` ticks after its beat and released early; downbeats from beat 2."""
    song = folder / "pop909" / "POP909" / "001"
    song.mkdir(parents=True)
    notes = tuple(Note(index * 480 + late, pitch, 400) for index, pitch in enumerate(pitches))
    low = tuple(Note(index * 1920 + late, pitch - 24, 1800) for index, pitch in enumerate(pitches[::4]))
    score = Score((Track(notes, "MELODY"), Track((), "BRIDGE"), Track(low, "PIANO")), tempos=(Tempo(0, 120.0),))
    (song / "001.mid").write_bytes(write_midi(score))
    beats = [(index / 2, index % 2 == 0, index % 4 == 2) for index in range(len(pitches) + 1)]
    (song / "beat_midi.txt").write_text("".join(f"{time} {float(a)} {float(b)}\n" for time, a, b in beats))
    (song / "chord_midi.txt").write_text("0.0\t1.0\tN\n1.0\t3.0\tC:maj\n3.0\t5.0\tC:maj\n5.0\t99\tG:7/b7\n")
    (song / "key_audio.txt").write_text(keys)
    return song


def test_a_song_is_written_on_its_beats(tmp_path: Path) -> None:
    write_song(tmp_path)
    (piece,) = Pop909().pieces(DataFolder(tmp_path))
    score = piece.score
    assert (piece.id, piece.style, piece.source) == ("pop909/001", "pop", "pop909")
    assert [(note.start, note.pitch) for note in score.melody.notes] == [(i * 480, p) for i, p in enumerate(SCALE * 5)]
    assert {note.duration for note in score.melody.notes[:-1]} == {480}
    assert score.melody.name == "MELODY"
    assert score.pickup == 960
    assert score.metres == (Metre(0, 4, 4),)
    assert score.tempos == (Tempo(0, 120.0),)
    assert score.keys == (Key(0, 0),)
    assert score.chords == (ChordSymbol(0, None), ChordSymbol(960, 0), ChordSymbol(4800, 7, "7", 5))


def test_keys_change_at_the_bar_where_the_notes_do(tmp_path: Path) -> None:
    later = tuple(pitch + 1 for pitch in SCALE)
    song = write_song(tmp_path, keys="0\t9\tC:maj\n9\t11\tC:maj\n11\t20\tDb:maj\n", pitches=SCALE * 3 + SCALE[:2] + later * 4)
    score = read_song(song)
    assert score is not None
    assert score.keys == (Key(0, 0), Key(960 + 6 * 1920, 1))


def test_songs_off_their_beats_or_damaged_are_left_out(tmp_path: Path) -> None:
    assert read_song(write_song(tmp_path / "a", late=60)) is None
    assert read_song(write_song(tmp_path / "b", pitches=SCALE)) is None
    damaged = write_song(tmp_path / "c")
    (damaged / "001.mid").write_bytes(b"MThd")
    assert read_song(damaged) is None


def test_missing_data_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError):
        list(Pop909().pieces(DataFolder(tmp_path)))
    (tmp_path / "pop909").mkdir()
    with pytest.raises(DataMissingError, match="beat_midi"):
        list(Pop909().pieces(DataFolder(tmp_path)))


@pytest.mark.parametrize(
    ("text", "chord"),
    [
        ("N", ChordSymbol(3, None)),
        ("Bb:min7", ChordSymbol(3, 10, "min7")),
        ("F#:maj/3", ChordSymbol(3, 6, "maj", 10)),
        ("A:sus4(b7)", ChordSymbol(3, 9, "sus4")),
        ("C:hdim7", ChordSymbol(3, 0, "min7b5")),
    ],
)
def test_chord_names(text: str, chord: ChordSymbol) -> None:
    assert read_chord(text, 3) == chord


def test_downbeats_that_slip_are_put_back_and_a_real_half_bar_stays() -> None:
    changes = list(range(0, 80, 4))
    assert settle_downbeats(80, [*range(0, 40, 4), *range(41, 48, 4), *range(48, 80, 4)], changes, 4) == changes
    halved = [*range(0, 40, 4), *range(42, 80, 4)]
    assert settle_downbeats(80, [*range(0, 44, 4), *range(42, 80, 4)], [*halved, 40], 4) == [*halved[:10], 40, *halved[10:]]
    assert settle_downbeats(30, list(range(2, 30, 3)), [], 3) == list(range(2, 30, 3))


@given(st.lists(st.integers(0, 400), min_size=1, max_size=40, unique=True), st.floats(-0.02, 0.02))
def test_sixteenths_played_unevenly_are_sixteenths(places: list[int], late: float) -> None:
    written = np.array(sorted(places)) / 4
    starts, ends = snap(written + late, written + 0.24 + late)
    assert starts.tolist() == [round(place * 480) for place in written]
    assert all(end - start in (120, 160) for start, end in zip(starts, ends, strict=True))


def test_a_beat_of_three_becomes_triplets() -> None:
    played = np.array([0.01, 0.34, 0.66, 1.0, 1.26, 1.5])
    starts, _ends = snap(played, played + 0.3)
    assert starts.tolist() == [0, 160, 320, 480, 600, 720]
    assert off_grid(played) < 0.02


def test_beats_go_on_beyond_the_first_and_last() -> None:
    beats = np.array([1.0, 2.0, 4.0])
    assert beat_positions(np.array([0.5, 1.0, 3.0, 6.0]), beats).tolist() == [-0.5, 0.0, 1.5, 3.0]
