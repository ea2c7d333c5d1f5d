"""A user's piece as the autoencoder sees it: its melody on a grid, and where that lies in the latent space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.engines.lstm.leadsheet import HOLD, MODES, PITCHES, Event, LeadSheet, single_metre_span
from core.engines.lstm.leadsheet import encode as to_sheet
from core.engines.lstm.seed import prepare
from core.engines.vae.grid import GRIDS, METRES, Window, encode
from core.engines.vae.loaded import Loaded
from core.engines.vae.network import style_row
from core.errors import RequestError
from core.score import Key, Score

REMARKS = {
    "skyline": "The highest line of the first part that has notes was taken as the melody; other notes and parts are left out",
    "stretch": "The longest stretch in one metre was taken; the rest is left out",
    "key": "The piece names no key; the likeliest was taken",
    "pickup": "The pick-up is left out",
}
"""What was done to a piece before it was read, by a name that pages translate."""


@dataclass(frozen=True)
class Piece:
    """A piece on its grid. `score` is the user's own; `remarks` are names in `REMARKS`."""

    score: Score
    seed: Score
    sheet: LeadSheet
    window: Window
    remarks: tuple[str, ...]

    @property
    def key(self) -> Key:
        return self.seed.keys[0]

    @property
    def bars(self) -> int:
        return len(self.window.tokens)

    def moved(self, reference: int) -> Piece:
        """The same piece with its pitches counted from another octave of its tonic."""
        shift = self.sheet.reference - reference

        def there(event: Event) -> Event:
            return event if event.pitch <= HOLD else replace(event, pitch=min(max(event.pitch + shift, 2), PITCHES - 1))

        bars = tuple(tuple(there(event) for event in bar) for bar in self.sheet.bars)
        return self._with(replace(self.sheet, bars=bars, reference=reference), self.window.grid)

    def on_grid(self, grid: str) -> Piece:
        """The same piece on another grid than the one that fits it best."""
        return self._with(self.sheet, grid)

    def _with(self, sheet: LeadSheet, grid: str) -> Piece:
        whole = sheet.bars[-self.bars :]
        return replace(self, sheet=sheet, window=encode(whole, sheet.metre, sheet.mode, grid))


def read(score: Score) -> Piece:
    """A user's piece, ready to be placed.

    Raises:
        FormatError: no pitched notes.
        RequestError: a metre that the autoencoder does not know, or too many bars.
    """
    seed = prepare(score)
    sheet = to_sheet(seed, keep_empty_bars=True)
    if sheet.metre not in METRES:
        raise RequestError(f"A piece in {', '.join(METRES)} is needed", f"it is in {sheet.metre}", "Choose another piece")
    whole = sheet.bars[1:] if sheet.pickup and len(sheet.bars) > 1 else sheet.bars
    taken = len(seed.melody.notes)
    start, end, _ = single_metre_span(score)
    sounding = sum(start <= note.start < end for track in score.tracks if not track.is_drum for note in track.notes)
    found = {"skyline": taken < sounding, "stretch": (end - start) < score.length, "key": not score.keys,
             "pickup": len(whole) < len(sheet.bars)}
    remarks = tuple(name for name, holds in found.items() if holds)
    return Piece(score, seed, sheet, encode(whole, sheet.metre, sheet.mode), remarks)


@dataclass(frozen=True)
class Placed:
    """A piece and where it lies: `points` (1, bars, latent) in the Gaussian, told `style` (a row of weights)."""

    piece: Piece
    latents: Tensor
    points: Tensor
    style: Tensor


def facts(metre: str, mode: str, grid: str) -> Tensor:
    """(1, 3), as in `Batch`."""
    return torch.tensor([[METRES.index(metre), MODES.index(mode), GRIDS.index(grid)]])


@torch.no_grad()
def place(loaded: Loaded, piece: Piece, style: str | None = None) -> Placed:
    """Where a piece lies, told its style; None takes the style that the piece is likeliest in."""
    names, window = loaded.styles, piece.window
    if style is None:
        style = likeliest_style(loaded, piece)
    told = style_row(len(names) + 1, [(names.index(style), 1.0)])[None]
    condition = loaded.net.condition(told, facts(window.metre, window.mode, window.grid))
    latents = loaded.place(window, condition)
    points, _ = loaded.prior.to_gaussian(latents, condition)
    return Placed(piece, latents, points, told)


@torch.no_grad()
def likeliest_style(loaded: Loaded, piece: Piece, among: Sequence[str] = ()) -> str:
    """The style under which the prior finds the piece likeliest, of those named (none: of all)."""
    count, window = len(loaded.styles), piece.window
    where = facts(window.metre, window.mode, window.grid)
    untold = loaded.net.condition(style_row(count + 1, [(count, 1.0)])[None], where)
    latents = loaded.place(window, untold)
    told = loaded.net.condition(torch.eye(count + 1)[:count], where.expand(count, -1))
    nats = loaded.prior.nll(latents.expand(count, -1, -1), told).sum(-1)
    ranked = [loaded.styles[at] for at in nats.argsort().tolist()]
    return next((style for style in ranked if style in among), ranked[0])
