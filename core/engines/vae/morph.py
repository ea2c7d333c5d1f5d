"""From one piece to another in even steps."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from torch import Tensor

from core.engines.lstm.leadsheet import decode as to_score
from core.engines.vae import latent
from core.engines.vae.grid import Window, decode
from core.engines.vae.loaded import Loaded
from core.engines.vae.piece import Piece, Placed, facts, place, read
from core.engines.vae.render import Job, Pull, allowed, render
from core.errors import RequestError
from core.rights.provenance import Provenance, learned
from core.score import Score
from core.score.files import write_score
from core.score.join import append
from core.score.stamp import with_stamp

ENGINE = "vae"
STEPS = (3, 16)
"""Fewest and most pieces of a morph, both ends with them."""
PULL = 24.0
"""Nats by which the notes of an end are favoured in bars that have not set out or have arrived. Chosen with `SPAN` on
validation pairs: with less, a bar takes more forms on its way than its two ends are apart."""
ORDER = (3, 1, 2, 0)
"""When the bars of a phrase of four set out: what opens it is known longest."""
SPAN = 0.3
"""Share of the whole way on which a bar is under way: when all change at once, each step is a piece of its own."""
REMARKS = {
    "metres": "The two pieces are in different metres: each step is in the metre of the nearer end",
    "keys": "The two pieces are in different keys: each step is in the key of the nearer end",
}
"""What a morph does about ends that do not fit, by a name that pages translate."""


@dataclass(frozen=True)
class Step:
    """One piece on the way; `share` is 0 at the first end and 1 at the second."""

    score: Score
    share: float


class Morph:
    """All pieces between two; the ends are read once, so that `at` is fast.

    Args:
        loaded: the networks.
        first: the piece at share 0.
        second: the piece at share 1.

    Raises:
        FormatError: a piece has no pitched notes.
        RequestError: a piece is too long or in a metre that is not known.
    """

    def __init__(self, loaded: Loaded, first: Score, second: Score) -> None:
        self._loaded = loaded
        one, other = read(first), read(second)
        if one.key.tonic == other.key.tonic:
            # Counted from the same tonic, a melody that both have lies at one place.
            other = other.moved(one.sheet.reference)
        self._ends = (place(loaded, one), place(loaded, other))

    @property
    def pieces(self) -> tuple[Piece, Piece]:
        """What was read of the two ends."""
        return self._ends[0].piece, self._ends[1].piece

    @property
    def remarks(self) -> tuple[str, ...]:
        """Names in `REMARKS` of what is done about ends that do not fit."""
        one, other = self.pieces
        found = {"metres": one.window.metre != other.window.metre,
                 "keys": (one.key.tonic, one.key.mode) != (other.key.tonic, other.key.mode)}
        return tuple(name for name, holds in found.items() if holds)

    def steps(self, count: int) -> tuple[Step, ...]:
        """`count` pieces from end to end; the first and the last are the user's own scores, unchanged.

        Raises:
            RequestError: too few or too many.
        """
        if not STEPS[0] <= count <= STEPS[1]:
            raise RequestError(f"A morph has between {STEPS[0]} and {STEPS[1]} steps", f"got {count}")
        shares = [at / (count - 1) for at in range(count)]
        first, second = (end.piece.score for end in self._ends)
        inner = self.between(shares[1:-1])
        return tuple(Step(score, share) for score, share in zip((first, *inner, second), shares, strict=True))

    def at(self, share: float) -> Score:
        """The piece at a share; the ends themselves at 0 and 1.

        Raises:
            RequestError: the share is not between 0 and 1.
        """
        if not 0 <= share <= 1:
            raise RequestError("A share between 0 and 1 is needed", f"got {share}")
        if share in (0, 1):
            return self._ends[int(share)].piece.score
        return self.between([share])[0]

    @torch.no_grad()
    def between(self, shares: Sequence[float]) -> list[Score]:
        """A new piece for each share between 0 and 1."""
        if not shares:
            return []
        a, b = self._ends
        lengths = [round((1 - share) * a.piece.bars + share * b.piece.bars) for share in shares]
        rows = [self._nearer(share).piece.window for share in shares]
        style = torch.cat([(1 - share) * a.style + share * b.style for share in shares])
        condition = self._loaded.net.condition(style, torch.cat([facts(row.metre, row.mode, row.grid) for row in rows]))
        most = max(lengths)
        prior = self._loaded.prior
        one, other = ((_stretched(end.latents[0], most) - prior.mean) / prior.scale for end in (a, b))
        gone = torch.stack([_gone(share, most) for share in shares])
        latents = latent.between(one, other, gone) * prior.scale + prior.mean
        jobs = [self._job(share, row[:bars], path[:bars], told)
                for share, bars, row, path, told in zip(shares, lengths, gone, latents, condition, strict=True)]
        windows = render(self._loaded, jobs)
        return [self._stamped(self._score(window, share), share) for window, share in zip(windows, shares, strict=True)]

    def _stamped(self, score: Score, share: float) -> Score:
        """With what tells how it was made: the ends by their hashes."""
        ends = [hashlib.sha256(write_score(end.piece.score, ".mid")).hexdigest() for end in self._ends]
        told = Provenance(ENGINE, self._loaded.hash, data=learned(sorted(self._loaded.config["sources"])),
                          request={"engine": ENGINE, "morph": share, "ends_sha256": ends})
        return with_stamp(score, told.facts())

    def _nearer(self, share: float) -> Placed:
        return self._ends[int(share > 0.5)]

    @cached_property
    def _same_key(self) -> bool:
        return "keys" not in self.remarks

    def _job(self, share: float, gone: Tensor, latents: Tensor, condition: Tensor) -> Job:
        window = self._nearer(share).piece.window
        ends = [end.piece for end in self._ends]
        pulls = []
        for end, weight in zip(ends, (1 - gone, gone), strict=True):
            if end.window.metre == window.metre and (end is ends[int(share > 0.5)] or self._same_key):
                own = end.window if end.window.grid == window.grid else end.on_grid(window.grid).window
                pulls.append(Pull(own, PULL * weight))
        pitches = allowed(window.mode, [end.window for end in ends] if self._same_key else [window])
        return Job(latents, condition, window.metre, window.mode, window.grid, tuple(pulls), pitches)

    def _score(self, window: Window, share: float) -> Score:
        one, other = (end.piece for end in self._ends)
        near = self._nearer(share).piece
        tempo = (1 - share) * one.seed.tempos[0].bpm + share * other.seed.tempos[0].bpm
        score = to_score(decode(window, near.sheet.reference), tempo=tempo, program=near.seed.melody.program)
        # The key as it is named at that end: the sheet knows fewer modes than there are.
        return replace(score, keys=(near.key,), title=f"{share:.0%}")


def joined(steps: Sequence[Step]) -> Score:
    """All steps one after another as one piece."""
    whole = steps[0].score
    for step in steps[1:]:
        whole = append(whole, step.score, whole.length)
    return whole


def _gone(share: float, bars: int) -> Tensor:
    """How far each bar has come, (bars,), where the whole has come to `share`.

    Bars at the same place of a phrase set out together and each is on the way for `SPAN` of the whole.
    """
    starts = torch.tensor([ORDER[bar % len(ORDER)] for bar in range(bars)]) / (len(ORDER) - 1) * (1 - SPAN)
    return ((share - starts) / SPAN).clamp(0, 1)


def _stretched(points: Tensor, bars: int) -> Tensor:
    """So many bars, from the front again where there are too few."""
    return points[torch.arange(bars) % len(points)]
