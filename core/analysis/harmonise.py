"""Chords for a melody that has none: a chain of chords relative to the tonic, found by Viterbi.

The states are chords (root above the tonic, quality), one for each segment: a bar, or half a bar
where the metre allows it (`segments.SEGMENTS`). As in MySong (Simon, Morris and Basu, CHI 2008) the
chords follow each other by a table of transitions and each must fit the melody above it. The tables
are not counted, as in a hidden Markov model, but fitted to the conditional likelihood of the chords
given the melody (a linear-chain conditional random field, Lafferty et al., ICML 2001): the notes of
a bar are far from independent, and on held-out Nottingham tunes that is worth five points of chord
overlap. How often chords change within a bar is learned, so half bars split only where the data did.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from core.analysis.segments import Segment, features, segments
from core.errors import RequestError, WeightsMissingError
from core.score import MODES, ChordSymbol, Key, Score

QUALITIES = ("maj", "min", "7", "maj7", "min7", "dim")
"""Qualities a state may have; richer chords are read as the nearest of these (`REDUCED`)."""

REDUCED = {
    "maj": "maj", "min": "min", "7": "7", "maj7": "maj7", "min7": "min7", "dim": "dim", "dim7": "dim",
    "min7b5": "dim", "aug": "maj", "sus4": "maj", "sus2": "maj", "6": "maj", "min6": "min", "9": "7",
}  # fmt: skip

MODE_INDEX = {name: index for index, name in enumerate(MODES)}
THIRD_GROUP = np.array([0 if 4 in steps else 1 for steps in MODES.values()])
"""Mode index to 0 (major third) or 1 (minor third): modes with the same third share what they can."""

_ARRAYS = ("weight", "start", "final", "change")


@dataclass(frozen=True)
class Harmoniser:
    """Fitted log potentials. S states, M modes in the order of `MODES`, F = `segments.FEATURES`.

    `states` are (root 0..11 above the tonic, quality). `weight` (2, F, S) makes a segment's features
    into the fit of each chord, by the third of the mode; `start` and `final` (M, S) are for the first
    and last chord; `change` is (M, kind of boundary, S from, S to).
    """

    states: tuple[tuple[int, str], ...]
    weight: NDArray[np.float32]
    start: NDArray[np.float32]
    final: NDArray[np.float32]
    change: NDArray[np.float32]

    @classmethod
    def fit(cls, scores: Iterable[Score], epochs: int = 16, min_count: int = 5) -> Harmoniser:
        """Learn from scores that have chords, a key, and the melody in their first pitched track.

        Scores without notes, key or chords are passed over; chords seen in fewer than `min_count`
        segments are read as their triad, or left out. A thousand tunes take about 40 s on one core.

        Raises:
            DataMissingError: no score could be used.
        """
        from core.analysis.harmonise_fit import fit  # torch is needed for fitting only

        states, tables = fit(scores, epochs, min_count)
        return cls(states, **tables)

    def chords(self, score: Score) -> tuple[ChordSymbol, ...]:
        """The best chords under the melody (exact Viterbi), one symbol where the chord changes.

        A pick-up bar gets no chord. The last chord is the tonic chord when the last note is in it.

        Raises:
            RequestError: the key of the score is not known.
            FormatError: the score has no melody.
        """
        if score.key is None:
            raise RequestError("Harmonising needs the key of the melody", "its key is not known", "Set a key first")
        last = score.melody.notes[-1]
        parts = segments(score)
        fit = self._fit_to_melody(parts)
        allowed = self._cadence(parts[-1].key, last.pitch)
        if allowed.any():
            for i, part in enumerate(parts):
                if part.end > last.start:
                    fit[i, ~allowed] = -np.inf
        found: list[ChordSymbol] = []
        for part, state in zip(parts, self._viterbi(parts, fit), strict=True):
            root, quality = self.states[state]
            symbol = ChordSymbol(part.start, (root + part.key.tonic) % 12, quality)
            if not found or (found[-1].root, found[-1].quality) != (symbol.root, symbol.quality):
                found.append(symbol)
        return tuple(found)

    def save(self, path: str | Path) -> None:
        """Write one safetensors file, with the states in its metadata."""
        arrays = {name: np.ascontiguousarray(getattr(self, name)) for name in _ARRAYS}
        save_file(arrays, str(path), metadata={"states": json.dumps(self.states)})

    @classmethod
    def load(cls, path: str | Path) -> Harmoniser:
        """Read what `save` wrote.

        Raises:
            WeightsMissingError: the file is not there or is not a harmoniser's.
        """
        try:
            with safe_open(str(path), framework="numpy") as file:
                states = tuple((int(root), str(quality)) for root, quality in json.loads((file.metadata() or {})["states"]))
                return cls(states, **{name: file.get_tensor(name).astype(np.float32) for name in _ARRAYS})
        except (OSError, SafetensorError, KeyError, ValueError, TypeError) as error:
            raise WeightsMissingError(
                "The harmoniser's tables are needed here",
                f"{path} cannot be read ({error})",
                "Fit a harmoniser and save it there",
            ) from error

    def _fit_to_melody(self, parts: list[Segment]) -> NDArray[np.float64]:
        """How well each chord fits each segment, (segments, S)."""
        groups = [THIRD_GROUP[MODE_INDEX[part.key.mode]] for part in parts]
        table = features(parts)
        by_group = np.stack([table @ weight for weight in self.weight])
        return by_group[groups, np.arange(len(parts))].astype(np.float64)

    def _cadence(self, key: Key, pitch: int) -> NDArray[np.bool_]:
        """States (S,) that close on the tonic with `pitch` in the chord; a Picardy third is heard as such."""
        third = 4 if 4 in MODES[key.mode] else 3
        usual, other = ("maj", "min") if third == 4 else ("min", "maj")
        step = (pitch - key.tonic) % 12
        quality = usual if step in (0, third, 7) else other if step == 7 - third else None
        return np.array([root == 0 and name == quality for root, name in self.states])

    def _viterbi(self, parts: list[Segment], fit: NDArray[np.float64]) -> list[int]:
        modes = [MODE_INDEX[part.key.mode] for part in parts]
        best = self.start[modes[0]] + fit[0]
        back: list[NDArray[np.intp]] = []
        for i in range(1, len(parts)):
            if parts[i].key == parts[i - 1].key:
                scores = best[:, None] + self.change[modes[i], parts[i].kind]
            else:  # states are relative to the tonic, so at a new key the chain starts afresh
                scores = best[:, None] + self.start[modes[i]]
            back.append(scores.argmax(0))
            best = scores.max(0) + fit[i]
        path = [int((best + self.final[modes[-1]]).argmax())]
        for origins in reversed(back):
            path.append(int(origins[path[-1]]))
        return path[::-1]
