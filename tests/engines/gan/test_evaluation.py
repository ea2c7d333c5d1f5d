"""Figures of arrangers, on hand-made pieces and arrangers whose figures are known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.analysis.sections import SectionKind
from core.corpora.band_piece import BandPiece
from core.corpora.band_styles import BANDS, PARTS, Band
from core.corpora.types import Tier
from core.engines.arranging import Arrangement, ArrangeRequest
from core.engines.gan.evaluation import evaluate as module
from core.engines.gan.evaluation.control import CHECKS, check, time_it, wrong
from core.engines.gan.evaluation.evaluate import OURS, own_of_melody, rows
from core.engines.gan.evaluation.material import Copier, arranged_by, chosen, is_whole, sheet
from core.engines.gan.evaluation.measures import measure
from core.engines.protocol import Progress, no_progress
from core.errors import RequestError
from core.score import ChordSymbol, Note, Score, Track

BARS = 16
BAR = 1920


def piece(name: str = "a", band: str = "rock", split: str = "test", root: int = 0, machine_made: bool = True) -> BandPiece:
    """Sixteen bars over one chord a bar, A and B; the bass plays roots, chords the triad, drums eighths."""
    roots = [(root + (0, 5, 7, 0)[bar % 4]) % 12 for bar in range(BARS)]
    melody = [Note(bar * BAR + 480 * beat, 60 + (bar % 8) * (bar // 8) + beat, 480) for bar in range(BARS) for beat in range(4)]
    triads = [Note(bar * BAR + 960 * half, 48 + (roots[bar] + step) % 12, 480)
              for bar in range(BARS) for half in range(2) for step in (0, 4, 7)]
    bass = [Note(bar * BAR, 36 + roots[bar], 960) for bar in range(BARS)]
    drums = [Note(bar * BAR + 240 * eighth, 42, 120) for bar in range(BARS) for eighth in range(8)]
    tracks = (Track(tuple(melody), "melody"), Track(tuple(triads), "chords"), Track((), "pad"), Track(tuple(bass), "bass", 33),
              Track(tuple(drums), "drums", is_drum=True))
    chords = tuple(ChordSymbol(bar * BAR, roots[bar]) for bar in range(BARS))
    letters = ("A",) * 8 + ("B",) * 8
    fills = tuple(bar == 7 for bar in range(BARS))
    verse: SectionKind = "verse"
    return BandPiece(f"{name}@{band}", "hymnal", band, split, Tier.FREE, machine_made, Score(tracks, chords=chords), letters,
                     (verse,) * BARS, fills, "8Beat")


class Parrot:
    """An arranger that plays what the pieces it knows have, changed by `spoil`."""

    def __init__(self, pieces: list[BandPiece], spoil: str = "") -> None:
        self._known = {known.score.tracks[0].notes: known.score for known in pieces}
        self._spoil = spoil

    def bands(self, free_only: bool = False) -> tuple[Band, ...]:
        return BANDS

    def sources(self, free_only: bool = False) -> tuple[str, ...]:
        return ("hymnal",)

    def resolve(self, request: ArrangeRequest) -> ArrangeRequest:
        return request

    def arrange(self, request: ArrangeRequest, progress: Progress = no_progress) -> Arrangement:
        if self._spoil == "refuse":
            raise RequestError("No")
        given = request.score.tracks[0]
        score = self._known.get(given.notes)
        tracks = score.tracks[1:] if score else tuple(Track((), part, is_drum=part == "drums") for part in PARTS[1:])
        made = replace(request.score, tracks=(replace(given, name="melody"), *tracks))
        if self._spoil == "melody":
            made = made.with_track(0, replace(made.tracks[0], notes=made.tracks[0].notes[1:]))
        if self._spoil == "high bass":
            made = made.with_track(3, replace(made.tracks[3], notes=(Note(0, 100, 480),)))
        if self._spoil == "no drums":
            made = made.with_track(4, replace(made.tracks[4], notes=()))
        return Arrangement(made, request, "none", 0.01)


def figures_of(spoil: str = "") -> dict[str, float]:
    songs = [piece(str(n), root=n) for n in range(3)]
    letters = [song.letters for song in songs]
    # Melodies are alike in these songs, so each is played by a parrot of its own.
    played = [score for song in songs for score in arranged_by(Parrot([song], spoil))([song])]
    by = {"data": measure([song.score for song in songs], letters), OURS: measure(played, letters)}
    return {row.name: row.value for row in rows(by)}


def test_who_plays_what_the_data_plays_deviates_by_nothing() -> None:
    found = figures_of()
    assert found["mean relative deviation"] == 0
    assert found["deviation of the Hamming distance"] == 0
    assert found["notes that fit the chord"] == 1
    assert found["bass on chord changes"] == 1
    assert found["empty bars pad"] == 1
    assert found["pitch classes chords"] == 3


def test_a_silent_part_is_seen() -> None:
    found = figures_of("no drums")
    assert found["empty bars drums"] == 1
    # The data's share of empty bars is 0, so the difference counts; the drum pattern is not there at all.
    count = len([name for name in found if "standard" in name])
    assert found["mean relative deviation"] == pytest.approx(2 / count)


def test_the_melody_is_left_out_of_the_second_mean() -> None:
    assert own_of_melody("pitch classes melody")
    assert not own_of_melody("tonal distance melody bass")
    assert not own_of_melody("empty bars bass")


def test_pieces_are_chosen_by_split_and_band_in_turn() -> None:
    pieces = [piece(f"{band}{n}", band) for band in ("rock", "jazz") for n in range(4)]
    pieces += [piece("x", split="train"), piece("y", machine_made=False)]
    found = chosen(pieces, "test", True, 4 * BARS)
    assert [one.band for one in found] == ["jazz", "rock", "jazz", "rock"]
    assert found == chosen(list(reversed(pieces)), "test", True, 4 * BARS)
    assert [one.id for one in chosen(pieces, "test", False, 100)] == ["y@rock"]
    assert not is_whole(replace(pieces[0], score=replace(pieces[0].score, tracks=pieces[0].score.tracks[:-1])))


def test_copied_phrases_are_moved_to_the_chords() -> None:
    training = [piece("t", split="train", root=2)]
    song = piece("s", root=7)
    (copied,) = Copier(training)([song])
    assert [track.name for track in copied.tracks] == list(PARTS)
    assert copied.tracks[0] == song.score.tracks[0]
    found = measure([copied], [song.letters])
    assert found.fitting == 1
    assert found.bass == 1
    assert found.figures["pitch classes chords"].mean == 3


@pytest.mark.parametrize(("spoil", "broken"), [("", None), ("refuse", "crash"), ("melody", "melody"), ("high bass", "range")])
def test_faults_of_arrangements_are_counted(spoil: str, broken: str | None) -> None:
    songs = [piece(str(n)) for n in range(2)]
    result = check(Parrot(songs, spoil), songs, 6, False)
    assert {what for what in CHECKS if result.share(what) < 1} == ({broken} if broken else set())


def test_chords_that_are_lost_are_a_fault() -> None:
    song = piece()
    made = Parrot([song]).arrange(ArrangeRequest(sheet(song), "rock"))
    assert wrong(sheet(song), made) == []
    lost = replace(made, score=replace(made.score, chords=made.score.chords[:3]))
    assert wrong(sheet(song), lost) == ["chords"]


def test_a_report_has_all_parts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    songs = [piece(str(n), root=n) for n in range(2)] + [piece("t", split="train"), piece("r", machine_made=False)]
    monkeypatch.setattr(module, "load_band_pieces", lambda folder, free_only: songs)
    monkeypatch.setattr(module.mma, "is_installed", lambda: False)
    report = module.evaluate(None, Parrot(songs), ("figures", "real", "control"), bars=20, asked=3)  # type: ignore[arg-type]
    names = [figure.name for figure in report.figures]
    assert "mean relative deviation" in names
    assert "real bands: bass on chord changes" in names
    assert "arrangements without a fault: crash" in names
    assert all(set(figure.peers) <= {"data", "copied phrases", "MuseGAN on its own data"} for figure in report.figures)
    assert "arranged 0 of" in capsys.readouterr().err


def test_time_is_of_thirty_two_bars() -> None:
    long = piece()
    line = Track(tuple(Note(480 * n, 60, 480) for n in range(160)), "melody")
    longer = replace(long.score, tracks=(line, *long.score.tracks[1:]))
    song = replace(long, score=longer, kinds=long.kinds[:1] * 40, letters=("A",) * 40, fills=(False,) * 40)
    timed = time_it(Parrot([]), [song], False)
    assert timed.music == pytest.approx(64)
    assert timed.seconds < timed.music
