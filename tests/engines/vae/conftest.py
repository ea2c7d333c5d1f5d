"""A small autoencoder that has learned nothing: what must hold holds with it too."""

from __future__ import annotations

import pytest
import torch

from core.engines.vae.counting import ATTRIBUTES, COUNTED
from core.engines.vae.loaded import Loaded
from core.engines.vae.network import MelodyVae
from core.engines.vae.piece import read
from core.engines.vae.prior import Prior
from core.engines.vae.sampler import Sampler
from core.engines.vae.style_reader import find_reader
from core.engines.vae.task import Labelled, VaeTask
from core.score import Score
from core.score.abc_reader import read_abc

REEL = "X:1\nT:Reel\nM:4/4\nL:1/8\nK:G\n|:GABc d2B2|c2A2 d4|e2d2 c2B2|A4 G4:|\n"
TINY = {"embed": 24, "condition": 16, "bar": 48, "window": 24, "latent": 12, "conductor": 24, "code": 48, "decoder": 48}


@pytest.fixture(scope="session")
def untrained() -> Loaded:
    torch.manual_seed(0)
    net, prior = MelodyVae(3, TINY).eval(), Prior(TINY["latent"], TINY["condition"], hidden=16, layers=2).eval()
    for part in (net, prior):
        part.requires_grad_(False)
    tunes = (REEL.replace("G2A2", "G4").replace("B", "b"), REEL, REEL.replace("2", ""))
    windows = [read(read_abc(tune, unfold=False)).window for tune in tunes]
    steps = torch.randn(len(COUNTED), TINY["latent"]).tolist()
    config = {"styles": ["hymn", "irish-reel", "polka"], "sources": ["oneill"], "bars": 16, "sizes": TINY,
              "directions": dict(zip(COUNTED, steps, strict=True)), "spreads": dict.fromkeys(ATTRIBUTES, 1.0),
              "reader": find_reader([Labelled(window, style) for style, window in enumerate(windows)], 3),
              "triplets": {}, "forms": {"polka": ["-1 -1 0 1 -1 -1 4 5 0 1"]},
              "means": {style: {"4/4": torch.randn(TINY["latent"]).tolist()} for style in ("hymn", "irish-reel", "polka")}}
    return Loaded(net, prior, Sampler(net), config, "0" * 16)


@pytest.fixture(scope="session")
def reel() -> Score:
    return read_abc(REEL, unfold=False)


@pytest.fixture(scope="session")
def waltz() -> Score:
    return read_abc("X:1\nT:Waltz\nM:3/4\nL:1/8\nK:G\n|:G2 B2 d2|c4 A2|B2 A2 G2|F6|G2 B2 d2|G6:|\n", unfold=False)


def learn(task: VaeTask) -> None:
    """250 passes over a handful of windows."""
    optimizer = torch.optim.Adam(task.net.parameters(), 5e-3)
    for epoch in range(250):
        for batch in task.batches(epoch):
            optimizer.zero_grad()
            loss = task.loss(task.net, batch)
            loss.backward()
            optimizer.step()
    task.net.eval()
