"""What every arranger must do, with the weights that are shipped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.corpora.band_styles import BACKING, PARTS, Band
from core.engines.arranging import Arrangement, Arranger, ArrangeRequest
from core.engines.arranging_chords import changes
from core.engines.registry import ARRANGERS, shared_arranger
from core.errors import Cancelled, FormatError, RequestError
from core.score import ChordSymbol, Key, Metre, Note, Score, Tempo, Track
from core.score.midi import read_midi, write_midi


@pytest.fixture(scope="module", params=sorted(ARRANGERS))
def arranger(request: pytest.FixtureRequest) -> Arranger:
    return shared_arranger(request.param)


def song(bars: int = 16, metre: str = "4/4", tempo: float = 100, pickup: int = 0) -> Score:
    """A tune in G over G, C, D and G, in phrases of four bars that come back: A A B A."""
    numerator, denominator = map(int, metre.split("/"))
    length = numerator * 1920 // denominator
    notes = [Note(0, 62, pickup)] if pickup else []
    chords = []
    for bar in range(bars):
        start = pickup + bar * length
        root = (7, 0, 2, 7)[bar % 4]
        chords.append(ChordSymbol(start, root, "7" if root == 2 else "maj"))
        above = (0, 4, 7) if bar // 4 % 4 != 2 else (7, 4, 9)
        step = length // 3
        notes += [Note(start + step * at, 60 + root + up, step) for at, up in enumerate(above)]
    return Score((Track(tuple(notes), "tune", 73),), (Tempo(0, tempo),), (Metre(0, numerator, denominator),), (Key(0, 7),),
                 tuple(chords), pickup, "A tune")


def broken(arrangement: Arrangement, asked: Score, band: Band) -> list[str]:
    """What an arrangement breaks of what every arranger promises, empty when nothing."""
    score, found = arrangement.score, []
    if tuple(track.name for track in score.tracks) != PARTS:
        found.append(f"parts {[track.name for track in score.tracks]}")
    if score.tracks[0].notes != asked.tracks[0].notes:
        found.append("melody")
    if (score.length, score.pickup, score.tempos, score.metres) != (asked.length, asked.pickup, asked.tempos, asked.metres):
        found.append(f"length, pick-up, tempo or metre: {score.length} for {asked.length}")
    if score.chords != changes(asked.chords):
        found.append("chords")
    for track in score.tracks[1:]:
        low, high = band.ranges.get(track.name, (27, 87))
        if any(not low <= note.pitch <= high for note in track.notes):
            found.append(f"range of {track.name}")
        if track.is_drum != (track.name == "drums"):
            found.append(f"channel of {track.name}")
        if track.program != band.programs.get(track.name, 0):
            found.append(f"instrument of {track.name}")
        if any(a.start == b.start and a.pitch == b.pitch for a, b in zip(track.notes, track.notes[1:], strict=False)):
            found.append(f"a note twice in {track.name}")
    return found


def test_there_are_bands_of_several_kinds(arranger: Arranger) -> None:
    bands = arranger.bands()
    assert len(bands) >= 6
    assert {band.id for band in arranger.bands(free_only=True)} <= {band.id for band in bands}
    assert arranger.bands(free_only=True)


def test_every_band_plays_in_each_of_its_metres(arranger: Arranger) -> None:
    for band in arranger.bands():
        for metre in band.style.metres:
            asked = song(8, metre)
            made = arranger.arrange(ArrangeRequest(asked, band.id))
            assert broken(made, asked, band) == [], (band.id, metre)
            assert made.score.tracks[3].notes, f"{band.id} in {metre} has no bass"


def test_a_whole_band_is_heard(arranger: Arranger) -> None:
    for band in arranger.bands():
        made = [arranger.arrange(ArrangeRequest(song(16), band.id, random_seed=seed)).score for seed in range(3)]
        for part in BACKING:
            assert any(track.notes for score in made for track in score.tracks if track.name == part), (band.id, part)


@pytest.mark.parametrize("bars", [1, 2, 5, 400])
@pytest.mark.parametrize("tempo", [20, 300])
def test_short_long_slow_and_fast_pieces(arranger: Arranger, bars: int, tempo: float) -> None:
    band = arranger.bands()[0]
    asked = song(bars, tempo=tempo)
    assert broken(arranger.arrange(ArrangeRequest(asked, band.id)), asked, band) == []


def test_a_pick_up_stays_the_melodys(arranger: Arranger) -> None:
    band = arranger.bands()[0]
    asked = song(8, pickup=480)
    made = arranger.arrange(ArrangeRequest(asked, band.id, humanise=False))
    assert broken(made, asked, band) == []
    assert all(note.start >= 480 for track in made.score.tracks[1:] for note in track.notes)


def test_the_same_request_gives_the_same_bytes(arranger: Arranger) -> None:
    request = ArrangeRequest(song(8), arranger.bands()[0].id, random_seed=5)
    first, again = (write_midi(_fresh(arranger).arrange(request).score) for _ in range(2))
    assert first == again
    assert write_midi(arranger.arrange(replace(request, random_seed=6)).score) != first


def _fresh(arranger: Arranger) -> Arranger:
    return next(make for name, make in ARRANGERS.items() if shared_arranger(name) is arranger)()


def test_files_have_the_parts(arranger: Arranger) -> None:
    made = arranger.arrange(ArrangeRequest(song(4), arranger.bands()[0].id))
    back = read_midi(write_midi(made.score))
    assert [track.name for track in back.tracks if track.notes] == [track.name for track in made.score.tracks if track.notes]
    assert [track.is_drum for track in back.tracks if track.name == "drums"] == [True] * bool(made.score.tracks[4].notes)


@pytest.mark.parametrize("part", BACKING)
def test_another_part_leaves_the_others(arranger: Arranger, part: str) -> None:
    request = ArrangeRequest(song(8), "rock", random_seed=1)
    first = arranger.arrange(request).score
    seeds = [arranger.arrange(replace(request, kept=first, parts=(part,), random_seed=seed)).score for seed in (2, 3, 4)]
    for score in seeds:
        for before, after in zip(first.tracks, score.tracks, strict=True):
            assert before == after or before.name == part
    at = PARTS.index(part)
    assert any(score.tracks[at] != first.tracks[at] for score in seeds)


def test_other_bars_leave_the_rest(arranger: Arranger) -> None:
    request = ArrangeRequest(song(8), "rock", random_seed=1)
    first = arranger.arrange(request).score
    again = arranger.arrange(replace(request, kept=first, bars=(2, 4), random_seed=2)).score
    start, end = first.bars[2][0], first.bars[3][1]

    def rest(score: Score) -> list[tuple[Note, ...]]:
        return [tuple(note for note in track.notes if not start <= note.start < end) for track in score.tracks]

    assert rest(first) == rest(again)
    assert first != again


def test_more_intensity_is_more_notes(arranger: Arranger) -> None:
    for band in arranger.bands():
        counts = []
        for intensity in (0.0, 0.5, 1.0):
            made = [arranger.arrange(ArrangeRequest(song(16), band.id, intensity=intensity, random_seed=seed, humanise=False))
                    for seed in range(4)]
            counts.append(sum(len({(track.name, note.start) for track in one.score.tracks[1:] for note in track.notes})
                              for one in made))
        assert counts[0] < counts[1] < counts[2], (band.id, counts)


def test_what_comes_back_is_played_alike(arranger: Arranger) -> None:
    """Bars of A at its second time are more like the first time than those of B."""
    made = arranger.arrange(ArrangeRequest(song(16), "rock", humanise=False)).score

    def bar(number: int) -> set[tuple[str, int, int]]:
        start, end, _ = made.bars[number]
        return {(track.name, note.start - start, note.pitch) for track in made.tracks[1:] for note in track.notes
                if start <= note.start < end}

    def alike(a: int, b: int) -> float:
        return sum(len(bar(a + at) & bar(b + at)) / max(1, len(bar(a + at) | bar(b + at))) for at in range(3)) / 3

    assert alike(0, 4) > alike(0, 8)


def test_the_end_is_held(arranger: Arranger) -> None:
    for band in arranger.bands():
        made = arranger.arrange(ArrangeRequest(song(8), band.id, humanise=False)).score
        bass = made.tracks[3].notes[-1]
        assert bass.end == made.length, band.id
        assert bass.pitch % 12 == 7
        assert max(note.start for track in made.tracks[1:] for note in track.notes) <= made.tracks[0].notes[-1].start


@pytest.mark.parametrize(("change", "match"), [
    ({"score": song(4, "5/4")}, "plays in"), ({"score": song(4, "7/8")}, "plays in"), ({"band": "nobody"}, "band is one of"),
    ({"intensity": 2.0}, "intensity"), ({"random_seed": -1}, "seed"), ({"parts": ("bass",)}, "before"),
    ({"bars": (0, 1)}, "before"),
])
def test_absurd_requests_are_refused(arranger: Arranger, change: dict[str, object], match: str) -> None:
    with pytest.raises(RequestError, match=match):
        arranger.arrange(replace(ArrangeRequest(song(4), "rock"), **change))  # type: ignore[arg-type]


def test_pieces_without_a_melody_are_refused(arranger: Arranger) -> None:
    drums = Score((Track((Note(0, 36, 120),), is_drum=True),))
    for score in (drums, Score()):
        with pytest.raises(FormatError):
            arranger.arrange(ArrangeRequest(score, "rock"))


def test_progress_runs_to_the_end_and_cancels(arranger: Arranger) -> None:
    seen: list[tuple[int, int]] = []
    request = ArrangeRequest(song(4), "rock")
    arranger.arrange(request, lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]

    def stop(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        arranger.arrange(request, stop)


def test_every_request_resolves_to_itself(arranger: Arranger) -> None:
    resolved = arranger.resolve(ArrangeRequest(song(8), "rock"))
    assert arranger.resolve(resolved) == resolved


def test_a_melody_without_chords_gets_some(arranger: Arranger) -> None:
    bare = replace(song(8), chords=())
    made = arranger.arrange(ArrangeRequest(bare, "folk"))
    assert made.request.score.chords
    assert made.score.chords == made.request.score.chords
