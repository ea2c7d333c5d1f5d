"""`songloom vary`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom vary`."""
    parser.add_argument("source", type=Path, metavar="IN", help="a music file")
    parser.add_argument("--strength", type=float, default=0.3, metavar="0..1", help="0 the same, 1 a cousin (default: 0.3)")
    parser.add_argument("--takes", type=int, default=4, metavar="N", help="1 to 8 (default: 4)")
    parser.add_argument("--style", metavar="S", help="a style of `songloom styles` (default: the likeliest)")
    parser.add_argument("--random-seed", type=int, default=0, metavar="N", help="the same number gives the same music")
    parser.add_argument("--commercial", action="store_true", help="only weights trained on music free for commercial use")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR",
                        help="folder for take-1.mid (the nearest) ... and takes.json")


def run(args: argparse.Namespace) -> int:
    """Write variations, the nearest first, with `takes.json`; what was done to the piece goes to stderr.

    Raises:
        FormatError, RequestError, WeightsMissingError: see `core.engines.vae.vary.vary`.
    """
    from dataclasses import replace

    from core.commands.compose import write_takes
    from core.commands.progress import Bar
    from core.engines.request_io import learned_from
    from core.engines.vae.engine import VaeEngine
    from core.engines.vae.piece import REMARKS
    from core.engines.vae.vary import vary
    from core.score.files import read_score

    score = read_score(args.source.read_bytes(), args.source.name)
    engine = VaeEngine(args.device)
    with Bar("varying") as bar:
        found = vary(engine, score, strength=args.strength, takes=args.takes, random_seed=args.random_seed,
                     style=args.style, free_only=args.commercial, progress=bar)
    for remark in found.piece.remarks:
        print(f"{args.source.name}: {REMARKS[remark]}", file=sys.stderr)
    ordered = [replace(one.take, index=at) for at, one in enumerate(found.ordered)]
    args.out.mkdir(parents=True, exist_ok=True)
    distances = [{"distance": round(one.distance, 4)} for one in found.ordered]
    for path in write_takes(ordered, args.out, distances, learned_from(engine, ordered[0].request)):
        print(path)
    return 0
