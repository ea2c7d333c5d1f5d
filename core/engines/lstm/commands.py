"""What the command line does for this engine: `songloom train lstm` and `songloom evaluate lstm`."""

from __future__ import annotations

import argparse
from pathlib import Path

from core import options
from core.corpora.folder import DataFolder


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom train lstm`."""
    parser.add_argument("--model", default="leadsheet-all", help="leadsheet-free, leadsheet-all, chorale, song-free or song-all")
    options.add_training(parser)
    parser.add_argument("--own", metavar="DIR", help="learn a new style from a folder of MIDI, MusicXML or ABC files instead")
    parser.add_argument("--name", help="with --own: what the new style is called")
    parser.add_argument("--epochs", type=int, default=12, help="passes over the data")
    parser.add_argument("--minutes", type=float, help="a budget of time instead of epochs")
    parser.add_argument("--calibrate", action="store_true", help="leave the weights, only set anew how much styles repeat")
    parser.add_argument("--styles", help="with --calibrate: only these, separated by commas")
    parser.add_argument("--refine", action="store_true", help="lead sheets, songs: go on from the shipped weights, more slowly")


def run_train(args: argparse.Namespace) -> int:
    """Train and say where the weights are."""
    from core import weights
    from core.engines.lstm.train import Run, recalibrate, run
    from core.engines.lstm.user_styles import user_folder

    out = Path(args.out) if args.out else (user_folder() if args.own else weights.FOLDER)
    checkpoint = options.begun(args, f"own-{args.name}" if args.own else args.model)
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
    options.add_data(parser)
    options.add_report(parser, PARTS)
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")


PARTS = ("chorales", "melodies", "style", "distribution", "control", "originality")


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure and print; exit code 0 also where a target is missed."""
    from core.engines.lstm.evaluate import evaluate

    parts = options.chosen(args, PARTS)
    report = evaluate(DataFolder.find(args.data), parts, args.device)
    return options.show(report, args)
