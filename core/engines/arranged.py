"""A piece arranged to the end: played by the arranger, mixed, and told in the file; a plain function for jobs and commands."""

from __future__ import annotations

from dataclasses import replace

from core.engines import registry
from core.engines.arranging import Arrangement, ArrangeRequest
from core.engines.arranging_io import stamped
from core.engines.arranging_mix import mixed
from core.engines.protocol import Progress, no_progress


def arrange(request: ArrangeRequest, take: int = 1, *, progress: Progress = no_progress) -> Arrangement:
    """Have a band play a piece, or some of it anew; see `core.engines.arranging.Arranger.arrange`.

    Instruments, volumes and places of the tracks are those of `request.kept`, else the band's usual ones
    (`core.engines.arranging_mix`). `take` is the number that the file names.
    """
    arranger = registry.shared_arranger()
    made = arranger.arrange(request, progress)
    made = replace(made, score=mixed(made.score, request.band, request.kept))
    return replace(made, score=stamped(made, take, arranger.sources(request.free_only)))
