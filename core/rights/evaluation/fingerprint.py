"""Registered recordings found again in damaged cuts, and no other taken for one of them.

Tunes of the catalogue are rendered with the soundfont at hand on instruments drawn by lot; half are registered. From
every one a cut is taken anywhere in it; noise at 20 dB below it is added, it is made 12 dB quieter and becomes an MP3.
"""

from __future__ import annotations

import io
import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from core.audio import synth
from core.audio.fluid import RATE as SYNTH_RATE
from core.audio.recording import RATE, read_recording, resampled
from core.corpora import catalogue
from core.report import Figure, Report, commit
from core.rights.evaluation import landmarks
from core.rights.evaluation.landmarks import Landmarks
from core.rights.library import Progress
from core.rights.recordings import Print, laid_over, print_of_samples
from core.score import Score

PROGRAMS = (0, 4, 11, 19, 24, 40, 52, 56, 68, 73)
"""Pianos, vibraphone, organ, guitar, violin, choir, trumpet, oboe, flute."""
KEPT_S, CUT_S = 15, 10
NOISE_DB, QUIETER_DB = 20, 12
_LEVEL = 0.62
"""LAME's level for 64 kbit/s."""
VOTES, SHARE = 12, 0.05
"""Landmarks at one shift that make a match: so many, and so much of all that the cut has."""


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """A registered recording."""

    id: str
    title: str
    chromaprint: bytes


def evaluate(progress: Progress, number: int = 500, seed: int = 1) -> Report:
    """Register `number` pieces and look for cuts of them and of as many others.

    Raises:
        SoundMissingError: FluidSynth, a soundfont or Chromaprint is not at hand.
        DataMissingError: the music21 package is not at hand.
    """
    rng = np.random.default_rng(seed)
    entries = catalogue.catalogue()
    known: list[_Kept] = []
    cuts: list[tuple[str, Print, Landmarks]] = []
    marks: list[Landmarks] = []
    rates: list[float] = []
    for place in rng.permutation(len(entries)).tolist():
        if len(cuts) == 2 * number:
            break
        registered = len(known) < number
        sound = rendered(catalogue.load(entries[place].id), KEPT_S if registered else CUT_S, int(rng.choice(PROGRAMS)))
        if len(sound) < CUT_S * RATE:
            continue
        progress(len(cuts), 2 * number)
        if registered:
            one = print_of_samples(sound, RATE)
            known.append(_Kept(str(len(known)), entries[place].id, one.chromaprint))
            marks.append(landmarks.landmarks(_slower(sound)))
        begins = int(rng.integers(0, len(sound) - CUT_S * RATE + 1))
        data, rate = damaged(sound[begins : begins + CUT_S * RATE], rng)
        rates.append(rate)
        heard = read_recording(data, "cut.mp3")
        cuts.append((entries[place].id, print_of_samples(heard, RATE), landmarks.landmarks(_slower(heard))))
    return _told(known, marks, cuts, number, float(np.mean(rates)))


def rendered(score: Score, seconds: int, program: int) -> NDArray[np.float32]:
    """The first seconds of a score on an instrument, mono at `RATE`."""
    until = round(seconds * score.tempos[0].bpm / 60 * 480)
    tracks = tuple(replace(track, program=program, notes=tuple(note for note in track.notes if note.start < until))
                   for track in score.tracks[:1])
    sound = synth.render(replace(score, tracks=tracks, tempos=score.tempos[:1], chords=())).mean(1)[: seconds * SYNTH_RATE]
    return resampled(np.ascontiguousarray(sound), SYNTH_RATE)


def damaged(cut: NDArray[np.floating], rng: np.random.Generator) -> tuple[bytes, float]:
    """A cut with noise, quieter, as MP3; and the bits a second that it takes."""
    import soundfile

    power = float((cut.astype(np.float64) ** 2).mean())
    noisy = cut + rng.normal(size=len(cut)) * np.sqrt(power / 10 ** (NOISE_DB / 10))
    buffer = io.BytesIO()
    with soundfile.SoundFile(buffer, "w", RATE, 1, "MPEG_LAYER_III", format="MP3", bitrate_mode="CONSTANT",
                             compression_level=_LEVEL) as file:
        file.write(np.clip(noisy * 10 ** (-QUIETER_DB / 20), -1, 1))
    return buffer.getvalue(), len(buffer.getvalue()) * 8 * RATE / len(cut)


def _slower(samples: NDArray[np.floating]) -> NDArray[np.floating]:
    return resample_poly(samples / max(1e-9, float(np.abs(samples).max())), 1, RATE // landmarks.RATE)


def _told(known: list[_Kept], marks: list[Landmarks], cuts: list[tuple[str, Print, Landmarks]], number: int,
          rate: float) -> Report:
    owner = np.repeat(np.arange(len(marks)), [len(one) for one in marks])
    together = np.concatenate(marks)
    order = np.argsort(together[:, 0], kind="stable")
    together, owner = together[order], owner[order]
    hits, errors, seconds = {"Chromaprint": [0, 0], "landmarks": [0, 0]}, ([], []), 0.0  # type: ignore[var-annotated]
    mistaken: dict[str, float] = {}
    worst: list[float] = []
    for place, (ident, cut, peaks) in enumerate(cuts):
        started = time.perf_counter()
        found = laid_over(cut, known)
        seconds += time.perf_counter() - started
        shared, _shifts = landmarks.votes(peaks, together, owner, len(marks))
        by = {
            "Chromaprint": {int(one.id) for one in found if one.sure},
            "landmarks": set(np.flatnonzero(shared >= max(VOTES, SHARE * len(peaks))).tolist()),
        }
        for name, ids in by.items():
            hits[name][0] += place in ids
            hits[name][1] += bool(ids - {place})
        mistaken |= {f"{ident} as {one.title}": one.errors
                     for one in found if one.sure and int(one.id) != place}
        errors[0].extend(one.errors for one in found if int(one.id) == place)
        worst.extend(one.worst for one in found if int(one.id) == place)
        errors[1].append(min((one.errors for one in found if int(one.id) != place), default=1.0))
    split, figures = "catalogue", []
    for name, (right, wrong) in hits.items():
        ours = name == "Chromaprint"
        figures += [
            Figure(f"{name}: cuts found again", right / number, 0.95 if ours else None, "higher", number, split),
            Figure(f"{name}: cuts taken for another recording", wrong, 0 if ours else None, "lower", len(cuts), split,
                   mistaken if ours else {}),
        ]
    figures += [
        Figure("bits that differ, right recording", float(np.median(errors[0])), None, "lower", len(errors[0]), split,
               {"95%": float(np.quantile(errors[0], 0.95)), "most": max(errors[0])}),
        Figure("bits that differ, right recording, worst second", float(np.median(worst)), None, "lower", len(worst), split,
               {"95%": float(np.quantile(worst, 0.95)), "most": max(worst)}),
        Figure("bits that differ, nearest other", float(np.median(errors[1])), None, "higher", len(errors[1]), split,
               {"least": min(errors[1])}),
        Figure("bits a second of the MP3", rate, None, "lower", len(cuts), split),
        Figure("seconds to look up a cut", seconds / len(cuts), None, "lower", len(cuts), split),
    ]
    return Report(tuple(figures), commit(), {}, "cpu")
