"""Forms: which bars of a piece come back, learned as they are from training pieces.

What is drawn bar by bar comes back less often than what people write. Forms are of whole pieces: a song's
verse may come back after 32 bars, which no window of 16 sees.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.engines.lstm.data import Corpus
from core.engines.vae.grid import METRES, Ints, encode

KEPT = 60
"""Forms of each style."""
LONGEST = 64
"""Bars of a form."""
NEAREST = 12
"""Forms, those of the pieces nearest in length, that one is chosen from."""


def form_of(bars: Ints) -> list[int]:
    """For each bar of tokens (bars, steps) the first earlier one that is the same, or -1."""
    rows = [bar.tobytes() for bar in bars]
    return [first if (first := rows.index(row)) < at else -1 for at, row in enumerate(rows)]


def forms(corpus: Corpus, seed: int) -> dict[str, list[str]]:
    """Style to the forms of some of its training pieces, each as numbers with spaces, as `form_of` gives them."""
    found: dict[str, list[str]] = {style: [] for style in corpus.styles}
    samples = corpus.samples["train"]
    for at in np.random.default_rng(seed).permutation(len(samples)):
        sheet, row = corpus.sheets[samples[at].id], found[corpus.styles[samples[at].style]]
        whole = sheet.bars[1:] if sheet.pickup else sheet.bars
        if len(row) < KEPT and sheet.metre in METRES:
            row.append(" ".join(map(str, form_of(encode(whole[:LONGEST], sheet.metre, sheet.mode).tokens))))
    return found


def choose(known: Sequence[str], bars: int, rng: np.random.Generator) -> Ints:
    """The form of a piece of so many bars, (bars,): one of those whose pieces are nearest in length and not shorter.

    Where all are shorter, another follows. The last bar is written for itself.
    """
    chosen = np.full(bars, -1)
    shapes = sorted((np.array(text.split(), int) for text in known), key=len)
    start = 0
    while shapes and start < bars:
        fitting = [form for form in shapes if len(form) >= bars - start][:NEAREST] or shapes[-NEAREST:]
        form = fitting[int(rng.integers(len(fitting)))][: bars - start]
        chosen[start : start + len(form)] = np.where(form >= 0, form + start, -1)
        start += len(form)
    chosen[-1] = -1
    return chosen
