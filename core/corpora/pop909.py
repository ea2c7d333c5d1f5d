"""POP909: Chinese pop songs as melody, second melody and piano, with beats, chords and keys.

The files are performances; bars come from the beats that the collection gives, notes are moved to
the sixteenths and triplets between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from core.corpora.beats import Array, beat_positions, off_grid, snap
from core.corpora.folder import DataFolder
from core.corpora.types import Piece, Tier
from core.errors import DataMissingError, InputError
from core.score import MODES, TICKS_PER_QUARTER, ChordSymbol, Key, Metre, Note, Score, Tempo, Track
from core.score.clock import Clock
from core.score.midi import read_midi

ARCHIVE = "pop909"
_LEAST_NOTES = 16
_FURTHEST = 0.03
"""Mean distance to the grid, in beats, above which beats and notes do not belong together."""
_SIXTEENTH = TICKS_PER_QUARTER // 4

_ROOTS = {name: pitch for pitch, names in enumerate(
    ("C B#", "C# Db", "D", "D# Eb", "E Fb", "F E#", "F# Gb", "G", "G# Ab", "A", "A# Bb", "B Cb")) for name in names.split()}
_DEGREES = {"1": 0, "b2": 1, "2": 2, "b3": 3, "3": 4, "4": 5, "b5": 6, "5": 7, "#5": 8, "b6": 8, "6": 9, "b7": 10, "7": 11}
_QUALITIES = {
    "maj": "maj", "min": "min", "sus2": "sus2", "sus4": "sus4", "sus4(b7)": "sus4", "min7": "min7", "maj7": "maj7", "7": "7",
    "maj6": "6", "min6": "min6", "dim": "dim", "dim7": "dim7", "hdim7": "min7b5", "aug": "aug", "minmaj7": "min",
}  # fmt: skip
"""The collection's chord names to ours; what ours lacks becomes the nearest triad."""


class Pop909:
    """The source `pop909`."""

    id = "pop909"
    name = "POP909"
    licence = "MIT for the annotations; the songs are commercial: research only"
    tier = Tier.RESEARCH
    address = "https://github.com/music-x-lab/POP909-Dataset"
    styles: tuple[str, ...] = ("pop",)

    def is_at_hand(self, folder: DataFolder) -> bool:
        return folder.has(ARCHIVE)

    def pieces(self, folder: DataFolder) -> Iterator[Piece]:
        """Every song whose notes fit the beats given for it; tracks are melody, second melody, piano.

        Raises:
            DataMissingError: the collection is not at hand, or something else lies in its place.
        """
        songs = sorted(path.parent for path in folder.path(ARCHIVE).rglob("beat_midi.txt"))
        if not songs:
            raise DataMissingError("Songs with beat_midi.txt are needed in pop909", "there are none", f"See {self.address}")
        for song in songs:
            score = read_song(song)
            if score is not None:
                yield Piece(f"{self.id}/{song.name}", self.id, "pop", score.title, score)


def read_song(song: Path) -> Score | None:
    """One song from its folder, None where it is of no use: damaged, too short, or off its beats."""
    try:
        performed = read_midi((song / f"{song.name}.mid").read_bytes(), f"POP909 {song.name}")
    except InputError:
        # One damaged file must not hide the other songs.
        return None
    beats, given, usual = _beats(song / "beat_midi.txt")
    named = {track.name.upper(): track for track in performed.tracks}
    melody = named.get("MELODY")
    if melody is None or len(melody.notes) < _LEAST_NOTES or len(given) < 8:
        return None
    clock = Clock.of(performed)
    if off_grid(beat_positions(clock.seconds(np.array([note.start for note in melody.notes])), beats)) > _FURTHEST:
        return None
    chords = _chords(song / "chord_midi.txt", beats)
    downbeats = settle_downbeats(len(beats), given, [chord.tick // TICKS_PER_QUARTER for chord in chords], usual)
    line = _one_voice(_written(melody, clock, beats))
    others = (_written(named[name], clock, beats) for name in ("BRIDGE", "PIANO") if name in named)
    score = Score(
        tracks=(line, *others),
        tempos=(Tempo(0, round(60 / float(np.median(np.diff(beats))), 2)),),
        metres=_bars(downbeats, usual),
        chords=chords,
        pickup=downbeats[0] * TICKS_PER_QUARTER,
        title=performed.title,
    )
    return replace(score, keys=_keys(score, _key_names(song / "key_audio.txt")))


def _rows(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _beats(path: Path) -> tuple[Array, list[int], int]:
    """Beats in seconds, the indices of those that begin a bar, and the usual bar in beats.

    The file marks downbeats twice: of bars of two or three, and of two such bars together. Songs in
    three have bars of three, others of four.
    """
    rows = _rows(path)
    times = np.array([float(row[0]) for row in rows])
    small, large = ([index for index, row in enumerate(rows) if float(row[column]) == 1] for column in (1, 2))
    steps = np.diff(small)
    in_three = len(steps) > 0 and np.median(steps) == 3
    return times, small if in_three else large, 3 if in_three else 4


def settle_downbeats(count: int, given: Sequence[int], changes: Sequence[int], usual: int) -> list[int]:
    """The beats that begin bars, from downbeats as given and beats where the harmony changes.

    Given downbeats slip in places, for a bar or for many. The answer has the most evidence on its
    downbeats, less what bars of another length cost (dynamic programming over beats).

    Args:
        count: number of beats.
        given: indices of the given downbeats.
        changes: indices of the beats with a new chord.
        usual: beats in the usual bar, 3 or 4.

    Returns:
        Indices in rising order; the first is below `usual`.
    """
    change = np.zeros(count + usual)
    change[[beat for beat in changes if beat < count]] = 1
    evidence = change.copy()
    evidence[[beat for beat in given if beat < count]] += 1
    if usual == 4:
        evidence[:-2] += change[2:] / 2
    cost = {usual: 0.0, 2: 3.5} | {length: 6.0 for length in (1, 3, 5) if length != usual}
    best = np.full(count + 6, -np.inf)
    best[:usual] = 0.0
    before = np.full(count + 6, -1)
    for beat in range(count):
        for length, price in cost.items():
            worth = best[beat] + evidence[beat] - price
            if worth > best[beat + length]:
                best[beat + length], before[beat + length] = worth, beat
    beat = count + int(np.argmax(best[count : count + usual]))
    found: list[int] = []
    while before[beat] >= 0:
        beat = int(before[beat])
        found.append(beat)
    return found[::-1]


def _bars(downbeats: list[int], usual: int) -> tuple[Metre, ...]:
    """The metre of every bar that differs from the one before; a pick-up counts as a usual bar."""
    metres = [Metre(0, usual, 4)]
    for begin, end in pairwise([*downbeats, downbeats[-1] + usual]):
        if metres[-1].numerator != end - begin:
            metres.append(Metre(begin * TICKS_PER_QUARTER, end - begin, 4))
    return tuple(metres)


def _written(track: Track, clock: Clock, beats: Array) -> Track:
    """A performed part on the grid of its beats."""
    starts = clock.seconds(np.array([note.start for note in track.notes], dtype=np.int64))
    ends = clock.seconds(np.array([note.end for note in track.notes], dtype=np.int64))
    first, last = snap(beat_positions(starts, beats), beat_positions(ends, beats))
    notes = {
        (start, note.pitch): Note(start, note.pitch, end - start, note.velocity)
        for note, start, end in zip(track.notes, first.tolist(), last.tolist(), strict=True)
    }
    return replace(track, notes=tuple(notes.values()))


def _one_voice(track: Track) -> Track:
    """The part with each note held to where the next begins, if no more than a sixteenth lies between
    (players let go early, writers do not); of notes that begin together the highest.
    """
    top: dict[int, Note] = {}
    for note in track.notes:
        if note.start not in top or note.pitch > top[note.start].pitch:
            top[note.start] = note
    line = [top[start] for start in sorted(top)]
    cut = [replace(a, duration=b.start - a.start) if b.start - a.end <= _SIXTEENTH else a for a, b in pairwise(line)]
    return replace(track, notes=(*cut, *line[-1:]))


def _chords(path: Path, beats: Array) -> tuple[ChordSymbol, ...]:
    """Chord symbols at the beats where the harmony changes."""
    rows = _rows(path)
    times = np.array([float(row[0]) for row in rows])
    ticks = np.maximum(np.rint(beat_positions(times, beats)).astype(np.int64), 0) * TICKS_PER_QUARTER
    chords: list[ChordSymbol] = []
    for tick, row in zip(ticks.tolist(), rows, strict=True):
        chord = read_chord(row[2], tick)
        if not chords or replace(chords[-1], tick=tick) != chord:
            chords.append(chord)
    return tuple(chords)


def read_chord(text: str, tick: int = 0) -> ChordSymbol:
    """A chord as the collection writes it: `N`, `Bb:min7`, `C:maj/3` (bass as a degree above the root).

    Raises:
        KeyError: a name that the collection does not use.
    """
    if text == "N":
        return ChordSymbol(tick, None)
    name, _, degree = text.partition("/")
    root_name, _, quality = name.partition(":")
    root = _ROOTS[root_name]
    bass = (root + _DEGREES[degree]) % 12 if degree else None
    return ChordSymbol(tick, root, _QUALITIES[quality], bass)


def _key_names(path: Path) -> list[tuple[int, str]]:
    """Tonic and mode of each key in order; their times belong to a recording and are left aside."""
    names = [row[2].partition(":") for row in _rows(path)]
    keys = [(_ROOTS[root], "minor" if mode == "min" else "major") for root, _, mode in names]
    return [key for index, key in enumerate(keys) if index == 0 or key != keys[index - 1]]


def _keys(score: Score, names: list[tuple[int, str]]) -> tuple[Key, ...]:
    """The keys, each from the bar on where the notes fit it better than the one before.

    The order of keys is given; the bars are found so that most of the sounding time is on the scale
    of the key in force (dynamic programming over bars).
    """
    bars = score.bars
    starts = np.array([start for start, _, _ in bars])
    sounding = np.zeros((len(bars), 12))
    for track in score.tracks:
        for note in track.notes:
            bar = int(np.searchsorted(starts, note.start, side="right")) - 1
            sounding[bar, note.pitch % 12] += note.duration
    fits = np.array([[(tonic + step) % 12 in {(tonic + s) % 12 for s in MODES[mode]} for step in range(-tonic, 12 - tonic)]
                     for tonic, mode in names], dtype=np.float64)
    inside = np.vstack([np.zeros(len(names)), np.cumsum(sounding @ fits.T, axis=0)])
    best = inside[:, 0]
    choices: list[np.ndarray] = []
    for index in range(1, len(names)):
        gain = best - inside[:, index]
        leader = np.maximum.accumulate(gain)
        at = np.maximum.accumulate(np.where(gain >= leader, np.arange(len(gain)), 0))
        choices.append(at)
        best = leader + inside[:, index]
    changes, bar = [], len(bars)
    for at in reversed(choices):
        bar = int(at[bar])
        changes.append(bar)
    ticks = [0, *(int(starts[min(change, len(bars) - 1)]) for change in reversed(changes))]
    keys = {tick: Key(tick, tonic, mode) for tick, (tonic, mode) in zip(ticks, names, strict=True)}
    return tuple(keys.values())
