"""The key of a piece and where it modulates: a chain of 24 keys over the bars, found by Viterbi.

A linear-chain conditional random field (Lafferty et al., ICML 2001), as for chords in `core.analysis.harmonise`: what a bar
and the piece around it say for each key, and what a change of key costs. One set of weights serves all twelve tonics, so
a transposed piece has the transposed key. Fitted on keys that collections print (`core.insight.fit_key`); modes beyond
major and minor are told afterwards by the sixth and seventh degrees that sound (`modal_name`).

A chain that is right about the signature may still take a song for its relative key. Where several voices sound and no chord
symbols say more, each segment is asked again: major or minor, by how much of the time each degree sounds
(logistic regression, `KeyFinder.relative`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from core.analysis.key_features import KeyFeatures, key_features
from core.errors import FormatError, WeightsMissingError
from core.score import ChordSymbol, Key, Score

FILE = Path(__file__).resolve().parents[2] / "assets" / "insight" / "key.safetensors"
STATES: tuple[tuple[int, str], ...] = tuple((tonic, mode) for tonic in range(12) for mode in ("major", "minor"))
_ARRAYS = ("bars", "whole", "bias", "every_bar", "change", "relative")
_CLEAR = 0.08
"""Share of the time, among both forms of a degree, up to which the rarer form counts as an ornament."""


@dataclass(frozen=True, slots=True)
class KeySegment:
    """Ticks `start` to `end` in one key, with the chain's probability 0..1 of it there."""

    start: int
    end: int
    key: Key
    confidence: float


@dataclass(frozen=True, slots=True)
class KeyReading:
    """The home key (that of most of the time), how sure it is, the next likely ones, and the segments of the piece.

    Probabilities are expected shares of the bars in a key; `others` has those above 0.01 outside the home key,
    the likeliest first.
    """

    key: Key
    confidence: float
    others: tuple[tuple[Key, float], ...]
    segments: tuple[KeySegment, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys as a `Score` has them, one at the start of each segment."""
        return tuple(segment.key for segment in self.segments)


@dataclass(frozen=True)
class KeyFinder:
    """Fitted log potentials: `bars` (F, 2) and `whole` (G, 2) make features into the fit of a major and a minor key,
    `bias` (2,) goes with them, `every_bar` (1,) is how much of the whole counts in every bar beside once a piece,
    `change` (2, 2, 12) is from mode, to mode, semitones up. `relative` (13,) makes the shares of the degrees above a major
    tonic, and a one, into the log odds of the relative minor.
    """

    bars: NDArray[np.float32]
    whole: NDArray[np.float32]
    bias: NDArray[np.float32]
    every_bar: NDArray[np.float32]
    change: NDArray[np.float32]
    relative: NDArray[np.float32]

    def find(self, score: Score, heard: Sequence[ChordSymbol] = ()) -> KeyReading:
        """The key of a score, whatever its own `keys` say.

        Args:
            heard: chords from its notes (`chords_from_notes`), used where it has no chord symbols.

        Raises:
            FormatError: no pitched notes.
        """
        if not any(track.notes and not track.is_drum for track in score.tracks):
            raise FormatError("A key needs pitched notes", "this piece has none")
        features = key_features(score, heard)
        fit = self.fit_of(features)
        path, chance = self.best_path(fit), self.chances(fit)
        if features.several and not features.given:
            path, chance = self.settled(features, path, chance)
        cuts = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
        ends = [*(int(features.starts[cut]) for cut in cuts[1:-1]), score.length]
        parts = []
        for first, last, end in zip(cuts, cuts[1:], ends, strict=False):
            tonic, mode = STATES[path[first]]
            start = int(features.starts[first]) if first else 0
            parts.append(KeySegment(start, end, Key(start, tonic, mode), float(chance[first:last, path[first]].mean())))
        time = np.bincount(path, minlength=len(STATES))
        shares = chance.mean(0)
        home = int(np.lexsort((shares, time))[-1])
        order = [int(state) for state in np.argsort(-shares) if state != home and shares[state] > 0.01]
        return KeyReading(
            Key(0, *STATES[home]), float(shares[home]), tuple((Key(0, *STATES[state]), float(shares[state])) for state in order),
            tuple(parts),
        )

    def settled(
        self, features: KeyFeatures, path: NDArray[np.int64], chance: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Path (T,) and probabilities (T, 24) with the choice between the relative keys of each segment made anew: what both
        have together stays, how it is shared follows `relative`.
        """
        path, chance = path.copy(), chance.copy()
        cuts = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
        for first, last in pairwise(cuts):
            tonic, mode = STATES[path[first]]
            home = tonic if mode == "major" else (tonic + 3) % 12
            major, minor = STATES.index((home, "major")), STATES.index(((home + 9) % 12, "minor"))
            odds = float(features.sounding(first, last, home) @ self.relative[:-1] + self.relative[-1])
            both = chance[first:last, major] + chance[first:last, minor]
            chance[first:last, minor] = both / (1 + np.exp(-odds))
            chance[first:last, major] = both - chance[first:last, minor]
            path[first:last] = minor if odds > 0 else major
        return path, chance

    def fit_of(self, features: KeyFeatures) -> NDArray[np.float64]:
        """(T, 24): how well each key fits each bar, as a log potential."""
        bars = (features.bars @ self.bars).reshape(len(features.bars), -1)
        whole = (features.whole @ self.whole + self.bias).reshape(-1)
        return np.asarray(bars + whole * (float(self.every_bar[0]) + 1 / len(bars)), np.float64)

    def matrix(self) -> NDArray[np.float64]:
        """(24, 24): what it is worth to go from one key to another."""
        up = (np.arange(12)[None, :] - np.arange(12)[:, None]) % 12
        return self.change[:, :, up].transpose(2, 0, 3, 1).reshape(24, 24).astype(np.float64)

    def best_path(self, fit: NDArray[np.float64]) -> NDArray[np.int64]:
        """The likeliest key of every bar, (T,), as an index in `STATES`."""
        change, best = self.matrix(), fit[0]
        back = np.zeros((len(fit), len(STATES)), np.int64)
        for bar in range(1, len(fit)):
            ways = best[:, None] + change
            back[bar] = ways.argmax(0)
            best = ways.max(0) + fit[bar]
        path = np.zeros(len(fit), np.int64)
        path[-1] = best.argmax()
        for bar in range(len(fit) - 1, 0, -1):
            path[bar - 1] = back[bar, path[bar]]
        return path

    def chances(self, fit: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability of every key in every bar, (T, 24), by the forward-backward algorithm."""
        change = self.matrix()
        ahead, behind = np.empty_like(fit), np.zeros_like(fit)
        ahead[0] = fit[0]
        for bar in range(1, len(fit)):
            ahead[bar] = _log_sum(ahead[bar - 1][:, None] + change) + fit[bar]
        for bar in range(len(fit) - 2, -1, -1):
            behind[bar] = _log_sum((change + (fit[bar + 1] + behind[bar + 1])[None, :]).T)
        total = ahead + behind
        return np.asarray(np.exp(total - _log_sum(total.T)[:, None]))

    @property
    def size(self) -> int:
        """How many numbers it has."""
        return sum(int(getattr(self, name).size) for name in _ARRAYS)

    def save(self, path: Path = FILE) -> None:
        """Write one safetensors file."""
        save_file({name: np.ascontiguousarray(getattr(self, name), dtype=np.float32) for name in _ARRAYS}, str(path))

    @classmethod
    def load(cls, path: Path = FILE) -> KeyFinder:
        """Read what `save` wrote.

        Raises:
            WeightsMissingError: the file is not there or holds something else.
        """
        try:
            with safe_open(str(path), framework="numpy") as file:
                return cls(**{name: file.get_tensor(name) for name in _ARRAYS})
        except (OSError, SafetensorError) as error:
            raise WeightsMissingError("The weights of the key finder are needed", f"{path} cannot be read ({error})",
                                      "Fetch them with the repository, or run: songloom train insight --only key") from error


def find_key(score: Score, heard: Sequence[ChordSymbol] = ()) -> KeyReading:
    """The key of a score by the weights that come along; see `KeyFinder.find`.

    Raises:
        FormatError: no pitched notes.
        WeightsMissingError: the weights are not at hand.
    """
    return _shipped().find(score, heard)


@cache
def _shipped() -> KeyFinder:
    return KeyFinder.load()


def modal_name(score: Score, key: Key) -> Key:
    """A major or minor key by its modal name where the notes are clear: dorian, phrygian, mixolydian or lydian.

    Minor with a raised sixth and no raised seventh is dorian, with a lowered second phrygian; major with a lowered
    seventh alone mixolydian, with a raised fourth alone lydian.
    """
    time = np.zeros(12)
    for track in score.tracks:
        if not track.is_drum:
            for note in track.notes:
                time[(note.pitch - key.tonic) % 12] += note.duration

    def only(this: int, other: int) -> bool:
        both = time[this] + time[other]
        return bool(time[this] > 0.01 * time.sum() and time[other] <= _CLEAR * both)

    if key.mode == "minor":
        mode = "phrygian" if only(1, 2) else "dorian" if only(9, 8) and only(10, 11) else "minor"
    else:
        mode = "mixolydian" if only(10, 11) else "lydian" if only(6, 5) else "major"
    return Key(key.tick, key.tonic, mode)


def _log_sum(table: NDArray[np.float64]) -> NDArray[np.float64]:
    top = table.max(0)
    return np.asarray(top + np.log(np.exp(table - top).sum(0)))
