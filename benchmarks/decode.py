"""Speed of decoding: beside an eager nn.LSTM loop, and beside the time it takes to read the weights.

    python -m benchmarks.decode [--steps 400] [--repeats 7]

One thread. A step here is features → embedding → two LSTM layers, the whole trunk; the eager loop is
`torch.nn.LSTM` called step by step on the same sizes, with the same embedding before it. The limit is
one pass over a float32 buffer of the weights' size, read by a matrix-vector product, in the same run;
where the processor's cache holds the weights it holds the buffer too. Four takes are timed against one by
composing the same sixteen bars, mean over random seeds.
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

from core import weights
from core.engines.lstm.engine import FREE, LstmEngine
from core.engines.lstm.leadsheet_features import OFFSETS, ROWS
from core.engines.lstm.leadsheet_task import build
from core.engines.lstm.network import style_weights
from core.engines.lstm.stepper import Stepper
from core.engines.protocol import Request


def seconds(task: Callable[[], object], steps: int, repeats: int) -> float:
    """Median seconds of one of `steps` calls, over `repeats` rounds."""
    task()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        for _ in range(steps):
            task()
        times.append((time.perf_counter() - started) / steps)
    return statistics.median(times)


@torch.inference_mode()
def steps(count: int, repeats: int) -> dict[str, float]:
    """Seconds a step, by way."""
    loaded = weights.load(FREE)
    styles = len(loaded.config["styles"])
    net = build(styles, **loaded.config["sizes"]).eval()
    net.load_state_dict(loaded.tensors)
    style = style_weights(styles + 1, [(0, 1.0)])
    rng = np.random.default_rng(0)
    rows = torch.from_numpy(rng.integers(0, ROWS, (4, len(OFFSETS))))
    trunk = net.trunk
    state: list[tuple[torch.Tensor, torch.Tensor] | None] = [None]

    def eager() -> None:
        embedded = torch.relu(trunk.norm(trunk.table(rows[:1]) + style @ trunk.style.weight))
        _, state[0] = trunk.lstm(embedded[:, None], state[0])

    one, four = Stepper(loaded.tensors, style), Stepper(loaded.tensors, style.expand(4, -1))
    wide = torch.randn(one.weight_bytes() // 4096, 1024)
    vector = torch.randn(1024)
    return {
        "eager nn.LSTM": seconds(eager, count, repeats),
        "Songloom, one take": seconds(lambda: one.step(rows[:1]), count, repeats),
        "Songloom, four takes": seconds(lambda: four.step(rows), count, repeats),
        f"limit: reading {one.weight_bytes() / 1e6:.1f} MB once": seconds(lambda: torch.mv(wide, vector), count, repeats),
    }


def takes(repeats: int) -> tuple[float, float]:
    """Mean seconds to compose sixteen bars: one take, and four."""
    engine = LstmEngine("cpu")
    style = engine.styles(free_only=True)[0].id
    engine.compose(Request(style, takes=1, free_only=True))
    times: dict[int, list[float]] = {1: [], 4: []}
    for seed in range(repeats):
        for count, found in times.items():
            started = time.perf_counter()
            engine.compose(Request(style, takes=count, random_seed=seed, free_only=True))
            found.append(time.perf_counter() - started)
    return statistics.mean(times[1]), statistics.mean(times[4])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--repeats", type=int, default=7)
    args = parser.parse_args()
    torch.set_num_threads(1)
    found = steps(args.steps, args.repeats)
    base = found["eager nn.LSTM"]
    limit = next(value for name, value in found.items() if name.startswith("limit"))
    load = os.getloadavg()[0]
    print(f"{platform.machine()}, one thread of {os.cpu_count()} cores, load {load:.1f}, torch {torch.__version__}\n")
    print("| way | ms a step | times eager | share of the limit's speed |\n|---|---|---|---|")
    for name, value in found.items():
        print(f"| {name} | {value * 1000:.3f} | {base / value:.2f} | {limit / value:.2f} |")
    one, four = takes(4 * args.repeats)
    print(f"\nSixteen bars: one take {one:.3f} s, four takes {four:.3f} s: {four / one:.2f} times one (target: at most 1.5).")
    own = found["Songloom, one take"]
    print(f"Targets: at least 4 times eager: {base / own:.2f}; at least half of the limit: {limit / own:.2f}.")


if __name__ == "__main__":
    main()
