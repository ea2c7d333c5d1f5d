"""More of a piece: variations, the nearest first."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.analysis.edit_distance import note_distance
from core.engines.protocol import Progress, Request, Take, no_progress
from core.engines.vae.engine import VaeEngine
from core.engines.vae.piece import Piece, likeliest_style, read
from core.score import Score


@dataclass(frozen=True)
class Variation:
    """A take and how far it is from the piece: `core.analysis.edit_distance.note_distance`, 0 to 1."""

    take: Take
    distance: float


@dataclass(frozen=True)
class Variations:
    """Variations from the nearest to the farthest, and what was read of the piece."""

    piece: Piece
    ordered: tuple[Variation, ...]


def vary(engine: VaeEngine, score: Score, *, strength: float, takes: int = 4, random_seed: int = 0, style: str | None = None,
         free_only: bool = False, progress: Progress = no_progress) -> Variations:
    """Variations of a whole piece in its own key, metre, tempo and instrument.

    Args:
        engine: the autoencoder.
        score: the piece; its melody is taken as `core.engines.vae.piece.read` says.
        strength: 0 almost the same, 1 a distant cousin.
        takes: how many.
        random_seed: the same number gives the same variations.
        style: to vary it in; the likeliest where None.
        free_only: only weights that learned from free music.
        progress: see `Engine.compose`.

    Raises:
        FormatError: no pitched notes.
        RequestError: see `Engine.resolve`.
        WeightsMissingError: the weights are not at hand.
        Cancelled: `progress` raised it.
    """
    piece = read(score)
    if style is None:
        fitting = [found.id for found in engine.styles(free_only) if piece.window.metre in found.metres]
        style = likeliest_style(engine.load(piece.bars, free_only), piece, fitting)
    request = Request(style, engine=engine.id, seed=score, how="vary", strength=strength, takes=takes, bars=piece.bars,
                      random_seed=random_seed, free_only=free_only, program=piece.seed.melody.program)
    found = engine.compose(request, progress)
    named = [replace(take, score=replace(take.score, title=f"{score.title} ~{take.index + 1}".strip())) for take in found]
    apart = [Variation(take, note_distance(piece.seed, take.score)) for take in named]
    return Variations(piece, tuple(sorted(apart, key=lambda one: one.distance)))
