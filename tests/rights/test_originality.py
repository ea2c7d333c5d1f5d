"""What is said of a piece: the nearest passages, where they are, and how unusual that is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.corpora.folder import DataFolder
from core.errors import DataMissingError, FormatError, RequestError
from core.rights import library as libraries
from core.rights.evaluation.planting import ALL, Kind, plant
from core.rights.library import Library, own_index
from core.rights.likeness import read_likeness, save_likeness, shipped
from core.rights.lines import Line, Lines, Place, line_of
from core.rights.melody_index import MelodyIndex
from core.rights.originality import Collection, Verdict, compare, excerpts, originality, verdict_of
from core.rights.shingles import GUARANTEED, Shingles, hashes_of
from core.score import Note, Score, Track
from tests.rights.make import lines_of, random_line, score_of, small_library


@pytest.fixture(scope="module")
def library() -> Library:
    return small_library()


def test_a_planted_passage_is_the_nearest_with_its_place(library: Library) -> None:
    rng = np.random.default_rng(5)
    for piece in range(5):
        planted = plant(random_line(900 + piece), library.tunes.lines.line(piece), ALL, rng, 16)
        found = originality(score_of(planted.line), library)
        first = found.passages[0]
        assert (first.piece.id, first.collection) == (f"essen/{piece}", Collection.CATALOGUE)
        assert first.there is not None
        assert first.notes <= first.length <= 20
        onset = int(planted.line.onsets[planted.first + 8])
        assert first.here.start <= onset < first.here.end
        for here, there in first.pairs:
            assert first.here.start <= here < first.here.end
            assert first.there.start <= there < first.there.end


def test_bars_of_both_sides_hold_the_passage(library: Library) -> None:
    rng = np.random.default_rng(6)
    source = library.tunes.lines.line(3)
    score = score_of(plant(random_line(950), source, Kind("as it is"), rng, 12).line)
    first = originality(score, library).passages[0]
    assert first.there is not None
    for span, bars in ((first.here, score.bars), (first.there, score_of(source).bars)):
        assert bars[span.first_bar][0] <= span.start < bars[span.first_bar][1]
        assert span.start < span.end <= bars[min(span.last_bar + 1, len(bars) - 1)][1]


def test_the_piece_itself_is_a_copy_and_can_be_left_out(library: Library) -> None:
    score = score_of(library.tunes.lines.line(7))
    found = originality(score, library)
    assert (found.verdict, found.passages[0].piece.id, found.passages[0].notes) == (Verdict.COPY, "essen/7", 60)
    assert found.passages[0].among_pairs == 0
    without = originality(score, library, leave_out=frozenset(["essen/7"]))
    assert "essen/7" not in {passage.piece.id for passage in without.passages}
    assert without.unusual > found.unusual


@pytest.mark.parametrize(("size", "verdict"), [(20, Verdict.CLOSE), (15, Verdict.FRESH)])
def test_a_short_tune_that_is_one_passage_of_another_is_close_to_it(library: Library, size: int, verdict: Verdict) -> None:
    """However many real pieces share as much: here all of them do. Fifteen notes are too few to say so."""
    common = replace(library, likeness=replace(library.likeness, nearest=np.full(101, 1e6)))
    tune = library.tunes.lines.line(4)
    found = originality(score_of(Line(tune.pitches[:size], tune.onsets[:size])), common)
    assert (found.unusual, found.passages[0].piece.id, found.verdict) == (1.0, "essen/4", verdict)
    assert found.is_nearly_one == (verdict is Verdict.CLOSE)


def test_a_new_melody_is_no_copy(library: Library) -> None:
    assert originality(score_of(random_line(12345)), library).verdict in (Verdict.FRESH, Verdict.USUAL)


def test_hashed_collections_are_named_but_not_shown(library: Library) -> None:
    hidden = random_line(500, 60)
    found = originality(score_of(hidden), library).passages[0]
    assert (found.piece.id, found.collection, found.can_be_shown) == ("pop909/0", Collection.HASHES, False)
    with pytest.raises(RequestError):
        excerpts(score_of(hidden), found, library)


def test_own_pieces_are_told_apart(library: Library) -> None:
    mine = score_of(random_line(777), "Mine")
    own = own_index([("take:1", "Mine", mine), ("drums", "", Score((Track((Note(0, 36, 10),), is_drum=True),)))])
    found = originality(mine, library, own)
    assert found.own[0].piece == Place("take:1", "Mine", "own")
    assert found.verdict not in (Verdict.COPY, Verdict.CLOSE)
    here, there = excerpts(mine, found.own[0], library, {"take:1": mine})
    assert here.melody.notes == there.melody.notes
    assert here.melody.notes[:-1] == mine.melody.notes[:-1]  # the last one sounds on into a bar that is left out


def test_too_short_and_no_melody(library: Library) -> None:
    assert originality(score_of(random_line(1, 7)), library).verdict is Verdict.TOO_SHORT
    drums = Score((Track((Note(0, 36, 10),), is_drum=True),))
    with pytest.raises(FormatError):
        originality(drums, library)


def test_what_was_covered_is_said(library: Library) -> None:
    found = originality(score_of(random_line(1)), library)
    assert {(one.source, one.pieces, one.how) for one in found.covered} == {("essen", 40, "notes"), ("pop909", 10, "hashes")}
    assert json.loads(json.dumps(found.as_dict()))["covered"][0]["source"] == "essen"


def test_chords_and_odd_notes_do_not_break_it(library: Library) -> None:
    low = Track(tuple(Note(0, pitch, 480) for pitch in range(0, 128, 9)) + tuple(Note(k, 127 * (k % 2), 1) for k in range(1, 30)))
    assert originality(Score((low,)), library).notes == 30


def test_two_pieces_compared() -> None:
    line = random_line(40)
    found = compare(score_of(line), score_of(line._replace(pitches=line.pitches + 2, onsets=line.onsets * 2)), "other")
    assert found is not None
    assert (found.notes, found.transposition, found.stretch, found.piece.title) == (60, 2, 2.0, "other")
    assert compare(score_of(random_line(1, 1)), score_of(line)) is None


@pytest.mark.parametrize(("unusual", "verdict"), [(1.0, "fresh"), (0.5, "usual"), (0.1, "close"), (0.01, "copy")])
def test_verdicts(unusual: float, verdict: str) -> None:
    assert verdict_of(unusual) == verdict


def test_likeness_is_read_as_it_was_written(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "rights" / "likeness.safetensors"
    save_likeness(library.likeness, path)
    found = read_likeness(path)
    assert found.shingles.places == library.shingles.places
    assert np.array_equal(found.shingles.hashes, library.shingles.hashes)
    assert np.allclose(found.surprise.steps, library.likeness.surprise.steps, atol=0.01)
    assert np.allclose(found.pairs, library.likeness.pairs)
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(FormatError):
        read_likeness(path)
    with pytest.raises(DataMissingError):
        read_likeness(tmp_path / "none")


def test_the_shipped_file_is_small_and_sound() -> None:
    found = shipped()
    assert libraries.other_sources()
    assert (np.diff(found.pairs) >= 0).all()
    assert (np.diff(found.nearest) >= 0).all()
    assert found.pieces >= 13_000
    from core.rights.likeness import ASSET

    assert ASSET.stat().st_size <= 6 * 2**20
    assert ASSET.with_suffix(".md").is_file()


def test_tunes_are_kept_and_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [(place, lines_of(3).line(k)) for k, place in enumerate(lines_of(3).places)]
    monkeypatch.setattr(libraries, "_read_tunes", lambda progress: kept)
    first = libraries.tune_lines(cache=tmp_path)
    monkeypatch.setattr(libraries, "_read_tunes", lambda progress: [])
    again = libraries.tune_lines(cache=tmp_path)
    assert again.places == first.places
    for name in ("starts", "pitches", "onsets", "bar_starts", "bars"):
        assert np.array_equal(getattr(again, name), getattr(first, name))


def test_a_piece_of_the_catalogue_is_shown(library: Library) -> None:
    whole = replace(library, folder=DataFolder(None))
    assert whole.score(Place("oneill/0701-0720/701", "", "oneill")).note_count > 20
    with pytest.raises(RequestError):
        whole.score(Place("nowhere/1", "", "nowhere"))


def test_the_index_holds_what_alignment_finds() -> None:
    """Seeds lose nothing here: the nearest of all pieces is the one that aligning with every piece finds."""
    tunes = lines_of(60)
    library = small_library(tunes)
    rng = np.random.default_rng(2)
    from core.rights.alignment import Aligner
    from core.rights.likeness import COSTS

    for _ in range(10):
        query = plant(random_line(int(rng.integers(5000, 9000))), tunes.line(int(rng.integers(60))), ALL, rng).line
        best = MelodyIndex(tunes).search(query, library.likeness.surprise, COSTS, 1)
        everything = Aligner(query, library.likeness.surprise, COSTS).bits(tunes)
        assert best[0][1].bits == pytest.approx(float(everything.max()))


def test_shingles_share_what_winnowing_promises() -> None:
    pieces = lines_of(30)
    shingles = Shingles.of(pieces)
    rng = np.random.default_rng(1)
    for piece in range(30):
        planted = plant(random_line(3000 + piece), pieces.line(piece), Kind("", transposed=True, grid=True), rng, GUARANTEED)
        assert piece in {shared.piece for shared in shingles.search(planted.line, 30)}
    assert len(shingles.hashes) < 0.6 * sum(len(hashes_of(pieces.line(k))) for k in range(30))
    assert not len(shingles.without(frozenset(place.id for place in pieces.places)).hashes)
    assert shingles.search(line_of(score_of(random_line(1, 3)))) == ()
    assert Shingles.of(Lines.of([])).search(random_line(1)) == ()
