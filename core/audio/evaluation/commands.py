"""`songloom train hearing` and `songloom evaluate transcription`."""

from __future__ import annotations

import argparse

from core import options


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom train hearing`."""
    options.add_training(parser)
    parser.add_argument("--examples", type=int, default=600, metavar="N", help="melodies to listen to (default: 600)")
    parser.add_argument("--epochs", type=int, default=30, help="passes over them")
    parser.add_argument("--minutes", type=float, help="a budget of time instead of epochs")


def run_train(args: argparse.Namespace) -> int:
    """Make examples, train, and say where the weights are; what was done before a stop is gone on with."""
    from core.audio.evaluation.train_onsets import MOST_EXAMPLES, Run, run
    from core.audio.onset_net import NAME
    from core.corpora.folder import DataFolder
    from core.errors import RequestError

    if not 20 <= args.examples <= MOST_EXAMPLES:
        raise RequestError(f"Between 20 and {MOST_EXAMPLES} melodies were expected", f"got {args.examples}")
    out = options.weights_folder(args)
    checkpoint = options.begun(args, NAME)
    job = Run(DataFolder.find(args.data), out, checkpoint, args.examples, args.epochs, args.minutes, args.device, args.seed)
    digest = run(job)
    checkpoint.unlink(missing_ok=True)
    print(f"{NAME}: weights {digest} in {out}")
    return 0


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom evaluate transcription`."""
    options.add_data(parser)
    options.add_report(parser)
    parser.add_argument("--split", choices=("valid", "test"), default="test", help="whose melodies (default: test)")
    parser.add_argument("--melodies", type=int, default=40, metavar="N", help="melodies of each sound (default: 40)")
    parser.add_argument("--no-pyin", action="store_true", help="leave out the baseline, which takes most of the time")


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure and print; exit code 0 also where a target is missed."""
    from core.audio.evaluation.evaluate import evaluate
    from core.corpora.folder import DataFolder
    from core.errors import RequestError

    if not 1 <= args.melodies <= 1_000:
        raise RequestError("Between 1 and 1000 melodies were expected", f"got {args.melodies}")
    report = evaluate(DataFolder.find(args.data), args.split, args.melodies, not args.no_pyin)
    return options.show(report, args)
