"""The harmoniser on melodies whose chords are known."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import numpy as np
import pytest

from core.analysis.harmonise import Harmoniser
from core.analysis.segments import chord_overlap, segments
from core.errors import DataMissingError, RequestError, WeightsMissingError
from core.score import ChordSymbol
from tests.analysis.make import arpeggios, melody, transposed

I1, IV, V, VI = (0, "maj"), (5, "maj"), (7, "maj"), (9, "min")
MAJOR = ([I1, IV, V, I1], [I1, VI, IV, V, I1, IV, V, I1], [I1, V, VI, IV, I1, V, I1])
MINOR = ([(0, "min"), (5, "min"), (7, "maj"), (0, "min")], [(0, "min"), (8, "maj"), (7, "maj"), (0, "min")])


def corpus() -> list:
    rng = random.Random(1)
    pieces = []
    for i in range(60):
        mode, progressions = (("major", MAJOR), ("minor", MINOR))[i % 2]
        pieces.append(arpeggios(rng.choice(progressions), rng.randrange(12), mode, rng.choice([(3, 4), (4, 4), (6, 8)]), 1, i))
    return pieces + [arpeggios(MAJOR[0] * 2, i, "major", (4, 4), 2, 100 + i) for i in range(12)]


@pytest.fixture(scope="module")
def fitted() -> Harmoniser:
    return Harmoniser.fit(corpus())


@pytest.mark.parametrize("tonic", [0, 1, 7, 10])
@pytest.mark.parametrize("mode", ["major", "minor"])
@pytest.mark.parametrize("metre", [(3, 4), (4, 4), (6, 8), (2, 4)])
def test_writes_the_chords_of_arpeggios(fitted: Harmoniser, tonic: int, mode: str, metre: tuple[int, int]) -> None:
    progression = (MAJOR if mode == "major" else MINOR)[1]
    score = arpeggios(progression, tonic, mode, metre, seed=9)
    assert fitted.chords(score) == score.chords


def test_splits_bars_of_four_where_the_melody_does(fitted: Harmoniser) -> None:
    score = arpeggios([I1, V, VI, IV, I1, IV, V, I1], 2, "major", (4, 4), halves=2, seed=4)
    assert fitted.chords(score) == score.chords


def test_one_symbol_while_the_chord_stays(fitted: Harmoniser) -> None:
    score = melody([(60, 1), (64, 1), (67, 1)] * 3 + [(60, 3)], (3, 4))
    assert fitted.chords(score) == (ChordSymbol(0, 0, "maj"),)


@pytest.mark.parametrize(
    ("last", "mode", "quality"), [(67, "major", "maj"), (67, "minor", "min"), (63, "minor", "min"), (64, "minor", "maj")]
)
def test_closes_on_the_tonic_when_the_last_note_allows(fitted: Harmoniser, last: int, mode: str, quality: str) -> None:
    score = melody([(67, 1), (71, 1), (74, 1)] * 3 + [(last, 3)], (3, 4), (0, mode))
    assert (fitted.chords(score)[-1].root, fitted.chords(score)[-1].quality) == (0, quality)


def test_does_not_force_a_tonic_under_a_foreign_last_note(fitted: Harmoniser) -> None:
    score = melody([(60, 1), (64, 1), (67, 1), (62, 1), (71, 1), (62, 1)], (3, 4))
    assert fitted.chords(score)[-1].root == 7


def test_transposition_moves_the_chords_along(fitted: Harmoniser) -> None:
    rng = random.Random(3)
    score = melody([(rng.choice([60, 62, 64, 65, 67, 69, 71]), 0.5) for _ in range(64)])
    assert (
        fitted.chords(transposed(score, 5))
        == transposed(melody([(60, 1)], chords=[(c.tick / 480, c.root, c.quality) for c in fitted.chords(score)]), 5).chords
    )


def test_a_pick_up_has_no_chord(fitted: Harmoniser) -> None:
    score = melody([(67, 1), (60, 1), (64, 1), (67, 1), (60, 3)], (3, 4), pickup=1)
    assert fitted.chords(score)[0].tick == 480


def test_a_new_key_is_harmonised_in_that_key(fitted: Harmoniser) -> None:
    first, second = arpeggios(MAJOR[0], 0), arpeggios(MAJOR[0], 6, seed=5)
    shift = first.length
    joined = melody(
        [(n.pitch, n.duration / 480) for s in (first, second) for n in s.melody.notes], (3, 4),
    )  # fmt: skip
    keys = (first.keys[0], type(first.keys[0])(shift, 6, "major"))
    joined = type(joined)(joined.tracks, metres=joined.metres, keys=keys)
    assert [c.root for c in fitted.chords(joined)] == [0, 5, 7, 0, 6, 11, 1, 6]


def test_the_path_is_the_best_of_all_paths(fitted: Harmoniser) -> None:
    score = melody([(62, 1), (65, 1), (69, 1), (71, 1), (67, 1), (65, 1), (62, 2), (65, 1)], (3, 4))
    parts = segments(score)
    emission = fitted._fit_to_melody(parts)
    table, size = fitted.change[0], len(fitted.states)

    def value(path: tuple[int, ...]) -> float:
        steps = sum(table[parts[i].kind, path[i - 1], path[i]] for i in range(1, len(path)))
        return fitted.start[0, path[0]] + steps + fitted.final[0, path[-1]] + sum(emission[i, s] for i, s in enumerate(path))

    best = max(itertools.product(range(size), repeat=len(parts)), key=value)
    assert value(tuple(fitted._viterbi(parts, emission))) == pytest.approx(value(best))


def test_saved_and_loaded_it_writes_the_same(fitted: Harmoniser, tmp_path: Path) -> None:
    fitted.save(tmp_path / "h.safetensors")
    again = Harmoniser.load(tmp_path / "h.safetensors")
    assert again.states == fitted.states
    assert np.array_equal(again.change, fitted.change)
    score = arpeggios(MAJOR[2], 3, seed=8)
    assert again.chords(score) == fitted.chords(score)


def test_rare_chords_are_read_as_their_triad() -> None:
    pieces = [arpeggios(MAJOR[0], i % 12, seed=i) for i in range(20)] + [arpeggios([I1, IV, (7, "7"), I1], seed=50)]
    assert (7, "7") not in Harmoniser.fit(pieces, epochs=1).states
    assert (7, "7") in Harmoniser.fit(pieces, epochs=1, min_count=1).states


def test_refuses_what_it_cannot_use(fitted: Harmoniser, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="key"):
        fitted.chords(melody([(60, 1)], key=None))
    with pytest.raises(DataMissingError, match="chords"):
        Harmoniser.fit([melody([(60, 1)])])
    with pytest.raises(WeightsMissingError, match="nothing"):
        Harmoniser.load(tmp_path / "nothing.safetensors")
    (tmp_path / "broken").write_bytes(b"1234567890")
    with pytest.raises(WeightsMissingError, match="broken"):
        Harmoniser.load(tmp_path / "broken")


def test_overlap_counts_time() -> None:
    reference = [ChordSymbol(0, 0, "7"), ChordSymbol(100, 5, "min"), ChordSymbol(200, None), ChordSymbol(300, 2, "dim")]
    found = [ChordSymbol(0, 0), ChordSymbol(100, 5), ChordSymbol(150, 5, "min7"), ChordSymbol(350, 3)]
    result = chord_overlap(found, reference, 400)
    assert result.ticks == 300
    assert result.root == pytest.approx(200 / 300)
    assert result.majmin == pytest.approx(150 / 200)
