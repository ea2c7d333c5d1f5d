"""Groove, the bands and EMOPIA are read with their labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.corpora.bands import FREEDOOM, OPENMSX
from core.corpora.emopia import Emopia
from core.corpora.folder import DataFolder
from core.corpora.groove import Groove
from core.corpora.midi_folder import melody_first
from core.corpora.registry import PART_SOURCES, SOURCES
from core.corpora.types import Tier
from core.errors import DataMissingError
from core.score import Note, Score, Track
from core.score.midi import write_midi

DRUMS = Track((Note(0, 36, 60), Note(480, 38, 60)), "kit", is_drum=True)
BASS = Track(tuple(Note(index * 240, 36 + index % 5, 240) for index in range(40)), "bass")
PAD = Track(tuple(Note(index // 3 * 960, 60 + index % 3 * 4, 960) for index in range(30)), "pad")
LEAD = Track(tuple(Note(index * 480, 72 + index % 7, 400) for index in range(20)), "lead")


def test_drum_takes_carry_style_and_split(tmp_path: Path) -> None:
    session = tmp_path / "groove" / "groove" / "drummer1" / "session1"
    session.mkdir(parents=True)
    (session / "1.mid").write_bytes(write_midi(Score((DRUMS,))))
    (session / "unlisted.mid").write_bytes(write_midi(Score((DRUMS,))))
    (tmp_path / "groove" / "groove" / "info.csv").write_text(
        "drummer,session,id,style,bpm,beat_type,time_signature,midi_filename,audio_filename,duration,split\n"
        "drummer1,drummer1/session1,drummer1/session1/1,jazz/swing,125,fill,4-4,drummer1/session1/1.mid,x.wav,1.0,test\n"
    )
    (piece,) = Groove().pieces(DataFolder(tmp_path))
    assert (piece.id, piece.style, piece.title) == ("groove/drummer1/session1/1", "jazz", "jazz/swing fill, 125 bpm")
    assert piece.score.texts == ("fill", "split: test")
    assert piece.score.tracks[0].notes == DRUMS.notes


def test_the_melody_of_a_band_comes_first(tmp_path: Path) -> None:
    folder = tmp_path / "openmsx" / "src"
    folder.mkdir(parents=True)
    (folder / "b.mid").write_bytes(write_midi(Score((DRUMS, BASS, PAD, LEAD), title="Song")))
    (folder / "a.mid").write_bytes(b"broken")
    (folder / "c.mid").write_bytes(write_midi(Score((DRUMS,))))
    (piece,) = OPENMSX.pieces(DataFolder(tmp_path))
    assert [track.name for track in piece.score.tracks] == ["lead", "kit", "bass", "pad"]
    assert (piece.id, piece.title, piece.style) == ("openmsx/b", "Song", "band")
    assert melody_first(Score((BASS,))) == Score((BASS,))
    assert melody_first(Score((DRUMS,))) is None


def test_clips_carry_their_quadrant(tmp_path: Path) -> None:
    (tmp_path / "emopia" / "midis").mkdir(parents=True)
    (tmp_path / "emopia" / "split").mkdir()
    (tmp_path / "emopia" / "midis" / "Q3_abc_0.mid").write_bytes(write_midi(Score((PAD,))))
    (tmp_path / "emopia" / "midis" / "other.mid").write_bytes(write_midi(Score((PAD,))))
    (tmp_path / "emopia" / "split" / "val_clip.csv").write_text(",clip_name\n0,Q3_abc_0.mid\n")
    (piece,) = Emopia().pieces(DataFolder(tmp_path))
    assert (piece.id, piece.style, piece.score.texts) == ("emopia/Q3_abc_0", "Q3", ("split: val",))


@pytest.mark.parametrize("source", PART_SOURCES, ids=lambda source: source.id)
def test_missing_collections_say_so(source: object, tmp_path: Path) -> None:
    assert not source.is_at_hand(DataFolder(tmp_path))  # type: ignore[attr-defined]
    with pytest.raises(DataMissingError):
        list(source.pieces(DataFolder(tmp_path)))  # type: ignore[attr-defined]
    (tmp_path / source.id).mkdir()  # type: ignore[attr-defined]
    with pytest.raises(DataMissingError):
        list(source.pieces(DataFolder(tmp_path)))  # type: ignore[attr-defined]


def test_tiers_are_those_of_the_licences() -> None:
    tiers = {source.id: source.tier for source in (*SOURCES, *PART_SOURCES)}
    assert tiers["groove"] == tiers[FREEDOOM.id] == Tier.FREE
    assert tiers["openmsx"] == Tier.COPYLEFT
    assert tiers["pop909"] == tiers["emopia"] == Tier.RESEARCH
    assert len(tiers) == len(SOURCES) + len(PART_SOURCES)
