"""Sliders for what a melody is like: directions in the latent space, found on training bars.

A linear map from the latents of bars to what can be counted in them (ridge regression) says how each
attribute shows in the latent. A slider moves all bars along the direction that changes its own attribute
by one standard deviation and leaves what the map says of the others as it is, by the shortest way in the
latents' own covariance. Repetition is no matter of single bars: its slider draws bars towards those that
they resemble, or away from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.engines.lstm.leadsheet import HOLD, LOW
from core.engines.lstm.leadsheet import decode as to_score
from core.engines.vae.fit_prior import posterior_bars
from core.engines.vae.grid import UNITS, Ints, Shape, decode
from core.engines.vae.loaded import Loaded
from core.engines.vae.network import MelodyVae
from core.engines.vae.piece import Placed, facts
from core.engines.vae.render import Job, Pull, allowed, render
from core.engines.vae.task import Labelled
from core.errors import RequestError
from core.score import Score

COUNTED = ("density", "range", "syncopation", "brightness")
ATTRIBUTES = (*COUNTED, "repetition")
REACH = 2.0
"""Standard deviations that a slider at its end moves its attribute."""
PULL = 3.0
RIDGE = 1e-4
LAGS = (4, 8, 2, 1)


def count_bars(tokens: Ints, shape: Shape) -> NDArray[np.float64]:
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


@torch.no_grad()
def steer(loaded: Loaded, placed: Placed, amounts: Mapping[str, float]) -> Score:
    """A piece with sliders moved, each from -1 to 1, in its own key, metre and length.

    Raises:
        RequestError: no such slider, or out of its range.
    """
    for name, amount in amounts.items():
        if name not in ATTRIBUTES:
            raise RequestError(f"A slider of {', '.join(ATTRIBUTES)} is needed", f"{name!r} is not known", "Choose one of these")
        if not -1 <= amount <= 1:
            raise RequestError(f"The slider for {name} goes from -1 to 1", f"got {amount}")
    piece, window = placed.piece, placed.piece.window
    condition = loaded.net.condition(placed.style, facts(window.metre, window.mode, window.grid))
    latents = placed.latents[0]
    repetition = amounts.get("repetition", 0.0)
    if repetition:
        latents = _repeated(latents, repetition)
    directions = loaded.config["directions"]
    for name in COUNTED:
        latents = latents + REACH * amounts.get(name, 0.0) * torch.tensor(directions[name])
    loose = min(1.0, sum(abs(amount) for amount in amounts.values()))
    pull = Pull(window, PULL * (1 - loose))
    job = Job(latents, condition[0], window.metre, window.mode, window.grid, (pull,), allowed(window.mode, [window]))
    made = render(loaded, [job])[0]
    return to_score(decode(made, piece.sheet.reference), tempo=piece.seed.tempos[0].bpm, program=piece.seed.melody.program)


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
