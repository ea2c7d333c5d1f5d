"""Random melodies that share nothing, and a small library of them."""

from __future__ import annotations

import numpy as np

from core.corpora.folder import DataFolder
from core.rights.library import Library
from core.rights.likeness import Likeness
from core.rights.lines import Line, Lines, Place, line_of
from core.rights.melody_index import MelodyIndex
from core.rights.shingles import Shingles
from core.rights.surprise import learn
from core.score import Note, Score, Track

STEPS = (-7, -5, -4, -3, -2, -2, -1, -1, 0, 1, 1, 2, 2, 3, 4, 5, 7)


def random_line(seed: int, size: int = 60) -> Line:
    """A melody between C3 and C6 in eighths, quarters and halves, with the bars of 4/4."""
    rng = np.random.default_rng(seed)
    pitches, last = [], 66
    for _ in range(size):
        step = int(rng.choice(STEPS))
        last = last + step if 48 <= last + step <= 84 else last - step
        pitches.append(last)
    times = rng.choice([240, 240, 480, 480, 960], size)
    onsets = np.concatenate([[0], np.cumsum(times)[:-1]])
    return line_of(score_of(Line(np.array(pitches), onsets)))


def score_of(line: Line, title: str = "") -> Score:
    """A score of one track, every note held until the next."""
    ends = np.append(line.onsets[1:], line.onsets[-1] + 480)
    rows = zip(line.onsets.tolist(), line.pitches.tolist(), ends.tolist(), strict=True)
    return Score((Track(tuple(Note(start, pitch, end - start) for start, pitch, end in rows)),), title=title)


def lines_of(number: int, source: str = "essen", first: int = 0) -> Lines:
    return Lines.of((Place(f"{source}/{k}", f"Tune {k}", source), random_line(first + k)) for k in range(number))


def small_library(tunes: Lines | None = None, hashed: Lines | None = None) -> Library:
    """A library with distributions that are made up: bits from 0 to 60 less the logarithms."""
    tunes = tunes if tunes is not None else lines_of(40)
    surprise = learn(tunes.line(k) for k in range(len(tunes)))
    shingles = Shingles.of(hashed if hashed is not None else lines_of(10, "pop909", 500))
    likeness = Likeness(surprise, np.linspace(-13, 20, 101), np.linspace(0, 60, 101), len(tunes), shingles)
    return Library(likeness, MelodyIndex(tunes), MelodyIndex(Lines.of([])), shingles, DataFolder(None))
