"""Every source keeps the contract; those inside the music21 package are read here."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

import pytest

from core.corpora.catalogue import FOLK, catalogue, load, search, tunes
from core.corpora.folder import DataFolder
from core.corpora.hymnal import HYMNAL
from core.corpora.keys import settle_key
from core.corpora.listing import listing
from core.corpora.mend import mend_bars, odd_bars
from core.corpora.nottingham import NOTTINGHAM
from core.corpora.registry import SOURCES, sources_of, styles_of
from core.corpora.split import choose_sources, load_pieces, read_source
from core.corpora.styles import BY_ID
from core.corpora.tunebooks import AIRD, ESSEN, ONEILL, RYAN, dance_style
from core.corpora.types import Source, Tier
from core.errors import DataMissingError, RequestError
from core.score import Key, Note, Score, Track
from core.score.abc_reader import read_abc

NOWHERE = DataFolder(None)
IN_PACKAGE = (ONEILL, RYAN, AIRD, ESSEN)


def test_ids_are_unique_and_styles_known() -> None:
    assert len({source.id for source in SOURCES}) == len(SOURCES)
    assert {style for source in SOURCES for style in source.styles} <= set(BY_ID)
    assert all(source.name and source.licence and source.address for source in SOURCES)


def test_styles_by_tier() -> None:
    assert "chinese-folk" not in styles_of(free_only=True)
    assert {"irish-jig", "irish-reel", "hornpipe", "slip-jig", "scottish", "hymn"} <= set(styles_of(free_only=True))
    assert [source.id for source in sources_of("chinese-folk")] == ["essen"]
    assert sources_of("chinese-folk", free_only=True) == ()


@pytest.mark.parametrize("source", [source for source in SOURCES if not source.is_at_hand(NOWHERE)], ids=lambda source: source.id)
def test_a_source_that_is_not_there_says_so(source: Source) -> None:
    with pytest.raises(DataMissingError):
        list(source.pieces(NOWHERE))


@pytest.mark.parametrize("source", [source for source in SOURCES if source.is_at_hand(NOWHERE)], ids=lambda source: source.id)
def test_pieces_keep_the_contract(source: Source) -> None:
    pieces = list(itertools.islice(source.pieces(NOWHERE), 40))
    assert len(pieces) == 40
    assert len({piece.id for piece in pieces}) == 40
    for piece in pieces:
        assert piece.source == source.id
        assert piece.id.startswith(source.id + "/")
        assert piece.style in source.styles
        assert piece.score.tracks[0].notes
        assert piece.score.keys
        assert piece.score.keys[0].tick == 0


@pytest.mark.parametrize("book", IN_PACKAGE, ids=lambda book: book.id)
def test_tunes_have_whole_bars_in_a_metre_of_their_style(book: Source) -> None:
    for piece in itertools.islice(book.pieces(NOWHERE), 120):
        assert piece.score.tracks[0].is_monophonic
        assert not odd_bars(piece.score)
        assert 4 <= len(piece.score.bars) <= 200
        assert str(piece.score.metres[0]) in BY_ID[piece.style].metres


@pytest.mark.parametrize(
    ("rhythm", "metre", "style"),
    [
        ("double jig", "6/8", "irish-jig"), ("slip jig", "9/8", "slip-jig"), ("Reel", "C|", "irish-reel"),
        ("reel", "2/4", "polka"), ("Strathspey", "C", "scottish"), ("clog", "C", "hornpipe"), ("Hornpipe", "2/4", "hornpipe"),
        ("Slide", "12/8", None), ("", "3/4", None), ("Jig", "9/8", "slip-jig"), ("highland fling", "C", "scottish"),
    ],
)  # fmt: skip
def test_dances_by_rhythm_and_metre(rhythm: str, metre: str, style: str | None) -> None:
    assert dance_style(rhythm, metre) == style


HYMN = """X: 1
T: Test Hymn
M: 3/4
L: 1/4
V: S1V1 clef=treble
V: S1V2
V: S2V1 clef=bass
V: S2V2
K: Eb
[V: S1V1] [Q:1/4=90] G/ F/ | E E G | F F G | c B G | E2
w: 1.~Come, Thou Fount of ev- ery bless- ing, Tune my
w: 2.~Sorr'w- ing I shall
[V: S1V2] E | E E E | D D E | E E E | E2
[V: S2V1] B, | G, G, B, | B, B, B, | A, G, B, | G,2
[V: S2V2] E, | E, E, E, | B,, B,, E, | A, E, B,, | E,2
"""


def test_hymns_have_four_voices_and_the_first_verse(tmp_path: Path) -> None:
    place = tmp_path / "open-hymnal" / "Complete" / "Test"
    place.mkdir(parents=True)
    (place / "Test-Tune.abc").write_text(HYMN, encoding="latin-1")
    (place / "Short.abc").write_text(HYMN.split("[V: S1V2]")[0], encoding="latin-1")
    (piece,) = HYMNAL.pieces(DataFolder(tmp_path))
    assert (piece.id, piece.title, piece.style) == ("hymnal/Test-Tune/1", "Test Hymn", "hymn")
    assert [track.name for track in piece.score.tracks] == ["Soprano", "Alto", "Tenor", "Bass"]
    assert [lyric.text for lyric in piece.score.tracks[0].lyrics][:4] == ["Come,", "Thou", "Fount", "of"]
    assert piece.score.keys == (Key(0, 3, "major"),)
    assert piece.score.pickup == 480
    reasons = Counter(score for *_, score in HYMNAL.candidates(DataFolder(tmp_path)) if isinstance(score, str))
    assert reasons == {"fewer than four voices": 1}


def test_nottingham_by_book_with_chords(tmp_path: Path) -> None:
    place = tmp_path / "nottingham"
    place.mkdir()
    music = 'K:G\nM:{}\n"G"{}|"D7"{}|"C"{}|"G"{}|\n'
    notes = ["G", "A", "B", "c", "d", "e"]
    for name, metre, count in (("jigs", "6/8", 6), ("waltzes", "3/4", 6), ("reelsa-c", "4/4", 8), ("morris", "4/4", 8)):
        bar = "".join((notes * 2)[:count])
        (place / f"{name}.abc").write_text(f"X: 1\nT:{name}\nM:4/4\n" + music.format(metre, bar, bar, bar, bar), encoding="utf-8")
    pieces = list(NOTTINGHAM.pieces(DataFolder(tmp_path)))
    assert {piece.title: piece.style for piece in pieces} == {
        "jigs": "irish-jig", "waltzes": "waltz", "reelsa-c": "irish-reel", "morris": "country-dance",
    }  # fmt: skip
    assert all(len(piece.score.chords) == 4 for piece in pieces)


def printed(music: str, metre: str = "6/8") -> Score:
    return read_abc(f"X:1\nM:{metre}\nL:1/8\nK:G\n{music}\n", unfold=False)


def test_short_bars_before_a_section_are_filled() -> None:
    mended = mend_bars(printed("B|G3 A3|G3 G2:|B3 c3|d3 G3|]"))
    assert mended is not None
    assert not odd_bars(mended)
    assert [note.start for note in mended.tracks[0].notes] == [0, 240, 960, 1680, 2400, 3120, 3840, 4560, 5280]


def test_pickups_after_full_bars_take_their_time_from_the_last_note() -> None:
    mended = mend_bars(printed("G3 A3|G6|]B|B3 c3|d3 G3|]"))
    assert mended is not None
    assert len(mended.bars) == 4
    assert mended.tracks[0].notes[2:4] == (Note(1440, 67, 1200), Note(2640, 71, 240))
    assert len(mended.metres) == 1


def test_bars_that_cannot_be_mended() -> None:
    assert mend_bars(printed("GABcde|GA|Bcdefg|GABcde|GABcde|]")) is None


@pytest.mark.parametrize(
    ("music", "declared", "key"),
    [
        ("E2EF G2FE D2 E4", Key(0, 7), Key(0, 4, "minor")),
        ("A2AB c2Bc d2ed e^fge a4 A4", Key(0, 7), Key(0, 9, "dorian")),
        ("G2GA B2AB cdef g2fe d2B2 G4", Key(0, 7), Key(0, 7)),
        ("c2ec g2ec d2BG c4", None, Key(0, 0)),
    ],
)
def test_keys_are_settled_by_the_music(music: str, declared: Key | None, key: Key) -> None:
    melody = read_abc(f"X:1\nL:1/8\nK:{'G' if declared else 'C'}\n{music}|").tracks[0]
    assert settle_key(melody, declared) == key


def test_reading_twice_uses_the_cache(tmp_path: Path) -> None:
    data, cache = tmp_path / "data", tmp_path / "cache"
    place = data / "open-hymnal" / "Complete"
    place.mkdir(parents=True)
    (place / "One.abc").write_text(HYMN, encoding="latin-1")
    folder = DataFolder(data)
    first = load_pieces(folder, sources=["hymnal"], cache=cache)
    (place / "One.abc").unlink()
    assert load_pieces(folder, sources=["hymnal"], cache=cache) == first
    assert len(list(cache.iterdir())) == 1
    assert read_source(HYMNAL, folder, None) == []


def test_choosing_sources() -> None:
    assert {source.tier for source in choose_sources(NOWHERE, free_only=True)} == {Tier.FREE}
    with pytest.raises(RequestError):
        choose_sources(NOWHERE, names=["no-such-book"])
    with pytest.raises(DataMissingError):
        load_pieces(NOWHERE, sources=["nottingham"], cache=None)


def test_the_listing_says_what_is_at_hand() -> None:
    rows = {row["id"]: row for row in listing(NOWHERE, count=False)}
    assert rows["oneill"]["at_hand"]
    assert not rows["nottingham"]["at_hand"]
    assert rows["essen"]["tier"] == "research"
    assert rows["nottingham"]["pieces"] is None


def test_the_catalogue_lists_every_tune_of_the_package(tmp_path: Path) -> None:
    entries = catalogue(tmp_path)
    assert len(entries) == 12_947
    assert len({entry.id for entry in entries}) == 12_947
    assert {entry.style for entry in entries} <= {*BY_ID, FOLK}
    catalogue.cache_clear()
    assert catalogue(tmp_path) == entries
    (found,) = (entry for entry in search("kid's", source="ryan", folder=tmp_path))
    assert (found.title, found.style, found.metre, found.key) == ("Billy, The Kid's", "polka", "2/4", "A major")
    assert found.commercial


def test_tunes_of_the_catalogue_open() -> None:
    score = load("oneill/0001-0050/1")
    assert score.title == "The Enchanted Valley"
    assert score.key == Key(0, 7, "minor")
    assert len(load("ryan/BillyTheKids/1").bars) > len(load("ryan/BillyTheKids/1", unfold=False).bars)


def test_one_tune_is_found_without_reading_its_whole_book() -> None:
    book = {entry.id: tune for entry, tune in tunes() if entry.id.startswith("ryan/")}
    for ident in list(book)[::40]:
        assert load(ident) == book[ident].read()


@pytest.mark.parametrize("ident", ["", "oneill", "oneill/*/1", "oneill/../1", "nobody/1/1", "oneill/0001-0050/99999", "ryan//1"])
def test_unknown_tunes_of_the_catalogue(ident: str) -> None:
    with pytest.raises(RequestError):
        load(ident)


def test_a_track_of_one_note_has_a_key() -> None:
    assert settle_key(Track((Note(0, 60, 480),)), None).tonic == 0
