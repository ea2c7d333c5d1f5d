"""`songloom train lyrics`."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.corpora.folder import DataFolder


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom train lyrics`."""
    parser.add_argument("--language", default="en", choices=("en", "zh"), help="of the lines that are learned")
    parser.add_argument("--data", help="folder with the data sets (default: SONGLOOM_DATA)")
    parser.add_argument("--epochs", type=int, default=12, help="passes over the data")
    parser.add_argument("--minutes", type=float, help="a budget of time instead of epochs")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--threads", type=int, help="CPU threads")
    parser.add_argument("--seed", type=int, default=0, help="random seed")
    parser.add_argument("--out", help="folder for weights and card (default: assets/models)")
    parser.add_argument("--restart", action="store_true", help="forget an unfinished run instead of going on with it")


def run_train(args: argparse.Namespace) -> int:
    """Train and say where the weights are."""
    import torch

    from core import weights
    from core.engines.lstm.lines.train import NAMES, Run, run

    if args.threads:
        torch.set_num_threads(args.threads)
    out = Path(args.out) if args.out else weights.FOLDER
    checkpoint = Path(".cache") / "train" / f"{NAMES[args.language]}.pt"
    if args.restart:
        checkpoint.unlink(missing_ok=True)
    job = Run(args.language, DataFolder.find(args.data), out, checkpoint, args.epochs, args.minutes, args.device, args.seed)
    digest = run(job)
    checkpoint.unlink(missing_ok=True)
    print(f"{NAMES[args.language]}: weights {digest} in {out}")
    return 0
