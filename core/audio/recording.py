"""Recordings into samples: WAV, FLAC, Ogg, MP3 and AIFF of any rate and up to 8 channels, read in blocks.

Everything that hears a recording reads it here, so that the limits are the same everywhere. Decoding is
libsndfile's (through soundfile), the change of rate soxr's; both work through a file block by block, so
that the memory needed depends on how long the result is and not on rate and channels of the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from core.errors import FormatError, LimitError

RATE = 22_050
"""Samples a second that recordings are analysed at."""

MIN_S, MAX_S = 0.25, 1_200.0
"""Shortest and longest recording in seconds."""

MAX_BYTES = 500_000_000
MIN_RATE, MAX_RATE = 8_000, 192_000
"""Samples a second that a file may have."""
MAX_CHANNELS = 8

SUFFIXES: Sequence[str] = (".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff")
"""Suffixes of files that are read as recordings."""

SILENT = 1e-4
"""A recording whose loudest sample is below this (-80 dB of full scale) is silent."""

Samples = NDArray[np.float32]

_BLOCK = 1 << 18


def read_recording(data: bytes, name: str) -> Samples:
    """The whole recording as mono samples (N,) at `RATE`: the mean of its channels.

    Raises:
        FormatError: it is no recording, is shorter than `MIN_S`, holds NaN or infinity, or has another rate
            than `MIN_RATE` to `MAX_RATE`.
        LimitError: it is longer than `MAX_S`, larger than `MAX_BYTES`, or has more than `MAX_CHANNELS`.
    """
    import soundfile

    if len(data) > MAX_BYTES:
        raise LimitError(f"Recordings may have up to {MAX_BYTES // 10**6} MB", f"{name} has {len(data) // 10**6}", "Trim it")
    try:
        with soundfile.SoundFile(BytesIO(data)) as file:
            rate = file.samplerate
            check_length(file.frames / max(rate, 1), name)
            _check_form(rate, file.channels, name)
            parts = list(_mixed(file, name))
    except soundfile.LibsndfileError as error:
        why = error.error_string.rstrip(".")
        raise FormatError("A recording is a WAV, FLAC, Ogg, MP3 or AIFF file", f"{name} cannot be read ({why})",
                          "Export it again in one of these formats") from error
    samples = np.concatenate([np.zeros(0, np.float32), *_at_rate(parts, rate)])
    check_length(len(samples) / RATE, name)  # the head of a broken file may say anything
    return samples


def _mixed(file: object, name: str) -> Iterator[Samples]:
    """A file's samples, block by block, mixed to one channel.

    Raises:
        FormatError: they hold NaN or infinity.
        LimitError: there are more than `MAX_S` of them.
    """
    read, rate = file.read, file.samplerate  # type: ignore[attr-defined]
    done = 0
    while len(frames := read(_BLOCK, dtype="float32", always_2d=True)):
        if not np.isfinite(frames).all():
            raise FormatError("The samples of a recording are numbers", f"{name} holds NaN or infinity", "Export it again")
        done += len(frames)
        check_length(max(done / rate, MIN_S), name)
        yield frames.mean(axis=1)


def _at_rate(parts: Sequence[Samples], rate: int) -> Iterator[Samples]:
    if rate == RATE:
        yield from parts
        return
    import soxr

    stream = soxr.ResampleStream(rate, RATE, 1, dtype="float32", quality="HQ")
    for part in parts:
        yield stream.resample_chunk(part)
    yield stream.resample_chunk(np.zeros(0, np.float32), last=True)


def _check_form(rate: int, channels: int, name: str) -> None:
    if not MIN_RATE <= rate <= MAX_RATE:
        raise FormatError(f"Recordings have {MIN_RATE} to {MAX_RATE} samples a second", f"{name} has {rate}",
                          "Export it again at 44100")
    if channels > MAX_CHANNELS:
        raise LimitError(f"Recordings may have up to {MAX_CHANNELS} channels", f"{name} has {channels}", "Mix them down")


def resampled(samples: Samples, rate: int, target: int = RATE) -> Samples:
    """Samples (N,) at `target` a second."""
    if rate == target:
        return samples
    import soxr

    changed: Samples = soxr.resample(samples.astype(np.float32, copy=False), rate, target, quality="HQ")
    return changed


def check_length(seconds: float, name: str, shortest: float = MIN_S) -> None:
    """Refuse what is too short or too long to analyse.

    Raises:
        FormatError: shorter than `shortest`.
        LimitError: longer than `MAX_S`.
    """
    if seconds < shortest:
        raise FormatError(f"A recording lasts at least {shortest:g} seconds", f"{name} lasts {seconds:.4f}",
                          "Choose a longer one")
    if seconds > MAX_S:
        raise LimitError(f"A recording may last up to {MAX_S / 60:g} minutes", f"{name} lasts {seconds / 60:.0f}",
                         "Cut out the part that matters")


def checked(samples: NDArray[np.floating], rate: int, name: str, shortest: float = MIN_S) -> Samples:
    """Mono samples (N,) from anywhere, as float32 at `RATE`, no louder than full scale, and not silent.

    Raises:
        FormatError: too short, silent, not of one channel, with NaN or infinity, or at a rate that is not read.
        LimitError: longer than `MAX_S`.
    """
    if samples.ndim != 1:
        raise FormatError("Samples of one channel are needed", f"{name} has the shape {samples.shape}", "Mix them down")
    _check_form(rate, 1, name)
    check_length(len(samples) / rate, name, shortest)
    if not np.isfinite(samples).all():
        raise FormatError("The samples of a recording are numbers", f"{name} holds NaN or infinity", "Export it again")
    peak = loudest(samples, name)
    sound = samples.astype(np.float64) / peak if peak > 1 else samples
    return resampled(sound.astype(np.float32), rate)


def loudest(samples: NDArray[np.floating], name: str) -> float:
    """The largest absolute sample of an array that is not empty.

    Raises:
        FormatError: it is below `SILENT`.
    """
    peak = float(np.abs(samples).max())
    if peak < SILENT:
        raise FormatError("A recording holds sound", f"{name} is silent", "Check how it was recorded")
    return peak
