"""The GAN engine: a band from nothing. A lead sheet by the LSTM, every part under it by the generator.

Why the melody is not the generator's own is said, with figures, in docs/gan.md.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from core import weights
from core.corpora.band_styles import BY_ID as BANDS_BY_ID
from core.corpora.band_styles import Band
from core.corpora.styles import Style
from core.engines.arranging import ArrangeRequest
from core.engines.arranging_chords import BAND_LEADSHEETS
from core.engines.gan.arrange import GanArranger
from core.engines.lstm.engine import LstmEngine
from core.engines.lstm.leadsheet import single_metre_span
from core.engines.protocol import Progress, Request, Take, no_progress
from core.errors import RequestError


class GanEngine:
    """See `core.engines.protocol.Engine`: its styles are the bands. Safe to share between threads.

    Args:
        device: of the lead sheet; parts are played on the CPU, where a whole piece takes a fraction of a second.
        folder: where the weights are, of both engines.
    """

    id = "gan"

    def __init__(self, device: str = "auto", folder: Path = weights.FOLDER) -> None:
        self._lstm = LstmEngine(device, folder)
        self._arranger = GanArranger(folder)

    def styles(self, free_only: bool = False) -> Sequence[Style]:
        """The bands with the metres and modes that there are lead sheets in."""
        known = self._sheets(free_only)
        return tuple(self._style(band, known) for band in self._arranger.bands(free_only))

    def sung_styles(self, free_only: bool = False) -> Sequence[Style]:
        """None: it does not sing."""
        return ()

    def sources(self, style: str, free_only: bool = False) -> Sequence[str]:
        """Of the lead sheets and of the parts."""
        self._check(style, free_only)
        sheets = {source for sheet in BAND_LEADSHEETS[style] if sheet in self._sheets(free_only)
                  for source in self._lstm.sources(sheet, free_only)}
        return tuple(sorted(sheets | set(self._arranger.sources(free_only))))

    def resolve(self, request: Request) -> Request:
        """See `core.engines.protocol.Engine.resolve`."""
        sheet = self._lstm.resolve(self._sheet_request(request))
        return replace(sheet, style=request.style, engine=request.engine)

    def compose(self, request: Request, progress: Progress = no_progress) -> tuple[Take, ...]:
        """See `core.engines.protocol.Engine.compose`."""
        started = time.perf_counter()
        request = self.resolve(request)
        sheets = self._lstm.compose(self._sheet_request(request), progress)
        played = []
        for sheet in sheets:
            asked = ArrangeRequest(sheet.score, request.style, random_seed=(request.random_seed + sheet.index) % 2**63,
                                   free_only=request.free_only)
            made = self._arranger.arrange(asked)
            melody = replace(made.score.tracks[0], program=sheet.score.melody.program)
            played.append((sheet, made, made.score.with_track(0, melody)))
        seconds = time.perf_counter() - started
        name = BANDS_BY_ID[request.style].style.name
        return tuple(Take(replace(score, title=f"{name} {sheet.index + 1}"), request, sheet.index, made.weights, seconds,
                          sheet.new_from) for sheet, made, score in played)

    def _sheet_request(self, request: Request) -> Request:
        """What is asked of the LSTM: the first style of lead sheets that goes with the band and has the metre and mode."""
        if request.words:
            raise RequestError("Words are sung by the engine lstm", f"got {self.id}", "Choose that engine")
        self._check(request.style, request.free_only)
        if request.style2 is not None:
            raise RequestError("A band plays in one style", f"got {request.style} and {request.style2}",
                               "Choose one of them alone")
        band = BANDS_BY_ID[request.style]
        known = self._sheets(request.free_only)
        own = self._style(band, known)
        asked = request.metre or (single_metre_span(request.seed)[2] if request.seed else None)
        metre = str(asked) if asked else own.metres[0]
        if metre not in own.metres:
            raise RequestError(f"{own.name} has the metres {', '.join(own.metres)}", f"got {metre}", "Choose one of these")
        if request.mode is not None and request.mode not in own.modes:
            raise RequestError(f"{own.name} has the modes {', '.join(own.modes)}", f"got {request.mode!r}", "Choose one of these")
        order = [known[sheet] for sheet in (*BAND_LEADSHEETS[band.id], *known) if sheet in known]
        fits = [sheet for sheet in order if metre in sheet.metres]
        sheet = next((sheet for sheet in fits if request.mode in (None, *sheet.modes)), fits[0])
        program = own.program if request.program is None else request.program
        tempo = request.tempo or (None if request.seed else float(own.tempo))
        return replace(request, style=sheet.id, engine="lstm", program=program, tempo=tempo)

    def _sheets(self, free_only: bool) -> dict[str, Style]:
        """The styles of lead sheets by their ids."""
        return {style.id: style for style in self._lstm.styles(free_only) if style.id != "chorale"}

    def _style(self, band: Band, known: dict[str, Style]) -> Style:
        metres = tuple(metre for metre in band.style.metres if any(metre in style.metres for style in known.values()))
        own = [known[sheet] for sheet in BAND_LEADSHEETS[band.id] if sheet in known] or list(known.values())
        return replace(band.style, metres=metres, modes=tuple(dict.fromkeys(mode for style in own for mode in style.modes)))

    def _check(self, style: str, free_only: bool) -> None:
        names = [band.id for band in self._arranger.bands(free_only)]
        if style not in names:
            raise RequestError(f"A style of {', '.join(names)} is needed", f"{style!r} is not known", "Choose one of these")
