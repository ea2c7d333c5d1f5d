"""Band pieces: what is asked of mma, what becomes of its parts, real bands sorted into parts; with a stand-in for mma."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.corpora import band_pieces, listing, mma
from core.corpora.band_made import MmaStore, arrangement, plans, song_of
from core.corpora.band_pieces import load_band_pieces
from core.corpora.band_real import band_scores, drum_takes, hands, nearest_band, pop_songs, sort_parts
from core.corpora.band_styles import BANDS, BY_ID, PARTS
from core.corpora.folder import DataFolder
from core.corpora.mma_grooves import FAMILIES, Family, bands_for, installed, variants
from core.corpora.mma_parts import Stretch, backing, fold, one_voice, part_of, tidy
from core.corpora.song_form import song_form
from core.corpora.split import SplitPiece
from core.corpora.types import Piece, Tier
from core.errors import DataMissingError, RequestError
from core.score import ChordSymbol, Key, Metre, Note, Score, Track
from core.score.midi_write import write_midi

BAR = 1920


def song(bars: int = 16, metre: tuple[int, int] = (4, 4), pickup: int = 0) -> Score:
    length = Metre(0, *metre).bar_ticks
    notes = [Note(pickup + bar * length + 240 * place, 60 + (bar % 8 + 3 * (bar // 8 % 2) + place) % 12, 240)
             for bar in range(bars) for place in range(length // 240)]
    chords = tuple(ChordSymbol(pickup + bar * length, (0, 5, 7, 0)[bar % 4]) for bar in range(bars))
    return Score((Track(tuple(notes), "tune"),), metres=(Metre(0, *metre),), keys=(Key(0, 0),), chords=chords, pickup=pickup)


def split_piece(score: Score, source: str = "nottingham") -> SplitPiece:
    return SplitPiece(Piece(f"{source}/1", source, "irish-reel", "", score), "valid", "c", "f")


def played(job: mma.Job) -> tuple[Track, ...]:
    """What a plain band would play: a bass and a drum on the first beat of every bar, and a chord."""
    starts = [bar * job.beats * 480 for bar in range(len(job.bars))]
    return (
        Track(tuple(Note(start, 36, 3) for start in starts), "Drum", is_drum=True),
        Track(tuple(Note(start, 36, 400) for start in starts), "Walk", 32),
        Track(tuple(Note(start + 7, pitch, 300) for start in starts for pitch in (60, 64, 67)), "Chord", 0),
    )


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A stand-in for mma that answers with a MIDI file of one bar of a named track."""
    answer = tmp_path / "answer.mid"
    notes = (Note(0, 40, 480), Note(4 * BAR, 43, 480), Note(5 * BAR, 45, 480))
    answer.write_bytes(write_midi(Score((Track(notes, "Bass", 32),))))
    path = tmp_path / "mma"
    path.write_text('#!/bin/sh\nwhile [ "$1" != "-f" ]; do shift; done\n'
                    f'grep -q Nonsense "$3" && echo "No such groove" && exit 1\ncp {answer} "$2"\n')
    path.chmod(0o755)
    return path


def job(groove: str = "Swing", bars: int = 4) -> mma.Job:
    bar = mma.GrooveBar(groove, ((1.0, ChordSymbol(0, 9, "min")), (3.5, ChordSymbol(0, 10, "7", 2))), groove == "Swing")
    return mma.Job((bar,) * bars, 4, 5)


def test_what_mma_is_asked() -> None:
    text = mma.script(job(bars=2))
    assert text.count("Groove Swing") == 1
    assert text.count("1 Am@1 A#7/D@3.5") == 2
    assert "AllTracks RTime 0" in text
    assert "Sequence {1 4 70; 2 4 70; 3 4 70; 4 4 70}" in text
    assert "Chord-Pad" not in mma.script(job("Polka"))


def test_one_call_plays_many_jobs(program: Path) -> None:
    first, second = mma.play([job(bars=4), job("Polka", 4)], str(program))
    assert [(note.start, note.pitch) for note in first[0].notes] == [(0, 40)]
    assert [(note.start, note.pitch) for note in second[0].notes] == [(0, 43), (BAR, 45)]


def test_a_missing_or_failing_program_is_said(program: Path) -> None:
    with pytest.raises(DataMissingError, match="apt-get install mma"):
        mma.play([job()], "no-such-program")
    with pytest.raises(DataMissingError, match="No such groove"):
        mma.play([job("Nonsense")], str(program))


def test_what_was_played_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mma, "play", lambda jobs: [played(one) for one in jobs])
    store = MmaStore(tmp_path / "kept.pickle")
    store.prepare([job()])
    monkeypatch.setattr(mma, "play", lambda jobs: pytest.fail("played twice"))
    again = MmaStore(tmp_path / "kept.pickle")
    again.prepare([job()])
    assert again.tracks(job()) == played(job())


@pytest.mark.parametrize(("metre", "pickup"), [((4, 4), 0), ((6, 8), 240), ((2, 4), 240), ((3, 4), 480), ((2, 2), 0)])
def test_songs_become_pieces_with_every_part(metre: tuple[int, int], pickup: int) -> None:
    given = split_piece(song(16, metre, pickup))
    made = [arrangement(plan, played(plan.job)) for plan in plans(given)]
    assert len({piece.band for piece in made}) == len(made) > 0
    for piece in made:
        assert [track.name for track in piece.score.tracks] == list(PARTS)
        assert (piece.split, piece.machine_made, piece.tier, piece.first_bar) == ("valid", True, Tier.COPYLEFT, int(pickup > 0))
        assert len(piece.kinds) == len(piece.letters) == len(piece.fills) == 16
        assert [n.pitch for n in piece.score.tracks[0].notes] == [n.pitch for n in given.piece.score.tracks[0].notes]
        assert piece.score.length == given.piece.score.length
        bass = piece.part("bass")
        assert bass is not None
        assert bass.notes
        starts = {start for start, _, _ in piece.score.bars}
        assert {note.start for note in bass.notes} <= starts
        low, high = BY_ID[piece.band].ranges["bass"]
        assert all(low <= note.pitch <= high for note in bass.notes)


def test_grooves_follow_the_form() -> None:
    (plan, *_) = plans(split_piece(song(16)))
    grooves = [bar.groove for bar in plan.job.bars]
    named = variants(plan.family)
    assert grooves[0] == named.verse
    assert grooves[-1] == named.ending
    assert len(plan.stretches) == 16


def test_songs_that_no_band_plays_are_left_out() -> None:
    assert song_of(song(16, (5, 4))) is None
    assert song_of(replace(song(16), chords=(ChordSymbol(0, None),))) is None
    assert song_of(song(2)) is None


def test_short_bars_are_cut() -> None:
    stretches = [Stretch(0, BAR, BAR), Stretch(BAR, BAR, BAR + 960), Stretch(BAR + 960, BAR, 2 * BAR + 960)]
    raw = Track(tuple(Note(480 * beat, 36, 480) for beat in range(12)), "Bass", 32)
    tracks = {track.name: track for track in backing([raw], stretches, 4, BY_ID["rock"], True)}
    starts = [note.start for note in tracks["bass"].notes]
    assert starts == [0, 480, 960, 1440, 1920, 2400, 2880, 3360, 3840, 4320]
    assert tracks["pad"].notes == tracks["drums"].notes == ()


def test_swing_stays_swing_where_it_may() -> None:
    raw = Track((Note(0, 60, 300), Note(320, 60, 150)), "Chord", 0)
    for ternary, second in ((True, 320), (False, 360)):
        tracks = backing([raw], [Stretch(0, BAR, BAR)], 4, BY_ID["jazz"], ternary)
        assert [note.start for note in tracks[0].notes] == [0, second]


def test_parts_of_mma() -> None:
    def track(name: str, pitch: int, length: int, drum: bool = False) -> Track:
        return Track((Note(0, pitch, length),), name, is_drum=drum)

    assert part_of(track("Walk", 40, 300)) == "bass"
    assert part_of(track("Bass-Piano", 60, 300)) == "chords"
    assert part_of(track("Chord-Sus", 60, 300)) == "pad"
    assert part_of(track("Chord", 60, 2000)) == "pad"
    assert part_of(track("Plectrum", 60, 2000)) == "chords"
    assert part_of(track("Drum", 42, 3, True)) == "drums"


def test_folding_and_voices() -> None:
    assert [fold(pitch, 28, 55) for pitch in (20, 28, 55, 56, 80)] == [32, 28, 55, 44, 44]
    assert [n.duration for n in tidy([Note(0, 60, 500), Note(0, 60, 200), Note(240, 60, 100)])] == [240, 100]
    assert [(n.start, n.pitch, n.duration) for n in one_voice([Note(0, 50, 900), Note(0, 40, 900), Note(480, 45, 100)])] == [
        (0, 40, 480), (480, 45, 100)]


def test_families_are_for_bands_and_metres_that_there_are() -> None:
    for (band, metre), families in FAMILIES.items():
        assert metre in BY_ID[band].style.metres
        assert len({family.base for family in families}) == len(families) > 0
    assert {band.id for band in BANDS} == set(bands_for("4/4"))
    for one in BANDS:
        assert {metre for known, metre in FAMILIES if known == one.id} == set(one.style.metres)


def test_variants_that_are_not_installed_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.mma").write_text("DefGroove Jump  A jump.\nDefGroove JUMPFill x\n DefGroove JumpSusPlus y\n")
    assert installed(tmp_path) == {"Jump", "JUMPFill", "JumpSusPlus"}
    found = variants(Family("Jump"), tmp_path)
    assert (found.verse, found.second, found.chorus, found.intro, found.ending, found.fill) == (
        "Jump", "Jump", "JumpSusPlus", "Jump", "Jump", "JUMPFill")


def test_a_real_band_is_sorted_into_parts() -> None:
    def part(program: int, pitch: int, length: int = 240, drum: bool = False) -> Track:
        return Track(tuple(Note(480 * n + 3, pitch + n % 3, length) for n in range(32)), "", program, is_drum=drum)

    score = Score((part(30, 70), part(34, 36), part(29, 55), part(48, 60, 960), part(0, 40, 100, True), part(127, 60)))
    assert {name: len(notes) for name, notes in sort_parts(score).items()} == {
        "melody": 32, "bass": 32, "chords": 32, "pad": 32, "drums": 32}
    assert nearest_band(score) == "rock"
    (found,) = band_scores([Piece("freedoom-music/x", "freedoom-music", "band", "", score)], Tier.FREE)
    assert [track.name for track in found.score.tracks] == list(PARTS)
    assert (found.band, found.machine_made) == ("rock", False)
    assert {note.start % 120 for track in found.score.tracks for note in track.notes} == {0}
    assert list(band_scores([Piece("x", "x", "band", "", replace(score, tracks=score.tracks[:1]))], Tier.FREE)) == []


def test_a_pianist_has_two_hands() -> None:
    notes = [Note(0, 40, 480), Note(0, 60, 480), Note(0, 64, 480), Note(480, 67, 480)]
    left, right = hands(notes)
    assert [note.pitch for note in left] == [40]
    assert [note.pitch for note in right] == [60, 64, 67]
    score = song(8)
    piano = Track(tuple(replace(note, start=note.start + bar * BAR) for bar in range(8) for note in notes))
    score = replace(score, tracks=(score.tracks[0], piano))
    (found,) = pop_songs([(Piece("pop909/1", "pop909", "pop", "", score), "test")])
    assert [track.name for track in found.score.tracks] == ["melody", "chords", "bass"]
    assert (found.part("drums"), found.id, found.tier) == (None, "pop909/1@piano", Tier.RESEARCH)


def test_a_drummer_is_known_by_drums_alone() -> None:
    hits = tuple(Note(240 * n + 9, (36, 22)[n % 2], 30) for n in range(32))
    score = Score((Track(hits, is_drum=True),), texts=("fill", "split: validation"))
    (found,) = drum_takes([Piece("groove/1", "groove", "funk", "", score)])
    assert (found.band, found.split, found.groove) == ("rock", "valid", "funk")
    assert all(found.fills)
    assert {(note.start % 240, note.pitch) for note in found.score.tracks[0].notes} == {(0, 36), (0, 42)}
    assert list(drum_takes([Piece("groove/2", "groove", "klezmer", "", score)])) == []


def test_the_form_marks_what_leads_on() -> None:
    form = song_form(song(16))
    assert len(form.letters) == 16
    assert form.fills[-1] is False
    assert [form.letters[bar] != form.letters[bar + 1] for bar in range(15) if form.fills[bar]]


def test_the_loader_keeps_what_it_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = [split_piece(song(16)), split_piece(song(12, (3, 4)), "hymnal")]
    monkeypatch.setattr(mma, "play", lambda jobs: [played(one) for one in jobs])
    folder = DataFolder(tmp_path / "none")
    found = load_band_pieces(folder, sources=("nottingham", "hymnal"), cache=tmp_path / "cache", pieces=given)
    assert {piece.source for piece in found} == {"nottingham", "hymnal"}
    monkeypatch.setattr(band_pieces, "plans", lambda song: pytest.fail("made twice"))
    assert load_band_pieces(folder, sources=("nottingham", "hymnal"), cache=tmp_path / "cache", pieces=given) == found
    free = load_band_pieces(folder, sources=("nottingham", "hymnal"), cache=tmp_path / "cache", pieces=given, free_only=True)
    assert {piece.source for piece in free} == {"hymnal"}
    with pytest.raises(RequestError, match="got nothing"):
        load_band_pieces(folder, sources=("nothing",), cache=None, pieces=given)


def test_the_listing_tells_machines_from_people(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [arrangement(plan, played(plan.job)) for plan in plans(split_piece(song(16)))]
    real = [replace(made[0], id="x", source="freedoom-music", machine_made=False, tier=Tier.FREE)]
    monkeypatch.setattr(listing, "load_band_pieces", lambda folder, progress: (*made, *real))
    by_mma, by_people = listing.band_listing(DataFolder(None))
    assert (by_mma["made_by"], by_mma["pieces"], by_mma["bars"], by_mma["splits"]) == ("mma", 2, 32, {"valid": 2})
    assert "GPL-2.0-or-later" in by_mma["licence"]
    assert (by_people["made_by"], by_people["licence"], by_people["share"]) == ("people", "BSD-3-Clause", pytest.approx(1 / 3))
