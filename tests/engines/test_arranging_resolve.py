"""What a band is asked for, resolved: chords, sections, and what is refused in which words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.corpora.band_styles import BANDS
from core.engines.arranging import MAX_ARRANGED_BARS, ArrangeRequest, Section
from core.engines.arranging_chords import MOST_BARS, lstm_harmonise
from core.engines.arranging_resolve import played_metre, resolve
from core.errors import FormatError, LimitError, RequestError, SongloomError, WeightsMissingError
from core.score import ChordSymbol, Key, Metre, Note, Score, Tempo, Track
from tests.analysis.test_sections import tune

C = (ChordSymbol(0, 0),)


def with_chords(*phrases: str, metre: Metre | None = None, tempo: float = 120) -> Score:
    return replace(tune(*phrases, metre=metre), chords=C, keys=(Key(0, 0),), tempos=(Tempo(0, tempo),))


def asked(score: Score, band: str = "rock", **wishes: Any) -> ArrangeRequest:
    return resolve(ArrangeRequest(score, band, **wishes), BANDS, None)


def tonic_only(part: Score) -> tuple[ChordSymbol, ...]:
    assert len(part.bars) <= MOST_BARS
    assert part.tracks[0].notes[0].start < part.bars[0][1]
    return (ChordSymbol(0, 0), ChordSymbol(part.metres[0].bar_ticks, 7))


def test_what_was_left_open_is_filled_in() -> None:
    score = with_chords("a8", "a8", "b8", "b8")
    score = replace(score, tracks=(Track((Note(0, 36, 100),), is_drum=True), *score.tracks, Track((Note(0, 40, 480),))))
    found = asked(score)
    assert [section.letter for section in found.sections or ()] == ["A", "A", "B", "B"]
    assert found.melody_track == 0
    assert found.score.tracks == (score.tracks[1],)
    assert (found.score.chords, found.score.keys) == (score.chords, score.keys)
    assert resolve(found, BANDS, None) == found


def test_chords_are_written_and_return_with_the_sections() -> None:
    score = replace(tune("a8", "b8", "a8"), keys=(Key(0, 0),))
    calls: list[int] = []

    def harmonise(part: Score) -> tuple[ChordSymbol, ...]:
        calls.append(len(part.bars))
        return tonic_only(part)

    found = resolve(ArrangeRequest(score, "rock"), BANDS, harmonise)
    assert calls == [16]
    bar = 1920
    assert found.score.chords == (ChordSymbol(0, 0), ChordSymbol(bar, 7), ChordSymbol(16 * bar, 0), ChordSymbol(17 * bar, 7))


def test_long_pieces_are_harmonised_in_stretches() -> None:
    calls: list[int] = []

    def harmonise(part: Score) -> tuple[ChordSymbol, ...]:
        calls.append(len(part.bars))
        return tonic_only(part)

    resolve(ArrangeRequest(tune(*(f"{letter}8" for letter in "abcdefghijklm")), "rock"), BANDS, harmonise)
    assert sum(calls) == 104
    assert max(calls) <= MOST_BARS


@pytest.mark.parametrize(("band", "metre"), [("folk", Metre(0, 6, 8)), ("jazz", Metre(0, 2, 4)), ("latin", Metre(0, 2, 2))])
def test_the_network_writes_chords(band: str, metre: Metre) -> None:
    score = tune("a2", "a2", metre=metre)
    chords = resolve(ArrangeRequest(score, band), BANDS, lstm_harmonise(band)).score.chords
    assert chords
    assert chords[0].tick == 0
    assert all(chord.tick < score.length for chord in chords)


def test_chords_are_read_from_what_sounds() -> None:
    melody = tune("a4")
    roots = (0, 5, 7, 0)
    piano = Track(tuple(Note(bar * 1920, 48 + root + step, 1920) for bar, root in enumerate(roots) for step in (0, 4, 7)))
    found = asked(replace(melody, tracks=(*melody.tracks, piano), keys=(Key(0, 0),)))
    assert [chord.root for chord in found.score.chords] == [0, 5, 7, 0]
    both = Track((*melody.tracks[0].notes, *piano.notes))
    found = asked(replace(melody, tracks=(both,), keys=(Key(0, 0),)))
    assert [chord.root for chord in found.score.chords] == [0, 5, 7, 0]
    assert found.score.tracks[0].is_monophonic


@pytest.mark.parametrize("tempo", [20, 300])
def test_any_tempo_is_played(tempo: float) -> None:
    assert asked(with_chords("a8", tempo=tempo)).score.tempos == (Tempo(0, tempo),)


def test_one_bar_is_played() -> None:
    assert asked(with_chords("a1")).sections == (Section(0, 1, "A"),)


def test_alla_breve_counts_as_four() -> None:
    assert asked(with_chords("a8", metre=Metre(0, 2, 2))).score.metres == (Metre(0, 2, 2),)
    assert str(played_metre(Metre(0, 2, 2))) == "4/4"
    assert str(played_metre(Metre(0, 6, 8))) == "6/8"


def test_a_pickup_written_as_a_short_bar_is_one() -> None:
    score = with_chords("a4")
    moved = tuple(replace(note, start=note.start + 480) for note in score.tracks[0].notes)
    score = replace(score, tracks=(Track((Note(0, 60, 480), *moved)),), metres=(Metre(0, 1, 4), Metre(480, 4, 4)))
    found = asked(score)
    assert (found.score.pickup, str(found.score.metres[0]), len(found.score.metres)) == (480, "4/4", 1)
    assert found.sections == (Section(0, 4, "A"),)


def test_a_key_is_found() -> None:
    assert asked(replace(with_chords("a8"), keys=())).score.key is not None


_REFUSED: dict[str, tuple[dict[str, Any], type[SongloomError], str]] = {
    "5/4": ({"score": with_chords("a4", metre=Metre(0, 5, 4))}, RequestError,
            "Rock band plays in 4/4, 3/4, 6/8; this piece is in 5/4. Choose another band or piece."),
    "7/8": ({"score": with_chords("a4", metre=Metre(0, 7, 8))}, RequestError, "this piece is in 7/8"),
    "metre changes": ({"score": replace(with_chords("a4"), metres=(Metre(0, 4, 4), Metre(3840, 3, 4)))}, RequestError,
                      "A band plays a piece in one metre; this one changes between 4/4, 3/4"),
    "too long": ({"score": with_chords(f"a{MAX_ARRANGED_BARS + 1}")}, LimitError, "at most 400 bars; the piece has 401"),
    "no notes": ({"score": Score()}, FormatError, "this piece has no notes"),
    "drums only": ({"score": Score((Track((Note(0, 36, 240),), is_drum=True),))}, FormatError, r"drums \(MIDI channel 10\)"),
    "drums as melody": ({"score": Score((Track((Note(0, 36, 240),), is_drum=True), Track((Note(0, 60, 240),)))),
                         "melody_track": 0}, FormatError, "the chosen track is for drums"),
    "no such track": ({"melody_track": 4}, RequestError, "the tracks 0 to 0; got 4"),
    "an empty track": ({"score": Score((Track(), Track((Note(0, 60, 240),)))), "melody_track": 0}, FormatError, "no notes"),
    "unknown band": ({"band": "skiffle"}, RequestError, "A band is one of folk, rock, jazz"),
    "intensity": ({"intensity": 1.5}, RequestError, "between 0 and 1; got 1.5"),
    "random seed": ({"random_seed": -1}, RequestError, "random seed"),
    "a part without what was played": ({"parts": ("bass",)}, RequestError, "needs what was played before"),
    "bars without what was played": ({"bars": (0, 4)}, RequestError, "needs what was played before"),
    "the melody anew": ({"parts": ("melody",), "kept": Score((Track(name="bass"),))}, RequestError,
                        "plays the parts chords, pad, bass, drums; got 'melody'"),
    "bars outside": ({"bars": (4, 9), "kept": Score((Track(name="bass"),))}, RequestError, "between 1 and 8 .* got 5 to 9"),
    "no bars": ({"bars": (3, 3), "kept": Score((Track(name="bass"),))}, RequestError, "Bars between 1 and 8"),
    "kept from elsewhere": ({"kept": Score((Track(name="Violin"),))}, RequestError, "there are none of these"),
    "sections with a hole": ({"sections": (Section(0, 4, "A"), Section(5, 8, "B"))}, RequestError, "after bar 4"),
    "sections too short": ({"sections": (Section(0, 4, "A"),)}, RequestError, "from bar 1 to bar 8"),
    "nobody to write chords": ({"score": tune("a4")}, RequestError, "network that writes them is not at hand"),
}


@pytest.mark.parametrize("what", _REFUSED)
def test_what_cannot_be_played_is_refused_in_words(what: str) -> None:
    wishes, kind, words = _REFUSED[what]
    with pytest.raises(kind, match=words):
        resolve(ArrangeRequest(**({"score": with_chords("a8"), "band": "rock"} | wishes)), BANDS, None)


def test_missing_weights_are_told_as_missing_chords() -> None:
    def harmonise(part: Score) -> tuple[ChordSymbol, ...]:
        raise WeightsMissingError("Weights are needed")

    with pytest.raises(RequestError, match="A band plays over chords"):
        resolve(ArrangeRequest(tune("a4"), "rock"), BANDS, harmonise)
