"""A piece in another style, or in a mixture of styles: the same point of the Gaussian, told another style.

One point alone often comes out as a piece that is in the other style no more than before, or no longer in any. So a few
are written, with less of the other style and a little beside the point too, and the piece is put together
from those of their bars that sound most like the style to `style_reader`.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from core.engines.lstm.leadsheet import decode as to_score
from core.engines.vae import latent
from core.engines.vae.choosing import choose_bars
from core.engines.vae.counting import Floats
from core.engines.vae.grid import Ints, decode
from core.engines.vae.loaded import Loaded
from core.engines.vae.network import style_row
from core.engines.vae.piece import Placed, facts
from core.engines.vae.render import Job, Pull, allowed, render
from core.engines.vae.style_reader import StyleReader
from core.errors import RequestError
from core.score import Score

MOST_STYLES = 3
PULL = 6.0
"""Nats by which the piece's own notes are favoured while no other style is mixed in."""
SHIFT = 2.0
"""By how many differences of the styles' mean bars a piece is moved besides."""
GUIDANCE = 1.0
"""How far beyond a style's embedding the prior is led, away from that of no style told."""
PARTS = (0.5, 0.75, 1.0)
"""Shares of what is wanted of the other styles, and `NEAR` distances from the piece's point, that pieces are written with."""
NEAR = (0.0, 0.3, 0.5)


@torch.no_grad()
def restyle(loaded: Loaded, placed: Placed, weights: Mapping[str, float]) -> Score:
    """A piece with other styles mixed in, in its own key and metre.

    Args:
        loaded: the networks.
        placed: the piece.
        weights: one to three styles with shares of 0 to 1 that sum to at most 1; the rest stays the piece's own.

    Raises:
        RequestError: no such style, too many, or weights out of range.
    """
    _check(loaded, weights)
    weights = {style: weight for style, weight in weights.items() if weight}
    piece, window = placed.piece, placed.piece.window
    pool = render(loaded, _jobs(loaded, placed, weights))
    chosen = pool[0]
    if weights:
        reader, shape = StyleReader.of(loaded.config), window.shape
        shares = _row(loaded, weights)[0, :-1].double().numpy() / sum(weights.values())

        def loss(tokens: Ints) -> Floats:
            return -reader(tokens, shape) @ shares

        chosen = choose_bars(pool, lambda here: loss)
    return to_score(decode(chosen, piece.sheet.reference), tempo=piece.seed.tempos[0].bpm, program=piece.seed.melody.program)


def _jobs(loaded: Loaded, placed: Placed, weights: Mapping[str, float]) -> list[Job]:
    """Ways of writing the piece with some or all of the weights, in its place or near it."""
    window, amount = placed.piece.window, sum(weights.values())
    generator = torch.Generator().manual_seed(0)
    parts, distances = (PARTS, NEAR) if weights else ((1.0,), (0.0,))
    points, conditions, moved = [], [], []
    untold = style_row(len(loaded.styles) + 1, [(len(loaded.styles), 1.0)])[None]
    for part in parts:
        target, share = part * _row(loaded, weights), part * amount
        style = (1 - share) * placed.style + target + GUIDANCE * (target - share * untold)
        for distance in distances:
            noise = torch.randn(placed.points.shape, generator=generator)
            points.append(latent.near(placed.points, distance * share, noise))
            conditions.append(loaded.net.condition(style, facts(window.metre, window.mode, window.grid)))
            moved.append(share)
    told = torch.cat(conditions)
    latents = loaded.prior.from_gaussian(torch.cat(points), told)
    latents = latents + torch.tensor(moved)[:, None, None] * SHIFT * _shift(loaded, placed, weights)
    pitches = allowed(window.mode, [window])
    return [Job(row, condition, window.metre, window.mode, window.grid, (Pull(window, PULL * (1 - share)),), pitches)
            for row, condition, share in zip(latents, told, moved, strict=True)]


def _row(loaded: Loaded, weights: Mapping[str, float]) -> Tensor:
    """(1, styles + 1)"""
    return style_row(len(loaded.styles) + 1, [(loaded.styles.index(style), weight) for style, weight in weights.items()])[None]


def _shift(loaded: Loaded, placed: Placed, weights: Mapping[str, float]) -> Tensor:
    """From the mean bar of the piece's own style to that of the styles mixed in, in the piece's metre: (latent,)."""
    means, metre = loaded.config["means"], placed.piece.window.metre
    own = loaded.styles[int(placed.style.argmax())]
    whole = sum(weights.values()) or 1.0
    shift = torch.zeros(loaded.net.latent)
    for style, weight in weights.items():
        if metre in means[style] and metre in means[own]:
            shift += weight / whole * (torch.tensor(means[style][metre]) - torch.tensor(means[own][metre]))
    return shift


def _check(loaded: Loaded, weights: Mapping[str, float]) -> None:
    if not 1 <= len(weights) <= MOST_STYLES:
        raise RequestError(f"Between one and {MOST_STYLES} styles can be mixed in", f"got {len(weights)}")
    for style, weight in weights.items():
        if style not in loaded.styles:
            raise RequestError(f"A style of {', '.join(loaded.styles)} is needed", f"{style!r} is not known",
                               "Choose one of these")
        if not 0 <= weight <= 1:
            raise RequestError("The share of a style must be between 0 and 1", f"got {weight}")
    if sum(weights.values()) > 1 + 1e-6:
        raise RequestError("The shares of the styles can be 1 in all", f"they are {sum(weights.values()):g}")
