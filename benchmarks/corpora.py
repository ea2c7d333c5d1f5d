"""Counts for docs/corpora.md: what is read, in what time, and what the networks learn from.

    python benchmarks/corpora.py --data DIR

needs the data folder for Nottingham and the hymnal; the tune books lie inside the music21 package.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.corpora.folder import DataFolder
from core.corpora.intake import tunes_of
from core.corpora.registry import SOURCES
from core.corpora.split import TEST, TRAIN, VALID, choose_sources, read_source, split_pieces
from core.corpora.styles import STYLES
from core.corpora.tunebooks import BOOKS, package_folder
from core.errors import InputError
from core.score.abc_reader import TuneText


def reading(name: str, tunes: list[TuneText]) -> None:
    """Read every tune as heard and as printed; one row of the table."""
    seconds: list[float] = []
    failures = 0
    for tune in tunes:
        for unfold in (True, False):
            begun = time.perf_counter()
            try:
                tune.read(unfold=unfold)
            except InputError:
                failures += 1
            seconds.append(time.perf_counter() - begun)
    middle, last = statistics.median(seconds) * 1000, statistics.quantiles(seconds, n=100)[-1] * 1000
    print(f"| {name} | {len(tunes):,} | {failures} | {middle:.2f} ms | {last:.2f} ms |")


def left_out(folder: DataFolder) -> None:
    """Why tunes are no pieces, source by source."""
    for source in SOURCES:
        if hasattr(source, "candidates") and source.is_at_hand(folder):
            reasons = Counter(score for *_, score in source.candidates(folder) if isinstance(score, str))
            metres = sum(reasons.pop(reason) for reason in list(reasons) if reason.startswith("metre "))
            text = ", ".join(f"{reason} {count}" for reason, count in reasons.most_common())
            print(f"| {source.id} | {reasons.total() + metres} | {text}{', ' if text else ''}other metres {metres} |")


def splits(folder: DataFolder) -> None:
    """Pieces by style, tier and split, and duplicates left out."""
    tiers = {source.id: source.tier.value for source in SOURCES}
    pieces = [piece for source in choose_sources(folder) for piece in read_source(source, folder)]
    begun = time.perf_counter()
    found = split_pieces(pieces)
    print(f"\n{len(pieces):,} pieces, {len(pieces) - len(found)} duplicates left out, {len(found):,} stay in")
    sizes = Counter(p.cluster for p in found)
    variants = sum(size for size in sizes.values() if size > 1)
    print(f"{len(sizes):,} clusters; {variants:,} pieces have a variant; split in {time.perf_counter() - begun:.1f} s\n")
    print("| style | free | copyleft | research | train | valid | test |\n|---|---|---|---|---|---|---|")
    for style in STYLES:
        mine = [p for p in found if p.piece.style == style.id]
        tier, split = Counter(tiers[p.piece.source] for p in mine), Counter(p.split for p in mine)
        row = [tier["free"], tier["copyleft"], tier["research"], split[TRAIN], split[VALID], split[TEST]]
        print(f"| {style.id} | " + " | ".join(map(str, row)) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help="folder of data archives, else SONGLOOM_DATA")
    folder = DataFolder.find(parser.parse_args().data)
    print("| book | tunes | failures | median | 99th percentile |\n|---|---|---|---|---|")
    corpus = package_folder()
    if corpus is not None:
        for book in BOOKS:
            reading(book.name, [tune for _, tune in tunes_of(corpus / book.corpus_name)])
        reading("Northumbrian Minstrelsy, American fife", [tune for _, tune in tunes_of(corpus / "miscFolk")])
    for name in ("nottingham", "open-hymnal"):
        if folder.has(name):
            reading(name, [tune for _, tune in tunes_of(folder.path(name))])
    print("\n| source | left out | why |\n|---|---|---|")
    left_out(folder)
    splits(folder)


if __name__ == "__main__":
    main()
