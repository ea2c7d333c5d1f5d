"""The page on which a band plays a piece: the piece, the bands, what they played."""

from __future__ import annotations

from ui import composing, shell
from ui.arrange import bands, result, state, work
from ui.shape import ends
from ui.shell import t

PIECE = "piece"
"""The name of the piece in the page's address."""


def draw() -> None:
    """From top to bottom; the bands step back once something was played."""
    shell.head(t("arrange.title"), "" if state.everything() else t("arrange.lead"))
    composing.say()
    piece = ends.of(PIECE)
    if piece is None:
        ends.invite(PIECE, t("arrange.empty"))
    else:
        ends.show(PIECE, piece, heard=not state.everything())  # afterwards its melody is on the band's roll
        bands.draw(piece)
    work.watch()
    shown = state.shown()
    if shown is not None:
        result.draw()
