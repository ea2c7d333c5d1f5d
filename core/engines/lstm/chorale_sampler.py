"""Writing chorales: four voices, frame by frame, several takes in one batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.engines.lstm.choice import choose
from core.engines.lstm.chorale import HIGH, HOLD, LOW, ORDER, RANGES, REST, Chorale, Frame, shift_to_c
from core.engines.lstm.chorale_features import OFFSETS, SPAN, SYMBOLS, Walker, symbol_of
from core.engines.lstm.network import NONE
from core.engines.lstm.stepper import Linear, Stepper
from core.engines.protocol import Progress
from core.score import Key

_INTERVALS = 2 * SPAN + 2
OFF_SCALE_SHARE = (0.08, 0.2, 0.2, 0.2)
"""Per voice: the melody is held to the promised tenth, inner voices may be more chromatic."""


@dataclass
class Line:
    """One take in the making: where it is, what it must obey, what it has written.

    `soprano` gives a symbol for every frame when the melody is the user's own.
    """

    walker: Walker
    rng: np.random.Generator
    tonic: int
    ranges: tuple[tuple[int, int], ...] = RANGES
    """MIDI pitches as they will sound."""
    soprano: Sequence[int] | None = None
    prefix: Sequence[tuple[int, int, int, int]] = ()
    """Symbols (in the order of writing) of frames heard before new music begins."""
    frames: list[Frame] = field(default_factory=list)
    onsets: list[tuple[bool, bool, bool, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        mode = self.walker.mode or "major"
        key = Key(0, 0, mode)
        pitches = np.arange(LOW, HIGH + 1)
        shift = shift_to_c(self.tonic)
        self._in_range = [(pitches >= low + shift) & (pitches <= high + shift) for low, high in self.ranges]
        self._on_scale = np.isin(pitches % 12, sorted(key.scale))
        self._on_triad = np.isin(pitches % 12, sorted(key.tonic_triad))
        self._on_tonic = pitches % 12 == 0
        self._pitches = pitches
        self._counts = np.zeros((4, 2))  # frames sounding, frames off the scale
        assert self.walker.bars is not None
        assert self.walker.metre_frames is not None
        self.total = self.walker.bars * self.walker.metre_frames - self.walker.start

    @property
    def is_done(self) -> bool:
        return self.walker.time >= self.total

    @property
    def first(self) -> int:
        """Frame at which new music begins; nothing is held into it."""
        return len(self.prefix)

    def mask(self) -> NDArray[np.bool_]:
        """Symbols allowed for the voice whose turn it is; in the last frames only a cadence."""
        walker, v = self.walker, self.walker.voice
        mask = np.zeros(SYMBOLS, bool)
        last = walker.time >= self.total - 2
        final = (self._on_tonic if v == 3 else self._on_triad) if last else None
        scale_only = self._counts[v, 1] + 1 > OFF_SCALE_SHARE[v] * (self._counts[v, 0] + 1)
        clear = np.ones(len(self._pitches), bool)
        if v != 0 and walker.now[0] != NONE:  # no voice above the soprano
            clear &= self._pitches <= walker.now[0]
        if v in (1, 2) and walker.now[3] != NONE:  # none below the bass
            clear &= self._pitches >= walker.now[3]
        in_tune = np.ones(len(self._pitches), bool) if not scale_only else self._on_scale
        if final is not None:
            in_tune = final
        allowed = self._in_range[v] & clear & in_tune
        if not allowed.any():
            allowed = self._in_range[v] & in_tune
        mask[2:] = allowed
        held = walker.last[v]
        if walker.time > self.first and held != NONE and LOW <= held <= HIGH and self._may_hold(v):
            mask[HOLD] = bool((self._in_range[v] & clear & in_tune)[held - LOW])
        return mask

    def _may_hold(self, voice: int) -> bool:
        """No note outlasts a bar, but for the last chord: a network fed a closing chord would sit on it."""
        per_bar = self.walker.metre_frames or 8
        return self.walker.age[voice] < per_bar - 1 or self.walker.time >= self.total - per_bar

    def write(self, symbol: int) -> None:
        """Give the voice whose turn it is a symbol; a full frame is noted and tallied."""
        walker, v = self.walker, self.walker.voice
        time = walker.time
        walker.push(symbol)
        if walker.time == time:
            return
        frame = (walker.last[0], walker.last[1], walker.last[2], walker.last[3])
        self.frames.append(frame)
        self.onsets.append((walker.starts[0] == 1, walker.starts[1] == 1, walker.starts[2] == 1, walker.starts[3] == 1))
        for v, pitch in enumerate(frame):
            if pitch != NONE and time >= self.first:
                self._counts[v] += (1, 0 if self._on_scale[pitch - LOW] else 1)


class Head:
    """The pitch head in numpy."""

    def __init__(self, tensors: dict[str, Tensor]) -> None:
        self.linear = Linear(tensors["pitch.linear.weight"], tensors["pitch.linear.bias"])
        self._pitches = np.arange(LOW, HIGH + 1)

    def scores(self, context: Tensor) -> NDArray[np.float32]:
        scores: NDArray[np.float32] = self.linear(context).cpu().numpy()
        return scores

    def logits(self, scores: NDArray[np.float32], references: Sequence[int]) -> NDArray[np.float32]:
        logits = scores[2:14][self._pitches % 12]
        for k, reference in enumerate(references):
            table = scores[14 + k * _INTERVALS : 14 + (k + 1) * _INTERVALS]
            if reference == NONE:
                logits += table[-1]
            else:
                logits += table[np.clip(self._pitches - reference, -SPAN, SPAN) + SPAN]
        return np.concatenate([scores[:2], logits])


@torch.inference_mode()
def write(tensors: dict[str, Tensor], style: Tensor, lines: Sequence[Line], *, temperature: float, top_p: float,
          progress: Progress) -> None:
    """Write every line to its end; all lines have the same number of frames.

    Raises:
        Cancelled: `progress` raised it.
        GenerationError: nothing was allowed for a voice.
    """
    head = Head(tensors)
    stepper = Stepper(tensors, style.expand(len(lines), -1))
    device = head.linear.weight.device
    walkers = [line.walker for line in lines]
    per_bar = walkers[0].metre_frames or 8
    first = min(line.first for line in lines)
    total = max(line.total for line in lines)
    while not all(line.is_done for line in lines):
        walker = walkers[0]
        if walker.step == 0 and walker.time >= first and (walker.time - first) % per_bar == 0:
            progress((walker.time - first) // per_bar, -(-(total - first) // per_bar))
        offsets = OFFSETS[walker.step]
        rows, references = zip(*(w.row() for w in walkers), strict=True)
        scores = head.scores(stepper.step(torch.from_numpy(np.asarray(rows, np.int64) + offsets).to(device)))
        for k, line in enumerate(lines):
            line.write(_symbol(line, head.logits(scores[k], references[k]), temperature, top_p))
    progress(-(-(total - first) // per_bar), -(-(total - first) // per_bar))


def _symbol(line: Line, logits: NDArray[np.float32], temperature: float, top_p: float) -> int:
    walker = line.walker
    if walker.time < len(line.prefix):
        return line.prefix[walker.time][walker.step]
    if walker.voice == 0 and line.soprano is not None:
        return line.soprano[walker.time]
    mask = line.mask()
    if line.soprano is not None and line.soprano[walker.time] == REST:
        mask[REST] = True
    return choose(logits, mask, line.rng, temperature, top_p)


def symbols(line: Line) -> list[tuple[int, int, int, int]]:
    """What was written as symbols, frame by frame, in the order of writing: a prefix for another line."""
    chorale = _chorale(line, 0, len(line.frames))
    a, b, c, d = ORDER
    return [(symbol_of(chorale, t, a), symbol_of(chorale, t, b), symbol_of(chorale, t, c), symbol_of(chorale, t, d))
            for t in range(len(chorale.frames))]


def prefix_chorale(line: Line) -> Chorale:
    """The frames heard before new music began."""
    return _chorale(line, 0, line.first)


def result(line: Line) -> Chorale:
    """What was written, without the prefix."""
    return _chorale(line, line.first, len(line.frames))


def _chorale(line: Line, first: int, last: int) -> Chorale:
    metre = {8: "4/4", 6: "3/4"}[line.walker.metre_frames or 8]
    return Chorale(tuple(line.frames[first:last]), tuple(line.onsets[first:last]), True, metre, line.walker.mode,
                   0 if first else line.walker.start)
