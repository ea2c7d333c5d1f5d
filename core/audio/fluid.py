"""FluidSynth behind one class: a loaded soundfont that plays note events into an array."""

from __future__ import annotations

import contextlib
import ctypes
import io
import threading
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType
from typing import Any

import numpy as np

from core.audio.loudness import Samples
from core.audio.soundfonts import Soundfont
from core.engines.protocol import Progress
from core.errors import SoundMissingError
from core.score import Track

RATE = 44_100
"""Frames a second."""

GRID = 64
"""FluidSynth computes 64 frames (1.5 ms) at a time and begins and ends notes between them."""

CHUNK = RATE // GRID * GRID
"""Frames between two calls of a progress function: just under a second."""

Event = tuple[int, int, int]
"""(channel, pitch, velocity), velocity 0 at the end of the note."""

_PROBE_BLOCK = 16 * GRID
_PROBE_HELD, _PROBE_RING = 10, 215
"""A note that is tried out: frames a block, blocks held (0.23 s), blocks watched at most after that (5 s)."""

_GAIN = 0.2
_LOG_LEVELS = 5
_VOLUME, _PAN = 7, 10
_DRUM_BANK = 128


def load_library() -> ModuleType:
    """The pyfluidsynth module, imported only here.

    Raises:
        SoundMissingError: the FluidSynth library or its Python package is not installed.
    """
    try:
        # pyfluidsynth prints where the library is when CI is set; our output must stay what it is.
        with contextlib.redirect_stdout(io.StringIO()):
            import fluidsynth
    except (ImportError, OSError, AttributeError) as error:
        raise SoundMissingError(
            "Sound needs the FluidSynth library",
            f"it is not installed ({error})",
            "Type: sudo apt-get install fluidsynth fluid-soundfont-gm (macOS: brew install fluid-synth)",
        ) from error
    silence = _function(fluidsynth, "fluid_set_log_function", ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
    for level in range(_LOG_LEVELS):
        # What goes wrong is raised as an error; the library's own lines would spoil a terminal.
        silence(level, None, None)
    return fluidsynth


def version() -> str:
    """The version of the FluidSynth library.

    Raises:
        SoundMissingError: it is not installed.
    """
    text = _function(load_library(), "fluid_version_str", ctypes.c_char_p)()
    return str(text.decode())


def _function(library: ModuleType, name: str, result: Any, *arguments: Any) -> Any:
    """A function of the FluidSynth library that pyfluidsynth does not declare."""
    return ctypes.CFUNCTYPE(result, *arguments)((name, library._fl))


def _new_synth(library: ModuleType, channels: int = 16) -> Any:
    """A synthesizer without an audio driver; `channels` is a multiple of 16."""
    return library.Synth(gain=_GAIN, samplerate=float(RATE), channels=channels)


class LoadedFont:
    """One loaded soundfont, played by one thread at a time.

    What FluidSynth resets leaves traces in the sound (the chorus goes on in its phase, voices keep
    filter states), so each render takes a new synthesizer, about a millisecond of work, and borrows
    the soundfont from the one that loaded it: that is what takes long.
    """

    def __init__(self, soundfont: Soundfont) -> None:
        """Load it; a second one of the same file shares the samples in memory.

        Raises:
            SoundMissingError: FluidSynth is not installed, or it cannot read the file.
        """
        self._library = library = load_library()
        self._name = soundfont.name
        self._probed: dict[tuple[int, bool, int], tuple[float, float]] = {}
        self._lock = threading.Lock()
        self._owner: Any = _new_synth(library)
        self._font = self._owner.sfload(str(soundfont.path))
        if self._font < 0:
            self._owner.delete()
            raise SoundMissingError(
                f"The soundfont {soundfont.name} could not be loaded",
                f"{soundfont.path} is not a SoundFont that FluidSynth reads",
                "Choose another one",
            )
        pointer, number = ctypes.c_void_p, ctypes.c_int
        # pyfluidsynth has 16-bit output only, which clips, and no lending of soundfonts.
        self._write = _function(library, "fluid_synth_write_float", number, pointer, number, *(pointer, number, number) * 2)
        self._lend = _function(library, "fluid_synth_add_sfont", number, pointer, pointer)
        self._take_back = _function(library, "fluid_synth_remove_sfont", number, pointer, pointer)
        self._voices = _function(library, "fluid_synth_get_active_voice_count", number, pointer)

    def delete(self) -> None:
        """Unload; a render in progress ends first."""
        with self._lock:
            if self._owner is not None:
                self._owner.delete()
                self._owner = None

    def play(self, tracks: Iterable[Track], events: Mapping[int, list[Event]], frames: int, progress: Progress) -> Samples:
        """Sound of note events.

        Args:
            tracks: give program, volume and pan to the channels 0, 1, ... in this order.
            events: note events by the frame (a multiple of `GRID`, below `frames`) at which they happen.
            frames: length of the result, a multiple of `GRID`.
            progress: called with (done, total) frames at every `CHUNK`; may raise to stop.

        Returns:
            float32 array of shape (frames, 2).
        """
        tracks = list(tracks)
        with self._borrowed(tracks) as synth:
            return self._run(synth, events, frames, progress)

    def work(self, program: int, is_drum: bool, pitch: int) -> tuple[float, float]:
        """What one note of an instrument costs, found by playing it once: FluidSynth's time goes into voices.

        Returns:
            The voices that sound while it is held, and the voice-seconds that ring on after its end.
        """
        key = (program, is_drum, pitch)
        if key not in self._probed:
            with self._borrowed([Track(program=program, is_drum=is_drum)]) as synth:
                self._probed[key] = self._probe(synth, pitch)
        return self._probed[key]

    @contextlib.contextmanager
    def _borrowed(self, tracks: list[Track]) -> Iterator[int]:
        """A new synthesizer with this soundfont and the tracks' instruments, for this thread alone."""
        with self._lock:
            if self._owner is None:
                raise SoundMissingError(f"The soundfont {self._name} was unloaded meanwhile", todo="Try again")
            font = self._library.fluid_synth_get_sfont_by_id(self._owner.synth, self._font)
            synth = _new_synth(self._library, channels=-(-max(1, len(tracks)) // 16) * 16)
            try:
                number = self._lend(synth.synth, font)
                for channel, track in enumerate(tracks):
                    _set_up(synth, number, channel, track)
                yield synth.synth
            finally:
                self._take_back(synth.synth, font)
                synth.delete()

    def _probe(self, synth: int, pitch: int) -> tuple[float, float]:
        unheard = np.zeros((_PROBE_BLOCK, 2), dtype=np.float32)
        address = unheard.ctypes.data

        def voices(blocks: int) -> int:
            total = 0
            for _ in range(blocks):
                sounding = self._voices(synth)
                if not sounding:
                    break
                total += sounding
                self._write(synth, _PROBE_BLOCK, address, 0, 2, address, 1, 2)
            return total

        self._library.fluid_synth_noteon(synth, 0, pitch, 80)
        held = voices(_PROBE_HELD) / _PROBE_HELD
        self._library.fluid_synth_noteoff(synth, 0, pitch)
        return held, voices(_PROBE_RING) * _PROBE_BLOCK / RATE

    def _run(self, synth: int, events: Mapping[int, list[Event]], frames: int, progress: Progress) -> Samples:
        samples = np.zeros((frames, 2), dtype=np.float32)
        noteon, noteoff = self._library.fluid_synth_noteon, self._library.fluid_synth_noteoff
        position = 0
        for frame in (*sorted(events), frames):
            while position < frame:
                # Chunks end on fixed frames, so that progress and Cancel come evenly.
                stop = min(frame, (position // CHUNK + 1) * CHUNK)
                address = samples.ctypes.data + position * samples.strides[0]
                self._write(synth, stop - position, address, 0, 2, address, 1, 2)
                position = stop
                if position % CHUNK == 0 or position == frames:
                    progress(position, frames)
            for channel, pitch, velocity in events.get(frame, ()):
                if velocity:
                    noteon(synth, channel, pitch, velocity)
                else:
                    noteoff(synth, channel, pitch)
        return samples


def _set_up(synth: Any, font: int, channel: int, track: Track) -> None:
    """Program, volume and pan; a program that the soundfont lacks falls back to the bank's first."""
    banks = [(_DRUM_BANK, track.program), (_DRUM_BANK, 0)] if track.is_drum else [(0, track.program)]
    for bank, program in (*banks, (0, 0)):
        if synth.program_select(channel, font, bank, program) == 0:
            break
    else:
        synth.program_change(channel, track.program)
    synth.cc(channel, _VOLUME, track.volume)
    synth.cc(channel, _PAN, track.pan)
