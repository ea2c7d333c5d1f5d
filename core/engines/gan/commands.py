"""What the command line does for this engine: `songloom train gan` and `songloom evaluate gan`."""

from __future__ import annotations

import argparse
from pathlib import Path

from core import options
from core.corpora.folder import DataFolder
from core.engines.gan.evaluation.commands import add_evaluate_arguments, run_evaluate

__all__ = ["add_evaluate_arguments", "add_train_arguments", "run_evaluate", "run_train"]


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom train gan`."""
    parser.add_argument("--free", action="store_true", help="learn from free music alone")
    options.add_training(parser)
    parser.add_argument("--minutes", type=float, default=50.0, help="budget of time")
    parser.add_argument("--steps", type=int, help="budget in steps, instead of time")
    parser.add_argument("--start", help="begin from this run's networks (NAME-done.pt in .cache/train) instead of chance")
    parser.add_argument("--calibrate", action="store_true", help="leave the weights, only find the limits of cells anew")


def run_train(args: argparse.Namespace) -> int:
    """Train and say where the weights are."""
    from core.engines.gan.train import Run, recalibrate, run, set_name

    out = options.weights_folder(args)
    checkpoint = options.begun(args, set_name(args.free))
    job = Run(DataFolder.find(args.data), out, checkpoint, args.free, args.minutes, args.device, args.seed, args.steps,
              Path(args.start) if args.start else None)
    if args.calibrate:
        print(f"{job.name}: limits found for {recalibrate(job)}")
        return 0
    digest = run(job)
    checkpoint.replace(checkpoint.with_name(f"{job.name}-done.pt"))
    print(f"{job.name}: weights {digest} in {out}")
    return 0
