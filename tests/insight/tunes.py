"""Music for the tests of insight: small pieces made by hand, and tunes of the test split that music21 carries."""

from __future__ import annotations

from functools import cache

from core.corpora.intake import melody_piece
from core.corpora.tunebooks import RYAN
from core.score import Note, Score, Tempo, Track
from core.score.abc_reader import decode_abc, tune_sources, tune_text

HELD_OUT = {
    "DurangsHornpipe": "hornpipe", "FishersHornpipe": "hornpipe", "HewitsonsHornpipe": "hornpipe",
    "FerryBridgeHornpipe": "hornpipe", "ComeUnderMyPladdieJig": "irish-jig", "KilkennyRoversJig": "irish-jig",
    "MissCampbellsReel": "irish-reel", "LavensFavorite": "irish-reel", "MaidOfIslaStrathspey": "scottish",
    "DandyMikesReel": "polka", "BostonReel": "polka", "JollyClamDiggersReel": "polka",
}  # fmt: skip
"""Files of Ryan's Mammoth Collection whose tunes are in the test split, with their style."""

JIG = """X:1
T:Made for this test
M:6/8
L:1/8
K:G
D|GAB BAB|dBG GBd|ede dBG|AGA BAG|GAB BAB|dBG GBd|ede dBA|BGG G2:|
|:d|gfg dBd|gfg dBd|efe edB|AGA BAG|gfg dBd|gfg dBd|efe dBA|BGG G2:|
"""


@cache
def held_out(name: str) -> Score:
    text = decode_abc((RYAN.book_folder() / f"{name}.abc").read_bytes())
    return melody_piece(tune_text(next(iter(tune_sources(text)))), HELD_OUT[name])


def jig() -> Score:
    return melody_piece(tune_text(JIG), "irish-jig")


def drums() -> Score:
    return Score((Track(tuple(Note(at * 240, 36 + 2 * (at % 2), 120) for at in range(32)), is_drum=True),))


def piano(chords: list[tuple[int, ...]], gap: float, velocity: int, length: float | None = None) -> Score:
    """Chords, one after the other, `gap` seconds apart; the velocity of each note is a little different."""
    step, long = int(gap * 960), int((length or gap) * 960)
    notes = [Note(at * step, pitch, long, min(127, velocity + (7 * at + pitch) % 9 - 4))
             for at, chord in enumerate(chords) for pitch in chord]
    return Score((Track(tuple(notes)),), tempos=(Tempo(0, 120.0),))
