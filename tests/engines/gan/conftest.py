"""A small band that plays the same two bars over four chords, and networks too small to be any good."""

from __future__ import annotations

import pytest

from core.corpora.band_piece import BandPiece
from core.corpora.band_styles import BY_ID
from core.corpora.types import Tier
from core.score import ChordSymbol, Key, Metre, Note, Score, Tempo, Track

SIZES = {"beat": 16, "bar": 16, "head": 8, "shared": 4, "part": 3, "part_bar": 2}


def band_score(bars: int = 8, shift: int = 0) -> Score:
    """4/4: quarters in the melody, chords on two and four, roots in the bass, kick, snare and hats."""
    melody, chords, bass, drums, symbols = [], [], [], [], []
    for bar in range(bars):
        root = (0, 9, 5, 7)[bar % 4] + shift
        start = bar * 1920
        symbols.append(ChordSymbol(start, root % 12, "min" if bar % 4 == 1 else "maj"))
        third = 3 if bar % 4 == 1 else 4
        melody += [Note(start + 480 * beat, 72 + root - 12 * (root > 6) + (0, third, 7, third)[beat], 480) for beat in range(4)]
        chords += [Note(start + 480 * beat, 60 + root - 12 * (root > 6) + above, 240)
                   for beat in (1, 3) for above in (0, third, 7)]
        bass += [Note(start + 960 * half, 36 + root - 12 * (root > 6), 960) for half in range(2)]
        drums += [Note(start + 480 * beat, 36 if beat % 2 == 0 else 38, 120) for beat in range(4)]
        drums += [Note(start + 240 * eighth, 42, 120) for eighth in range(8)]
    band = BY_ID["rock"]
    tracks = (Track(tuple(melody), "melody", band.programs["melody"]), Track(tuple(chords), "chords", band.programs["chords"]),
              Track((), "pad", band.programs["pad"]), Track(tuple(bass), "bass", band.programs["bass"]),
              Track(tuple(drums), "drums", is_drum=True))
    return Score(tracks, (Tempo(0, 120.0),), (Metre(0, 4, 4),), (Key(0, shift % 12, "major"),), tuple(symbols))


def piece(number: int, split: str, band: str = "rock") -> BandPiece:
    """One of several pieces that differ in key and length."""
    bars = 8 + 4 * (number % 3)
    form = tuple("AB"[bar // 4 % 2] for bar in range(bars))
    fills = tuple(bar % 4 == 3 and bar < bars - 1 for bar in range(bars))
    return BandPiece(f"made/{number}@{band}", "made", band, split, Tier.FREE, True, band_score(bars, number % 5), form,
                     ("verse",) * bars, fills)


@pytest.fixture(scope="session")
def pieces() -> list[BandPiece]:
    return [piece(number, "valid" if number % 4 == 0 else "train") for number in range(8)]
