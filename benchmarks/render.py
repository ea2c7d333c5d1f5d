"""Speed of rendering beside pretty_midi and midi2audio: the same piece, soundfont and machine, in one run.

    python -m benchmarks.render [--repeats 5] [--soundfont NAME]

The piece is 60 seconds of four tracks: a melody in eighths on a piano, bass in quarters, string chords
in halves and drums in eighths. Every way is timed in turn, `repeats` times round, and the median is
told; load on the machine so meets all of them alike. Each way is timed as its users call it: the other
two load the soundfont at every call, Songloom keeps it (its first call is told too).
"""

from __future__ import annotations

import argparse
import io
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from core.audio import loudness, synth
from core.audio.export import encode
from core.audio.fluid import RATE, version
from core.audio.soundfonts import Soundfont, default_soundfont, get_soundfont
from core.score import TICKS_PER_QUARTER, Note, Score, Track
from core.score.clock import seconds_long
from core.score.files import write_score

TARGET = 2.0
"""Times as fast as pretty_midi.fluidsynth."""

_SCALE = (0, 2, 4, 5, 7, 9, 11)
_CHORDS = (0, 5, 3, 4)


def piece(bars: int = 30) -> Score:
    """Four tracks in C major, 4/4 at 120: two seconds a bar."""
    quarter, bar = TICKS_PER_QUARTER, 4 * TICKS_PER_QUARTER

    def pitch(step: int, octave: int) -> int:
        return 12 * (octave + 1 + step // 7) + _SCALE[step % 7]

    melody, bass, strings, drums = [], [], [], []
    for index in range(bars):
        start, root = index * bar, _CHORDS[index % 4]
        for eighth in range(8):
            at = start + eighth * quarter // 2
            melody.append(Note(at, pitch(root + (0, 2, 4, 7, 6, 4, 3, 2)[(eighth + index) % 8], 5), quarter // 2, 90))
            drums.append(Note(at, 42, quarter // 4, 70))
        for beat in range(4):
            bass.append(Note(start + beat * quarter, pitch(root, 2) + (7 if beat == 2 else 0), quarter, 85))
            drums.append(Note(start + beat * quarter, 38 if beat % 2 else 36, quarter // 4, 100))
        for half in range(2):
            strings += [Note(start + half * 2 * quarter, pitch(root + third, 4), 2 * quarter, 60) for third in (0, 2, 4)]
    return Score((
        Track(tuple(melody), "Melody", 0),
        Track(tuple(bass), "Bass", 33),
        Track(tuple(strings), "Strings", 48),
        Track(tuple(drums), "Drums", 0, is_drum=True),
    ))


def ways(score: Score, font: Soundfont, folder: Path) -> dict[str, Callable[[], object]]:
    """Name to what is timed, the one to beat first."""
    import pretty_midi

    midi = folder / "piece.mid"
    midi.write_bytes(write_score(score, ".mid"))

    def by_pretty_midi() -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            return pretty_midi.PrettyMIDI(io.BytesIO(midi.read_bytes())).fluidsynth(fs=RATE, sf2_path=str(font.path))

    def by_midi2audio() -> object:
        code = "import sys; from midi2audio import FluidSynth; FluidSynth(sys.argv[1]).midi_to_audio(*sys.argv[2:])"
        out = str(folder / "piece.wav")
        return subprocess.run([sys.executable, "-c", code, str(font.path), str(midi), out], check=True, capture_output=True)

    def cold() -> object:
        synth.clear()
        return synth.render(score, font)

    rendered = synth.render(score, font)
    even = loudness.normalise(rendered, RATE)
    found: dict[str, Callable[[], object]] = {"pretty_midi.fluidsynth": by_pretty_midi}
    if shutil.which("fluidsynth"):
        found["midi2audio"] = by_midi2audio
    found["Songloom, first call"] = cold
    found["Songloom"] = lambda: synth.render(score, font)
    found["… then loudness to −16 LUFS"] = lambda: loudness.normalise(rendered, RATE)
    found["… then MP3"] = lambda: encode(even, RATE, "mp3")
    return found


def measure(tasks: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Median wall-clock seconds of each task, all tasks in turn."""
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(repeats):
        for name, task in tasks.items():
            started = time.perf_counter()
            task()
            times[name].append(time.perf_counter() - started)
    return {name: statistics.median(values) for name, values in times.items()}


def table(score: Score, font: Soundfont, repeats: int) -> str:
    """The figures as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        seconds = measure(ways(score, font, Path(folder)), repeats)
    length, base = seconds_long(score), seconds["pretty_midi.fluidsynth"]
    lines = [
        f"Soundfont {font.name}, {length:.0f} s, {len(score.tracks)} tracks, {score.note_count} notes; median of {repeats}.",
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, "
        f"FluidSynth {version()}.",
        "",
        "| way | seconds | times real time | times pretty_midi |",
        "|---|---|---|---|",
        *(f"| {name} | {value:.2f} | {length / value:.0f} | {base / value:.2f} |" for name, value in seconds.items()),
        "",
        f"Target: Songloom at least {TARGET:.0f} times pretty_midi.fluidsynth: "
        f"{'met' if base / seconds['Songloom'] >= TARGET else 'missed'} ({base / seconds['Songloom']:.2f}).",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--soundfont", help="name or path (default: the default one)")
    args = parser.parse_args()
    font = get_soundfont(args.soundfont) if args.soundfont else default_soundfont()
    print(table(piece(), font, args.repeats))


if __name__ == "__main__":
    main()
