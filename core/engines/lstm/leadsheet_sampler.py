"""Writing lead sheets: several takes in one batch, each under its own rules and guide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.engines.lstm.choice import choose
from core.engines.lstm.leadsheet import (
    DURATION_INDEX,
    DURATIONS,
    HIGH,
    HOLD,
    LOW,
    REST,
    Event,
    split_duration,
)
from core.engines.lstm.leadsheet_features import OFFSETS, REFERENCES, Walker
from core.engines.lstm.leadsheet_rules import Rules
from core.engines.lstm.network import NONE
from core.engines.lstm.stepper import Linear, Stepper
from core.engines.protocol import Progress

SPAN = 24
_INTERVALS = 2 * SPAN + 2


@dataclass(frozen=True, slots=True)
class Hint:
    """What a guide wants at a place; None leaves it to the network."""

    chord: int | None = None
    duration: int | None = None
    pitch: int | None = None
    cell_end: int | None = None
    """Position in the bar that the next event must not cross."""
    binding: bool = False
    """The pitch is the user's own: it stands even where the rules would have another."""


Guide = Callable[[Walker], Hint]


@dataclass
class Line:
    """One take in the making."""

    walker: Walker
    rules: Rules
    rng: np.random.Generator
    reference: int
    """MIDI pitch that pitches are counted from."""
    prefix: Sequence[Event] = ()
    """Heard before new music begins; not part of `events`."""
    guide: Guide | None = None
    repeat_bonus: float = 0.0
    """Added to the logit of going on with a repetition; see `core.engines.lstm.calibrate`."""
    events: list[Event] = field(default_factory=list)


class Heads:
    """The output layers in numpy: small products where a framework's overhead would dominate."""

    def __init__(self, tensors: dict[str, Tensor]) -> None:
        def array(name: str) -> NDArray[np.float32]:
            return np.ascontiguousarray(tensors[name].float().cpu().numpy())

        joined = ("chord", "duration_in", "pitch_in")
        self.first = Linear(torch.cat([tensors[f"{name}.weight"] for name in joined]),
                            torch.cat([tensors[f"{name}.bias"] for name in joined]))
        self.sizes = np.cumsum([tensors[f"{name}.weight"].shape[0] for name in joined])
        self.duration_chord, self.pitch_chord = array("duration_chord.weight"), array("pitch_chord.weight")
        self.pitch_duration = array("pitch_duration.weight")
        self.duration, self.duration_bias = array("duration.weight"), array("duration.bias")
        self.pitch, self.pitch_bias = array("pitch.linear.weight"), array("pitch.linear.bias")
        pitches = np.arange(LOW, HIGH + 1)
        self._classes = pitches % 12
        self._pitches = pitches

    def split(self, context: Tensor) -> list[NDArray[np.float32]]:
        """(batch, width) → chord logits and the two inner layers, before their embeddings."""
        joined = self.first(context).cpu().numpy()
        return np.split(joined, self.sizes[:-1], axis=1)

    def durations(self, inner: NDArray[np.float32], chord: int) -> NDArray[np.float32]:
        return self.duration @ np.maximum(inner + self.duration_chord[chord], 0) + self.duration_bias

    def pitches(self, inner: NDArray[np.float32], chord: int, duration: int,
                references: Sequence[int]) -> NDArray[np.float32]:
        """(PITCHES,) logits of rest, hold and each pitch; `references` as in `Walker.row`."""
        hidden = np.maximum(inner + self.pitch_chord[chord] + self.pitch_duration[duration], 0)
        scores = self.pitch @ hidden + self.pitch_bias
        logits = scores[2:14][self._classes]
        for k in range(REFERENCES):
            table = scores[14 + k * _INTERVALS : 14 + (k + 1) * _INTERVALS]
            if references[k] == NONE:
                logits += table[-1]
            else:
                logits += table[np.clip(self._pitches - references[k], -SPAN, SPAN) + SPAN]
        return np.concatenate([scores[:2], logits])


@torch.inference_mode()
def write(tensors: dict[str, Tensor], style: Tensor, lines: Sequence[Line], *, temperature: float, top_p: float,
          progress: Progress) -> None:
    """Fill `events` of every line until its rules say it is done.

    Args:
        tensors: the network's state dict, on the device to run on.
        style: (1, styles) weights.
        progress: called with (bars written by the slowest line, bars asked for).

    Raises:
        Cancelled: `progress` raised it.
        GenerationError: a rule left nothing to choose.
    """
    heads = Heads(tensors)
    device = heads.first.weight.device
    stepper = Stepper(tensors, style.expand(len(lines), -1))
    active = list(range(len(lines)))
    pending = [list(line.prefix) for line in lines]
    first = min(line.rules.first_bar for line in lines)
    asked, shown = max(line.rules.bars for line in lines) - first, -1
    while active:
        rows, references = zip(*(lines[i].walker.row() for i in active), strict=True)
        indices = torch.from_numpy(np.asarray(rows, np.int64) + OFFSETS).to(device)
        chords, durations, pitches = heads.split(stepper.step(indices))
        for k, i in enumerate(active):
            line = lines[i]
            if pending[i]:
                event = pending[i].pop(0)
            else:
                event = _next_event(heads, line, chords[k], durations[k], pitches[k], references[k], temperature, top_p)
                line.events.append(event)
                line.rules.count(event)
            line.walker.push(event)
        bars = max(0, min(lines[i].walker.bar for i in active) - first)
        if bars != shown:
            progress(min(bars, asked), asked)
            shown = bars
        left = [k for k, i in enumerate(active) if not lines[i].rules.is_done]
        if len(left) < len(active):
            active = [active[k] for k in left]
            if active:
                stepper.keep(left)


def _next_event(heads: Heads, line: Line, chord_logits: NDArray[np.float32], duration_inner: NDArray[np.float32],
                pitch_inner: NDArray[np.float32], references: Sequence[int], temperature: float, top_p: float) -> Event:
    hint = line.guide(line.walker) if line.guide else Hint()
    chord = hint.chord
    if chord is None:
        chord = choose(chord_logits, line.rules.chord_mask(), line.rng, temperature, top_p)
    echo = line.walker.echo() if line.repeat_bonus else None
    if hint.duration is not None:
        duration = DURATION_INDEX[hint.duration]
    else:
        mask = line.rules.duration_mask(chord, hint.cell_end)
        logits = heads.durations(duration_inner, chord)
        if echo is not None:
            logits[DURATION_INDEX[echo.duration]] += line.repeat_bonus
        duration = choose(logits, mask, line.rng, temperature, top_p)
    units = DURATIONS[duration]
    pitch = hint.pitch
    if pitch is None or not (hint.binding or line.rules.pitch_mask(units)[pitch]):
        logits = heads.pitches(pitch_inner, chord, duration, references)
        if echo is not None and echo.duration == units:
            logits[echo.pitch] += line.repeat_bonus
        pitch = choose(logits, line.rules.pitch_mask(units), line.rng, temperature, top_p)
    return Event(chord, units, pitch)


def resplit(events: Sequence[Event], units: int, grid: int, position: int = 0) -> list[Event]:
    """Events cut at every multiple of `grid` in bars of `units`, so that chords can change there.

    `position` is where in its bar the first event starts.
    """
    result: list[Event] = []
    for event in events:
        left, pitch = event.duration, event.pitch
        while left:
            step = min(left, grid - position % grid)
            for part in split_duration(step):
                result.append(Event(event.chord, part, pitch))
                pitch = REST if pitch == REST else HOLD
            position, left = (position + step) % units, left - step
    return result


def longest(room: int) -> int:
    """The longest duration of at most `room` units."""
    return split_duration(room)[0]
