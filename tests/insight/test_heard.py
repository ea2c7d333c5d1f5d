"""Harmony as the network hears it, and how it is taught."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from core.errors import WeightsMissingError
from core.insight.fit_heard import Song, performed, teach, varied
from core.insight.heard import CHORDS, PITCHES, SIZES, heard, load, read, shipped, tokens
from core.insight.played import Played
from core.score import Note, Score, Tempo, Track
from core.score.midi_write import write_midi
from tests.insight.tunes import piano

CADENCE = [(48, 64, 67, 72), (53, 65, 69, 72), (55, 62, 67, 71), (48, 64, 67, 72)] * 6
MINOR = [(45, 60, 64, 69), (50, 62, 65, 69), (52, 59, 64, 68), (45, 60, 64, 69)] * 6


def arpeggio(chords: list[tuple[int, ...]], up: int = 0) -> Played:
    """The notes of chords one after the other, three a second."""
    pitches = np.array([pitch + up for chord in chords for pitch in chord])
    onset = np.arange(len(pitches)) / 3
    return Played(onset, np.full(len(onset), 0.4), pitches, np.full(len(onset), 70))


def test_classes_of_notes() -> None:
    played = Played(np.array([0.0, 0.0, 0.5, 9.0]), np.array([0.01, 0.5, 2.0, 60.0]), np.array([10, 60, 64, 120]),
                    np.array([1, 64, 80, 127]))
    found = tokens(played)
    assert (found >= 0).all()
    assert (found < SIZES).all()
    assert found[:, 0].tolist() == [0, 39, 43, PITCHES - 1]
    assert (tokens(played, 3)[1:3, 0] - found[1:3, 0]).tolist() == [3, 3]
    assert set(tokens(played, dynamics=False)[:, 3].tolist()) == {SIZES[3]}
    assert np.diff(found[:, 2]).min() > 0


@pytest.mark.parametrize("up", [0, 3, 7])
def test_chords_and_keys_of_broken_chords_are_heard(up: int) -> None:
    chord, key, _ = read(shipped(), arpeggio(CADENCE, up))
    assert chord.sum(1) == pytest.approx(np.ones(len(chord)))
    right = np.repeat([(root + up) % 12 for root in (0, 5, 7, 0)] * 6, 4)
    assert (chord.argmax(1) == right).mean() > 0.7
    assert key.mean(0).argmax() == up
    _, key, _ = read(shipped(), arpeggio(MINOR, up))
    assert key.mean(0).argmax() in (12 + (9 + up) % 12, up)


def test_measures_are_shares_and_nearly_the_same_in_every_key() -> None:
    here, there = heard(arpeggio(CADENCE)), heard(arpeggio(CADENCE, 5))
    assert list(here) == list(there)
    assert np.isfinite(list(here.values())).all()
    assert sum(value for name, value in here.items() if "chord on degree" in name) + here["no chord heard"] == pytest.approx(1)
    assert here["heard major chord on degree 0"] > 0.3
    assert there["heard major chord on degree 0"] == pytest.approx(here["heard major chord on degree 0"], abs=0.15)
    assert heard(arpeggio(MINOR))["heard minor chords"] > here["heard minor chords"] + 0.2


def test_one_note_and_a_song_of_an_hour_are_heard() -> None:
    one = Played(np.zeros(1), np.ones(1), np.array([60]), np.array([80]))
    assert list(heard(one)) == list(heard(arpeggio(CADENCE)))
    assert np.isfinite(list(heard(arpeggio(CADENCE * 20)).values())).all()


def test_examples_are_moved_with_their_chords_and_key() -> None:
    song = Song(arpeggio([(48, 64, 67, 72)] * 50), np.zeros(200, np.int64), 0)
    rng = np.random.default_rng(0)
    for _ in range(30):
        notes, chord, key = varied(song, rng, 64)
        assert notes.shape == (64, 4)
        assert set(chord.tolist()) == set(key.tolist())
        assert set(((notes[:, 0] + 21 - chord) % 12).tolist()) <= {0, 4, 7}


def test_short_songs_are_filled_up_without_anything_known_there() -> None:
    song = Song(arpeggio([(48, 64, 67, 72)]), np.full(4, CHORDS - 1), -1)
    notes, chord, key = varied(song, np.random.default_rng(1), 16)
    assert notes.shape == (16, 4)
    assert (chord[4:] == -1).all()
    assert (key == -1).all()


def test_the_same_seed_teaches_the_same_and_losses_fall() -> None:
    song = Song(arpeggio(CADENCE), np.repeat([0, 5, 7, 0] * 6, 4), 0)
    (one, first), (two, _), (_, later) = (teach([song], steps, cells=8, batch=4, span=32) for steps in (4, 4, 60))
    assert all(torch.equal(a, b) for a, b in zip(one.state_dict().values(), two.state_dict().values(), strict=True))
    assert later["chord"] < first["chord"] - 0.05
    assert set(first) == {"pitch", "since", "length", "velocity", "chord", "key"}


def test_a_song_of_the_collection_is_read_in_its_own_time(tmp_path: Path) -> None:
    place = tmp_path / "007"
    place.mkdir()
    notes = tuple(Note(960 + 480 * i, 60 + i, 480) for i in range(4))
    score = Score((Track(notes, name="PIANO"),), tempos=(Tempo(0, 60),))
    (place / "007.mid").write_bytes(write_midi(score))
    (place / "chord_midi.txt").write_text("0.0 2.0 N\n2.0 4.0 C:maj\n4.0 6.0 A:min7/b7\n")
    song = performed(place, 12)
    assert song.played.onset.tolist() == pytest.approx([0, 1, 2, 3])
    assert song.chord.tolist() == [0, 0, 21, 21]
    assert song.key == 12


def test_weights_that_are_missing_are_said(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissingError):
        load(tmp_path)


def test_piano_chords_struck_together_are_heard_too() -> None:
    played = Played.of(piano(CADENCE, 0.5, 70))
    chord, _, _ = read(shipped(), replace(played, velocity=played.velocity + 1))
    assert np.bincount(chord.argmax(1), minlength=CHORDS).argmax() == 0
