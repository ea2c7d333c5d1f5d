"""Sliders for what a melody is like: directions in the latent space, found on training bars.

A linear map from the latents of bars to what can be counted in them (ridge regression) says how each
attribute shows in the latent. A slider moves all bars along the direction that changes its own attribute
by one standard deviation and leaves what the map says of the others as it is, by the shortest way in the
latents' own covariance. Repetition is no matter of single bars: its slider draws bars towards those that
they resemble, or away from them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.analysis.features import repetition, rhythm
from core.analysis.features.melody import Melody
from core.analysis.features.pitch import pitch_range
from core.engines.lstm.leadsheet import HOLD, LOW
from core.engines.lstm.leadsheet import decode as to_score
from core.engines.vae.fit_prior import posterior_bars
from core.engines.vae.grid import START, UNITS, Ints, Shape, Window, decode
from core.engines.vae.loaded import Loaded
from core.engines.vae.network import MelodyVae
from core.engines.vae.piece import Placed, facts
from core.engines.vae.render import Job, Pull, allowed, render
from core.engines.vae.task import Labelled
from core.errors import RequestError
from core.score import Score

Floats = NDArray[np.float64]

COUNTED = ("density", "range", "syncopation", "brightness")
ATTRIBUTES = (*COUNTED, "repetition")
DENSITY, SYNCOPATION = COUNTED.index("density"), COUNTED.index("syncopation")
REACH = 2.0
"""Standard deviations that a slider at its end moves its attribute."""
PULL = 3.0
"""Nats by which the piece's own notes are favoured while no slider is moved."""
MORE = 1.0
"""The same for density: onsets are favoured over holds."""
ENOUGH = 200
"""Bars that a mean is taken of."""
OFF_BEAT = 1.0
"""Nats for each standard deviation of syncopation by which holds over beats and onsets off them are favoured: it is so rare in
the training music that its direction alone moves it too little."""
ROUNDS, CANDIDATES = 5, 8
OTHERS = 1.0
"""What a standard deviation of an attribute that shall stay costs beside one of its own."""
SEARCH, STEP, FARTHEST = 0.7, 0.5, 5.0
"""Of the search, in standard deviations: how far candidates scatter, how much of an error is put right, how far it may go."""
RIDGE = 1e-4
LAGS = (4, 8, 2, 1)


def count_bars(tokens: Ints, shape: Shape) -> Floats:
    """What is in each bar of tokens (M, steps): (M, 4) in the order of `COUNTED`, NaN in a bar without notes.

    Density is onsets a quarter note; range semitones from the lowest to the highest note; syncopation the
    share of notes that begin off a beat and sound on over the next; brightness the mean pitch above the tonic.
    """
    onset = tokens > HOLD
    notes = onset.sum(1)
    pitch = np.where(onset, tokens - 2 + LOW, 0).astype(float)
    quarters = shape.steps * UNITS[shape.grid] / 24
    highest = np.where(onset, pitch, -np.inf).max(1)
    lowest = np.where(onset, pitch, np.inf).min(1)
    starts = shape.beat_starts[1:]
    # A beat that is held is syncopated where its note began after the beat before.
    began_off = np.zeros(len(tokens))
    for start, before in zip(starts, shape.beat_starts[:-1], strict=True):
        began_off += (tokens[:, start] == HOLD) & onset[:, before + 1 : start].any(1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.stack([notes / quarters, highest - lowest, began_off / notes, pitch.sum(1) / notes], 1)
    found[notes == 0] = np.nan
    return found


def find_directions(net: MelodyVae, items: Sequence[Labelled], device: torch.device) -> dict[str, list[float]]:
    """For each of `COUNTED` the step (latent,) by one standard deviation of the attribute over training bars."""
    rows, values = [], []
    for tokens, shape, latents in posterior_bars(net, list(items), device):
        rows.append(latents)
        values.append(count_bars(tokens, shape))
    x, y = np.concatenate(rows).astype(np.float64), np.concatenate(values)
    sounding = ~np.isnan(y).any(1)
    x, y = x[sounding] - x[sounding].mean(0), y[sounding]
    y = (y - y.mean(0)) / y.std(0)
    covariance = x.T @ x / len(x)
    ridge = RIDGE * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    slopes = np.linalg.solve(covariance + ridge, x.T @ y / len(x))
    steps = covariance @ slopes @ np.linalg.inv(slopes.T @ covariance @ slopes)
    return {name: [round(float(number), 5) for number in steps[:, at]] for at, name in enumerate(COUNTED)}


def find_means(net: MelodyVae, items: Sequence[Labelled], styles: Sequence[str],
               device: torch.device) -> dict[str, dict[str, list[float]]]:
    """Style to metre to the mean latent of its bars, where there are enough of them."""
    means: dict[str, dict[str, list[float]]] = {style: {} for style in styles}
    kinds: dict[tuple[int, str], list[Labelled]] = defaultdict(list)
    for item in items:
        kinds[item.style, item.window.metre].append(item)
    for (style, metre), members in kinds.items():
        rows = np.concatenate([latents for _, _, latents in posterior_bars(net, members, device)])
        if len(rows) >= ENOUGH:
            means[styles[style]][metre] = [round(float(number), 5) for number in rows.mean(0)]
    return means


def find_spreads(windows: Sequence[Window]) -> dict[str, float]:
    """Standard deviation of each of `ATTRIBUTES` over training windows."""
    rows = np.stack([measured(to_score(decode(window, 60), tempo=120, program=0)) for window in windows])
    return {name: round(float(spread), 5) for name, spread in zip(ATTRIBUTES, rows.std(0), strict=True)}


def measured(score: Score) -> Floats:
    """What the sliders are about, (5,) in the order of `ATTRIBUTES`: notes a beat, semitones from the lowest to the highest
    note, strength of syncopation, mean height above the tonic, share of repeated bars; zeros without notes."""
    if not score.note_count:
        return np.zeros(len(ATTRIBUTES))
    melody = Melody.of(score)
    return np.array([rhythm.notes_per_beat(melody), pitch_range(melody), rhythm.syncopation(melody), melody.height.mean(),
                     repetition.repeated_bars(melody)])


@torch.no_grad()
def steer(loaded: Loaded, placed: Placed, amounts: Mapping[str, float]) -> Score:
    """A piece with sliders moved, each from -1 to 1, in its own key, metre and length.

    The directions say where to begin; what comes out is counted, and what is off its mark is put right along
    them, a few candidates at a time.

    Raises:
        RequestError: no such slider, or out of its range.
    """
    for name, amount in amounts.items():
        if name not in ATTRIBUTES:
            raise RequestError(f"A slider of {', '.join(ATTRIBUTES)} is needed", f"{name!r} is not known", "Choose one of these")
        if not -1 <= amount <= 1:
            raise RequestError(f"The slider for {name} goes from -1 to 1", f"got {amount}")
    wanted = np.array([amounts.get(name, 0.0) for name in ATTRIBUTES]) * REACH
    spreads = np.array([loaded.config["spreads"][name] for name in ATTRIBUTES])
    here = _written(loaded, placed, wanted[None] * 0)[0]
    if not wanted.any():
        return here
    goal = measured(here) / spreads + wanted
    weights = np.where(wanted != 0, 1.0, OTHERS)
    rng = np.random.default_rng(0)
    centre, best, least = np.zeros_like(wanted), here, np.inf
    for turn in range(ROUNDS):
        scatter = rng.normal(0, SEARCH, (CANDIDATES, len(centre)))
        # At first so much of the way for each candidate: a direction goes wrong where it leads too far.
        tries = np.linspace(0.25, 1, CANDIDATES)[:, None] * wanted if turn == 0 else centre + scatter
        made = _written(loaded, placed, tries)
        off = np.stack([measured(score) / spreads - goal for score in made])
        losses = np.abs(off * weights).sum(1)
        at = int(losses.argmin())
        if losses[at] < least:
            best, least = made[at], losses[at]
        centre = np.clip(tries[at] - STEP * off[at], -FARTHEST, FARTHEST)
    return best


def _written(loaded: Loaded, placed: Placed, moves: Floats) -> list[Score]:
    """The piece moved along the directions by each row of (K, 5) standard deviations."""
    piece, window = placed.piece, placed.piece.window
    condition = loaded.net.condition(placed.style, facts(window.metre, window.mode, window.grid))[0]
    directions = torch.tensor([loaded.config["directions"][name] for name in COUNTED])
    pitches = allowed(window.mode, [window])
    off_beat = torch.zeros(window.shape.steps, START)
    off_beat[:, HOLD + 1 :] = 1.0
    off_beat[window.shape.beat_starts] = torch.eye(START)[HOLD]
    more = torch.zeros(START)
    more[HOLD], more[HOLD + 1 :] = -0.5, 0.5
    jobs = []
    for move in moves:
        latents = _repeated(placed.latents[0], float(np.clip(move[-1] / REACH, -1, 1)))
        latents = latents + torch.from_numpy(move[:-1]).float() @ directions
        pull = Pull(window, PULL * max(0.0, 1 - float(np.abs(move).max())))
        bias = OFF_BEAT * float(move[SYNCOPATION]) * off_beat + MORE * float(move[DENSITY]) * more
        jobs.append(Job(latents, condition, window.metre, window.mode, window.grid, (pull,), pitches, bias))
    tempo, program = piece.seed.tempos[0].bpm, piece.seed.melody.program
    return [to_score(decode(made, piece.sheet.reference), tempo=tempo, program=program) for made in render(loaded, jobs)]


def _repeated(latents: Tensor, amount: float) -> Tensor:
    """Latents (N, latent) drawn by `amount` towards those so many bars before that are most like them, or away from them."""
    lags = [lag for lag in LAGS if lag < len(latents)]
    if not lags:
        return latents
    lag = min(lags, key=lambda bars: float((latents[bars:] - latents[:-bars]).square().sum(-1).mean()))
    rows = list(latents.unbind(0))
    for at in range(lag, len(rows)):
        model = rows[at - lag] if amount > 0 else latents[at - lag]
        rows[at] = rows[at] + amount * (model - rows[at])
    return torch.stack(rows)
