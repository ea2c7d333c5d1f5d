"""Bach's four-voice chorales from music21's corpus, with real note onsets, melody in the soprano.

The benchmark (`core.corpora.jsb`) holds many of the same pieces. `core.corpora.bach_held_out` names
those that share their melody with a validation or test piece there (`SAME_MELODY`), and among them
those that are the same setting, by soprano and bass together (`SAME_SETTING`).
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from core.analysis.chords import chords_from_notes
from core.corpora.bach_held_out import SAME_MELODY
from core.corpora.folder import DataFolder
from core.corpora.jsb import Frame, frame_grams, jsb_frames, overlap, setting_grams
from core.corpora.types import Piece, Tier
from core.errors import DataMissingError, InputError
from core.score import TICKS_PER_QUARTER, Key, Score, Track
from core.score.keymode import major_or_minor
from core.score.musicxml_reader import read_musicxml

VOICES = ("Soprano", "Alto", "Tenor", "Bass")
MATCH = 0.5
"""Melodies that share more of their runs of intervals than this count as the same."""


class Bach:
    """The source `bach`."""

    id = "bach"
    name = "Bach chorales (music21)"
    licence = "Public domain; edition of the music21 corpus"
    tier = Tier.FREE
    address = "inside the PyPI package music21"
    styles: tuple[str, ...] = ("chorale",)

    def __init__(self, root: Path | None = None, leave_out: frozenset[str] = SAME_MELODY) -> None:
        self._root, self._leave_out = root, leave_out

    def is_at_hand(self, folder: DataFolder) -> bool:
        return self._path() is not None

    def pieces(self, folder: DataFolder) -> Iterator[Piece]:
        """Four-voice chorales (tracks soprano, alto, tenor, bass), without those that are to be left out.

        Raises:
            DataMissingError: music21 is not installed.
        """
        return (piece for piece in self.all_pieces() if piece.id.removeprefix("bach/") not in self._leave_out)

    def held_out(self) -> Iterator[Piece]:
        """The chorales left out of `pieces`: for hearing and looking at, not for learning.

        Raises:
            DataMissingError: music21 is not installed.
        """
        return (piece for piece in self.all_pieces() if piece.id.removeprefix("bach/") in self._leave_out)

    def all_pieces(self) -> Iterator[Piece]:
        """Every chorale with four voices.

        Raises:
            DataMissingError: music21 is not installed.
        """
        root = self._path()
        if root is None:
            raise DataMissingError("The Bach chorales are needed", "music21 is not installed", "pip install music21")
        for path in sorted((*root.glob("*.mxl"), *root.glob("*.xml"))):
            try:
                score = four_voices(read_musicxml(path.read_bytes()))
            except InputError:
                # One damaged file must not hide the other chorales; counts are checked by the corpus tests.
                continue
            if score is not None:
                yield Piece(f"bach/{path.stem}", self.id, "chorale", score.title or path.stem.upper(), score)

    def _path(self) -> Path | None:
        if self._root is not None:
            return self._root if self._root.is_dir() else None
        spec = importlib.util.find_spec("music21")
        if spec is None or spec.origin is None:
            return None
        path = Path(spec.origin).parent / "corpus" / "bach"
        return path if path.is_dir() else None


def four_voices(score: Score) -> Score | None:
    """The soprano, alto, tenor and bass of a chorale as four tracks, its key and chords found; None if it has not four.

    Voices are told by their names; without names a piece of exactly four pitched tracks is taken in
    score order. Instruments that double or accompany are left out.
    """
    pitched = [track for track in score.tracks if track.notes and not track.is_drum]
    named = [next((t for t in pitched if t.name.strip(" .").casefold() == voice.casefold()), None) for voice in VOICES]
    voices = [track for track in named if track is not None]
    if len(voices) != 4:
        voices = pitched
    if len(voices) != 4 or not all(track.is_monophonic for track in voices):
        return None
    if _median(voices[0]) <= _median(voices[3]):
        return None
    tracks = tuple(replace(track, name=name, program=19) for track, name in zip(voices, VOICES, strict=True))
    plain = replace(score, tracks=tracks, chords=())
    return replace(plain, keys=(chorale_key(plain), *plain.keys[1:]), chords=chords_from_notes(plain))


def _median(track: Track) -> int:
    return sorted(note.pitch for note in track.notes)[len(track.notes) // 2]


def chorale_key(score: Score) -> Key:
    """Key of a chorale from its first signature and the last note of the bass.

    A last bass on the first or sixth degree of the signature's major is that major or minor; on the
    second, minor written with the old Dorian signature; on the third, a close on the dominant of the
    minor. Everything else goes by the pitch classes.
    """
    fifths = score.keys[0].fifths if score.keys else 0
    major = fifths * 7 % 12
    last = score.tracks[-1].notes[-1].pitch % 12
    degree = (last - major) % 12
    if degree in (0, 9, 2):
        return Key(0, last, "major" if degree == 0 else "minor")
    if degree == 4:
        return Key(0, (major + 9) % 12, "minor")
    tonic, mode = major_or_minor(fifths, (note for track in score.tracks for note in track.notes))
    return Key(0, tonic, mode)


def quarter_frames(score: Score) -> list[Frame]:
    """The pitches that sound on every quarter note of the piece, lowest first."""
    frames: list[list[int]] = [[] for _ in range(-(-score.end // TICKS_PER_QUARTER))]
    for track in score.tracks:
        for note in track.notes:
            for beat in range(-(-note.start // TICKS_PER_QUARTER), -(-note.end // TICKS_PER_QUARTER)):
                frames[beat].append(note.pitch)
    return [tuple(sorted(frame)) for frame in frames]


def matches(folder: DataFolder, splits: tuple[str, ...] = ("valid", "test")) -> dict[str, tuple[float, float]]:
    """Largest overlap of every chorale with a benchmark piece of `splits`: file name to (melody, setting), 0 to 1.

    `SAME_MELODY` and `SAME_SETTING` are what this gives above `MATCH`.

    Raises:
        DataMissingError: the benchmark or music21 is not at hand.
    """
    theirs = [(frame_grams(piece), setting_grams(piece)) for split in splits for piece in jsb_frames(folder, split)]
    found: dict[str, tuple[float, float]] = {}
    for piece in Bach().all_pieces():
        frames = quarter_frames(piece.score)
        melody, setting = frame_grams(frames), setting_grams(frames)
        found[piece.id.removeprefix("bach/")] = (
            max(overlap(melody, other) for other, _ in theirs), max(overlap(setting, other) for _, other in theirs))
    return found
