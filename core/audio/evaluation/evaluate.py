"""Note F1 of the transcription of held-out melodies, beside pYIN rounded to semitones."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from time import process_time

import numpy as np
from numpy.typing import NDArray

from core import weights
from core.audio.evaluation.melodies import SOUNDS, SUNG, UNHEARD, Example, examples, melodies
from core.audio.onset_net import NAME
from core.audio.recording import RATE
from core.audio.transcribe import hear_melody
from core.corpora.folder import DataFolder
from core.errors import FormatError
from core.report import Figure, Report, commit

Found = Sequence[tuple[float, float, int]]
"""Notes as (start in seconds, end in seconds, MIDI pitch)."""

TARGET = 0.90
ONSET_S, CENTS = 0.05, 50.0
_SHORTEST_PYIN_S = 0.06


def evaluate(folder: DataFolder, split: str, count: int, with_pyin: bool) -> Report:
    """Measure on `count` melodies of a split in every sound.

    Raises:
        DataMissingError: no collection with melodies is at hand.
        SoundMissingError: there is no synthesizer or soundfont.
    """
    chosen = melodies(folder, split, count)
    figures: list[Figure] = []
    rendered: list[float] = []
    spent = heard = 0.0
    for sound in (*SOUNDS, SUNG):
        ours, ends, others = [], [], []
        for one in examples(chosen, sound):
            began = process_time()
            notes = _ours(one)
            spent, heard = spent + process_time() - began, heard + len(one.samples) / RATE
            ours.append(f1(one, notes))
            ends.append(f1(one, notes, offsets=True))
            if with_pyin:
                others.append(f1(one, pyin_rounded(one.samples)))
        peers = {"pYIN, rounded": float(np.mean(others))} if others else {}
        figures.append(Figure(f"{sound}: note F1, starts and pitches", float(np.mean(ours)), None if sound == SUNG else TARGET,
                              "higher", len(ours), split, peers))
        figures.append(Figure(f"{sound}: note F1, with ends", float(np.mean(ends)), None, "higher", len(ends), split))
        rendered += ours if sound != SUNG else []
    sounds = [next(examples([one], list(UNHEARD)[number % len(UNHEARD)], number)) for number, one in enumerate(chosen)]
    unheard = float(np.mean([f1(one, _ours(one)) for one in sounds]))
    name = f"{', '.join(UNHEARD)} in turn, never learned from: note F1"
    figures.append(Figure(name, unheard, None, "higher", len(sounds), split))
    figures.append(Figure("rendered sounds together: note F1", float(np.mean(rendered)), TARGET, "higher", len(rendered), split))
    figures.append(Figure("processor time for a second of sound", spent / heard, 1.0, "lower", len(chosen) * 5, split))
    return Report(tuple(figures), commit(), {"swift-f0": "of its package", NAME: weights.read_config(NAME)["hash"]}, "cpu")


def _ours(one: Example) -> Found:
    try:
        return [(note.start, note.end, note.pitch) for note in hear_melody(one.samples, RATE).notes]
    except FormatError:
        return []


def f1(one: Example, found: Found, offsets: bool = False) -> float:
    """F1 of notes by mir_eval (Raffel et al. 2014): starts within 50 ms, pitches within 50 cents, and with `offsets`
    ends within 50 ms or a fifth of the note's length."""
    import mir_eval

    if not found:
        return 0.0
    spans = np.array([(max(start, 0.0), max(end, start + 0.01, 0.01)) for start, end, _ in found])
    hertz, true = (_hertz(pitches) for pitches in (np.array([pitch for *_, pitch in found]), one.pitches))
    figure: float = mir_eval.transcription.precision_recall_f1_overlap(
        one.spans, true, spans, hertz, onset_tolerance=ONSET_S, pitch_tolerance=CENTS, offset_ratio=0.2 if offsets else None)[2]
    return float(figure)


def _hertz(pitches: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(440 * 2 ** ((pitches - 69) / 12))


def pyin_rounded(samples: NDArray[np.float32]) -> Found:
    """The baseline: librosa's pYIN (Mauch and Dixon 2014), every run of frames that round to one semitone a note."""
    import librosa

    pitch, voiced, _ = librosa.pyin(samples, fmin=65.0, fmax=2_093.0, sr=RATE, hop_length=256)
    steps = np.where(voiced, np.rint(69 + 12 * np.log2(np.where(voiced, pitch, 440.0) / 440)), -1).astype(int)
    edges = np.flatnonzero(np.diff(steps, prepend=-2, append=-2))
    seconds = 256 / RATE
    runs = [(a * seconds, b * seconds, int(steps[a])) for a, b in pairwise(edges)]
    return [run for run in runs if run[2] >= 0 and run[1] - run[0] >= _SHORTEST_PYIN_S]
