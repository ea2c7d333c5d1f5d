"""The words of a score: by lines, as LRC, through files, and drawn with the times of their notes."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from core.errors import FormatError, LimitError
from core.score import ChordSymbol, Lyric, Metre, Note, Score, Tempo, Track
from core.score.engrave import MAX_NOTES, engrave_strip
from core.score.files import read_score, write_score
from core.score.lrc import MOST_BYTES, read_lrc_note
from core.score.stamp import with_stamp
from core.score.words import lyric_lines, spaced

Q = 480
WORDS = (
    Lyric(0, "Hal", "begin"), Lyric(Q, "lo,", "end"), Lyric(2 * Q, "[sun]", ends_line=True),
    Lyric(4 * Q, "月"), Lyric(5 * Q, "光", ends_line=True),
)  # fmt: skip
NOTES = tuple(Note(tick, 60 + at, Q) for at, tick in enumerate((0, Q, 2 * Q, 4 * Q, 5 * Q)))
SONG = Score((Track(NOTES, "Voice", lyrics=WORDS),), tempos=(Tempo(0, 90),), chords=(ChordSymbol(0, None), ChordSymbol(Q, 0)),
             title="A [song]")


def read(track: Track) -> list[str]:
    return ["".join(spaced(line)) for line in lyric_lines(track)]


def test_lines_end_where_they_are_said_to() -> None:
    assert read(SONG.melody) == ["Hallo, [sun]", "月光"]


def test_without_line_ends_a_rest_ends_a_line_but_no_word() -> None:
    plain = replace(SONG.melody, lyrics=tuple(replace(lyric, ends_line=False) for lyric in WORDS))
    assert read(plain) == ["Hallo, [sun]", "月光"]
    late = replace(plain, lyrics=(Lyric(2 * Q, "a", "begin"), Lyric(4 * Q, "way", "end")))
    assert read(late) == ["away"]
    assert lyric_lines(Track(NOTES)) == ()


@pytest.mark.parametrize("suffix", [".mid", ".musicxml"])
def test_line_ends_go_through_files(suffix: str) -> None:
    assert read_score(write_score(SONG, suffix), f"song{suffix}").melody.lyrics == WORDS


def test_lrc_has_a_line_with_its_time_for_each_line() -> None:
    lines = write_score(SONG, ".lrc").decode().splitlines()
    assert lines == ["[ti:A (song)]", "[length:00:05]", "[re:Songloom]", "[00:00.00]Hallo, (sun)", "[00:02.67]月光"]


def test_lrc_counts_minutes_through_a_change_of_tempo() -> None:
    part = Track((Note(0, 60, Q), Note(120 * Q, 60, Q)), lyrics=(Lyric(120 * Q, "late"),))
    far = Score((part,), tempos=(Tempo(0, 60), Tempo(60 * Q, 30)))
    assert write_score(far, ".lrc").decode().splitlines()[-1] == "[03:00.00]late"


def test_lrc_says_how_it_was_made_in_a_line_that_every_player_takes() -> None:
    facts = {"engine": "lstm", "weights": "ab" * 32, "random_seed": 7, "take": 2, "edits": 1,
             "request": {"style": "my [own]; style", "words": "x" * 999}, "data": [[f"source-{at}", "", ""] for at in range(99)]}
    data = write_score(with_stamp(SONG, facts), ".lrc")
    assert max(map(len, data.splitlines())) <= MOST_BYTES
    line = data.decode().splitlines()[2]
    assert line.startswith("[re:Songloom; engine=lstm; weights=abababababababab; style=my-own-style; seed=7; take=2; edits=1; ")
    assert line.count("[") == line.count("]") == 1
    said = read_lrc_note(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"))
    assert said is not None
    assert said["sources"][:2] == ["source-0", "source-1"]
    assert (said["engine"], said["random_seed"], said["take"], said["edits"]) == ("lstm", 7, 2, 1)
    assert read_lrc_note(write_score(SONG, ".lrc")) is None
    with pytest.raises(FormatError, match="as Songloom writes it"):
        read_lrc_note(b"[re:Songloom; take=two]")


def test_lrc_needs_words() -> None:
    with pytest.raises(FormatError):
        write_score(Score((Track(NOTES),)), ".lrc")


def test_a_strip_has_every_note_at_its_time() -> None:
    song = replace(SONG, pickup=Q, metres=(Metre(0, 3, 4),))
    strip = engrave_strip(song)
    assert [tick for tick, _ in strip.onsets] == [note.start for note in NOTES]
    root = ElementTree.fromstring(strip.svg)
    drawn = {element.get("id"): element for element in root.iter() if element.get("class") == "note"}
    sung = [" ".join("".join(drawn[id].itertext()).split()) for _, ids in strip.onsets for id in ids]
    assert sung == [lyric.text for lyric in WORDS]
    assert len([element for element in root.iter() if element.get("class") == "system"]) == 1


def test_a_strip_is_bare_and_safe() -> None:
    evil = replace(SONG.melody, lyrics=(Lyric(0, "<script>alert(1)</script>"),), name="<b>Voice</b>")
    root = ElementTree.fromstring(engrave_strip(replace(SONG, tracks=(evil,))).svg)
    text = "".join(root.itertext())
    assert "<script>" in text
    assert "Voice" not in text
    assert "N.C." not in text
    assert not [element for element in root.iter() if re.search("script|image|foreignObject", element.tag)]
    assert not [element for element in root.iter() if element.get("class") == "tempo"]


def test_a_strip_has_limits() -> None:
    with pytest.raises(FormatError):
        engrave_strip(SONG, scale=1)
    with pytest.raises(LimitError):
        engrave_strip(Score((Track(tuple(Note(i * 30, 60, 30) for i in range(MAX_NOTES + 1))),)))
