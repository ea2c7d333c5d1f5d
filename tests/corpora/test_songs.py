"""The sources of songs (Lieder, OpenEWLD) on tiny folders."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from core.corpora.folder import DataFolder
from core.corpora.lieder import Lieder
from core.corpora.openewld import OpenEwld, with_mode_of_chords
from core.corpora.registry import SOURCES
from core.errors import DataMissingError
from core.score import ChordSymbol, Key, Note, Score, Track
from tests.score.musicxml_samples import attributes, mxl, note, part, score

HEADS = "".join(f'<score-part id="{i}"><part-name>{n}</part-name></score-part>' for i, n in (("P", "Piano"), ("V", "Stimme")))
SUNG = '<lyric number="1"><syllabic>single</syllabic><text>la</text></lyric>'


def song() -> bytes:
    """Piano part first in the file: four bars of C under a sung tune of sixteen notes."""
    piano = (attributes(mode="") + note("C", 3, 16) + note("E", 3, 16, "chord") + note("G", 3, 16, "chord"),) * 4
    tune = (attributes(mode="") + note("E", 5, 4, SUNG) * 3 + note("C", 5, 4, SUNG),) * 4
    return score(part(*piano, identity="P"), part(*tune, identity="V"), heads=HEADS)


def test_lieder_put_the_voice_first_and_name_the_chords(tmp_path: Path) -> None:
    home = tmp_path / "openscore-lieder"
    (home / "scores" / "A" / "B").mkdir(parents=True)
    (home / "data").mkdir()
    (home / "data" / "scores.tsv").write_text("id\tpath\tname\n12\tA/B\tAn die Laute\n", encoding="utf-8")
    (home / "scores" / "A" / "B" / "lc12.mxl").write_bytes(mxl(song()))
    (home / "scores" / "A" / "lc13.mxl").write_bytes(b"PK\x03\x04 cut")
    (home / "scores" / "A" / "lc14.mxl").write_bytes(mxl(score(part(attributes() + note("C", 4, 16)))))
    (piece,) = Lieder().pieces(DataFolder(tmp_path))
    assert (piece.id, piece.title, piece.style) == ("lieder/lc12", "An die Laute", "art-song")
    assert [track.name for track in piece.score.tracks] == ["Stimme", "Piano"]
    assert len(piece.score.tracks[0].lyrics) == 16
    assert piece.score.chords == (ChordSymbol(0, 0, "maj"),)


def lead_sheet() -> bytes:
    chord = "<harmony><root><root-step>A</root-step></root><kind>minor</kind></harmony>"
    return score(part(attributes() + chord + note("A", 4, 16)))


def test_openewld_takes_titles_from_its_data_base_and_late_songs_out(tmp_path: Path) -> None:
    home = tmp_path / "openewld-pre1931"
    rows = [(1, "Old Song", "1920-01-01"), (2, "Late Song", "1942-01-24"), (3, "Ageless", None)]
    (home / "dataset").mkdir(parents=True)
    for _, title, _ in rows:
        (home / "dataset" / f"{title}.mxl").write_bytes(mxl(lead_sheet()))
    connection = sqlite3.connect(home / "OpenEWLD.db")
    connection.execute("CREATE TABLE works (id, title, first_performance_date, path_leadsheet)")
    connection.execute("CREATE TABLE work_author (id, author)")
    connection.executemany("INSERT INTO works VALUES (?, ?, ?, ?)", [(i, t, d, f"dataset/{t}.mxl") for i, t, d in rows])
    connection.executemany("INSERT INTO work_author VALUES (?, ?)", [(1, "B. Two"), (1, "A. One")])
    connection.commit()
    connection.close()
    pieces = list(OpenEwld().pieces(DataFolder(tmp_path)))
    assert [(piece.title, piece.score.composer) for piece in pieces] == [("Ageless", ""), ("Old Song", "A. One, B. Two")]
    assert pieces[0].score.keys == (Key(0, 9, "minor"),)
    assert pieces[0].score.chords == (ChordSymbol(0, 9, "min"),)


def test_mode_follows_the_last_tonic_chord_or_the_longer_one() -> None:
    tune = (Track((Note(0, 69, 480 * 8),)),)
    minor, major, other = ChordSymbol(0, 9, "min7"), ChordSymbol(480, 0, "maj"), ChordSymbol(480, 4, "7")
    assert with_mode_of_chords(Score(tune, keys=(Key(0, 0),), chords=(minor, major))).key == Key(0, 0, "major")
    assert with_mode_of_chords(Score(tune, keys=(Key(0, 0),), chords=(minor, other))).key == Key(0, 9, "minor")
    assert with_mode_of_chords(Score(tune, chords=(major,))).key == Key(0, 0, "major")
    assert with_mode_of_chords(Score(tune)).key is None


@pytest.mark.parametrize("source", [Lieder(), OpenEwld()])
def test_missing_data_is_said(source: Lieder | OpenEwld, tmp_path: Path) -> None:
    assert not source.is_at_hand(DataFolder(tmp_path))
    with pytest.raises(DataMissingError):
        list(source.pieces(DataFolder(tmp_path)))


def test_sources_are_registered_once() -> None:
    ids = [source.id for source in SOURCES]
    assert len(set(ids)) == len(ids)
    assert {"bach", "lieder", "openewld"} <= set(ids)
