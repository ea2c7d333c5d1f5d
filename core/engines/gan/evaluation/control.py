"""What an arrangement must leave alone, and how long it takes."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from core.analysis.sections import full_bars
from core.corpora import mma
from core.corpora.band_piece import BandPiece
from core.corpora.band_styles import BY_ID, PARTS
from core.engines.arranging import Arrangement, Arranger, ArrangeRequest
from core.engines.gan.evaluation.material import by_mma, order, sheet
from core.errors import SongloomError
from core.score import Score
from core.score.clock import seconds_long
from core.score.edits import trim

SHORTEST, LONGEST = 1, 64
"""Bars of a song whose arrangement is checked."""
TIMED = 32
"""Bars."""
REPEATS = 5


@dataclass(frozen=True)
class Checked:
    """`broken` counts arrangements by what went wrong with them."""

    asked: int
    broken: dict[str, int]

    def share(self, what: str) -> float:
        return 1 - self.broken.get(what, 0) / max(self.asked, 1)


CHECKS = ("crash", "length", "metre", "chords", "melody", "range", "parts")


def check(arranger: Arranger, pieces: Sequence[BandPiece], count: int, free_only: bool,
          say: Callable[[str], None] = lambda text: None) -> Checked:
    """Random arrangements of held-out songs: any band for the metre, any intensity, tempo, stretch of the song, humanised or
    not, some with one part or some bars played anew.
    """
    bands = {band.id: band for band in arranger.bands(free_only)}
    broken: Counter[str] = Counter()
    rng = np.random.default_rng(7)
    songs = sorted((piece for piece in pieces if len(piece.score.metres) == 1), key=lambda piece: order(f"check {piece.id}"))
    for number in range(count):
        piece = songs[number % len(songs)]
        known = [band for band in bands if str(piece.score.metres[0]) in bands[band].style.metres]
        if not known:
            continue
        request = _random(piece, known, rng, free_only)
        try:
            made = arranger.arrange(request)
            if rng.random() < 0.3:
                made = _again(arranger, made, rng)
        except SongloomError as error:
            say(f"{piece.id}: {error}")
            broken["crash"] += 1
            continue
        except Exception as error:  # whatever it is, it is counted and named
            say(f"{piece.id}: {type(error).__name__}: {error}")
            broken["crash"] += 1
            continue
        for what in wrong(request.score, made):
            say(f"{piece.id}: {what}")
            broken[what] += 1
    return Checked(count, dict(broken))


def _random(piece: BandPiece, known: Sequence[str], rng: np.random.Generator, free_only: bool) -> ArrangeRequest:
    score = sheet(piece)
    bars = full_bars(score)
    length = int(rng.integers(SHORTEST, min(LONGEST, len(bars)) + 1))
    first = int(rng.integers(len(bars) - length + 1))
    cut = trim(score, first, first + length - 1) if not score.pickup else score
    if not cut.tracks or not cut.tracks[0].notes:
        cut = score
    tempo = float(rng.choice([40, 60, 90, 120, 160, 220]))
    return ArrangeRequest(
        replace(cut, tempos=(replace(cut.tempos[0], tick=0, bpm=tempo),)), str(rng.choice(list(known))), melody_track=0,
        intensity=float(rng.random()), humanise=bool(rng.random() < 0.5), random_seed=int(rng.integers(2**31)),
        free_only=free_only,
    )  # fmt: skip


def _again(arranger: Arranger, made: Arrangement, rng: np.random.Generator) -> Arrangement:
    """One part, or some bars, once more; what was to stay is checked with the rest by its melody, length and chords."""
    bars = len(full_bars(made.request.score))
    part = str(rng.choice(PARTS[1:]))
    stretch = (0, max(1, bars // 2)) if rng.random() < 0.5 else None
    again = replace(made.request, kept=made.score, parts=(part,), bars=stretch, random_seed=made.request.random_seed + 1)
    return arranger.arrange(again)


def wrong(asked: Score, made: Arrangement) -> list[str]:
    """What of `CHECKS` an arrangement breaks."""
    score, band = made.score, BY_ID[made.request.band]
    found = []
    if score.length != asked.length:
        found.append("length")
    if [(m.tick, str(m)) for m in score.metres] != [(m.tick, str(m)) for m in asked.metres]:
        found.append("metre")
    if asked.chords and sounding(score) != sounding(asked):
        found.append("chords")
    melody = next((track for track in score.tracks if track.name == "melody"), None)
    if melody is None or [(n.start, n.pitch, n.duration) for n in melody.notes] != [
        (n.start, n.pitch, n.duration) for n in asked.tracks[0].notes
    ]:
        found.append("melody")
    if tuple(track.name for track in score.tracks) != PARTS:
        found.append("parts")
    for track in score.tracks:
        low, high = band.ranges.get(track.name, (0, 127)) if not track.is_drum else (27, 87)
        if any(not low <= note.pitch <= high for note in track.notes):
            found.append("range")
            break
    return found


def sounding(score: Score) -> list[tuple[int, tuple[int, ...], int | None]]:
    """Chords as they change: those that repeat the one before, silence ahead of the first, or what stands where the piece has
    ended, say nothing.
    """
    found: list[tuple[int, tuple[int, ...], int | None]] = []
    last: object = None
    for chord in score.chords:
        now = (chord.root, chord.quality, chord.bass)
        if now != last and chord.tick < score.length and (found or chord.root is not None):
            found.append((chord.tick, tuple(sorted(chord.pitch_classes)), chord.bass))
        last = now
    return found


@dataclass(frozen=True)
class Timed:
    """Seconds for `TIMED` bars, and how much music that is; `mma` None where it is not installed."""

    seconds: float
    music: float
    mma: float | None


def time_it(arranger: Arranger, pieces: Sequence[BandPiece], free_only: bool) -> Timed:
    """The median of `REPEATS` calls after a first one that loads the model; `mma` on the same bars."""
    piece = next(p for p in sorted(pieces, key=lambda p: order(f"time {p.id}"))
                 if len(p.kinds) >= TIMED and str(p.score.metres[0]) == "4/4" and not p.score.pickup and len(p.score.metres) == 1)
    score = trim(sheet(piece), 0, TIMED - 1)
    request = ArrangeRequest(score, piece.band, melody_track=0, free_only=free_only)
    arranger.arrange(request)
    requests = [replace(request, random_seed=number) for number in range(REPEATS)]
    ours = statistics.median(_seconds(partial(arranger.arrange, again)) for again in requests)
    theirs = None
    if mma.is_installed():
        short = replace(piece, score=replace(piece.score, tracks=score.tracks, chords=score.chords), kinds=piece.kinds[:TIMED])
        theirs = statistics.median(_seconds(partial(by_mma, [short])) for _ in range(REPEATS))
    return Timed(ours, seconds_long(score), theirs)


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started
