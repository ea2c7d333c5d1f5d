"""`songloom catalogue features`, `songloom catalogue audio` and `songloom catalogue similar FILE`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from core.commands.progress import Bar
from core.commands.tables import print_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom catalogue`."""
    parts = parser.add_subparsers(dest="part", metavar="WHAT", required=True)
    features = parts.add_parser("features", help="describe every tune for recommendations, and write the table")
    features.add_argument("--out", metavar="FILE", help="where to write it (default: assets/taste/catalogue.safetensors)")
    audio = parts.add_parser("audio", help="learn from rendered tunes what a recording is like, and measure it")
    audio.add_argument("--out", metavar="FILE", help="where to write it (default: assets/taste/audio.safetensors)")
    audio.add_argument("--train", type=int, default=450, metavar="N", help="tunes to learn from (default: 450)")
    audio.add_argument("--test", type=int, default=150, metavar="N", help="tunes to measure on (default: 150)")
    similar = parts.add_parser("similar", help="find the tunes that are most like a music file or a recording")
    similar.add_argument("file", metavar="FILE", help="MIDI, MusicXML, ABC, or WAV, FLAC, Ogg, MP3, AIFF")
    similar.add_argument("-k", type=int, default=10, metavar="N", help="how many (default: 10)")
    for part in (features, audio, similar):
        part.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Describe, learn from recordings or find what is similar, as the part of the command says.

    Raises:
        DataMissingError: the catalogue is not at hand.
        FormatError, LimitError: a file cannot be read.
    """
    return {"features": _features, "audio": _audio, "similar": _similar}[args.part](args)


def _features(args: argparse.Namespace) -> int:
    from core.taste.features import ASSET, compute_catalogue, save_table
    from core.taste.features_card import card

    path = Path(args.out) if args.out else ASSET
    started = time.perf_counter()
    with Bar("describing") as bar:
        table, failures = compute_catalogue(bar)
    save_table(table, path)
    seconds = time.perf_counter() - started
    path.with_suffix(".md").write_text(card(table, failures, path.stat().st_size, seconds), encoding="utf-8")
    if args.json:
        print(json.dumps({"tunes": len(table), "failures": failures, "file": str(path), "bytes": path.stat().st_size,
                          "origin": table.origin, "seconds": round(seconds, 1)}, ensure_ascii=False))
        return 0
    print(f"{len(table)} tunes in {path} ({path.stat().st_size / 2**20:.2f} MiB), {seconds:.0f} s")
    for ident, why in failures.items():
        print(f"not described: {ident}: {why}", file=sys.stderr)
    return 0


def _audio(args: argparse.Namespace) -> int:
    from core.taste.features import catalogue_features
    from core.taste.features_card import audio_card
    from core.taste.recordings import WEIGHTS, save_mapping
    from core.taste.recordings_fit import fit

    path = Path(args.out) if args.out else WEIGHTS
    with Bar("rendering") as bar:
        mapping, report = fit(catalogue_features(), args.train, args.test, progress=bar)
    save_mapping(mapping, path)
    command = f"songloom catalogue audio --train {args.train} --test {args.test}"
    path.with_suffix(".md").write_text(audio_card(report, command), encoding="utf-8")
    if args.json:
        print(json.dumps(asdict(report)))
    else:
        print_table(("figure", "value"), [(name, str(value)) for name, value in asdict(report).items()])
    return 0


def _similar(args: argparse.Namespace) -> int:
    from core.corpora.catalogue import catalogue
    from core.taste.features import catalogue_features
    from core.taste.similar import describe_file, nearest

    path = Path(args.file)
    description = describe_file(path.read_bytes(), path.name)
    with Bar("describing") as bar:
        table = catalogue_features(bar)
    titles = {entry.id: entry.title for entry in catalogue()}
    rows = [{"item": f"tune:{ident}", "title": titles[ident], "likeness": round(likeness, 4)}
            for ident, likeness in nearest(table, description, args.k)]
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        texts = [(f"{row['likeness']:.3f}", str(row["title"]), str(row["item"])) for row in rows]
        print_table(("likeness", "title", "item"), texts)
    return 0
