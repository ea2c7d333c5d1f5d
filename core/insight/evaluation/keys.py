"""Figures of keys and chords: ours beside music21's, on the same pieces in the same run.

The key of a tune is its own `K:` field, beside the home key that was found. A segment is a stretch of a piece in one
annotated key; the answer for it is the key that was found for most of its time.
Chords are compared as MIREX does, by mir_eval, over time, sevenths as their triads.
"""

from __future__ import annotations

import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from core.analysis.chords import chords_from_notes
from core.analysis.key_finder import find_key
from core.corpora.folder import DataFolder
from core.errors import DataMissingError
from core.insight.fit_key import heard_in
from core.insight.printed_keys import NOTTINGHAM, POP909, Keyed, keyed_pieces
from core.report import Figure, Report
from core.score import TICKS_PER_QUARTER, ChordSymbol, Key, Score

TARGET = 0.90
PEERS_MOST = 12
"""Songs on which chordify is measured: it takes ten seconds a song."""
PARTS = ("keys", "chords")
_SHORT = {"maj": "maj", "min": "min", "7": "7", "min7": "min7", "maj7": "maj7", "dim": "dim", "dim7": "dim7", "min7b5": "hdim7",
          "aug": "aug", "sus4": "sus4", "sus2": "sus2", "6": "maj6", "min6": "min6", "9": "9"}
_ROOTS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")

Marks = dict[str, list[float]]


def evaluate(folder: DataFolder, parts: Sequence[str] = PARTS, split: str = "test", peers: bool = True) -> Report:
    """Measure on the pieces of a split.

    Raises:
        DataMissingError: a collection is not at hand, or mir_eval is not installed.
    """
    figures: list[Figure] = []
    pieces = tuple(keyed_pieces(folder, (split,)))
    if "keys" in parts:
        figures += _keys(pieces, split, peers)
    if "chords" in parts:
        figures += _chords(pieces, split, peers)
    return Report(tuple(figures), _commit(), {"key": _hash()}, "cpu")


def _keys(pieces: Iterable[Keyed], split: str, peers: bool) -> list[Figure]:
    marks: dict[str, Marks] = defaultdict(lambda: defaultdict(list))
    took: Marks = defaultdict(list)
    for piece in pieces:
        begun = time.perf_counter()
        reading = find_key(piece.score, heard_in(piece))
        took["ours"].append(time.perf_counter() - begun)
        found = {"ours": [(segment.start, segment.key) for segment in reading.segments]}
        if peers:
            begun = time.perf_counter()
            found["music21"] = [(0, krumhansl(piece.score))]
            took["music21"].append(time.perf_counter() - begun)
        for name, keys in found.items():
            given = f"{piece.source}, {piece.given_as}"
            if piece.source == NOTTINGHAM:
                home = reading.key if name == "ours" else keys[0][1]
                printed = piece.keys[0]
                marks[f"key of the tune exact, {given}"][name].append(
                    float((home.tonic, home.mode) == (printed.tonic, printed.mode)))
            for exact, signature in by_segment(piece, keys):
                marks[f"key exact by segment, {given}"][name].append(exact)
                marks[f"key signature by segment, {given}"][name].append(signature)
    rows = []
    for name, row in sorted(marks.items()):
        others = {f"{peer} Krumhansl": float(np.mean(row[peer])) for peer in row if peer != "ours"}
        target = TARGET if "tune" in name or ("exact" in name and POP909 in name) else None
        rows.append(Figure(name, float(np.mean(row["ours"])), target, "higher", len(row["ours"]), split, others))
    mean = {name: float(np.mean(values)) for name, values in took.items()}
    beside = {name: value for name, value in mean.items() if name != "ours"}
    rows.append(Figure("seconds a piece, keys with chords heard", mean["ours"], None, "lower", len(took["ours"]), split, beside))
    return rows


def by_segment(piece: Keyed, found: Sequence[tuple[int, Key]]) -> list[tuple[float, float]]:
    """(exact, same signature) for each annotated segment, 1 or 0."""
    end = piece.score.length
    ends = [*(key.tick for key in piece.keys[1:]), end]
    stops = [*(tick for tick, _ in found[1:]), end]
    rows = []
    for index, (key, stop) in enumerate(zip(piece.keys, ends, strict=True)):
        start = key.tick if index else 0
        time_in: dict[tuple[int, str], int] = defaultdict(int)
        for (begin, other), close in zip(found, stops, strict=True):
            time_in[other.tonic, other.mode] += max(0, min(stop, close) - max(start, begin))
        best = Key(0, *max(time_in, key=lambda name: time_in[name]))
        rows.append((float((best.tonic, best.mode) == (key.tonic, key.mode)), float(best.fifths == key.fifths)))
    return rows


def krumhansl(score: Score) -> Key:
    """The key by music21's Krumhansl-Schmuckler on the notes of all pitched tracks."""
    stream = music21_stream(score)
    found = stream.analyze("key.krumhanslkessler")
    return Key(0, found.tonic.pitchClass, found.mode)


def music21_stream(score: Score) -> Any:
    """The pitched notes of a score as a music21 stream with a part a track, without key signatures."""
    from music21 import note as notes21
    from music21 import stream as streams21

    whole = streams21.Score()
    for track in score.tracks:
        if track.is_drum or not track.notes:
            continue
        part = streams21.Part()
        for note in track.notes:
            sound = notes21.Note(note.pitch, quarterLength=note.duration / TICKS_PER_QUARTER)
            part.insert(note.start / TICKS_PER_QUARTER, sound)
        whole.insert(0, part)
    return whole


def _chords(pieces: Iterable[Keyed], split: str, peers: bool) -> list[Figure]:
    try:
        import mir_eval
    except ImportError as error:
        raise DataMissingError("Chords are compared by mir_eval", "it is not installed", "pip install mir_eval") from error

    marks: dict[str, Marks] = defaultdict(lambda: defaultdict(list))
    weights: dict[str, list[float]] = defaultdict(list)
    done: dict[str, int] = defaultdict(int)
    for piece in pieces:
        reference = [chord for chord in piece.annotated.chords if chord.root is not None]
        if piece.given_as == "lead sheet" or len(reference) < 2:
            continue
        end = piece.score.length
        finders: dict[str, Callable[[Score], Sequence[ChordSymbol]]] = {"ours": chords_from_notes}
        done[piece.given_as] += 1
        if peers and done[piece.given_as] <= PEERS_MOST and piece.given_as == "performance":
            finders["music21 chordify"] = chordified
        right = _labels(piece.annotated.chords, end)
        for name, find in finders.items():
            found = _labels(find(piece.score), end)
            scores = mir_eval.chord.evaluate(*right, *found)
            for measure in ("majmin", "root", "mirex"):
                marks[f"{measure}, {piece.source}, {piece.given_as}"][name].append(float(scores[measure]))
        for measure in ("majmin", "root", "mirex"):
            weights[f"{measure}, {piece.source}, {piece.given_as}"].append(float(end))
    figures = []
    for name, row in sorted(marks.items()):
        beside = {}
        for peer in row:
            if peer != "ours":
                count = len(row[peer])
                beside[f"{peer} (first {count})"] = _mean(row[peer], weights[name][:count])
                beside[f"ours (first {count})"] = _mean(row["ours"][:count], weights[name][:count])
        ours = row["ours"]
        figures.append(Figure(f"chords {name}", _mean(ours, weights[name]), None, "higher", len(ours), split, beside))
    return figures


def chordified(score: Score) -> tuple[ChordSymbol, ...]:
    """The chords of music21's chordify, named by its own quality and root; other sonorities keep the chord before."""
    found: list[ChordSymbol] = []
    for chord in music21_stream(score).chordify().recurse().getElementsByClass("Chord"):
        quality = {"major": "maj", "minor": "min", "diminished": "dim", "augmented": "aug"}.get(chord.quality)
        if quality is None or len(chord.pitches) < 2:
            continue
        symbol = ChordSymbol(round(float(chord.offset) * TICKS_PER_QUARTER), chord.root().pitchClass, quality)
        if not found or (found[-1].root, found[-1].quality) != (symbol.root, symbol.quality):
            found.append(symbol)
    return tuple(found)


def _labels(chords: Sequence[ChordSymbol], end: int) -> tuple[np.ndarray, list[str]]:
    """(N, 2) intervals in quarters and mir_eval's labels, N where nothing sounds."""
    spans, labels = [], []
    if not chords or chords[0].tick > 0:
        spans.append((0, chords[0].tick if chords else end))
        labels.append("N")
    for chord, stop in zip(chords, [*(chord.tick for chord in chords[1:]), end], strict=True):
        if stop > chord.tick:
            spans.append((chord.tick, stop))
            labels.append("N" if chord.root is None else f"{_ROOTS[chord.root]}:{_SHORT[chord.quality]}")
    return np.array(spans, np.float64) / TICKS_PER_QUARTER, labels


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return float(np.average(values, weights=weights))


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _hash() -> str:
    from hashlib import sha256

    from core.analysis.key_finder import FILE

    return sha256(FILE.read_bytes()).hexdigest()[:16] if FILE.is_file() else "missing"
