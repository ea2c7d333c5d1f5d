"""The Bach source on a tiny folder: voices, keys, and what is left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.corpora.bach import Bach, chorale_key, four_voices, quarter_frames
from core.corpora.bach_held_out import SAME_MELODY, SAME_SETTING
from core.corpora.folder import DataFolder
from core.corpora.jsb import frame_grams, jsb_frames, overlap, setting_grams
from core.errors import DataMissingError, FormatError
from core.score import Key, Note, Score, Track
from tests.score.musicxml_samples import attributes, mxl, note, part, score

NAMES = ("Soprano", "Alto", "Tenor", "Bass")


def chorale(*extra: str, names: tuple[str, ...] = NAMES, last: str = "C") -> bytes:
    everyone = (*extra, *names)
    heads = "".join(f'<score-part id="P{i}"><part-name>{name}</part-name></score-part>' for i, name in enumerate(everyone))
    tunes = {"Soprano": ("G", 4), "Alto": ("E", 4), "Tenor": ("C", 4), "Bass": (last, 3)}
    bars = (attributes(mode="") + note(*tunes.get(name, ("A", 5)), 16) for name in everyone)
    return score(*(part(bar, identity=f"P{i}") for i, bar in enumerate(bars)), heads=heads)


def choir(*bass: int, fifths_tonic: int = 0) -> Score:
    def line(*pitches: int) -> tuple[Note, ...]:
        return tuple(Note(480 * i, pitch, 480) for i, pitch in enumerate(pitches))

    upper = tuple(Track(line(*(pitch,) * len(bass)), name) for pitch, name in zip((72, 67, 64), NAMES, strict=False))
    return Score((*upper, Track(line(*bass), "Bass")), keys=(Key(0, fifths_tonic),))


def test_pieces_leave_out_what_the_benchmark_tests(tmp_path: Path) -> None:
    held = sorted(SAME_SETTING)[0]
    for name in (held, "bwv9999"):
        (tmp_path / f"{name}.mxl").write_bytes(mxl(chorale("Horn 1")))
    (tmp_path / "bwv9998.mxl").write_bytes(b"PK damaged")
    (tmp_path / "bwv9997.xml").write_bytes(chorale(names=("Soprano", "Bass")))
    source = Bach(tmp_path)
    assert [piece.id for piece in source.pieces(DataFolder(None))] == ["bach/bwv9999"]
    assert [piece.id for piece in source.held_out()] == [f"bach/{held}"]
    piece = next(source.pieces(DataFolder(None)))
    assert [track.name for track in piece.score.tracks] == list(NAMES)
    assert [track.notes[0].pitch for track in piece.score.tracks] == [67, 64, 60, 48]
    assert [chord.text() for chord in piece.score.chords] == ["C"]
    assert piece.style == "chorale"


def test_same_settings_are_among_same_melodies() -> None:
    assert SAME_SETTING < SAME_MELODY


def test_missing_folder_is_said(tmp_path: Path) -> None:
    source = Bach(tmp_path / "none")
    assert not source.is_at_hand(DataFolder(None))
    with pytest.raises(DataMissingError):
        list(source.pieces(DataFolder(None)))


@pytest.mark.parametrize(
    ("last", "key"),
    [(48, Key(0, 0, "major")), (45, Key(0, 9, "minor")), (50, Key(0, 2, "minor")), (52, Key(0, 9, "minor"))],
)
def test_key_from_the_last_bass(last: int, key: Key) -> None:
    assert chorale_key(choir(48, 53, last)) == key


def test_pieces_without_four_single_lines_are_none() -> None:
    full = choir(48, 50)
    assert four_voices(full) is not None
    assert four_voices(Score(full.tracks[:3])) is None
    double = Track((*full.tracks[3].notes, Note(0, 36, 480)), "Bass")
    assert four_voices(full.with_track(3, double)) is None


def test_frames_and_their_runs_do_not_change_with_transposition() -> None:
    bass = (48, 50, 52, 53, 55, 57, 59, 60, 55, 48)
    here = quarter_frames(choir(*bass))
    there = quarter_frames(choir(*reversed(bass)))
    moved = [tuple(pitch + 3 for pitch in frame) for frame in here]
    assert here[1] == (50, 64, 67, 72)
    assert frame_grams(here) == frame_grams(moved)
    assert setting_grams(here) == setting_grams(moved) != setting_grams(there)
    assert overlap(setting_grams(here), setting_grams(moved)) == 1
    assert overlap(setting_grams(here), frozenset()) == 0


def test_benchmark_frames_are_read_and_broken_ones_refused(tmp_path: Path) -> None:
    home = tmp_path / "jsb-chorales"
    home.mkdir()
    path = home / "jsb-chorales-quarter.json"
    path.write_text(json.dumps({"train": [[[64, 60], []]], "valid": [], "test": []}))
    folder = DataFolder(tmp_path)
    assert jsb_frames(folder, "train") == [[(60, 64), ()]]
    path.write_text('{"train": 3}')
    for split in ("train", "test"):
        with pytest.raises(FormatError):
            jsb_frames(folder, split)
    with pytest.raises(DataMissingError):
        jsb_frames(DataFolder(None), "train")
