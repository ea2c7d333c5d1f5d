"""Engraved pages: what is on them, that they are safe to show, and that threads may share the engraver."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import pytest
import verovio
from hypothesis import given, settings

from core.errors import FormatError, LimitError
from core.score import ChordSymbol, Key, Lyric, Note, Score, Track
from core.score.engrave import MAX_NOTES, engrave
from core.score.musicxml_writer import write_musicxml
from tests.score.strategies import scores

Q = 480


def song(bars: int = 4, title: str = "") -> Score:
    notes = tuple(Note(i * Q, 60 + i % 8, Q) for i in range(4 * bars))
    words = (Lyric(0, "<script>alert(1)</script>"), Lyric(Q, "Lo", "begin"), Lyric(2 * Q, "re", "end"))
    return Score((Track(notes, "Voice", lyrics=words),), keys=(Key(0, 0),), chords=(ChordSymbol(0, 9, "min7"),), title=title)


def classes(page: str, name: str) -> int:
    return sum(name in (element.get("class") or "").split() for element in ElementTree.fromstring(page).iter())


def test_notes_chords_words_and_bars_are_drawn() -> None:
    (page,) = engrave(song())
    assert classes(page, "note") == 16
    assert classes(page, "measure") == 4
    assert classes(page, "harm") == 1
    assert classes(page, "syl") == 3
    assert "Am7" in "".join(ElementTree.fromstring(page).itertext())


def test_pages_are_safe_and_follow_the_colours_around() -> None:
    (page,) = engrave(song(title="<img src=x onerror=1>"), title=True)
    root = ElementTree.fromstring(page)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags.isdisjoint({"script", "image", "foreignObject", "a", "img"})
    for element in root.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert not name.endswith("href") or value.startswith("#")
    assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", page)
    assert root.get("fill") == "currentColor"
    assert "black" not in page
    assert "onerror" in "".join(root.itertext())


def test_the_same_score_gives_the_same_page() -> None:
    assert engrave(song()) == engrave(song())


def test_long_music_fills_pages_of_the_asked_height() -> None:
    pages = engrave(song(120), width=600, page=500)
    assert len(pages) > 1
    assert sum(classes(page, "measure") for page in pages) == 120
    assert len(engrave(song(120), width=600)) == 1


def test_width_is_the_view_box() -> None:
    for width in (400, 1200):
        box = ElementTree.fromstring(engrave(song(40), width=width)[0]).get("viewBox", "").split()
        assert float(box[2]) == pytest.approx(width, abs=2)


def test_threads_share_the_engraver() -> None:
    pieces = [song(bars) for bars in (1, 2, 3, 4)] * 3
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(engrave, pieces))
    assert together == [engrave(piece) for piece in pieces]


def test_sizes_and_lengths_have_limits() -> None:
    with pytest.raises(FormatError):
        engrave(song(), width=10)
    with pytest.raises(FormatError):
        engrave(song(), page=10**6)
    many = Track(tuple(Note(i * 30, 60, 30) for i in range(MAX_NOTES + 1)))
    with pytest.raises(LimitError):
        engrave(Score((many,)))


@given(scores())
@settings(max_examples=25, deadline=None)
def test_verovio_has_no_complaints(score: Score) -> None:
    verovio.enableLog(verovio.LOG_WARNING)
    try:
        toolkit = verovio.toolkit()
        assert toolkit.loadData(write_musicxml(score).decode())
        assert toolkit.getLog() == ""
    finally:
        verovio.enableLog(verovio.LOG_OFF)
    assert all(classes(page, "staff") for page in engrave(score))
