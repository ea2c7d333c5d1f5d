"""The VAE engine: samples of a prior, variations and what goes on from a seed, behind the one protocol."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from core import weights
from core.corpora.styles import BY_ID, Style
from core.engines.lstm.leadsheet import MODES, single_metre_span
from core.engines.lstm.resolve import resolve
from core.engines.lstm.training import pick_device
from core.engines.protocol import Progress, Request, Take, no_progress
from core.engines.vae import compose, grid
from core.engines.vae.loaded import Loaded, load, set_name
from core.engines.vae.morph import Morph
from core.engines.vae.piece import Placed, place, read
from core.engines.vae.quantised import GAUSSIAN
from core.errors import RequestError
from core.score import Score

SHORT, LONG = "vae-2bar", "vae-16bar"
SHORTEST_LONG = 4
"""Bars from which on the long model is asked."""


class VaeEngine:
    """See `core.engines.protocol.Engine`. Weights are read at first use; safe to share between threads.

    Args:
        device: `auto` or `cpu`: windows are decoded step by step, which the CPU does faster than a GPU.
        folder: where the weights are.
        bottleneck: of `core.engines.vae.quantised.BOTTLENECKS`; weights are shipped for the Gaussian one.
    """

    id = "vae"

    def __init__(self, device: str = "auto", folder: Path = weights.FOLDER, bottleneck: str = GAUSSIAN) -> None:
        self._folder, self._bottleneck = folder, bottleneck
        pick_device(device)
        self._loaded: dict[str, Loaded] = {}
        self._lock = threading.Lock()

    def styles(self, free_only: bool = False) -> Sequence[Style]:
        config = weights.read_config(self._set(LONG, free_only), self._folder)
        found = [self._style(style, config) for style in config["styles"]]
        order = {style_id: at for at, style_id in enumerate(BY_ID)}
        return sorted((style for style in found if style.metres), key=lambda style: order.get(style.id, len(order)))

    def sung_styles(self, free_only: bool = False) -> Sequence[Style]:
        """None: it does not sing."""
        return ()

    def sources(self, style: str, free_only: bool = False) -> Sequence[str]:
        self._check(style, free_only)
        return tuple(sorted(weights.read_config(self._set(LONG, free_only), self._folder)["sources"]))

    def resolve(self, request: Request) -> Request:
        """See `core.engines.protocol.Engine.resolve`."""
        if request.words:
            raise RequestError("Words are sung by the engine lstm", f"got {self.id}", "Choose that engine")
        for asked in filter(None, (request.style, request.style2)):
            self._check(asked, request.free_only)
        config = weights.read_config(self._set(LONG, request.free_only), self._folder)
        style = self._style(request.style, config)
        if request.seed is not None and request.how == "vary":
            # A piece is varied in its own metre and mode, whether the style has pieces in them or not.
            own = {str(single_metre_span(request.seed)[2])} & set(grid.METRES)
            modes = tuple(dict.fromkeys((*style.modes, *MODES)))
            style = replace(style, metres=tuple(dict.fromkeys((*style.metres, *own))), modes=modes)
        return resolve(request, style, config["statistics"][request.style])

    def compose(self, request: Request, progress: Progress = no_progress) -> tuple[Take, ...]:
        """See `core.engines.protocol.Engine.compose`."""
        request = self.resolve(request)
        started = time.perf_counter()
        loaded = self.load(request.bars, request.free_only)
        with torch.no_grad():
            scores = compose.compose(request, loaded, loaded.config["statistics"][request.style], progress)
        seconds = time.perf_counter() - started
        name = BY_ID[request.style].name
        return tuple(Take(replace(score, title=f"{name} {index + 1}"), request, index, loaded.hash, seconds, new_from)
                     for index, (score, new_from) in enumerate(scores))

    def morph(self, first: Score, second: Score, free_only: bool = False) -> Morph:
        """All pieces between two.

        Raises:
            FormatError, RequestError: see `Morph`.
            WeightsMissingError: the weights are not in the folder.
        """
        return Morph(self.load(grid.MAX_BARS, free_only), first, second)

    def place(self, score: Score, style: str | None = None, free_only: bool = False) -> Placed:
        """Where a piece lies, once for all sliders that then move it (`restyle`, `steer`).

        Raises:
            FormatError, RequestError: see `piece.read`.
            WeightsMissingError: the weights are not in the folder.
        """
        return place(self.load(grid.MAX_BARS, free_only), read(score), style)

    def load(self, bars: int, free_only: bool) -> Loaded:
        """The networks for pieces of so many bars.

        Raises:
            WeightsMissingError: they are not in the folder.
        """
        name = self._set(LONG if bars >= SHORTEST_LONG else SHORT, free_only)
        with self._lock:
            if name not in self._loaded:
                torch.set_num_threads(1)  # a step is too small to share
                self._loaded[name] = load(name, self._folder)
            return self._loaded[name]

    def _set(self, model: str, free_only: bool) -> str:
        at_hand = weights.names(self._folder)
        free_only = free_only or set_name(LONG, False, self._bottleneck) not in at_hand
        long, wanted = (set_name(base, free_only, self._bottleneck) for base in (LONG, model))
        # The long model writes short pieces too, only not as well.
        return wanted if wanted in at_hand else long

    def _style(self, style_id: str, config: dict[str, Any]) -> Style:
        facts = config["statistics"][style_id]
        metres = tuple(metre for metre in facts["metres"] if metre in grid.METRES)
        return replace(BY_ID[style_id], metres=metres, modes=tuple(facts["modes"]))

    def _check(self, style: str, free_only: bool) -> None:
        names = [found.id for found in self.styles(free_only)]
        if style not in names:
            why = "is not among the styles free for commercial use" if free_only and style in BY_ID else "is not known"
            raise RequestError(f"A style of {', '.join(names)} is needed", f"{style!r} {why}", "Choose one of these")
