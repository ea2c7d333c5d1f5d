"""`mma` (Musical MIDI Accompaniment, Debian package, GPL-2+) as a program that writes band parts under chords.

Called with a text, never imported; needed only to make training data. Nothing here knows songs: a list of bars with a groove
and chords each goes in, MIDI comes out.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import DataMissingError
from core.score import ChordSymbol
from core.score.types import pitch_class_name

PROGRAM = "mma"
_LONGEST = 60
"""Seconds; a hundred bars take a tenth of one."""

_NAMES = {"maj": "", "min": "m", "maj7": "M7", "min7": "m7", "dim": "dim3", "dim7": "dim7", "min7b5": "m7b5"}
"""Chord qualities that `mma` writes otherwise than ours."""


@dataclass(frozen=True, slots=True)
class GrooveBar:
    """One bar as `mma` counts them: its groove and its chords, each at a beat counted from 1, the first at 1."""

    groove: str
    chords: tuple[tuple[float, ChordSymbol], ...]
    pad: bool = False
    """Whether held strings of our own are laid under it."""


def script(bars: Sequence[GrooveBar], beats: int, seed: int) -> str:
    """The program's input for bars of `beats` beats; equal arguments give equal music.

    Random shifts in time are switched off: notes come on the grid, people's timing is learned from people.
    """
    held = "; ".join(f"{beat} 4 70" for beat in range(1, beats + 1))
    pad = (
        "Begin Chord-Pad", "  Voice Strings", f"  Sequence {{{held}}}", "  Octave 5", "  Volume m", "  Articulate 100",
        "  Voicing Mode=Optimal", "  Unify On", "End",
    )  # fmt: skip
    lines = [f"RndSeed {seed}", "Tempo 120"]
    now: tuple[str, bool] | None = None
    for bar in bars:
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
            [program, "-xNOCREDIT", "-m", "4000", "-f", str(target), str(source)],
            capture_output=True, text=True, timeout=_LONGEST, check=False, cwd=name,
        )  # fmt: skip
        if done.returncode or not target.is_file():
            said = " ".join((done.stdout + done.stderr).split())[-200:]
            raise DataMissingError("mma should write a MIDI file", said or "it wrote none", "Is its library of grooves installed?")
        return target.read_bytes()
