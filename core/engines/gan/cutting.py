"""From logits to cells: which are set, so that a band does as much as bands do.

A network that is unsure spreads what it would set over more steps and pitches than a player does. So it is first decided at
which steps a part begins something, by the likeliest cell there, and then which of the cells of these steps are set; bass and
melody have one. The limits are found on validation pieces with noise from the prior: as many steps, cells and sounding
steps as in the data, for every band.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from core.corpora.band_styles import PARTS
from core.engines.gan.conditions import BAND_IDS, Conditions
from core.engines.gan.data import Example, told_of
from core.engines.gan.grid import BAR
from core.engines.gan.network import MELODY, Features, Generator
from core.engines.gan.rolls import AXES, ROWS, Roll

ONE_VOICE = ("melody", "bass")
Limits = dict[str, float]
"""Of one part: `step`, `cell` and `sound`, the logits above which a step begins something, a cell of it does, a cell sounds."""
FALLBACK: Limits = {"step": 0.0, "cell": 0.0, "sound": 0.0}
TURNS = 12
"""Of halving the range in which a limit lies."""
_RANGE = (-6.0, 6.0)


STEADY = {"drums": 0.6, "chords": 0.5, "bass": 0.5}
"""How far the rhythm of a bar goes towards that of its section; chosen on validation pieces, whose neighbouring bars are as
alike."""


def steady(logits: NDArray[np.float32], told: Conditions, shares: dict[str, float] = STEADY) -> NDArray[np.float32]:
    """Logits (HEIGHT, steps) in which the bars of one section share their rhythm: at each place of the bar the likeliest
    beginning moves towards the section's mean, and with it all beginnings there. Drums, of which each is a rhythm, move one by
    one. Bars that lead into another section, the last bar, and pitches are left alone.
    """
    found = logits.copy()
    bars = len(told.bars)
    sections: dict[tuple[int, int], list[int]] = defaultdict(list)
    for bar, (letter, facts) in enumerate(zip(told.letters.tolist(), told.bars.tolist(), strict=True)):
        if not facts[3] and not facts[6]:
            sections[letter, facts[1]].append(bar)
    for part, share in shares.items():
        where = ROWS[part]
        rows = slice(where.start, where.stop if part == "drums" else where.start + AXES[part].size)
        own = found[rows].reshape(-1, bars, BAR)
        for members in sections.values():
            line = own[:, members] if part == "drums" else own[:, members].max(0, keepdims=True)
            own[:, members] += share * (line.mean(1, keepdims=True) - line)
        found[rows] = own.reshape(-1, bars * BAR)
    return found


def cut(logits: NDArray[np.float32], part: str, limits: Limits) -> Roll:
    """The rows of one part, from their logits (rows, steps)."""
    if part == "drums":
        return logits > limits["cell"]
    size = AXES[part].size
    begin, sound = logits[:size], logits[size:]
    peak = begin.max(0)
    begins = (begin >= peak) & (peak > limits["step"])
    if part not in ONE_VOICE:
        begins |= (begin > limits["cell"]) & (peak > limits["step"])
    return np.concatenate([begins, begins | (sound > limits["sound"])])


def cut_all(logits: NDArray[np.float32], limits: dict[str, dict[str, Limits]], band: str) -> Roll:
    """All rows, (HEIGHT, steps): limits of the band, where it has none of all bands together (kept under "")."""
    found = [cut(logits[where], part, limits.get(band, {}).get(part) or limits.get("", {}).get(part, FALLBACK))
             for part, where in ROWS.items()]
    return np.concatenate(found)


@torch.no_grad()
def calibrated(generator: Generator, examples: Sequence[Example], device: torch.device, seed: int = 0,
               limit: int = 60) -> dict[str, dict[str, Limits]]:
    """Band to part to limits, from at most `limit` examples of a band; all bands together under ""."""
    torch.manual_seed(seed)
    pools: dict[tuple[str, str], list[tuple[NDArray[np.float32], Roll]]] = defaultdict(list)
    for band in BAND_IDS:
        for example in [example for example in examples if example.band == band][:limit]:
            rows = example.rows(0, example.bars).astype(bool)
            for given in (True, False):
                logits = _logits(generator, example.told, rows[ROWS["melody"]] if given else None, device)
                used = example.told.steps[:, 0] > 0
                for part, plays in zip(PARTS, example.told.present, strict=True):
                    if plays and given == (part != "melody"):
                        where = ROWS[part]
                        for key in (band, ""):
                            pools[key, part].append((logits[where][:, used], rows[where][:, used]))
    found: dict[str, dict[str, Limits]] = {}
    for (band, part), pool in pools.items():
        found.setdefault(band, {})[part] = _limits(np.concatenate([logits for logits, _ in pool], 1),
                                                   np.concatenate([rows for _, rows in pool], 1), part)
    return found


def _logits(generator: Generator, told: Conditions, melody: Roll | None, device: torch.device) -> NDArray[np.float32]:
    bars = len(told.bars)
    rows = np.zeros((1, 2 * MELODY, bars * BAR), np.float32) if melody is None else melody[None].astype(np.float32)
    batch = told_of([told], rows, np.array([melody is not None], np.float32), bars).to(device)
    logits: NDArray[np.float32] = generator(Features().to(device)(batch), generator.draw(1, bars, device))[0].cpu().numpy()
    return steady(logits, told)


def _limits(logits: NDArray[np.float32], rows: Roll, part: str) -> Limits:
    """Limits that set as much as `rows` have: cells, steps and what sounds, in this order one after the other."""
    if part == "drums":
        return {"cell": _quantile(logits.ravel(), int(rows.sum()))}
    size = AXES[part].size
    peak = logits[:size].max(0)
    step = _quantile(peak, int(rows[:size].any(0).sum()))
    cell = _quantile(logits[:size][:, peak > step].ravel(), int(rows[:size].sum()))
    begins = cut(logits, part, {"step": step, "cell": cell, "sound": _RANGE[1]})[:size]
    low, high = _RANGE
    for _ in range(TURNS):
        middle = (low + high) / 2
        if _lasting(begins, logits[size:] > middle) > rows[size:].sum():
            low = middle
        else:
            high = middle
    return {"step": step, "cell": cell, "sound": round(high, 3)}


def _quantile(values: NDArray[np.float32], count: int) -> float:
    """The value that `count` values lie above, within the range of limits."""
    if not 0 < count < len(values):
        return _RANGE[0] if count else _RANGE[1]
    return round(float(np.clip(np.partition(values, len(values) - count - 1)[len(values) - count - 1], *_RANGE)), 4)


def _lasting(begins: Roll, sounds: Roll) -> int:
    """Cells of notes that begin and sound on without a gap, changes of chord left out of account."""
    at = np.arange(begins.shape[1])
    begun = np.maximum.accumulate(np.where(begins, at, -1), 1)
    silent = np.maximum.accumulate(np.where(begins | sounds, -1, at), 1)
    return int((begun > silent).sum())
