"""Held-out songs, and who plays them: the arranger that is measured and the baselines beside it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np

from core.analysis.band_harmony import chord_at
from core.analysis.sections import full_bars
from core.corpora.band_made import SONGS, MmaStore, Song, arrangement, planned, song_of
from core.corpora.band_piece import BandPiece
from core.corpora.band_styles import BACKING, BY_ID, PARTS
from core.corpora.mma_grooves import FAMILIES, Family
from core.corpora.mma_parts import fold, one_voice, tidy
from core.corpora.split import SplitPiece
from core.corpora.types import Piece
from core.engines.arranging import Arranger, ArrangeRequest
from core.score import Note, Score, Track

Player = Callable[[Sequence[BandPiece]], list[Score]]
"""Plays the songs of pieces, each with the piece's band, in their order."""

LONGEST = 200
"""Bars of a song that is measured."""


def order(text: str) -> str:
    return sha256(f"evaluate {text}".encode()).hexdigest()


def is_whole(piece: BandPiece) -> bool:
    """Whether all parts are known, and a band can be asked for the piece: one metre, not too long."""
    return (
        all(piece.part(part) is not None for part in PARTS)
        and len(piece.score.metres) == 1
        and 8 <= len(piece.kinds) <= LONGEST
        and str(piece.score.metres[0]) in BY_ID[piece.band].style.metres
        and any(chord.root is not None for chord in piece.score.chords)
    )


def chosen(pieces: Sequence[BandPiece], split: str, machine_made: bool, bars: int) -> list[BandPiece]:
    """Whole pieces of a split, all bands in turn and in an order of chance, until there are so many bars."""
    by_band: dict[str, list[BandPiece]] = {}
    for piece in sorted(pieces, key=lambda piece: order(piece.id)):
        if piece.split == split and piece.machine_made == machine_made and is_whole(piece):
            by_band.setdefault(piece.band, []).append(piece)
    found: list[BandPiece] = []
    have = 0
    for turn in range(max((len(group) for group in by_band.values()), default=0)):
        for band in sorted(by_band):
            if turn < len(by_band[band]) and have < bars:
                found.append(by_band[band][turn])
                have += len(found[-1].kinds)
    return found


def sheet(piece: BandPiece) -> Score:
    """Melody and chords alone, as they are given to an arranger."""
    return replace(piece.score, tracks=(piece.score.tracks[0],))


def request(piece: BandPiece, seed: int, free_only: bool) -> ArrangeRequest:
    """On the grid, as full as chance says: what is measured is what was learned, and the data is sparse and full in turn."""
    rng = np.random.default_rng([int(order(piece.id)[:8], 16), seed])
    return ArrangeRequest(sheet(piece), piece.band, melody_track=0, intensity=float(rng.uniform(0.15, 0.85)),
                          humanise=False, random_seed=int(rng.integers(2**31)), free_only=free_only)


def arranged_by(arranger: Arranger, seed: int = 0, free_only: bool = False,
                say: Callable[[str], None] = lambda text: None) -> Player:
    """What plays pieces through an arranger, each with a random intensity and seed drawn from `seed`."""
    def play(pieces: Sequence[BandPiece]) -> list[Score]:
        found = []
        for number, piece in enumerate(pieces):
            if number % 20 == 0:
                say(f"arranged {number} of {len(pieces)}")
            found.append(arranger.arrange(request(piece, seed, free_only)).score)
        return found

    return play


def by_mma(pieces: Sequence[BandPiece]) -> list[Score]:
    """`mma` with another family of grooves of the same band, or where there is but one, by another throw of its dice.

    Raises:
        DataMissingError: `mma` is not installed.
    """
    plans = []
    for piece in pieces:
        song = song_of(sheet(piece))
        assert song is not None
        # The source says which tier an arrangement is of; of these only the music is wanted.
        split = SplitPiece(Piece(piece.id.partition("@")[0], next(iter(SONGS)), "", "", song.score), piece.split, "", "")
        plans.append(planned(split, _as_known(song, piece), BY_ID[piece.band], *_other(piece, song.metre)))
    store = MmaStore(None)
    store.prepare(plan.job for plan in plans)
    return [arrangement(plan, store.tracks(plan.job)).score for plan in plans]


def _as_known(song: Song, piece: BandPiece) -> Song:
    """With the melody note for note as the piece has it."""
    return replace(song, score=sheet(piece))


def _other(piece: BandPiece, metre: str) -> tuple[Family, int]:
    families = [family for family in FAMILIES[piece.band, metre] if family.base != piece.groove]
    if families:
        return families[int(order(f"family {piece.id}")[:8], 16) % len(families)], 0
    return FAMILIES[piece.band, metre][0], 1


@dataclass(frozen=True)
class Copier:
    """Copies phrases: each section of a song is played as some bars of a training piece for the same band and metre were,
    every note moved by what lies between the chord roots there and here (at most a tritone).
    """

    training: Sequence[BandPiece]

    def __call__(self, pieces: Sequence[BandPiece]) -> list[Score]:
        pool: dict[tuple[str, str], list[BandPiece]] = {}
        for known in self.training:
            if known.split == "train" and known.machine_made and is_whole(known):
                pool.setdefault((known.band, str(known.score.metres[0])), []).append(known)
        return [self._play(piece, pool[piece.band, str(piece.score.metres[0])]) for piece in pieces]

    def _play(self, piece: BandPiece, pool: Sequence[BandPiece]) -> Score:
        rng = np.random.default_rng(int(order(f"copy {piece.id}")[:8], 16))
        bars, band = full_bars(piece.score), BY_ID[piece.band]
        notes: dict[str, list[Note]] = {part: [] for part in BACKING}
        first = 0
        while first < len(bars):
            last = next((bar + 1 for bar in range(first, len(bars)) if piece.fills[bar] or bar - first == 7), len(bars))
            model = pool[int(rng.integers(len(pool)))]
            from_bars = full_bars(model.score)
            begin = int(rng.integers(max(1, len(from_bars) - (last - first) + 1)))
            for here in range(first, last):
                there = begin + (here - first) % (len(from_bars) - begin)
                for part in BACKING:
                    notes[part] += _moved(model, part, from_bars[there][0], piece.score, bars[here])
            first = last
        tracks = [piece.score.tracks[0]]
        for part in BACKING:
            if part == "drums":
                tracks.append(Track(tidy(notes[part]), part, is_drum=True))
                continue
            low, high = band.ranges[part]
            folded = [replace(note, pitch=fold(note.pitch, low, high)) for note in notes[part]]
            tracks.append(Track(one_voice(folded) if part == "bass" else tidy(folded), part, band.programs[part]))
        return replace(piece.score, tracks=tuple(tracks))


def _moved(model: BandPiece, part: str, begin: int, score: Score, bar: tuple[int, int]) -> list[Note]:
    """The notes of one bar of a model's part, in a bar of the song."""
    track = model.part(part)
    assert track is not None
    start, end = bar
    found = []
    for note in track.notes[bisect_right(track.notes, begin - 1, key=_start) :]:
        if note.start >= begin + end - start:
            break
        tick = note.start - begin + start
        shift = 0
        if part != "drums":
            old, new = chord_at(model.score.chords, note.start), chord_at(score.chords, tick)
            if old is not None and new is not None:
                assert old.root is not None
                assert new.root is not None
                shift = (new.root - old.root + 6) % 12 - 6
        found.append(Note(tick, min(max(note.pitch + shift, 0), 127), max(1, min(note.duration, end - tick)), note.velocity))
    return found


def _start(note: Note) -> int:
    return note.start
