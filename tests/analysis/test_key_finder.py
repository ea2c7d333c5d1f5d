"""Keys of pieces that say what they are in, with the weights that come along."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.analysis.chords import chords_from_notes
from core.analysis.key_features import LOCAL, WHOLE, key_features
from core.analysis.key_finder import STATES, KeyFinder, find_key, modal_name
from core.errors import FormatError, WeightsMissingError
from core.insight.fit_key import Example, fit_relative
from core.score import Key, Note, Score, Track
from core.score.accompany import with_chords
from tests.analysis.make import arpeggios, melody, transposed

MAJOR = [(0, "maj"), (5, "maj"), (7, "7"), (0, "maj"), (9, "min"), (2, "min"), (7, "7"), (0, "maj")]
MINOR = [(0, "min"), (5, "min"), (7, "7"), (0, "min"), (8, "maj"), (5, "min"), (7, "7"), (0, "min")]


def in_voices(chords: list[tuple[int, str]], tonic: int = 0, mode: str = "major") -> Score:
    """Arpeggios with their chords struck beside them, with symbols."""
    return with_chords(arpeggios(chords, tonic, mode))


def bare(score: Score) -> Score:
    """Without its key and its chord symbols."""
    return replace(score, keys=(), chords=())


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize("mode", ["major", "minor"])
def test_cadences_in_every_key(tonic: int, mode: str) -> None:
    chords = MAJOR if mode == "major" else MINOR
    score = arpeggios(chords, tonic, mode)
    for given in (bare(score), replace(score, keys=()), bare(in_voices(chords, tonic, mode))):
        found = find_key(given)
        assert (found.key.tonic, found.key.mode) == (tonic, mode)
        assert len(found.segments) == 1


def test_a_song_that_moves_to_another_key_is_heard_to() -> None:
    first, second = arpeggios(MAJOR * 3, 0), arpeggios(MAJOR * 3, 2, seed=1)
    shift = first.length
    notes = (*first.melody.notes, *(replace(note, start=note.start + shift) for note in second.melody.notes))
    score = Score((Track(notes),), metres=first.metres)
    found = find_key(score)
    assert [(key.tonic, key.mode) for key in found.keys] == [(0, "major"), (2, "major")]
    assert abs(found.segments[1].start - shift) <= 2 * 1440
    assert found.segments[0].end == found.segments[1].start
    assert found.segments[-1].end == score.length


def test_the_answer_does_not_depend_on_the_files_own_key_and_moves_with_the_music() -> None:
    score = arpeggios(MINOR, 4, "minor")
    assert find_key(replace(score, keys=(Key(0, 1),))) == find_key(replace(score, keys=()))
    here, there = find_key(bare(score)), find_key(bare(transposed(score, 3)))
    assert there.key.tonic == (here.key.tonic + 3) % 12
    assert there.confidence == pytest.approx(here.confidence, abs=1e-5)


def test_probabilities_are_probabilities() -> None:
    score = bare(arpeggios(MAJOR, 5))
    finder = KeyFinder.load()
    fit = finder.fit_of(key_features(score))
    chances = finder.chances(fit)
    assert chances.sum(1) == pytest.approx(np.ones(len(fit)))
    found = find_key(score)
    assert found.confidence + sum(share for _, share in found.others) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    ("degrees", "key", "name"),
    [((0, 2, 3, 5, 7, 9, 10), Key(0, 2, "minor"), "D dorian"), ((0, 2, 4, 5, 7, 9, 10), Key(0, 7), "G mixolydian"),
     ((0, 2, 3, 5, 7, 8, 11), Key(0, 9, "minor"), "A minor"), ((0, 2, 4, 5, 7, 9, 11), Key(0, 0), "C major"),
     ((0, 2, 4, 6, 7, 9, 11), Key(0, 5), "F lydian"), ((0, 1, 3, 5, 7, 8, 10), Key(0, 4, "minor"), "E phrygian")],
)  # fmt: skip
def test_modes_are_named_by_their_degrees(degrees: tuple[int, ...], key: Key, name: str) -> None:
    score = melody([(60 + key.tonic + step, 1) for step in degrees] * 3, key=None)
    assert modal_name(score, key).name == name


def test_features_have_their_shapes_for_odd_pieces() -> None:
    for score in (melody([(60, 1)], key=None), melody([(0, 3), (61, 9)], key=None, pickup=1),
                  Score((Track((Note(0, 36, 480),), is_drum=True), Track((Note(480, 60, 480), Note(480, 64, 99)))))):
        found = key_features(score, chords_from_notes(score))
        assert found.bars.shape == (len(score.bars), 12, 2 * sum(LOCAL.values()))
        assert found.whole.shape == (12, sum(WHOLE.values()))
        assert np.isfinite(found.bars).all()
        assert find_key(score).segments[-1].end == score.length


def test_no_pitched_notes_and_no_weights_are_said(tmp_path: Path) -> None:
    with pytest.raises(FormatError):
        find_key(Score((Track((Note(0, 36, 480),), is_drum=True),)))
    with pytest.raises(WeightsMissingError):
        KeyFinder.load(tmp_path / "key.safetensors")
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"no tensors")
    with pytest.raises(WeightsMissingError):
        KeyFinder.load(broken)


def test_weights_survive_the_file(tmp_path: Path) -> None:
    finder = KeyFinder.load()
    finder.save(tmp_path / "again.safetensors")
    again = KeyFinder.load(tmp_path / "again.safetensors")
    names = ("bars", "whole", "bias", "change", "relative")
    assert all(np.array_equal(getattr(finder, name), getattr(again, name)) for name in names)


def test_what_sounds_decides_between_relative_keys_and_their_sum_stays() -> None:
    finder, score = KeyFinder.load(), bare(in_voices(MAJOR, 2))
    features = key_features(score)
    assert (features.several, features.given) == (True, False)
    fit = finder.fit_of(features)
    path, before = finder.best_path(fit), finder.chances(fit)
    for odds, state in ((-50.0, STATES.index((2, "major"))), (50.0, STATES.index((11, "minor")))):
        relative = np.append(np.zeros(12), odds).astype(np.float32)
        settled, after = replace(finder, relative=relative).settled(features, path, before)
        assert set(settled.tolist()) == {state}
        assert after.sum(1) == pytest.approx(before.sum(1))
        assert after[:, state].min() > 0.5


def test_chord_symbols_and_single_lines_are_left_to_the_chain() -> None:
    finder = replace(KeyFinder.load(), relative=np.append(np.zeros(12), 50.0).astype(np.float32))
    with_symbols = replace(in_voices(MAJOR, 2), keys=())
    line = bare(melody([(62 + step, 1) for step in (0, 2, 4, 5, 7, 9, 11, 12, 7, 4, 0)] * 2, key=None))
    for score in (with_symbols, line):
        assert finder.find(score).key.name == "D major"
    assert finder.find(bare(with_symbols)).key.name == "B minor"


def test_relative_keys_are_learned_from_degrees_that_sound() -> None:
    examples = []
    for tonic in range(12):
        for chords, mode in ((MAJOR, "major"), (MINOR, "minor")):
            features = key_features(bare(in_voices(chords, tonic, mode)))
            gold = np.full(len(features.starts), STATES.index((tonic, mode)))
            examples.append(Example(features, gold))
    relative = fit_relative(examples)
    for one in examples:
        tonic, mode = STATES[one.gold[0]]
        home = tonic if mode == "major" else (tonic + 3) % 12
        odds = one.features.sounding(0, len(one.gold), home) @ relative[:-1] + relative[-1]
        assert (odds > 0) == (mode == "minor")
