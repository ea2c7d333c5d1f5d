"""The Gaussian bottleneck of the autoencoder beside the one of codes, both trained alike.

    songloom train vae --model vae-16bar --free --epochs 1 --start vae-2bar-free --out DIR
    songloom train vae --model vae-16bar --free --epochs 1 --start vae-2bar-free --out DIR --bottleneck vq
    python -m benchmarks.vae_bottlenecks --models DIR [--data DATA] [--styles a,b] [--count 60] [--windows 1000]

DIR holds vae-2bar-free, which both begin from.

Reconstruction of test windows with the bits that it takes: what the bottleneck lets through, and what is left of that
when the prior says what is likely. Then pieces drawn from both priors by the same code with the same random numbers,
beside test pieces: overlap area, repeated bars, hard wishes. Last morphs between test pieces, for a slider's sake.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from core.corpora.folder import DataFolder
from core.engines.lstm import data
from core.engines.lstm.evaluation import control, generated, material
from core.engines.vae.engine import LONG, VaeEngine
from core.engines.vae.evaluate import held_out
from core.engines.vae.evaluation import morphs, reconstruction
from core.engines.vae.fit_prior import posterior
from core.engines.vae.grid import MAX_BARS
from core.engines.vae.loaded import Loaded
from core.engines.vae.morph import Morph
from core.engines.vae.quantised import BOTTLENECKS, QuantisedVae
from core.engines.vae.task import Labelled
from core.engines.vae.train import MODELS, cut
from core.report import Figure
from core.score import Score

STYLES = "hornpipe,hymn,irish-jig,irish-reel,scottish"


@torch.no_grad()
def told(loaded: Loaded, items: list[Labelled]) -> float:
    """Bits a window that latents take when the prior is known: its surprise at them, less what drawing them leaves open."""
    torch.manual_seed(0)
    nats, count = 0.0, 0
    for part in posterior(loaded.net, items, torch.device("cpu")):
        condition = loaded.net.condition(part.style, part.facts)
        latent = part.mean + part.spread * torch.randn_like(part.mean)
        nats += loaded.prior.nll(latent, condition).sum().item()
        if not isinstance(loaded.net, QuantisedVae):
            nats -= (0.5 * math.log(2 * math.pi * math.e) + part.spread.log()).sum().item()
        count += len(latent)
    return nats / count / math.log(2)


def morphed(loaded: Loaded, pieces: Sequence[Score], count: int) -> Figure:
    """Distance of neighbours over an even share of the whole distance, decoded steps of `count` morphs."""
    steps = [[step.score for step in Morph(loaded, *ends).steps(morphs.STEPS)][1:-1] for ends in morphs.pairs(pieces, count)]
    uneven = float(np.mean([morphs.unevenness(row) for row in steps]))
    return Figure("morph: distance of neighbours / even share, decoded steps", uneven, morphs.SMOOTH, "lower", count, "test")


def measure(bottleneck: str, args: argparse.Namespace) -> tuple[str, list[Figure]]:
    """The hash of the weights with one bottleneck, and every figure of them."""
    engine, corpus = VaeEngine("cpu", args.models, bottleneck), data.load(DataFolder.find(args.data), free_only=True)
    loaded = engine.load(MAX_BARS, True)
    items = cut(corpus, "test", MODELS[LONG].bars, MODELS[LONG].bars)
    items = [items[i] for i in np.random.default_rng(5).permutation(len(items))[: args.windows]]
    forced, sampled, spent = (replace(figure, name=figure.name.partition(": ")[2])
                              for figure in reconstruction.measure(f"{LONG}-free", loaded, items))
    bits = replace(spent, name="bits a window through the bottleneck", value=spent.value / math.log(2))
    likely = replace(spent, name="bits a window, the prior known", value=told(loaded, items))
    tested = replace(corpus, samples={split: corpus.samples[split] for split in ("train", "test")})
    pieces = material.gather(engine, tested, free_only=True, count=args.count, only=args.styles.split(","))
    obeyed = control.measure(engine, args.requests)
    smooth = morphed(loaded, [score for score, _ in held_out(corpus, "test")], args.pairs)
    return loaded.hash, [forced, sampled, bits, likely, *generated.distribution(pieces), *obeyed, smooth]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--models", type=Path, required=True, help="folder with both weight sets")
    parser.add_argument("--data", help="folder with the data sets (default: SONGLOOM_DATA)")
    parser.add_argument("--styles", default=STYLES, help="whose pieces are drawn")
    parser.add_argument("--count", type=int, default=60, help="pieces drawn of each style")
    parser.add_argument("--windows", type=int, default=1000, help="test windows that are brought back")
    parser.add_argument("--requests", type=int, default=100, help="random requests")
    parser.add_argument("--pairs", type=int, default=40, help="morphs")
    args = parser.parse_args()
    with ProcessPoolExecutor(len(BOTTLENECKS)) as pool:
        found = list(pool.map(measure, BOTTLENECKS, [args] * len(BOTTLENECKS)))
    hashes = ", ".join(f"{name} {digest}" for name, (digest, _) in zip(BOTTLENECKS, found, strict=True))
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, weights {hashes}\n")
    print(f"| figure, on test pieces | {' | '.join(BOTTLENECKS)} | better | n |\n|---|{'---|' * (len(BOTTLENECKS) + 2)}")
    for row in zip(*(figures for _, figures in found), strict=True):
        values = " | ".join(f"{figure.value:.4g}" for figure in row)
        print(f"| {row[0].name} | {values} | {row[0].better} | {row[0].n} |")


if __name__ == "__main__":
    main()
