"""What a humanised band plays is written on its steps; the melody and everybody else's music stay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.cli import main
from core.engines.as_written import as_written, export_written
from core.score import Note, Score, Track
from core.score.files import read_score, write_score
from core.score.stamp import with_stamp

MELODY = Track((Note(0, 72, 160), Note(160, 74, 160), Note(320, 76, 160)), "melody")
BASS = Track((Note(7, 36, 230), Note(471, 43, 250)), "bass")
SCORE = Score((MELODY, BASS))


def arranged(band: str, **request: object) -> Score:
    return with_stamp(SCORE, {"engine": "gan", "request": {"style": band, "humanise": True, **request}})


def test_a_band_is_written_on_its_steps_and_the_melody_stays() -> None:
    written = as_written(arranged("rock"))
    assert written.tracks[0] == MELODY
    assert written.tracks[1].notes == (Note(0, 36, 240), Note(480, 43, 240))
    swung = replace(arranged("jazz"), tracks=(MELODY, replace(BASS, notes=(Note(315, 36, 170),))))
    assert as_written(swung).tracks[1].notes == (Note(320, 36, 160),)


@pytest.mark.parametrize("score", [
    SCORE, arranged("rock", humanise=False), arranged("no band"),
    with_stamp(SCORE, {"engine": "lstm", "request": {"humanise": True}}), with_stamp(SCORE, {"engine": "gan", "request": 3}),
])  # fmt: skip
def test_everything_else_stays_as_it_is(score: Score) -> None:
    assert as_written(score) is score


def test_convert_writes_it_so_too(tmp_path: Path) -> None:
    (tmp_path / "band.mid").write_bytes(write_score(arranged("rock"), ".mid"))
    assert main(["convert", str(tmp_path / "band.mid"), str(tmp_path / "band.musicxml")]) == 0
    back = read_score((tmp_path / "band.musicxml").read_bytes(), "band.musicxml")
    assert [note.start for note in back.tracks[1].notes] == [0, 480]


@pytest.mark.parametrize(("suffix", "starts"), [(".mid", [7, 471]), (".midi", [7, 471]), (".xml", [0, 480]), (".mxl", [0, 480])])
def test_notation_is_written_on_steps_and_midi_as_it_is_played(suffix: str, starts: list[int]) -> None:
    back = read_score(export_written(arranged("rock"), suffix), f"band{suffix}")
    assert [note.start for note in back.tracks[1].notes] == starts
