"""`songloom catalogue features`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from core.commands.progress import Bar


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["features"], help="describe every tune for recommendations, and write the table")
    parser.add_argument("--out", metavar="FILE", help="where to write it (default: assets/taste/catalogue.safetensors)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
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
