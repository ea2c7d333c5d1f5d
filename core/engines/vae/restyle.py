"""A piece in another style, or in a mixture of styles: the same point of the Gaussian, told another style."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from core.engines.lstm.leadsheet import decode as to_score
from core.engines.vae.grid import decode
from core.engines.vae.loaded import Loaded
from core.engines.vae.network import style_row
from core.engines.vae.piece import Placed, facts
from core.engines.vae.render import Job, Pull, allowed, render
from core.errors import RequestError
from core.score import Score

MOST_STYLES = 3
PULL = 6.0
"""Nats by which the piece's own notes are favoured while no other style is mixed in."""
SHIFT = 2.0
"""By how many differences of the styles' mean bars a piece is moved besides."""
GUIDANCE = 1.0
"""How far beyond a style's embedding the prior is led, away from that of no style told."""


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
    amount, piece = sum(weights.values()), placed.piece
    window, count = piece.window, len(loaded.styles)
    target = style_row(count + 1, [(loaded.styles.index(style), weight) for style, weight in weights.items()])[None]
    untold = style_row(count + 1, [(count, 1.0)])[None]
    style = (1 - amount) * placed.style + target + GUIDANCE * (target - amount * untold)
    where = facts(window.metre, window.mode, window.grid)
    condition = loaded.net.condition(style, where)
    latents = loaded.prior.from_gaussian(placed.points, condition)
    latents = latents + amount * SHIFT * _shift(loaded, placed, weights)
    pull = Pull(window, PULL * (1 - amount))
    job = Job(latents[0], condition[0], window.metre, window.mode, window.grid, (pull,), allowed(window.mode, [window]))
    made = render(loaded, [job])[0]
    return to_score(decode(made, piece.sheet.reference), tempo=piece.seed.tempos[0].bpm, program=piece.seed.melody.program)


def _shift(loaded: Loaded, placed: Placed, weights: Mapping[str, float]) -> Tensor:
    """From the mean bar of the piece's own style to that of the styles mixed in, in the piece's metre: (latent,)."""
    means, metre = loaded.config["means"], placed.piece.window.metre
    own = loaded.styles[int(placed.style.argmax())]
    whole = sum(weights.values())
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
