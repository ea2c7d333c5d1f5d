"""An engine that needs no weights: it writes scales that obey the request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.corpora.styles import BY_ID, Style
from core.engines.protocol import LIMITS, Progress, Request, Take, no_progress
from core.errors import RequestError
from core.score import Key, Metre, Note, Score, Tempo, Track


class FakeEngine:
    """See `core.engines.protocol.Engine`. Writes two styles, one of them free for commercial use."""

    id = "fake"

    def __init__(self, device: str = "auto") -> None:
        self.device = device

    def styles(self, free_only: bool = False) -> Sequence[Style]:
        return [BY_ID["irish-jig"]] if free_only else [BY_ID["irish-jig"], BY_ID["pop"]]

    def sources(self, style: str, free_only: bool = False) -> Sequence[str]:
        return ("oneill",) if free_only else ("oneill", "nottingham", "my-tunes")

    def resolve(self, request: Request) -> Request:
        styles = {style.id: style for style in self.styles(request.free_only)}
        if request.style not in styles:
            raise RequestError(f"A style of {', '.join(styles)} is needed", f"got {request.style!r}", "Choose one of these")
        if not LIMITS["bars"][0] <= request.bars <= LIMITS["bars"][1]:
            raise RequestError("bars must be between 1 and 128", f"got {request.bars}")
        style = styles[request.style]
        top, bottom = style.metres[0].split("/")
        return replace(
            request,
            metre=request.metre or Metre(0, int(top), int(bottom)),
            mode=request.mode or style.modes[0],
            tonic=0 if request.tonic is None else request.tonic,
            tempo=request.tempo or float(style.tempo),
            program=style.program if request.program is None else request.program,
            pitch_range=request.pitch_range or style.pitch_range,
        )

    def compose(self, request: Request, progress: Progress = no_progress) -> tuple[Take, ...]:
        request = self.resolve(request)
        assert request.metre
        assert request.tonic is not None
        assert request.mode
        assert request.tempo
        bar = request.metre.bar_ticks
        takes = []
        for index in range(request.takes):
            notes = tuple(Note(at * bar, 60 + (request.random_seed + index + at) % 12, bar) for at in range(request.bars))
            score = Score(
                (Track(notes, program=request.program or 0),),
                tempos=(Tempo(0, request.tempo),),
                metres=(request.metre,),
                keys=(Key(0, request.tonic, request.mode),),
                title=f"Take {index + 1}",
            )
            takes.append(Take(score, request, index, "0123abcd", 0.5))
            progress(index + 1, request.takes)
        return tuple(takes)
