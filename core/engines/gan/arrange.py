"""The arranger of this engine: a piece and a band in, the piece as that band plays it out."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from core import weights
from core.analysis.sections import full_bars
from core.corpora.band_styles import BANDS, PARTS, Band
from core.corpora.band_styles import BY_ID as BANDS_BY_ID
from core.corpora.song_form import form_of
from core.engines.arranging import Arrangement, ArrangeRequest
from core.engines.arranging_chords import lstm_harmonise
from core.engines.arranging_resolve import resolve
from core.engines.feel.humanise import humanise
from core.engines.gan.conditions import conditions, harmony_of
from core.engines.gan.grid import grid_of, metre_name
from core.engines.gan.loaded import ALL, FREE, Loaded, Seeds, load
from core.engines.gan.playing import close_step, play
from core.engines.gan.rolls import encode
from core.engines.protocol import Progress, no_progress
from core.errors import RequestError
from core.score import Note, Score, Track


class GanArranger:
    """See `core.engines.arranging.Arranger`. Weights are read at first use; safe to share between threads.

    Args:
        folder: where the weights are.
    """

    def __init__(self, folder: Path = weights.FOLDER) -> None:
        self._folder = folder
        self._loaded: dict[str, Loaded] = {}
        self._lock = threading.Lock()

    def bands(self, free_only: bool = False) -> Sequence[Band]:
        """See `core.engines.arranging.Arranger.bands`."""
        known = weights.read_config(self._set(free_only), self._folder)["bands"]
        return tuple(band for band in BANDS if band.id in known)

    def sources(self, free_only: bool = False) -> Sequence[str]:
        """Ids of the collections that the weights learned from."""
        return tuple(sorted(weights.read_config(self._set(free_only), self._folder)["sources"]))

    def resolve(self, request: ArrangeRequest) -> ArrangeRequest:
        """See `core.engines.arranging.Arranger.resolve`."""
        return resolve(request, self.bands(request.free_only), lstm_harmonise(request.band, request.free_only))

    def arrange(self, request: ArrangeRequest, progress: Progress = no_progress) -> Arrangement:
        """See `core.engines.arranging.Arranger.arrange`."""
        request = self.resolve(request)
        started = time.perf_counter()
        progress(0, 3)
        loaded = self.load(request.free_only)
        progress(1, 3)
        band = BANDS_BY_ID[request.band]
        melody = replace(request.score.tracks[0], name="melody", program=band.programs["melody"], is_drum=False)
        played = self._played(request, loaded, band, melody)
        progress(2, 3)
        if request.humanise:
            played = humanise(replace(request.score, tracks=(melody, *played)), band.id, request.random_seed).tracks[1:]
        if request.kept is not None:
            played = spliced(request.kept, played, request)
        end = request.score.length
        tracks = tuple(replace(track, notes=within(track.notes, end)) for track in played)
        score = replace(request.score, tracks=(melody, *tracks))
        progress(3, 3)
        return Arrangement(score, request, loaded.hash, time.perf_counter() - started)

    def load(self, free_only: bool = False) -> Loaded:
        """The generator.

        Raises:
            WeightsMissingError: it is not in the folder.
        """
        name = self._set(free_only)
        with self._lock:
            if name not in self._loaded:
                torch.set_num_threads(1)
                self._loaded[name] = load(name, self._folder)
            return self._loaded[name]

    def _set(self, free_only: bool) -> str:
        return FREE if free_only or ALL not in weights.names(self._folder) else ALL

    def _played(self, request: ArrangeRequest, loaded: Loaded, band: Band, melody: Track) -> tuple[Track, ...]:
        score = request.score
        metre = metre_name(score.metres[0])
        grid = grid_of(score, "swing" if metre in loaded.config["swing"].get(band.id, ()) else "straight")
        if grid is None:
            raise RequestError(f"{band.style.name} plays in {', '.join(band.style.metres)}",
                               f"this piece is in {score.metres[0]}", "Choose another band or piece")
        harmony = harmony_of(score, grid)
        assert request.sections is not None
        told = conditions(score, grid, harmony, form_of(request.sections, grid.bars), band.id, (True,) * len(PARTS),
                          np.full(grid.bars, request.intensity, np.float32))
        heard = encode(melody.notes, "melody", grid, harmony.roots)
        rows = loaded.rows(told, Seeds.all_from(request.random_seed), band.id, heard)
        return play(rows, grid, harmony, band, loaded.config["kits"].get(band.id, {}), close_step(melody.notes, grid))


def spliced(kept: Score, played: Sequence[Track], request: ArrangeRequest) -> tuple[Track, ...]:
    """What was played before with the parts and bars that are asked for anew: everything else note for note."""
    bars = full_bars(request.score)
    first, last = request.bars or (0, len(bars))
    start, end = bars[first][0] if first else 0, bars[last - 1][1]
    before = {track.name: track for track in kept.tracks}
    tracks = []
    for track in played:
        old = before.get(track.name)
        if old is None or (request.parts and track.name not in request.parts):
            tracks.append(track if old is None else old)
            continue
        stay = tuple(note for note in old.notes if not start <= note.start < end)
        new = tuple(_until(note, end) if request.bars else note for note in track.notes if start <= note.start < end)
        tracks.append(replace(old, notes=(*stay, *new)))
    return tuple(tracks)


def within(notes: Sequence[Note], end: int) -> tuple[Note, ...]:
    """Notes that end at `end` at the latest; those that would begin there are left out."""
    return tuple(_until(note, end) for note in notes if note.start < end)


def _until(note: Note, end: int) -> Note:
    return note if note.end <= end else replace(note, duration=end - note.start)
