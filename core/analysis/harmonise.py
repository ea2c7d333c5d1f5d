"""Chords for a melody that has none: a hidden Markov model over chords relative to the tonic.

The hidden states are chords (root above the tonic, quality), one for each segment: a bar, or half
a bar where the metre allows it (`SEGMENTS`). The melody of a segment is seen as the pitch classes
that sound in it, each weighted by its length and metrical accent, and as the one on its first beat.
How often chords change within a bar is learned, so half bars split only where the data did.
The idea is that of MySong (Simon, Morris and Basu, CHI 2008), there with one chord a bar.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from core.analysis.segments import Segment, gold_states, segments
from core.errors import DataMissingError, RequestError, WeightsMissingError
from core.score import MODES, ChordSymbol, Key, Score

QUALITIES = ("maj", "min", "7", "maj7", "min7", "dim")
"""Qualities a state may have; richer chords are read as the nearest of these (`REDUCED`)."""

REDUCED = {
    "maj": "maj", "min": "min", "7": "7", "maj7": "maj7", "min7": "min7", "dim": "dim", "dim7": "dim",
    "min7b5": "dim", "aug": "maj", "sus4": "maj", "sus2": "maj", "6": "maj", "min6": "min", "9": "7",
}  # fmt: skip
_TRIAD = {"7": "maj", "maj7": "maj", "min7": "min", "dim": "min"}
_MODE_NAMES = tuple(MODES)
_GROUP = np.array([0 if 4 in steps else 1 for steps in MODES.values()])
"""Mode index to 0 (major third) or 1 (minor third): what modes with little data fall back on."""

_KINDS = 3  # of boundary between segments: bar line, half of a simple bar, half of a compound bar


@dataclass(frozen=True, slots=True)
class Settings:
    """What was tuned on held-out tunes; see `Harmoniser.fit`."""

    body_weight: float = 0.6
    """How much a weighted beat of melody counts against the transitions."""
    accent_weight: float = 0.2
    """How much the pitch on a segment's first beat counts on top."""
    emission_prior: float = 5.0
    """Beats of evidence that the profile common to a quality is worth."""
    mode_prior: float = 20.0
    """Changes of evidence that the transitions common to major-like or minor-like modes are worth."""
    unigram_prior: float = 8.0
    """Changes of evidence that the frequency of a chord is worth."""
    min_count: int = 5
    """Chords seen in fewer segments are read as their triad, or left out."""


@dataclass(frozen=True)
class Harmoniser:
    """Fitted tables, all natural logarithms. S states, M modes in the order of `MODES`.

    `states` are (root 0..11 above the tonic, quality); `body` and `accent` are (2, S, 12) pitch
    classes above the tonic given state and third of the mode; `start` and `final` are (M, S);
    `change` is (M, kind of boundary, S from, S to).
    """

    states: tuple[tuple[int, str], ...]
    body: NDArray[np.float32]
    accent: NDArray[np.float32]
    start: NDArray[np.float32]
    final: NDArray[np.float32]
    change: NDArray[np.float32]
    settings: Settings = field(default_factory=Settings)

    @classmethod
    def fit(cls, scores: Iterable[Score], settings: Settings | None = None) -> Harmoniser:
        """Learn from scores that have chords, a key, and the melody in their first pitched track.

        Scores without notes, key or chords are passed over.

        Raises:
            DataMissingError: no score could be used.
        """
        settings = settings or Settings()
        usable = [score for score in scores if score.keys and score.chords and _has_melody(score)]
        pieces = [(segments(score), gold_states(score, REDUCED)) for score in usable]
        seen = Counter(state for _, gold in pieces for state in gold if state)
        if not seen:
            raise DataMissingError(
                "A harmoniser learns from scores with melody, key and chords",
                f"none of {len(usable)} scores with all three has a chord over its melody",
                "Give it a collection with chord symbols, such as nottingham",
            )
        kept = {state for state, count in seen.items() if count >= settings.min_count} | {(0, "maj"), (0, "min")}
        states = tuple(sorted(kept, key=lambda state: (state[0], QUALITIES.index(state[1]))))
        index = {state: i for i, state in enumerate(states)}
        for root, quality in seen:
            if (root, quality) not in index and (root, _TRIAD.get(quality, quality)) in index:
                index[root, quality] = index[root, _TRIAD.get(quality, quality)]
        counts = _Counts(len(states))
        for parts, gold in pieces:
            counts.add(parts, [index.get(state, -1) if state else -1 for state in gold])
        return cls(states, settings=settings, **counts.tables(states, settings))

    def chords(self, score: Score) -> tuple[ChordSymbol, ...]:
        """The most likely chords under the melody (exact Viterbi), one symbol where the chord changes.

        A pick-up bar gets no chord. The last chord is the tonic chord when the last note is in it.

        Raises:
            RequestError: the key of the score is not known.
            FormatError: the score has no melody.
        """
        if score.key is None:
            raise RequestError("Harmonising needs the key of the melody", "its key is not known", "Set a key first")
        melody = score.melody
        parts = segments(score)
        if not parts:
            return ()
        emission = self._emission(parts)
        last_onset = melody.notes[-1].start
        allowed = self._cadence(parts[-1].key, melody.notes[-1].pitch)
        if allowed.any():
            for i, part in enumerate(parts):
                if part.end > last_onset:
                    emission[i, ~allowed] = -np.inf
        path = self._viterbi(parts, emission)
        found: list[ChordSymbol] = []
        for part, state in zip(parts, path, strict=True):
            root, quality = self.states[state]
            symbol = ChordSymbol(part.start, (root + part.key.tonic) % 12, quality)
            if not found or (found[-1].root, found[-1].quality) != (symbol.root, symbol.quality):
                found.append(symbol)
        return tuple(found)

    def save(self, path: str | Path) -> None:
        """Write one safetensors file; states and settings are in its metadata."""
        arrays = {name: np.ascontiguousarray(getattr(self, name)) for name in _ARRAYS}
        about = {"states": self.states, "settings": asdict(self.settings)}
        save_file(arrays, str(path), metadata={name: json.dumps(value) for name, value in about.items()})

    @classmethod
    def load(cls, path: str | Path) -> Harmoniser:
        """Read what `save` wrote.

        Raises:
            WeightsMissingError: the file is not there or is not a harmoniser's.
        """
        try:
            with safe_open(str(path), framework="numpy") as file:
                about = file.metadata() or {}
                states = tuple((int(root), str(quality)) for root, quality in json.loads(about["states"]))
                settings = Settings(**json.loads(about["settings"]))
                tables = {name: file.get_tensor(name).astype(np.float32) for name in _ARRAYS}
                return cls(states, settings=settings, **tables)
        except (OSError, SafetensorError, KeyError, ValueError, TypeError) as error:
            raise WeightsMissingError(
                "The harmoniser's tables are needed here",
                f"{path} cannot be read ({error})",
                "Fit a harmoniser and save it there",
            ) from error

    def _emission(self, parts: list[Segment]) -> NDArray[np.float64]:
        """Log likelihood (segments, S) of the melody in each segment, weighted by the settings."""
        groups = [_GROUP[_MODE_NAMES.index(part.key.mode)] for part in parts]
        body = np.stack([part.profile for part in parts])[:, None, :] * self.body[groups]
        emission = self.settings.body_weight * body.sum(-1)
        for i, part in enumerate(parts):
            if part.accent is not None:
                emission[i] += self.settings.accent_weight * self.accent[groups[i], :, part.accent]
        return emission.astype(np.float64)

    def _cadence(self, key: Key, pitch: int) -> NDArray[np.bool_]:
        """States (S,) that close on the tonic with `pitch` in the chord; a Picardy third is heard as such."""
        third = 4 if 4 in MODES[key.mode] else 3
        usual, other = ("maj", "min") if third == 4 else ("min", "maj")
        step = (pitch - key.tonic) % 12
        quality = usual if step in (0, third, 7) else other if step == 7 - third else None
        return np.array([root == 0 and name == quality for root, name in self.states])

    def _viterbi(self, parts: list[Segment], emission: NDArray[np.float64]) -> list[int]:
        modes = [_MODE_NAMES.index(part.key.mode) for part in parts]
        best = self.start[modes[0]] + emission[0]
        back: list[NDArray[np.intp] | int] = []
        for i in range(1, len(parts)):
            # States are relative to the tonic: where the key changes the chain starts afresh.
            if parts[i].key != parts[i - 1].key:
                back.append(int(best.argmax()))
                best = best.max() + self.start[modes[i]] + emission[i]
                continue
            scores = best[:, None] + self.change[modes[i], parts[i].kind]
            origin = scores.argmax(0)
            back.append(origin)
            best = scores[origin, np.arange(len(self.states))] + emission[i]
        state = int((best + self.final[modes[-1]]).argmax())
        path = [state]
        for origins in reversed(back):
            state = origins if isinstance(origins, int) else int(origins[state])
            path.append(state)
        return path[::-1]


_ARRAYS = ("body", "accent", "start", "final", "change")


def _has_melody(score: Score) -> bool:
    return any(track.notes and not track.is_drum for track in score.tracks)


class _Counts:
    """What `fit` counts, before smoothing."""

    def __init__(self, states: int) -> None:
        modes = len(_MODE_NAMES)
        self.body = np.zeros((2, states, 12))
        self.accent = np.zeros((2, states, 12))
        self.start = np.zeros((modes, states))
        self.final = np.zeros((modes, states))
        self.change = np.zeros((modes, _KINDS, states, states))

    def add(self, parts: list[Segment], gold: list[int]) -> None:
        """Count one piece; -1 in `gold` is a segment without a chord, which breaks the chain."""
        previous: Segment | None = None
        before = -1
        for part, state in zip(parts, gold, strict=True):
            mode = _MODE_NAMES.index(part.key.mode)
            if state >= 0:
                group = _GROUP[mode]
                self.body[group, state] += part.profile
                if part.accent is not None:
                    self.accent[group, state, part.accent] += 1
                if before >= 0 and previous is not None and previous.key == part.key:
                    self.change[mode, part.kind, before, state] += 1
                else:
                    self.start[mode, state] += 1
            previous, before = part, state
        if before >= 0 and previous is not None:
            self.final[_MODE_NAMES.index(previous.key.mode), before] += 1

    def tables(self, states: tuple[tuple[int, str], ...], settings: Settings) -> dict[str, NDArray[np.float32]]:
        """Smoothed logarithms by the names of `_ARRAYS`."""
        usual = self.change.sum((0, 1, 2)) + self.start.sum(0) + 1.0
        usual /= usual.sum()
        start, final = (_smooth(counts, _by_group(counts), usual, settings) for counts in (self.start, self.final))
        change = _smooth(self.change, _by_group(self.change), usual, settings)
        body, accent = (_profiles(counts, states, settings.emission_prior) for counts in (self.body, self.accent))
        tables = (body, accent, start, final, change)
        return {name: np.log(table).astype(np.float32) for name, table in zip(_ARRAYS, tables, strict=True)}


def _by_group(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """The counts summed over the modes with the same third, given back per mode."""
    summed = np.stack([counts[group == _GROUP].sum(0) for group in (0, 1)])
    return summed[_GROUP]


def _smooth(
    counts: NDArray[np.float64], pooled: NDArray[np.float64], usual: NDArray[np.float64], settings: Settings
) -> NDArray[np.float64]:
    """Dirichlet smoothing over the last axis: mode, then modes with the same third, then the unigram."""
    common = pooled + settings.unigram_prior * usual
    common /= common.sum(-1, keepdims=True)
    own = counts + settings.mode_prior * common
    return own / own.sum(-1, keepdims=True)


def _profiles(counts: NDArray[np.float64], states: tuple[tuple[int, str], ...], prior: float) -> NDArray[np.float64]:
    """(2, S, 12) pitch classes given a state, falling back on the quality's and the mode's profiles."""
    by_quality = {quality: np.full(12, 0.5) for quality in QUALITIES}
    for i, (root, quality) in enumerate(states):
        by_quality[quality] += np.roll(counts[:, i].sum(0), -root)
    result = np.empty_like(counts)
    for group in (0, 1):
        scale = counts[group].sum(0) + 0.5
        for i, (root, quality) in enumerate(states):
            usual = np.roll(by_quality[quality] / by_quality[quality].sum(), root) * (scale / scale.sum())
            result[group, i] = counts[group, i] + prior * usual / usual.sum()
    return result / result.sum(-1, keepdims=True)
