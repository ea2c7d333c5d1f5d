"""Writing a score as MIDI and reading it gives the same score."""

from __future__ import annotations

from hypothesis import given

from core.score import Score
from core.score.files import write_score
from core.score.midi import read_midi, write_midi
from tests.score.strategies import scores


@given(scores())
def test_write_then_read_gives_the_same_score(score: Score) -> None:
    assert read_midi(write_midi(score)) == score


@given(scores())
def test_the_same_score_gives_the_same_bytes(score: Score) -> None:
    data = write_score(score, ".mid")
    assert write_score(read_midi(data), "again.MIDI") == data == write_score(score, ".midi")
