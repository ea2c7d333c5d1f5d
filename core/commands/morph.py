"""`songloom morph`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom morph`."""
    parser.add_argument("first", type=Path, metavar="A", help="a music file")
    parser.add_argument("second", type=Path, metavar="B", help="another one")
    parser.add_argument("--steps", type=int, default=8, metavar="N", help="3 to 16 pieces, A and B with them (default: 8)")
    parser.add_argument("--commercial", action="store_true", help="only weights trained on music free for commercial use")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR",
                        help="folder for step-01.mid (A) ... step-N.mid (B), all.mid and steps.json")


def run(args: argparse.Namespace) -> int:
    """Write the steps, all of them as one piece, and `steps.json`; what is done about the ends goes to stderr.

    Raises:
        FormatError, RequestError, WeightsMissingError: see `core.engines.vae.morph.Morph`.
    """
    from core.analysis.edit_distance import note_distance
    from core.engines.vae import morph, piece
    from core.engines.vae.engine import VaeEngine
    from core.score.files import export_score, read_score

    sources = (args.first, args.second)
    first, second = (read_score(source.read_bytes(), source.name) for source in sources)
    made = VaeEngine(args.device).morph(first, second, args.commercial)
    steps = made.steps(args.steps)
    for source, read in zip(sources, made.pieces, strict=True):
        for remark in read.remarks:
            print(f"{source.name}: {piece.REMARKS[remark]}", file=sys.stderr)
    for remark in made.remarks:
        print(morph.REMARKS[remark], file=sys.stderr)
    files = {args.out / f"step-{at:02}.mid": export_score(step.score, ".mid") for at, step in enumerate(steps, 1)}
    facts = [{"file": path.name, "share": round(step.share, 4), "bars": len(step.score.bars),
              "distance": round(note_distance(before.score, step.score), 4)}
             for path, step, before in zip(files, steps, (steps[0], *steps), strict=False)]
    files[args.out / "all.mid"] = export_score(morph.joined(steps), ".mid")
    files[args.out / "steps.json"] = (json.dumps(facts, indent=1) + "\n").encode()
    args.out.mkdir(parents=True, exist_ok=True)
    for path, data in files.items():
        path.write_bytes(data)
        print(path)
    return 0
