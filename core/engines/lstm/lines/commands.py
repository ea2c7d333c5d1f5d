"""`songloom train lyrics`."""

from __future__ import annotations

import argparse

from core import options
from core.corpora.folder import DataFolder


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom train lyrics`."""
    parser.add_argument("--language", default="en", choices=("en", "zh"), help="of the lines that are learned")
    options.add_training(parser)
    parser.add_argument("--epochs", type=int, default=12, help="passes over the data")
    parser.add_argument("--minutes", type=float, help="a budget of time instead of epochs")


def run_train(args: argparse.Namespace) -> int:
    """Train and say where the weights are."""
    from core.engines.lstm.lines.train import NAMES, Run, run

    out = options.weights_folder(args)
    checkpoint = options.begun(args, NAMES[args.language])
    job = Run(args.language, DataFolder.find(args.data), out, checkpoint, args.epochs, args.minutes, args.device, args.seed)
    digest = run(job)
    checkpoint.unlink(missing_ok=True)
    print(f"{NAMES[args.language]}: weights {digest} in {out}")
    return 0
