"""What the command line does for this engine: `songloom train vae` and `songloom evaluate vae`."""

from __future__ import annotations

import argparse

from core import options
from core.corpora.folder import DataFolder


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom train vae`."""
    parser.add_argument("--model", default="vae-16bar", help="vae-2bar or vae-16bar")
    parser.add_argument("--free", action="store_true", help="learn from free music alone")
    parser.add_argument("--bottleneck", default="gaussian", help="gaussian, or vq for codes (docs/vae.md)")
    options.add_training(parser)
    parser.add_argument("--minutes", type=float, default=40.0, help="budget of time")
    parser.add_argument("--epochs", type=int, help="budget in passes over the windows, instead of time")
    parser.add_argument("--start", help="begin from this weight set of the folder instead of chance")
    parser.add_argument("--calibrate", action="store_true", help="leave the weights, only find the sliders' directions anew")
    parser.add_argument("--refit", type=int, metavar="N", help="leave the weights, only fit the prior anew in N steps")
    parser.add_argument("--map", action="store_true", help="leave the weights, only draw the map of the catalogue anew")


def run_train(args: argparse.Namespace) -> int:
    """Train and say where the weights are."""
    from core.engines.vae.loaded import set_name
    from core.engines.vae.train import Run, recalibrate, refit, run

    if args.map:
        return _draw_map(args)
    out = options.weights_folder(args)
    checkpoint = options.begun(args, set_name(args.model, args.free, args.bottleneck))
    job = Run(args.model, DataFolder.find(args.data), out, checkpoint, args.free, args.minutes, args.device, args.seed,
              args.start, args.bottleneck, args.epochs)
    if args.calibrate:
        recalibrate(job)
        return 0
    digest = refit(job, args.refit) if args.refit else run(job)
    checkpoint.unlink(missing_ok=True)
    print(f"{job.name}: weights {digest} in {out}")
    return 0


def _draw_map(args: argparse.Namespace) -> int:
    from core.corpora.catalogue import catalogue
    from core.engines.vae import atlas
    from core.engines.vae.engine import VaeEngine

    folder = options.weights_folder(args)
    drawn = atlas.build(VaeEngine("cpu", folder), catalogue(), args.free)
    atlas.save(drawn, atlas.path_of(args.free, folder))
    print(f"{atlas.path_of(args.free, folder)}: {len(drawn.spots)} pieces")
    return 0


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom evaluate vae`."""
    options.add_data(parser)
    options.add_report(parser, PARTS)
    parser.add_argument("--split", choices=("test", "valid"), default="test", help="held-out pieces (default: test)")
    parser.add_argument("--out", help="folder with the weights (default: assets/models)")


PARTS = ("reconstruction", "prior", "morphs", "styles", "attributes")


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure and print; exit code 0 also where a target is missed."""
    from core.engines.vae.evaluate import evaluate

    parts = options.chosen(args, PARTS)
    report = evaluate(DataFolder.find(args.data), parts, options.weights_folder(args), args.split)
    return options.show(report, args)
