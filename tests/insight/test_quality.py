"""The report of quality and the ranking of takes, by the shipped weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.engines.protocol import Request, Take
from core.engines.request_io import stamped
from core.errors import FormatError, RequestError, WeightsMissingError
from core.insight import quality as quality_module
from core.insight.damage import KINDS, plain
from core.insight.quality import ANY, LEVELS, VERDICTS, percentile, quality
from core.insight.quality_measures import SHOWN
from core.insight.ranking import ranked
from core.score import ChordSymbol, Note, Score, Track
from core.score.files import write_score
from tests.insight.tunes import HELD_OUT, drums, held_out


def damaged(name: str, kind: str) -> Score:
    return KINDS[kind](plain(held_out(name)), np.random.default_rng(list(HELD_OUT).index(name)))


@pytest.mark.parametrize("kind", KINDS)
def test_real_tunes_are_preferred_to_damaged_copies(kind: str) -> None:
    better = [quality(held_out(name), style).logit > quality(damaged(name, kind), style).logit
              for name, style in HELD_OUT.items()]
    assert np.mean(better) >= 0.8


def test_the_report_lays_every_measure_beside_the_style() -> None:
    found = quality(held_out("FishersHornpipe"), "hornpipe")
    assert found.style == "hornpipe"
    assert 0 <= found.overall <= 100
    assert [one.aspect for one in found.measures] == [aspect for aspect, names in SHOWN.items() if aspect != "harmony"
                                                      for _ in names if _ in {measure.name for measure in found.measures}]
    for one in found.measures:
        assert 0 <= one.percentile <= 100
        assert one.low <= one.high
        assert one.verdict in VERDICTS
        assert (one.verdict == "usual") == (one.low <= float(np.float16(one.value)) <= one.high)
    assert found == quality(held_out("FishersHornpipe"), "hornpipe")


def test_harmony_is_judged_where_there_are_chords() -> None:
    score = replace(held_out("FishersHornpipe"), chords=(ChordSymbol(0, 2), ChordSymbol(1920, 9)))
    assert "harmony" in {one.aspect for one in quality(score).measures}


def test_an_unknown_style_is_laid_beside_all() -> None:
    assert quality(held_out("BostonReel")).style == quality(held_out("BostonReel"), "kazoo").style == ANY


def test_a_wild_piece_is_far_above_in_leaps() -> None:
    wild = Score((Track(tuple(Note(at * 240, 40 + 43 * at % 50, 240) for at in range(64))),))
    verdicts = {one.name: one.verdict for one in quality(wild, "irish-reel").measures}
    assert verdicts["mean_interval"] == "far above"


def test_what_cannot_be_judged_is_said() -> None:
    with pytest.raises(FormatError):
        quality(drums())
    with pytest.raises(RequestError):
        quality(Score((Track((Note(0, 60, 480),)),)))
    assert 0 <= quality(Score((Track((Note(0, 60, 480), Note(480, 62, 480))),))).overall <= 100


def test_percentiles_take_the_middle_of_equal_values() -> None:
    levels = LEVELS * 10
    assert percentile(levels, 5.0) == pytest.approx(0.5)
    assert percentile(levels, -1.0) == 0
    assert percentile(levels, 11.0) == 1
    assert percentile(np.zeros(len(LEVELS)), 0.0) == pytest.approx(0.5)


@pytest.mark.parametrize("kind", KINDS)
def test_damage_changes_what_it_says_and_keeps_the_rest(kind: str) -> None:
    score = plain(held_out("DurangsHornpipe"))
    copy = KINDS[kind](score, np.random.default_rng(0))
    before, after = score.melody.notes, copy.melody.notes
    assert before != after
    assert len(before) == len(after)
    assert (copy.metres, copy.keys, copy.tempos) == (score.metres, score.keys, score.tempos)
    if kind == "wrong rhythm":
        assert [note.pitch for note in before] == [note.pitch for note in after]
    elif kind == "shuffled bars":
        assert sorted(note.pitch for note in before) == sorted(note.pitch for note in after)
    else:
        assert [(note.start, note.duration) for note in before] == [(note.start, note.duration) for note in after]


def takes() -> tuple[Take, ...]:
    pieces = [damaged("BostonReel", "random pitches"), held_out("BostonReel"), drums(), damaged("BostonReel", "wrong rhythm")]
    request = Request("polka", tonic=2, mode="major", takes=4)
    return tuple(Take(piece, request, index, "fake", 0.1) for index, piece in enumerate(pieces))


def test_the_best_take_comes_first_and_none_is_changed() -> None:
    given = takes()
    before = [write_score(stamped(take), ".mid") for take in given]
    found = ranked(given)
    assert found[0].take.index == 1
    assert found[-1].take.index == 2
    assert found[-1].quality is None
    assert sorted(one.take.index for one in found) == [0, 1, 2, 3]
    again = {one.take.index: write_score(stamped(one.take), ".mid") for one in found}
    assert [again[index] for index in range(4)] == before
    assert ranked(given) == found


def test_without_weights_takes_stay_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise WeightsMissingError("The weights are needed")

    monkeypatch.setattr(quality_module, "_judge", missing)
    assert [one.take.index for one in ranked(takes())] == [0, 1, 2, 3]
