"""A piece put together bar by bar from several that were written for the same place.

The decoder starts anew in every bar, so bars of different candidates can follow each other. That gives far
more pieces to choose from than were written, at the price of counting instead of decoding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from core.engines.lstm.leadsheet import HOLD
from core.engines.vae.counting import Floats
from core.engines.vae.grid import MAX_BARS, Ints, Window, tied
from core.engines.vae.loaded import pieces

SWEEPS = 3
LAGS = (4, 8, 2, 1)
"""Bars before a bar from which it can be taken over."""

Loss = Callable[[Ints], Floats]
"""From tokens (M, bars, steps) to what is wrong with each, (M,)."""


def choose_bars(pool: Sequence[Window], losses: Callable[[Ints], Loss]) -> Window:
    """A window with bars from those of `pool`, all of one shape and length, that has as little loss as can be found.

    One bar after another is exchanged, or all that are the same with it, for that of another candidate or for one
    that came shortly before. Long pieces are put together in windows, since the time grows with the square of the bars.

    Args:
        pool: the candidates.
        losses: makes the loss for a window of bars, told the tokens (bars, steps) of the first candidate there.
    """
    tokens, chords = np.stack([window.tokens for window in pool]), np.stack([window.chords for window in pool])
    parts = [_chosen(tokens[:, start:end], chords[:, start:end], losses(tokens[0, start:end]))
             for start, end in pieces(tokens.shape[1], MAX_BARS)]
    notes, harmony = (np.concatenate(column) for column in zip(*parts, strict=True))
    return replace(pool[0], tokens=tied(notes), chords=harmony)


def _chosen(tokens: Ints, chords: Ints, loss: Loss) -> tuple[Ints, Ints]:
    found = loss(tokens)
    at = int(found.argmin())
    best, harmony, least = tokens[at].copy(), chords[at].copy(), float(found[at])
    for _ in range(SWEEPS):
        before = least
        for bar in range(len(best)):
            earlier = [bar - lag for lag in LAGS if lag <= bar]
            alike = (best == best[bar]).all(1)
            options, kept = np.unique(np.concatenate([tokens[:, bar], best[earlier]]), axis=0, return_index=True)
            if (tokens[0, alike] > HOLD).any():  # Silence can be like anything, and is no music.
                sounding = (options > HOLD).any(1)
                options, kept = options[sounding], kept[sounding]
            if not len(options):
                continue
            # Where no other bar is the same, one way of taking an option is enough.
            ways = 2 if alike.sum() > 1 else 1
            made = np.repeat(best[None], ways * len(options), 0)
            made[: len(options), bar] = options
            if ways > 1:
                made[len(options) :, alike] = options[:, None]
            made = tied(made)
            found = loss(made)
            at = int(found.argmin())
            if found[at] < least - 1e-9:
                least, best = float(found[at]), made[at]
                harmony[alike if at >= len(options) else bar] = np.concatenate([chords[:, bar], harmony[earlier]])[
                    kept[at % len(options)]]
        if least == before:
            break
    return best, harmony
