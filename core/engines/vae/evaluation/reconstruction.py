"""How much of held-out windows comes back through the latent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from core.engines.lstm.leadsheet import HOLD
from core.engines.vae.loaded import Loaded
from core.engines.vae.network import shifted
from core.engines.vae.sampler import Style, draw
from core.engines.vae.task import Labelled, VaeTask, collate
from core.report import Figure

PEERS = {"vae-2bar": (0.986, 0.951), "vae-16bar": (0.919, 0.812)}
"""Teacher-forced and sampled accuracy of MusicVAE (Roberts et al., 2018) on its own data."""
TARGETS = {"vae-2bar": (0.985, 0.95), "vae-16bar": (0.919, 0.812)}


@torch.no_grad()
def measure(name: str, loaded: Loaded, items: Sequence[Labelled]) -> list[Figure]:
    """Share of steps (onset with its pitch, hold or rest) that come back, latents drawn from the posterior, temperature 1.

    Teacher-forced, the likeliest step with the true past is asked for (as MusicVAE's code does), and beside it a drawn one;
    sampled, each step is drawn with the past that was drawn before.
    """
    forced = lots = sampled = held = steps = 0
    spent: list[float] = []
    torch.manual_seed(0)
    rng = np.random.default_rng(7)
    for group in VaeTask.groups(np.random.default_rng(0), items):
        batch = collate([items[i] for i in group], len(loaded.styles))
        through = loaded.net.hold(*loaded.net.encode(batch))
        spent += through.nats.sum(-1).tolist()
        truth = batch.tokens.flatten(0, 1).numpy()
        logits = loaded.net(batch, through.latent, shifted(batch.tokens))[0].flatten(0, 2)
        forced += int((logits.argmax(-1).numpy() == truth.ravel()).sum())
        lots += int((draw(logits, Style(), rng.random(len(logits))) == truth.ravel()).sum())
        codes = loaded.net.codes(through.latent, loaded.net.condition(batch.style, batch.facts)).flatten(0, 1)
        shape = items[group[0]].window.shape
        wrote, _ = loaded.sampler.bars(codes, shape, rng.random((len(codes), 2, shape.steps)), Style())
        sampled += int((wrote == truth).sum())
        held += int((truth == HOLD).sum())
        steps += truth.size
    base = name.rpartition("-")[0]
    always = {"always hold": held / steps, "drawn with the true past": lots / steps}
    rows = (("teacher-forced", forced, 0), ("sampled", sampled, 1))
    figures = [Figure(f"{name}: accuracy a step, {how}", hits / steps, TARGETS[base][at], "higher", len(items), "test",
                      {**always, "MusicVAE on its own data": PEERS[base][at]}) for how, hits, at in rows]
    return [*figures, Figure(f"{name}: KL divergence, nats a window", float(np.mean(spent)), None, "lower", len(items), "test")]
