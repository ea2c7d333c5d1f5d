"""`mma` (Musical MIDI Accompaniment, Debian package, GPL-2+) as a program that writes band parts under chords.

Called with a text, never imported; needed only to make training data. Nothing here knows songs: a list of bars with a groove
and chords each goes in, MIDI comes out.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import DataMissingError
from core.score import TICKS_PER_QUARTER, ChordSymbol, Note, Track
from core.score.midi import read_midi
from core.score.types import pitch_class_name

PROGRAM = "mma"
_LONGEST = 600
"""Seconds; a thousand bars take about one."""

_NAMES = {"maj": "", "min": "m", "maj7": "M7", "min7": "m7", "min6": "m6", "dim": "dim3", "dim7": "dim7", "min7b5": "m7b5"}
"""Chord qualities that `mma` writes otherwise than ours."""


@dataclass(frozen=True, slots=True)
class GrooveBar:
    """One bar as `mma` counts them: its groove and its chords, each at a beat counted from 1, the first at 1."""

    groove: str
    chords: tuple[tuple[float, ChordSymbol], ...]
    pad: bool = False
    """Whether held strings of our own are laid under it."""


@dataclass(frozen=True, slots=True)
class Job:
    """A song for `mma`: its bars, of `beats` beats each, and a seed for what it leaves to chance."""

    bars: tuple[GrooveBar, ...]
    beats: int
    seed: int

    @property
    def ticks(self) -> int:
        """Length of the music in the program's file, where every beat is a quarter note."""
        return len(self.bars) * self.beats * TICKS_PER_QUARTER


def script(job: Job) -> str:
    """The program's input. Random shifts in time are switched off: notes come on the grid, feel is learned from people."""
    held = "; ".join(f"{beat} 4 70" for beat in range(1, job.beats + 1))
    pad = (
        "Begin Chord-Pad", "  Voice Strings", f"  Sequence {{{held}}}", "  Octave 5", "  Volume m", "  Articulate 100",
        "  Voicing Mode=Optimal", "  Unify On", "End",
    )  # fmt: skip
    lines = [f"RndSeed {job.seed}", "Tempo 120"]
    now: tuple[str, bool] | None = None
    for bar in job.bars:
        if (bar.groove, bar.pad) != now:
            now = (bar.groove, bar.pad)
            lines += [f"Groove {bar.groove}", "AllTracks RTime 0", *(pad if bar.pad else ())]
        lines.append("1 " + " ".join(f"{_chord(chord)}@{beat:g}" for beat, chord in bar.chords))
    return "\n".join(lines) + "\n"


def _chord(chord: ChordSymbol) -> str:
    if chord.root is None:
        return "z"
    text = pitch_class_name(chord.root) + _NAMES.get(chord.quality, chord.quality)
    return text if chord.bass in (None, chord.root) else f"{text}/{pitch_class_name(chord.bass or 0)}"


def is_installed() -> bool:
    return shutil.which(PROGRAM) is not None


def play(jobs: Sequence[Job], program: str = PROGRAM) -> list[tuple[Track, ...]]:
    """What `mma` plays to each job, in tracks with the program's own names, counted from the job's first bar.

    All jobs go through one call: starting the program takes as long as two hundred bars.

    Raises:
        DataMissingError: the program is not installed, or refuses a job.
    """
    score = read_midi(run("".join(map(script, jobs)), program), "mma")
    played, begin = [], 0
    for job in jobs:
        end = begin + job.ticks
        played.append(tuple(kept for track in score.tracks if (kept := _between(track, begin, end)).notes))
        begin = end
    return played


def _between(track: Track, begin: int, end: int) -> Track:
    notes = track.notes[bisect_left(track.notes, begin, key=_start) : bisect_left(track.notes, end, key=_start)]
    return replace(track, notes=tuple(replace(note, start=note.start - begin) for note in notes))


def _start(note: Note) -> int:
    return note.start


def run(text: str, program: str = PROGRAM) -> bytes:
    """What `mma` makes of a script, as a MIDI file; its first bar begins at tick 0.

    Raises:
        DataMissingError: the program is not installed, or refuses the text.
    """
    if shutil.which(program) is None:
        raise DataMissingError(
            "The program mma writes the band parts to learn from", "it is not installed", "Install it: apt-get install mma"
        )
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "song.mma", Path(name) / "song.mid"
        source.write_text(text, "utf-8")
        done = subprocess.run(
            [program, "-xNOCREDIT", "-m", "100000", "-f", str(target), str(source)],
            capture_output=True, text=True, timeout=_LONGEST, check=False, cwd=name,
        )  # fmt: skip
        if done.returncode or not target.is_file():
            said = " ".join((done.stdout + done.stderr).split())[-200:] or "it wrote none"
            raise DataMissingError("mma should write a MIDI file", said, "Is its library of grooves installed?")
        return target.read_bytes()
