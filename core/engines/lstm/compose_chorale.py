"""Chorales from a resolved request: free, after a seed, or under one that stays in the soprano."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.analysis.chords import chords_from_notes
from core.engines.lstm import chorale_sampler as sampler
from core.engines.lstm.chorale import (
    EIGHTH,
    HIGH,
    HOLD,
    LOW,
    RANGES,
    REST,
    VOICES,
    decode,
    shift_to_c,
    voice_frames,
)
from core.engines.lstm.chorale_features import Walker
from core.engines.lstm.chorale_task import STYLES
from core.engines.lstm.network import NONE, style_weights
from core.engines.protocol import Progress, Request
from core.errors import RequestError
from core.score import Score
from core.score.join import append
from core.weights import Weights

FRAMES_PER_BAR = {"4/4": 8, "3/4": 6}


def compose(request: Request, loaded: Weights, progress: Progress) -> list[tuple[Score, int]]:
    """(score, tick at which new music begins) for every take of a resolved request.

    Raises:
        RequestError: a seed whose melody does not lie on eighth notes when it has to stay, or another way
            than to continue or harmonise it.
        GenerationError, Cancelled: see `core.engines.protocol.Engine.compose`.
    """
    if request.seed is not None and request.how in ("answer", "vary"):
        raise RequestError("A chorale can be written under a melody or go on from one", f"got {request.how}",
                           "Choose continue or harmonise")
    lines = [_line(request, take) for take in range(request.takes)]
    style = style_weights(len(STYLES), [(STYLES.index("bach"), 1.0)]).to(loaded.tensors["trunk.style.weight"].device)
    if request.seed is not None and request.how == "continue":
        # first the three voices under the seed, then all four onwards
        under = [_line(replace(request, how="harmonise"), take) for take in range(request.takes)]
        sampler.write(loaded.tensors, style, under, temperature=request.temperature, top_p=request.top_p,
                      progress=_quiet(progress))
        for line, written in zip(lines, under, strict=True):
            line.prefix = sampler.symbols(written)
    sampler.write(loaded.tensors, style, lines, temperature=request.temperature, top_p=request.top_p, progress=progress)
    results = [_result(request, line) for line in lines]
    return [(replace(score, chords=chords_from_notes(score)), new_from) for score, new_from in results]


def _quiet(progress: Progress) -> Progress:
    """Cancels like `progress`, and shows nothing."""
    return lambda done, total: progress(0, 1)


def _line(request: Request, take: int) -> sampler.Line:
    assert request.tonic is not None
    assert request.pitch_range is not None
    per_bar = FRAMES_PER_BAR[str(request.metre)]
    rng = np.random.default_rng((request.random_seed, take))
    bars, start, melody = request.bars, 0, None
    seed_frames = None
    if request.seed is not None:
        seed = request.seed
        start = per_bar - seed.pickup // EIGHTH if seed.pickup else 0
        seed_frames = voice_frames(seed.melody, seed.length, eighths=True)
        seed_bars = -(-(len(seed_frames) + start) // per_bar)
        bars = seed_bars if request.how == "harmonise" else seed_bars + request.bars
        if request.how == "harmonise":
            melody = seed_frames
    soprano = None
    if melody is not None:
        shift = shift_to_c(request.tonic)
        pitches = [pitch if pitch == NONE else pitch + shift for pitch, _ in melody]
        total = bars * per_bar - start
        pitches += [NONE] * (total - len(pitches))
        onsets = [onset for _, onset in melody] + [True] * (total - len(melody))
        soprano = [REST if p == NONE else HOLD if not new else min(max(p, LOW), HIGH) - LOW + 2
                   for p, new in zip(pitches, onsets, strict=True)]
        walker = Walker(True, per_bar, request.mode, start, bars, pitches)
    else:
        walker = Walker(True, per_bar, request.mode, start, bars)
    ranges = (request.pitch_range, *RANGES[1:])
    return sampler.Line(walker, rng, request.tonic, ranges, soprano)


def _result(request: Request, line: sampler.Line) -> tuple[Score, int]:
    assert request.tonic is not None
    assert request.tempo is not None
    assert request.program is not None
    new = decode(sampler.result(line), tonic=request.tonic, tempo=request.tempo, program=request.program)
    seed = request.seed
    if seed is None:
        return new, 0
    if request.how == "harmonise":
        soprano = replace(seed.melody, name=VOICES[0], program=request.program, pan=54)
        return replace(new, tracks=(soprano, *new.tracks[1:]), pickup=seed.pickup, metres=seed.metres), 0
    if not request.with_seed:
        return new, 0
    under = decode(sampler.prefix_chorale(line), tonic=request.tonic, tempo=request.tempo, program=request.program)
    soprano = replace(seed.melody, name=VOICES[0], program=request.program, pan=54)
    head = replace(under, tracks=(soprano, *under.tracks[1:]), pickup=seed.pickup)
    start = len(line.prefix) * EIGHTH
    return append(head, new, start), start
