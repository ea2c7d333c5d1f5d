"""What the readers of folders of MIDI files have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from core.errors import DataMissingError, InputError
from core.score import Score, Track
from core.score.midi import read_midi

_LOWEST_MEAN = 52
"""Parts below E3 on average are basses."""


def midi_scores(root: Path, source: str) -> Iterator[tuple[Path, Score]]:
    """Every MIDI file under `root` that can be read, in order of path.

    Raises:
        DataMissingError: there is no MIDI file at all.
    """
    paths = sorted(path for path in root.rglob("*") if path.suffix.lower() in (".mid", ".midi"))
    if not paths:
        raise DataMissingError(f"MIDI files are needed in {root}", "there are none", f"Unpack {source} again")
    for path in paths:
        try:
            yield path, read_midi(path.read_bytes(), path.name)
        except InputError:
            # One damaged file must not hide the others; benchmarks/read_corpora.py counts these.
            continue


def melody_first(score: Score) -> Score | None:
    """The score with the likeliest melody in front, the other parts in their order, empty ones left out.

    The melody is the part above the basses in which most notes follow one another without chords.
    None where every part is drums.
    """
    parts = [track for track in score.tracks if track.notes]
    pitched = [track for track in parts if not track.is_drum]
    if not pitched:
        return None
    lead = max(pitched, key=_melodiousness)
    return replace(score, tracks=(lead, *(track for track in parts if track is not lead)))


def _melodiousness(track: Track) -> tuple[bool, int]:
    """Whether it lies above the basses, and how many of its notes stand alone and change pitch."""
    mean = sum(note.pitch for note in track.notes) / len(track.notes)
    moves = sum(a.start < b.start and a.pitch != b.pitch and a.end <= b.start + 60 for a, b in pairwise(track.notes))
    return mean >= _LOWEST_MEAN, moves
