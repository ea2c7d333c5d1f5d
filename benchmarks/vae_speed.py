"""Speed of the autoencoder: beside an eager loop, and beside the time it takes to read the weights.

    python -m benchmarks.vae_speed [--repeats 7] [--windows 16] [--threads 1]

A batch of windows of 16 bars in 4/4 is encoded and written again. The eager loop does what the sampler
does with the network's own modules, step by step and bar after bar; the sampler writes all bars side by
side. The limit is the time to read the weights as often as they must be: the whole network once to encode;
to write, the conductor's once and the decoder's once a step, read by matrix-vector products in the same run. Last, what a
page does: a morph of eight steps, and one step for a slider, from two pieces that were read before.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from core.engines.lstm.leadsheet import UNKNOWN_CHORD
from core.engines.protocol import Request
from core.engines.vae.engine import VaeEngine
from core.engines.vae.grid import MAX_BARS, START, Shape, Window, shape_of
from core.engines.vae.loaded import Loaded
from core.engines.vae.network import MelodyVae
from core.engines.vae.task import Labelled, collate

STEPS = 8


def seconds(task: Callable[[], object], repeats: int) -> float:
    """Median seconds of a call."""
    task()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        task()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


@torch.no_grad()
def eager(net: MelodyVae, codes: Tensor, shape: Shape) -> Tensor:
    """The likeliest tokens (B, N, S) of codes (B, N, code), with the network's own modules."""
    rows = []
    for bar in range(codes.shape[1]):
        state = net.begin(codes[:, bar])
        plan = net.plans(codes[:, bar], torch.from_numpy(shape.place))
        token, chord = torch.full((len(codes),), START), torch.full((len(codes),), UNKNOWN_CHORD)
        row = []
        for step in range(shape.steps):
            x = net.token(token) + net.chord(chord) + plan[:, step]
            hidden, state = net.decoder(x[:, None], state)
            if step in shape.beat_starts:
                chord = net.chord_logits(hidden[:, 0], plan[:, step]).argmax(-1)
            token = net.token_logits(hidden[:, 0], plan[:, step], chord).argmax(-1)
            row.append(token)
        rows.append(torch.stack(row, 1))
    return torch.stack(rows, 1)


def reading(modules: list[torch.nn.Module], times: int) -> Callable[[], None]:
    """Reads as many numbers as the modules have, so many times."""
    count = sum(p.numel() for module in modules for p in module.parameters())
    wide, vector = torch.randn(count // 1024 + 1, 1024), torch.randn(1024)

    def read() -> None:
        for _ in range(times):
            torch.mv(wide, vector)

    return read


def batches(loaded: Loaded, windows: int, repeats: int) -> list[tuple[str, float, float, float]]:
    """(what, eager seconds, our seconds, limit) of encoding and of writing a batch of windows."""
    net, shape = loaded.net, shape_of("4/4", "straight")
    rng = np.random.default_rng(0)
    tokens, chords = rng.integers(0, 40, (windows, MAX_BARS, shape.steps)), rng.integers(0, 60, (windows, MAX_BARS, shape.beats))
    made = [Window(tokens[at], chords[at], "4/4", "major", "straight") for at in range(windows)]
    batch = collate([Labelled(window, 0) for window in made], len(loaded.styles))
    alone = [collate([Labelled(window, 0)], len(loaded.styles)) for window in made]
    condition = net.condition(batch.style, batch.facts)
    with torch.no_grad():
        latents, _ = net.encode(batch)
        codes = net.codes(latents, condition)
        one_by_one = seconds(lambda: [net.encode(each) for each in alone], repeats)
        together = seconds(lambda: net.encode(batch), repeats)
        ours = seconds(lambda: loaded.sampler.bars(net.codes(latents, condition).flatten(0, 1), shape), repeats)
        loop = seconds(lambda: eager(net, net.codes(latents, condition), shape), repeats)
        same = (eager(net, codes, shape).flatten(0, 1).numpy() == loaded.sampler.bars(codes.flatten(0, 1), shape)[0]).mean()
    print(f"The eager loop and the sampler agree on {same:.2%} of the steps.\n")
    reader = [net.token, net.chord, net.read_bar, net.read_window, net.to_latent]
    once, every = [net.conductor, net.to_code, net.plan, net.start], [net.decoder, net.mix, net.write_token]
    limit_write = seconds(reading(once, 1), repeats) + seconds(reading(every, shape.steps), repeats)
    return [(f"encode {windows} windows", one_by_one, together, seconds(reading(reader, 1), repeats)),
            (f"write {windows} windows", loop, ours, limit_write)]


def page(engine: VaeEngine, repeats: int) -> list[tuple[str, float]]:
    """What a page waits for, in seconds."""
    style = engine.styles()[0].id
    request = Request(style, engine=engine.id, bars=MAX_BARS)
    first, second = (take.score for take in engine.compose(request)[:2])
    morph = engine.morph(first, second)
    return [
        (f"read two pieces of {MAX_BARS} bars", seconds(lambda: engine.morph(first, second), repeats)),
        (f"a morph of {STEPS} steps", seconds(lambda: morph.steps(STEPS), repeats)),
        ("one step of a morph, for a slider", seconds(lambda: morph.at(0.4), repeats)),
        (f"compose four takes of {MAX_BARS} bars", seconds(lambda: engine.compose(request), repeats)),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--windows", type=int, default=16)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    engine = VaeEngine("cpu")
    loaded = engine.load(MAX_BARS, False)
    torch.set_num_threads(args.threads)
    rows = batches(loaded, args.windows, args.repeats)
    load = os.getloadavg()[0]
    print(f"{platform.machine()}, {args.threads} thread of {os.cpu_count()} cores, load {load:.1f}, torch {torch.__version__}\n")
    print("| what | eager loop, ms | Songloom, ms | times eager | limit, ms | share of the limit's speed |")
    print("|---|---|---|---|---|---|")
    for what, loop, ours, limit in rows:
        print(f"| {what} | {loop * 1e3:.1f} | {ours * 1e3:.1f} | {loop / ours:.1f} | {limit * 1e3:.2f} | {limit / ours:.2f} |")
    print("\n| what a page waits for | ms |\n|---|---|")
    for what, wait in page(engine, args.repeats):
        print(f"| {what} | {wait * 1e3:.0f} |")


if __name__ == "__main__":
    main()
