"""Each part of a piece as a sound file of its own, all in one zip."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import numpy as np

from core.audio import synth
from core.audio.export import encode
from core.audio.fluid import RATE
from core.audio.loudness import TARGET_LUFS, Samples, measure_lufs
from core.audio.soundfonts import Soundfont
from core.engines.protocol import Progress, no_progress
from core.score import Score
from core.score.instruments import instrument_name
from core.score.stamp import for_export, stamp_of

PEAK = 0.98
"""Highest sample of a stem and of their sum: none is clipped or limited, so that they add up to the mix."""


def stems(score: Score, soundfont: Soundfont | None = None, progress: Progress = no_progress) -> list[tuple[str, Samples]]:
    """(name, samples) of every track that sounds, rendered alone, all of the same length and turned up by the same gain.

    Their sum is the mix at -16 LUFS, or a little quieter where a peak would be clipped.

    Raises:
        LimitError, SoundMissingError, Cancelled: see `core.audio.synth.render`.
    """
    sounding = [track for track in score.tracks if track.notes and not track.muted]
    rendered: list[Samples] = []
    for number, track in enumerate(sounding):
        def part(done: int, total: int, number: int = number) -> None:
            progress(number * total + done, max(1, total) * len(sounding))

        # Only the length of the whole piece is lost with the other tracks.
        rendered.append(synth.render(replace(score, tracks=(track,)), soundfont, part))
    length = max(map(len, rendered), default=0)
    padded = [np.pad(samples, ((0, length - len(samples)), (0, 0))) for samples in rendered]
    gain = _gain(padded)
    names = [f"{number} {track.name or instrument_name(track.program, track.is_drum)}"
             for number, track in enumerate(sounding, 1)]
    return [(name, samples * np.float32(gain)) for name, samples in zip(names, padded, strict=True)]


def _gain(parts: list[Samples]) -> float:
    if not parts:
        return 1.0
    mix: Samples = np.add.reduce(parts, axis=0, dtype=np.float32)
    loudness = measure_lufs(mix, RATE)
    peak = max(float(np.abs(samples).max(initial=0.0)) for samples in (mix, *parts))
    if not np.isfinite(loudness) or not peak:
        return 1.0
    return float(min(10 ** ((TARGET_LUFS - loudness) / 20), PEAK / peak))


def stems_zip(score: Score, soundfont: Soundfont | None = None, progress: Progress = no_progress) -> bytes:
    """A zip with a WAV file for every part that sounds, see `stems`.

    Raises:
        LimitError, SoundMissingError, Cancelled: see `core.audio.synth.render`.
    """
    found = stems(score, soundfont, lambda done, total: progress(9 * done, 10 * total))
    out, note = io.BytesIO(), stamp_of(for_export(score))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number, (name, samples) in enumerate(found):
            progress(9 * len(found) + number, 10 * len(found))
            stem = re.sub(r"[^\w]+", "-", name).strip("-").lower()
            entry = zipfile.ZipInfo(f"{stem}.wav", (1980, 1, 1, 0, 0, 0))  # equal music gives equal files
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, encode(samples, RATE, "wav", title=f"{score.title} · {name}", note=note))
    return out.getvalue()
