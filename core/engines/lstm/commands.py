"""What the command line does for this engine: `songloom train lstm` and `songloom evaluate lstm`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from core.corpora.folder import DataFolder


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom train lstm`."""
    parser.add_argument("--model", default="leadsheet-all", help="leadsheet-free, leadsheet-all, chorale, song-free or song-all")
    parser.add_argument("--data", help="folder with the data sets (default: SONGLOOM_DATA)")
    parser.add_argument("--own", metavar="DIR", help="learn a new style from a folder of MIDI, MusicXML or ABC files instead")
    parser.add_argument("--name", help="with --own: what the new style is called")
    parser.add_argument("--epochs", type=int, default=12, help="passes over the data")
    parser.add_argument("--minutes", type=float, help="a budget of time instead of epochs")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--threads", type=int, help="CPU threads")
    parser.add_argument("--seed", type=int, default=0, help="random seed")
    parser.add_argument("--out", help="folder for weights and card (default: assets/models, or the user's own)")
    parser.add_argument("--calibrate", action="store_true", help="leave the weights, only set anew how much styles repeat")
    parser.add_argument("--styles", help="with --calibrate: only these, separated by commas")
    parser.add_argument("--refine", action="store_true", help="lead sheets, songs: go on from the shipped weights, more slowly")
    parser.add_argument("--restart", action="store_true", help="forget an unfinished run instead of going on with it")


def run_train(args: argparse.Namespace) -> int:
    """Train and say where the weights are."""
    import torch

    from core import weights
    from core.engines.lstm.train import Run, recalibrate, run
    from core.engines.lstm.user_styles import user_folder

    if args.threads:
        torch.set_num_threads(args.threads)
    out = Path(args.out) if args.out else (user_folder() if args.own else weights.FOLDER)
    checkpoint = Path(".cache") / "train" / f"{'own-' + str(args.name) if args.own else args.model}.pt"
    if args.restart:
        checkpoint.unlink(missing_ok=True)
    if args.calibrate:
        recalibrate(args.model, DataFolder.find(args.data), out, args.styles.split(",") if args.styles else ())
        return 0
    if args.own:
        from core.engines.lstm.train_own import train_own

        name, digest = train_own(Path(args.own), args.name or Path(args.own).name, out, checkpoint,
                                 minutes=args.minutes or 2.0, device=args.device)
    else:
        job = Run(args.model, DataFolder.find(args.data), out, checkpoint, args.epochs, args.minutes, args.device, args.seed,
                  args.refine)
        name, digest = args.model, run(job)
    checkpoint.unlink(missing_ok=True)
    print(f"{name}: weights {digest} in {out}")
    return 0


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom evaluate lstm`."""
    parser.add_argument("--data", help="folder with the data sets (default: SONGLOOM_DATA)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--only", help="comma-separated parts: " + ", ".join(PARTS))


PARTS = ("chorales", "melodies", "style", "distribution", "control", "originality")


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure and print; exit code 0 also where a target is missed."""
    from core.engines.lstm.evaluate import evaluate
    from core.errors import RequestError

    parts = tuple(args.only.split(",")) if args.only else PARTS
    unknown = sorted(set(parts) - set(PARTS))
    if unknown:
        raise RequestError(f"Parts of {', '.join(PARTS)} are needed", f"got {', '.join(unknown)}")
    report = evaluate(DataFolder.find(args.data), parts, args.device)
    print(json.dumps(report.as_dict(), ensure_ascii=False, indent=1) if args.json else report.table())
    return 0
