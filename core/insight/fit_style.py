"""Learning styles from the corpora, and `none` from music of other kinds.

`none` is learned from performances on the piano (EMOPIA), from every part of game music for bands (Freedoom, OpenMSX) and from
tunes whose pitches and lengths were drawn at random: outlier exposure (Hendrycks et al. 2019).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from core.corpora.bands import FREEDOOM, OPENMSX
from core.corpora.emopia import Emopia
from core.corpora.folder import DataFolder
from core.corpora.split import TEST, TRAIN, VALID, load_pieces, read_source, split_of
from core.corpora.types import Tier
from core.engines.protocol import Progress, no_progress
from core.insight import calibration
from core.insight.linear import Linear
from core.insight.rows import Table, table
from core.insight.style import NONE, style_measures
from core.insight.tune import Ints, tune_notes
from core.score import Note, Score, Track

Floats = NDArray[np.float64]

STRENGTH = 0.3
SCRAMBLED = "scrambled"
"""The source id of tunes drawn at random."""
_EMOPIA_SPLITS = {"train": TRAIN, "val": VALID, "test": TEST}
_FEWEST = 16
"""Notes below which a part of a band says nothing."""


@dataclass(frozen=True)
class Example:
    """A piece that is learned from or measured on; `style` is an id or `none`."""

    id: str
    source: str
    style: str
    split: str
    score: Score


@dataclass(frozen=True)
class Examples:
    """All examples with their measures: `style`, `split` and `source` are (N,), `scores` N pieces."""

    table: Table
    style: NDArray[np.str_]
    split: NDArray[np.str_]
    source: NDArray[np.str_]
    scores: tuple[Score, ...]

    @classmethod
    def load(cls, folder: DataFolder, free_only: bool = False, progress: Progress = no_progress) -> Examples:
        """Read and measure.

        Raises:
            DataMissingError: a collection is not at hand.
        """
        every = examples(folder, free_only)
        found = table("style-free" if free_only else "style", ("core.analysis.features",), [one.id for one in every], every,
                      lambda one: style_measures(one.score), progress)
        style, split, source = (np.array([getattr(one, name) for one in every]) for name in ("style", "split", "source"))
        return cls(found, style, split, source, tuple(one.score for one in every))

    def where(self, split: str) -> NDArray[np.int64]:
        return np.flatnonzero(self.split == split)

    def tunes(self, at: NDArray[np.int64]) -> list[Ints]:
        """The notes of the melodies of some examples."""
        return [tune_notes(self.scores[index]) for index in at]


def fit(found: Examples, strength: float = STRENGTH, without: tuple[str, ...] = ()) -> Linear:
    """A model of the training examples, calibrated on the validation ones with every class counting the same.

    Args:
        without: sources left out of both.
    """
    at, valid = (rows[~np.isin(found.source[rows], without)] for rows in (found.where(TRAIN), found.where(VALID)))
    model = Linear.fit(found.table.rows[at], list(found.style[at]), found.table.names, strength=strength)
    truth = np.array([model.classes.index(style) for style in found.style[valid]])
    weight = calibration.balanced_weight(truth)
    return model.cooled(calibration.temperature(model.logits(found.table.rows[valid]), truth, weight))


def examples(folder: DataFolder, free_only: bool = False) -> list[Example]:
    """Pieces of the styles and of none of them. A quarter of the former comes without its key, as uploads do."""
    styled = [Example(one.piece.id, one.piece.source, one.piece.style, one.split,
                      _keyless(one.piece.score) if one.split == TRAIN and _tenth(one.piece.id) < 2.5 else one.piece.score)
              for one in load_pieces(folder, free_only=free_only)]
    others = [*_bands(folder, free_only), *([] if free_only else _performances(folder)), *_scrambled(styled)]
    return [*styled, *others]


def _bands(folder: DataFolder, free_only: bool) -> Iterator[Example]:
    for source in (FREEDOOM, OPENMSX):
        if free_only and source.tier != Tier.FREE:
            continue
        for piece in read_source(source, folder):
            for number, track in enumerate(piece.score.tracks):
                if not track.is_drum and len(track.notes) >= _FEWEST:
                    score = replace(piece.score, tracks=(track,), chords=())
                    yield Example(f"{piece.id}/{number}", source.id, NONE, split_of(piece.id), score)


def _performances(folder: DataFolder) -> Iterator[Example]:
    for piece in read_source(Emopia(), folder):
        yield Example(piece.id, piece.source, NONE, _EMOPIA_SPLITS[piece.score.texts[0].removeprefix("split: ")], piece.score)


def _scrambled(styled: list[Example]) -> Iterator[Example]:
    """One in twenty of the tunes with pitches drawn from its range and lengths from all it has, in any order."""
    for one in styled:
        if _tenth(f"scrambled {one.id}") < 0.5:
            yield Example(f"{SCRAMBLED}/{one.id}", SCRAMBLED, NONE, one.split, scrambled(one.score, one.id))


def scrambled(score: Score, seed: str) -> Score:
    """A melody of the same lengths in any order, its pitches drawn from its range."""
    rng = np.random.default_rng(int(sha256(seed.encode()).hexdigest()[:8], 16))
    notes = score.melody.notes
    pitches = [note.pitch for note in notes]
    lengths = rng.permutation([note.duration for note in notes])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    drawn = rng.integers(min(pitches), max(pitches) + 1, len(notes))
    line = tuple(Note(int(start), int(pitch), int(length)) for start, pitch, length in zip(starts, drawn, lengths, strict=True))
    return replace(score, tracks=(Track(line),), chords=(), keys=score.keys[:1])


def _keyless(score: Score) -> Score:
    return replace(score, keys=())


def _tenth(text: str) -> float:
    """0 to 10, the same for the same text."""
    return int(sha256(text.encode()).hexdigest()[:8], 16) / 2**32 * 10
