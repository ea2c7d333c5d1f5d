"""Morphs begin and end with the user's own pieces, and say what they do about ends that do not fit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.engines.vae import morph
from core.engines.vae.loaded import Loaded
from core.engines.vae.morph import Morph
from core.engines.vae.piece import REMARKS, read
from core.errors import FormatError, RequestError
from core.score import Key, Note, Score, Track
from core.score.edits import transpose


def song(pitches: list[int]) -> Score:
    notes = tuple(Note(480 * at, pitch, 480) for at, pitch in enumerate(pitches))
    return Score(tracks=(Track(notes),), keys=(Key(0, 7),))


OTHER = song([67, 67, 74, 74, 76, 76, 74, 74, 72, 72, 71, 71, 69, 69, 67, 67])


def test_the_ends_are_the_users_own(untrained: Loaded, reel: Score) -> None:
    steps = Morph(untrained, reel, OTHER).steps(8)
    assert len(steps) == 8
    assert steps[0].score is reel
    assert steps[-1].score is OTHER
    assert [step.share for step in steps] == sorted(step.share for step in steps)
    between = Morph(untrained, reel, OTHER)
    assert between.at(0) is reel
    assert between.at(1) is OTHER


def test_the_slider_gives_what_the_row_shows(untrained: Loaded, reel: Score) -> None:
    between = Morph(untrained, reel, OTHER)
    for step in between.steps(4):
        assert between.at(step.share).melody.notes == step.score.melody.notes


def test_key_and_metre_stay_where_both_ends_have_them(untrained: Loaded, reel: Score) -> None:
    between = Morph(untrained, reel, OTHER)
    assert between.remarks == ()
    for step in between.steps(5):
        assert step.score.key is not None
        assert (step.score.key.tonic, step.score.key.mode) == (7, "major")
        assert {str(metre) for metre in step.score.metres} == {"4/4"}
        assert all(note.pitch % 12 in Key(0, 7).scale for note in step.score.melody.notes)


def test_ends_that_do_not_fit_hold_in_their_halves(untrained: Loaded, reel: Score, waltz: Score) -> None:
    between = Morph(untrained, reel, transpose(waltz, 2))
    assert set(between.remarks) == set(morph.REMARKS)
    found = [(str(s.score.metres[0]), s.score.key.tonic) for s in between.steps(6) if s.score.key]
    assert found == [("4/4", 7)] * 3 + [("3/4", 9)] * 3


def test_lengths_go_from_one_to_the_other(untrained: Loaded, reel: Score) -> None:
    long = song([67, 69, 71, 72] * 24)
    lengths = [len(score.bars) for score in Morph(untrained, reel, long).between([0.01, 0.5, 0.99])]
    assert lengths[0] <= 5
    assert lengths[-1] >= 22
    assert lengths[0] < lengths[1] < lengths[2]


def test_near_an_end_is_that_end_for_any_network(untrained: Loaded, reel: Score, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(morph, "PULL", 100.0)
    near = Morph(untrained, reel, OTHER).between([0.01, 0.99])
    assert [(n.start, n.pitch) for n in near[0].melody.notes] == [(n.start, n.pitch) for n in reel.melody.notes]
    assert [(n.start, n.pitch) for n in near[1].melody.notes] == [(n.start, n.pitch) for n in OTHER.melody.notes]


def test_an_octave_between_the_ends_is_bridged_in_one_place(untrained: Loaded, reel: Score) -> None:
    one, other = Morph(untrained, reel, transpose(reel, 12)).pieces
    assert one.sheet.reference == other.sheet.reference
    assert ((other.window.tokens - one.window.tokens)[one.window.tokens > 1] == 12).all()


def test_all_steps_in_a_row_are_one_piece(untrained: Loaded, reel: Score, waltz: Score) -> None:
    steps = Morph(untrained, reel, waltz).steps(4)
    whole = morph.joined(steps)
    assert whole.note_count == sum(len(step.score.melody.notes) for step in steps)
    assert len(whole.bars) == sum(len(step.score.bars) for step in steps)


@pytest.mark.parametrize("count", [2, 17, 0, -1])
def test_too_few_or_too_many_steps_are_refused(untrained: Loaded, reel: Score, count: int) -> None:
    with pytest.raises(RequestError):
        Morph(untrained, reel, OTHER).steps(count)


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_no_share_beyond_the_ends(untrained: Loaded, reel: Score, share: float) -> None:
    with pytest.raises(RequestError):
        Morph(untrained, reel, OTHER).at(share)


def test_drums_alone_have_no_melody() -> None:
    with pytest.raises(FormatError):
        read(Score(tracks=(Track((Note(0, 36, 480),), is_drum=True),)))


def test_three_hundred_bars_are_too_many() -> None:
    with pytest.raises(RequestError, match="128 bars"):
        read(song([60, 62, 64, 65] * 300))


def test_a_metre_nobody_learned_is_refused() -> None:
    with pytest.raises(RequestError):
        read(replace(song([60, 62, 64, 65]), metres=(replace(OTHER.metres[0], numerator=11, denominator=8),)))


def test_one_note_is_a_piece(untrained: Loaded, reel: Score) -> None:
    steps = Morph(untrained, song([67]), reel).steps(4)
    assert all(step.score.bars for step in steps)


def test_what_was_left_out_is_said(reel: Score) -> None:
    chord = replace(reel, tracks=(replace(reel.tracks[0], notes=(*reel.tracks[0].notes, Note(0, 40, 480))),), keys=())
    found = read(chord)
    assert set(found.remarks) == {"skyline", "key"}
    assert [n.pitch for n in found.seed.melody.notes][:2] == [67, 69]
    assert read(reel).remarks == ()
    assert set(found.remarks) <= set(REMARKS)
