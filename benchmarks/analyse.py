"""`python -m benchmarks.analyse FILE…`: our analysis beside music21's of the same files, in one run, as Markdown.

The whole report is what `songloom analyse` prints: style, mood, quality and originality too. Its musical part is what
music21 is held against. That finds one key (Krumhansl-Schmuckler), the chords (chordify) and their Roman numerals; ours finds
keys with modulations, chords with numerals, metre, phrases, form, ranges and difficulty on four instruments. Without files a
song of three minutes is made: eight bars of four-part chords under a melody, again and again.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import time
from collections.abc import Callable
from pathlib import Path

from core.insight.music import read_music
from core.insight.report import analyse
from core.score import CHORD_QUALITIES, Note, Score, Tempo, Track
from core.score.clock import seconds_long
from core.score.files import read_score

TURNS = 3


def made(bars: int = 90, bpm: float = 120) -> Score:
    """Three minutes of four-part chords under a melody in eighths."""
    rng = random.Random(0)
    progression = [(0, "maj"), (9, "min"), (5, "maj"), (7, "7"), (0, "maj"), (2, "min"), (7, "7"), (0, "maj")]
    melody, chords = [], []
    for bar in range(bars):
        root, quality = progression[bar % len(progression)]
        tones = [60 + root + step for step in CHORD_QUALITIES[quality]]
        chords += [Note(bar * 1920, pitch - 12, 1920) for pitch in tones]
        melody += [Note(bar * 1920 + at * 240, rng.choice(tones) + 12, 240) for at in range(8)]
    return Score((Track(tuple(melody), "Melody"), Track(tuple(chords), "Chords")), tempos=(Tempo(0, bpm),))


def music21_reads(score: Score) -> None:
    """Key, chords and Roman numerals as music21 finds them."""
    from music21 import roman

    from core.insight.evaluation.keys import music21_stream

    stream = music21_stream(score)
    key = stream.analyze("key.krumhanslkessler")
    for chord in stream.chordify().recurse().getElementsByClass("Chord"):
        roman.romanNumeralFromChord(chord, key)


def seconds(work: Callable[[], object], turns: int) -> float:
    """The quickest of some turns."""
    best = float("inf")
    for _ in range(turns):
        begun = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begun)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description="Our musical analysis beside music21's.")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    args = parser.parse_args()
    pieces = [(path.name, read_score(path.read_bytes(), path.name)) for path in args.files] or [("made, three minutes", made())]
    begun = time.perf_counter()
    analyse(pieces[0][1])
    first = time.perf_counter() - begun  # weights and the index of passages are loaded once
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()};"
          f" the first report of all took {first:.1f} s\n")
    print("| piece | notes | minutes | whole report (s) | musical part (s) | music21: key, chords, numerals (s) |")
    print("|---|---|---|---|---|---|")
    for name, score in pieces:
        whole = seconds(lambda score=score: analyse(score), TURNS)  # type: ignore[misc]
        ours = seconds(lambda score=score: read_music(score), TURNS)  # type: ignore[misc]
        theirs = seconds(lambda score=score: music21_reads(score), 1)  # type: ignore[misc]
        print(f"| {name} | {score.note_count} | {seconds_long(score) / 60:.1f} | {whole:.2f} | {ours:.2f} | {theirs:.2f} |")


if __name__ == "__main__":
    main()
