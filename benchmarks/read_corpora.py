"""Reads every MIDI file of POP909, Groove, EMOPIA, Freedoom and OpenMSX and reports counts, failures and times.

    python -m benchmarks.read_corpora --data DIR [--write docs/reading-midi.md]

"Read" is the whole way from bytes in memory to a `Score` (structural check, symusic, every note an
object, names decoded); "checked and parsed" leaves out making the objects; "symusic alone" is its
own parser without any check. One pass over each, files in order, one thread, no repetition.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median

import symusic
from tqdm import tqdm

from core.corpora.folder import DataFolder
from core.errors import SongloomError
from core.score.files import read_score
from core.score.midi import parse_midi

COLLECTIONS = {"pop909": "POP909", "groove": "Groove", "emopia": "EMOPIA", "freedoom-music": "Freedoom", "openmsx": "OpenMSX"}


@dataclass
class Tally:
    """What one collection gave; times in milliseconds a file."""

    name: str
    notes: int = 0
    read: list[float] = field(default_factory=list)
    parsed: list[float] = field(default_factory=list)
    symusic: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.notes += other.notes
        self.read += other.read
        self.parsed += other.parsed
        self.symusic += other.symusic
        self.failures += other.failures

    def row(self) -> str:
        times = [f"{median(times):.2f}" if times else "" for times in (self.read, self.parsed, self.symusic)]
        slowest = f"{sorted(self.read)[int(len(self.read) * 0.95)]:.2f}" if self.read else ""
        files = len(self.read) + len(self.failures)
        cells = (self.name, files, len(self.failures), self.notes, times[0], slowest, *times[1:])
        return f"| {' | '.join(map(str, cells))} |"


def measure(name: str, paths: list[Path]) -> Tally:
    """Read every file once each way."""
    tally = Tally(name)
    for path in tqdm(paths, desc=name, file=sys.stderr):
        data = path.read_bytes()
        marks = [time.perf_counter()]
        try:
            parse_midi(data)
            marks.append(time.perf_counter())
            score = read_score(data, path.name)
        except SongloomError as error:
            tally.failures.append(f"{path.name}: {error}")
            continue
        marks.append(time.perf_counter())
        symusic.Score.from_midi(data)
        marks.append(time.perf_counter())
        for times, (start, end) in zip((tally.parsed, tally.read, tally.symusic), pairwise(marks), strict=True):
            times.append((end - start) * 1000)
        tally.notes += score.note_count
    return tally


def report(tallies: list[Tally]) -> str:
    """The table, and every failure with its message."""
    total = Tally("all")
    for tally in tallies:
        total.add(tally)
    lines = [
        "| collection | files | failures | notes | read, median ms | 95th percentile | checked and parsed | symusic alone |",
        "|---|---|---|---|---|---|---|---|",
        *(tally.row() for tally in (*tallies, total)),
        "",
        *(f"- {failure}" for failure in total.failures),
    ]
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", help="folder with the archives, or what was in them (else SONGLOOM_DATA)")
    parser.add_argument("--write", type=Path, help="also write the table into this file")
    options = parser.parse_args()
    folder = DataFolder.find(options.data)
    try:
        roots = {name: folder.path(archive) for archive, name in COLLECTIONS.items()}
    except SongloomError as error:
        print(error, file=sys.stderr)
        return 2
    tallies = [measure(name, sorted(root.rglob("*.mid"))) for name, root in roots.items()]
    table = report(tallies)
    print(table)
    if options.write:
        about = f"Python {platform.python_version()}, symusic {symusic.__version__}, {platform.machine()}, one thread."
        intro = (__doc__ or "").strip().replace("\n    python", "\n```\npython").replace("md]\n", "md]\n```\n")
        options.write.parent.mkdir(parents=True, exist_ok=True)
        options.write.write_text(f"# Reading MIDI files\n\n{intro}\n\n{about}\n\n{table}", encoding="utf-8")
    return 1 if any(tally.failures for tally in tallies) else 0


if __name__ == "__main__":
    sys.exit(main())
