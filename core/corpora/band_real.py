"""Pieces that real bands, pianists and drummers played or wrote: Freedoom, OpenMSX, POP909's piano, Groove's drums.

What a file calls its tracks seldom says what they do in the band, so parts are told by program, range and polyphony.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256

import numpy as np

from core.analysis.chords import chords_from_notes
from core.analysis.sections import SectionKind, full_bars
from core.corpora.band_piece import BandPiece
from core.corpora.band_styles import BY_ID, Band
from core.corpora.mma_parts import fold, highest_voice, on_grid, one_voice, tidy
from core.corpora.song_form import Form, song_form
from core.corpora.split import TEST, TRAIN, VALID, split_of
from core.corpora.types import Piece, Tier
from core.score import TICKS_PER_QUARTER, Metre, Note, Score, Track

_SIXTEENTH = TICKS_PER_QUARTER // 4
_BASS_PROGRAMS = range(32, 40)
_PAD_PROGRAMS = (*range(16, 24), *range(44, 46), *range(48, 55), *range(88, 96))
_EFFECTS = range(96, 128)
"""Programs that are no part of a band: effects, gunshots, taiko."""
_LOW = 45
"""Mean pitch below which a part is a bass, whatever plays it."""
_HELD = TICKS_PER_QUARTER
_LEFT_HAND = 52
"""The lowest note of a pianist's chord below E3 is the bass."""

GROOVE_BANDS = {
    "rock": "rock", "punk": "rock", "hiphop": "rock", "funk": "rock", "dance": "rock", "soul": "ballad", "pop": "ballad",
    "gospel": "ballad", "jazz": "jazz", "neworleans": "jazz", "blues": "jazz", "latin": "latin", "afrocuban": "latin",
    "afrobeat": "latin", "reggae": "latin", "highlife": "latin", "country": "folk",
}  # fmt: skip
"""The band that a drummer's style of the Groove MIDI Dataset is for."""


def band_scores(pieces: Sequence[Piece], tier: Tier) -> Iterator[BandPiece]:
    """Files for several instruments; those without one metre that bands know, or without drums and bass both, are left out.

    The split is by a hash of the piece: no two of these files share a tune.
    """
    for piece in pieces:
        score = piece.score
        if len(score.metres) > 1 or not score.tracks:
            continue
        tracks, band = sort_parts(score), nearest_band(score)
        if str(score.metres[0]) not in BY_ID[band].style.metres or "drums" not in tracks or "bass" not in tracks:
            continue
        parts = [_track(name, tracks.get(name, ()), BY_ID[band]) for name in ("melody", "chords", "pad", "bass", "drums")]
        arranged = replace(_plain(score), tracks=tuple(parts), chords=chords_from_notes(score))
        if len(full_bars(arranged)) >= 4 and parts[0].notes:
            yield _piece(piece, band, split_of(sha256(piece.id.encode()).hexdigest()), tier, arranged, song_form(arranged), "")


def sort_parts(score: Score) -> dict[str, list[Note]]:
    """Part to its notes. The melody is the first track, where `melody_first` puts it; effects are left out."""
    found: dict[str, list[Note]] = {"melody": list(score.tracks[0].notes)}
    for track in score.tracks[1:]:
        if not track.notes or (track.program in _EFFECTS and not track.is_drum):
            continue
        found.setdefault(_part(track), []).extend(track.notes)
    return found


def _part(track: Track) -> str:
    if track.is_drum:
        return "drums"
    mean = sum(note.pitch for note in track.notes) / len(track.notes)
    if track.program in _BASS_PROGRAMS or mean < _LOW:
        return "bass"
    held = sum(note.duration for note in track.notes) / len(track.notes) >= _HELD
    return "pad" if held and track.program in _PAD_PROGRAMS else "chords"


def nearest_band(score: Score) -> str:
    """By its loudest witness: electric guitars rock, reeds and brass over swing jazz, strings without drums an orchestra."""
    counts = dict.fromkeys(BY_ID, 0)
    for track in score.tracks:
        program, weight = track.program, len(track.notes)
        if track.is_drum or not weight:
            continue
        if program in (*range(26, 32), *range(80, 88), 16, 17, 18, 33, 34, 36, 37, 38, 39):
            counts["rock"] += weight
        elif program in (64, 65, 66, 67, 56, 57, 59, 11, 32, 71):
            counts["jazz"] += weight
        elif program in (*range(40, 50), 60, 68, 69, 70, 72, 73):
            counts["orchestra"] += weight
        elif program in (24, 25, 21, 22, 105, 110):
            counts["folk"] += weight
        elif program in (0, 1, 2, 3, 4, 5, *range(50, 55), *range(88, 96)):
            counts["ballad"] += weight
    return max(counts, key=lambda name: counts[name]) if any(counts.values()) else "rock"


def pop_songs(pieces: Sequence[tuple[Piece, str]]) -> Iterator[BandPiece]:
    """POP909's songs with their own piano, its left hand as bass and its right as chords; drums and pad are not known.

    Args:
        pieces: songs with their splits; tracks are melody, second melody, piano.
    """
    band = BY_ID["ballad"]
    for piece, split in pieces:
        score = piece.score
        piano = score.tracks[-1] if len(score.tracks) > 1 else None
        if piano is None or str(score.metres[0]) not in band.style.metres or not 4 <= len(full_bars(score)) <= 200:
            continue
        left, right = hands(piano.notes)
        parts = (
            _track("melody", score.tracks[0].notes, band),
            _track("chords", right, band),
            _track("bass", left, band),
        )
        arranged = replace(score, tracks=parts, composer="", texts=())
        yield replace(
            _piece(piece, band.id, split, Tier.RESEARCH, arranged, song_form(arranged), "piano"), id=f"{piece.id}@piano"
        )


def hands(notes: Sequence[Note]) -> tuple[list[Note], list[Note]]:
    """A pianist's notes as left hand (of notes that begin together the lowest, below E3) and right hand."""
    lowest: dict[int, int] = {}
    for note in notes:
        lowest[note.start] = min(note.pitch, lowest.get(note.start, 128))
    left = [note for note in notes if note.pitch == lowest[note.start] and note.pitch < _LEFT_HAND]
    chosen = set(left)
    return left, [note for note in notes if note not in chosen]


def drum_takes(pieces: Sequence[Piece]) -> Iterator[BandPiece]:
    """Groove's takes in 4/4, 3/4 and 6/8 of two bars or more, moved to the grid; only drums are known. Splits are its own.

    Fills are marked as fills in all their bars.
    """
    splits = {"split: train": TRAIN, "split: validation": VALID, "split: test": TEST}
    for piece in pieces:
        band, score = GROOVE_BANDS.get(piece.style), piece.score
        if band is None or not score.tracks or str(score.metres[0]) not in ("4/4", "3/4", "6/8") or len(score.metres) > 1:
            continue
        length = score.bars[-1][1]
        if length < 2 * score.metres[0].bar_ticks and "fill" not in score.texts:
            continue
        drums = _track("drums", [note for track in score.tracks for note in track.notes], BY_ID[band])
        taken = replace(_plain(score), tracks=(replace(drums, notes=tuple(n for n in drums.notes if n.start < length)),))
        bars = len(full_bars(taken))
        fill = "fill" in score.texts
        verse: SectionKind = "verse"
        form = Form(("",) * bars, (verse,) * bars, (fill,) * bars)
        split = next((splits[text] for text in score.texts if text in splits), TRAIN)
        yield _piece(piece, band, split, Tier.FREE, taken, form, piece.style)


def _piece(piece: Piece, band: str, split: str, tier: Tier, score: Score, form: Form, groove: str) -> BandPiece:
    return BandPiece(
        piece.id, piece.source, band, split, tier, False, score, form.letters, form.kinds, form.fills, groove
    )


def _plain(score: Score) -> Score:
    metre = score.metres[0]
    return replace(score, metres=(Metre(0, metre.numerator, metre.denominator),), texts=(), composer="", tempos=score.tempos[:1])


def _track(part: str, notes: Sequence[Note], band: Band) -> Track:
    """The notes as a part of the band on the grid: in its range, the bass and the melody in one voice."""
    if not notes:
        return Track((), part, 0 if part == "drums" else band.programs[part], is_drum=part == "drums")
    begin = np.array([note.start for note in notes]) / TICKS_PER_QUARTER
    first, last = on_grid(begin, np.array([note.end for note in notes]) / TICKS_PER_QUARTER, True)
    rows = list(zip(notes, first.tolist(), last.tolist(), strict=True))
    if part == "drums":
        placed = [Note(start, KIT.get(n.pitch, n.pitch), _SIXTEENTH, n.velocity) for n, start, _ in rows]
        return Track(tidy([n for n in placed if 35 <= n.pitch <= 81]), part, 0, is_drum=True)
    low, high = (0, 127) if part == "melody" else band.ranges[part]
    placed = [Note(start, fold(n.pitch, low, high), stop - start, n.velocity) for n, start, stop in rows]
    line = one_voice(placed) if part == "bass" else highest_voice(placed) if part == "melody" else tidy(placed)
    return Track(line, part, band.programs[part])


KIT = {22: 42, 26: 46, 58: 43}
"""Keys of the electronic kit of Groove that General MIDI does not have: edges of the hi-hat, the rim of a tom."""
