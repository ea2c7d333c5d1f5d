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
from torch import Tensor

from core.engines.lstm.leadsheet import HOLD, LOW
from core.engines.lstm.leadsheet import decode as to_score
from core.engines.vae.choosing import LAGS, Loss, choose_bars
from core.engines.vae.counting import ATTRIBUTES, COUNTED, Floats, count_windows, measured
from core.engines.vae.fit_prior import posterior_bars
from core.engines.vae.grid import START, UNITS, Ints, Shape, Window, decode
from core.engines.vae.loaded import Loaded
from core.engines.vae.network import MelodyVae
from core.engines.vae.piece import Placed, facts
from core.engines.vae.render import Job, Pull, allowed, render
from core.engines.vae.task import Labelled
from core.errors import RequestError
from core.score import Score

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
CANDIDATES, ALONG, SEARCH, FARTHEST = 12, (0.1, 1.5), 0.7, 5.0
"""How many are written; at which shares of the way that the directions name; how far every second one scatters, and how far
any may go, in standard deviations."""
LEAN = np.linspace(2, 16, 8)
"""By how many times `MORE` onsets are favoured, or holds, in candidates that stay where the piece is: what the decoder is very
sure of, the onsets of a jig for one, gives way to no direction."""
OTHERS = 2.0
"""What a standard deviation of an attribute that shall stay costs beside one of its own."""
RIDGE = 1e-4


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


@torch.no_grad()
def steer(loaded: Loaded, placed: Placed, amounts: Mapping[str, float]) -> Score:
    """A piece with sliders moved, each from -1 to 1, in its own key, metre and length.

    The directions lead to a number of candidates; which of them each bar is taken from is chosen by what is then counted
    in the whole piece.

    Raises:
        RequestError: no such slider, or out of its range.
    """
    for name, amount in amounts.items():
        if name not in ATTRIBUTES:
            raise RequestError(f"A slider of {', '.join(ATTRIBUTES)} is needed", f"{name!r} is not known", "Choose one of these")
        if not -1 <= amount <= 1:
            raise RequestError(f"The slider for {name} goes from -1 to 1", f"got {amount}")
    wanted = np.array([amounts.get(name, 0.0) for name in ATTRIBUTES]) * REACH
    moves = np.zeros((1, len(wanted)))
    if wanted.any():
        rng = np.random.default_rng(0)
        along = np.linspace(*ALONG, CANDIDATES)[:, None] * wanted
        along[1::2] += rng.normal(0, SEARCH, along[1::2].shape)
        moves = np.clip(np.concatenate([moves, along]), -FARTHEST, FARTHEST)
    pool = _written(loaded, placed, moves, LEAN * wanted[DENSITY] if wanted[DENSITY] else LEAN[:0])
    spreads = np.array([loaded.config["spreads"][name] for name in ATTRIBUTES])
    weights = np.where(wanted != 0, 1.0, OTHERS) / spreads
    shape = placed.piece.window.shape

    def losses(here: Ints) -> Loss:
        goal = count_windows(here[None], shape)[0] + wanted * spreads
        return lambda tokens: np.abs((count_windows(tokens, shape) - goal) * weights).sum(1)

    chosen = choose_bars(pool, losses) if wanted.any() else pool[0]
    seed = placed.piece.seed
    return to_score(decode(chosen, placed.piece.sheet.reference), tempo=seed.tempos[0].bpm, program=seed.melody.program)


def _written(loaded: Loaded, placed: Placed, moves: Floats, leans: Floats) -> list[Window]:
    """The piece moved along the directions by each row of (K, 5) standard deviations, then where it is, its own notes favoured,
    but leaning to more or fewer onsets by each of `leans` (L,) times `MORE`."""
    window = placed.piece.window
    condition = loaded.net.condition(placed.style, facts(window.metre, window.mode, window.grid))[0]
    directions = torch.tensor([loaded.config["directions"][name] for name in COUNTED])
    pitches = allowed(window.mode, [window])
    off_beat = torch.zeros(window.shape.steps, START)
    off_beat[:, HOLD + 1 :] = OFF_BEAT
    off_beat[window.shape.beat_starts] = OFF_BEAT * torch.eye(START)[HOLD]
    more = torch.zeros(window.shape.steps, START)
    more[:, HOLD], more[:, HOLD + 1 :] = -MORE / 2, MORE / 2

    def job(latents: Tensor, nats: float, bias: Tensor) -> Job:
        pull = Pull(window, nats)
        return Job(latents, condition, window.metre, window.mode, window.grid, (pull,), pitches, bias)

    jobs = []
    for move in moves:
        latents = _repeated(placed.latents[0], float(np.clip(move[-1] / REACH, -1, 1)))
        latents = latents + torch.from_numpy(move[:-1]).float() @ directions
        bias = float(move[SYNCOPATION]) * off_beat + float(move[DENSITY]) * more
        jobs.append(job(latents, PULL * max(0.0, 1 - float(np.abs(move).max())), bias))
    return render(loaded, jobs + [job(placed.latents[0], PULL, float(lean) * more) for lean in leans])


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
