"""Audio files: samples to WAV, FLAC, MP3 and Ogg Vorbis, and whole files through midi2audio."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from core.audio import loudness, synth
from core.audio.fluid import RATE
from core.audio.loudness import Samples
from core.audio.soundfonts import Soundfont, default_soundfont
from core.audio.tags import with_note
from core.engines.protocol import Progress, no_progress
from core.errors import FormatError, SoundMissingError
from core.score import Score
from core.score.files import read_score, write_score
from core.score.stamp import for_export, stamp_of


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """One kind of audio file, in libsndfile's names."""

    name: str
    container: str
    encoding: str
    media_type: str


FORMATS: dict[str, AudioFormat] = {
    "wav": AudioFormat("WAV", "WAV", "PCM_16", "audio/wav"),
    "flac": AudioFormat("FLAC", "FLAC", "PCM_24", "audio/flac"),
    "mp3": AudioFormat("MP3", "MP3", "MPEG_LAYER_III", "audio/mpeg"),
    "ogg": AudioFormat("Ogg Vorbis", "OGG", "VORBIS", "audio/ogg"),
}
"""Suffix without its dot to the format."""

PLAYER = "player"
"""The name under which `encode` knows what a page plays: FLAC of 16 bits, which every browser plays,
exact to the frame and encoded twenty times as fast as MP3."""

_PLAYER = AudioFormat("FLAC", "FLAC", "PCM_16", "audio/flac")

_BLOCK = 8_192
"""Frames written at once: a long Vorbis write in one piece overflows the encoder's stack."""

_BLOCKS_A_STEP = 5

_TIMEOUT_S = 600


def audio_format(name: str) -> AudioFormat:
    """The format of a suffix (`mp3`, `.mp3`) or a file name.

    Raises:
        FormatError: it is not one of `FORMATS`.
        SoundMissingError: the installed libsndfile cannot write it.
    """
    if name == PLAYER:
        return _PLAYER
    suffix = (Path(name).suffix or name).lstrip(".").lower()
    if suffix not in FORMATS:
        raise FormatError(
            f"Audio is written as {', '.join('.' + key for key in FORMATS)}", f"got {name!r}", "Choose one of these"
        )
    form = FORMATS[suffix]
    if not can_write(form):
        raise SoundMissingError(
            f"{form.name} files need libsndfile 1.1 or newer",
            f"this one is {soundfile.__libsndfile_version__}",
            "Type: pip install --upgrade soundfile, or choose another format",
        )
    return form


def can_write(form: AudioFormat) -> bool:
    """Whether the installed libsndfile has this encoder."""
    return form.container in soundfile.available_formats() and form.encoding in soundfile.available_subtypes(form.container)


def encode(
    samples: Samples, rate: int, format: str, *, title: str = "", note: str = "", progress: Progress = no_progress
) -> bytes:
    """The bytes of an audio file.

    Args:
        samples: shape (frames, 2) or (frames,), full scale at -1 and 1; what is above is clipped.
        rate: frames a second.
        format: a key of `FORMATS`, or `PLAYER`.
        title: written into the file, as is `note`, where they are not empty.
        note: a remark in ASCII, as `core.audio.tags` says: a stamp.
        progress: called with (done, total) frames about once a second of sound.

    Raises:
        FormatError: `format` is unknown.
        SoundMissingError: the encoder is not at hand.
        Cancelled: `progress` raised it.
    """
    form = audio_format(format)
    buffer = io.BytesIO()
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    with soundfile.SoundFile(buffer, "w", rate, channels, form.encoding, format=form.container) as file:
        # A NUL would end the text early, and a line break has no place in a tag.
        clean = " ".join(title.replace("\0", " ").split())
        if clean:
            file.title = clean
        if note and form.container in ("FLAC", "OGG"):
            file.comment = note
        for number, start in enumerate(range(0, len(samples), _BLOCK)):
            if number % _BLOCKS_A_STEP == 0:
                progress(start, len(samples))
            file.write(np.clip(samples[start : start + _BLOCK], -1.0, 1.0))
    return with_note(buffer.getvalue(), form.container.lower(), note)


def render_bytes(
    score: Score, format: str = "wav", soundfont: Soundfont | None = None, progress: Progress = no_progress
) -> bytes:
    """A score as an audio file of even loudness with its stamp, rendered by the loaded synthesizer.

    Raises:
        FormatError, LimitError, SoundMissingError, Cancelled: see `encode` and `core.audio.synth.render`.
    """
    audio_format(format)
    rendered = synth.render(score, soundfont, _part(progress, 0, 60))
    samples = loudness.normalise(rendered, RATE, progress=_part(progress, 60, 80))
    return encode(samples, RATE, format, title=score.title, note=stamp_of(for_export(score)), progress=_part(progress, 80, 100))


def _part(progress: Progress, low: int, high: int) -> Progress:
    """A progress function for one part of the work, which goes from `low` to `high` percent of the whole."""
    return lambda done, total: progress(low * total + (high - low) * done, 100 * max(1, total))


def render_file(source: Path, target: Path, soundfont: Soundfont | None = None) -> None:
    """Read a music file and write an audio file of even loudness with the music's stamp; the suffixes decide.

    A MIDI file is played as it is by midi2audio, pedals and bends included; other formats go
    through MIDI. Where only the FluidSynth library is installed, not its program, the loaded
    synthesizer renders instead.

    Raises:
        FormatError: a suffix is unknown or the file is broken.
        LimitError: the piece is too long.
        SoundMissingError: FluidSynth, the soundfont or the encoder is not at hand.
        OSError: `source` cannot be read or `target` cannot be written.
    """
    form = audio_format(target.name)
    data = source.read_bytes()
    score = read_score(data, source.name)
    synth.check_length(score)
    font = soundfont or default_soundfont()
    # The program would quietly play another soundfont where it cannot read this one.
    synth.load(font)
    midi = data if source.suffix.lower() in (".mid", ".midi") else write_score(score, ".mid")
    samples = _through_program(midi, font) if shutil.which("fluidsynth") else synth.render(score, font)
    suffix = next(key for key, value in FORMATS.items() if value is form)
    title, note = score.title or source.stem, stamp_of(for_export(score))
    encoded = encode(loudness.normalise(samples, RATE), RATE, suffix, title=title, note=note)
    target.write_bytes(encoded)


def _through_program(midi: bytes, font: Soundfont) -> Samples:
    """Samples of a MIDI file as midi2audio renders it."""
    with tempfile.TemporaryDirectory(prefix="songloom-") as folder:
        source, target = Path(folder) / "in.mid", Path(folder) / "out.wav"
        source.write_bytes(midi)
        # midi2audio lets FluidSynth's lines through to the terminal, so it gets a process of its own.
        command = [sys.executable, "-m", "midi2audio", "-s", str(font.path.resolve()), "-r", str(RATE), str(source), str(target)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=_TIMEOUT_S, check=False)
        except subprocess.TimeoutExpired as error:
            raise SoundMissingError("FluidSynth should render this", f"it took more than {_TIMEOUT_S} s", "Trim it") from error
        if not target.is_file() or not target.stat().st_size:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise SoundMissingError("FluidSynth should render this", f"it wrote nothing ({last})", "Choose another soundfont")
        samples, _ = soundfile.read(target, dtype="float32", always_2d=True)
    return samples
