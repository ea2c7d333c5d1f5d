"""Likelihood of held-out melodies beside an interpolated 5-gram of the same split."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from core import weights
from core.analysis import ngram
from core.engines.lstm.data import Corpus
from core.engines.lstm.leadsheet import DURATIONS, PITCHES
from core.engines.lstm.leadsheet_task import LeadSheetTask, Sample, held_out_nll
from core.report import Figure

GAIN = 0.15
"""How much lower than the 5-gram's the network's figure is to be."""


def measure(name: str, corpus: Corpus, device: torch.device) -> list[Figure]:
    """Nats per note (pitch and duration) on the test split, all together and per style.

    The network is told style, metre and mode, but neither chords nor length; the 5-gram sees the
    same events. A note that is held over a bar line counts once, its parts' nats added.
    """
    loaded = weights.load(name)
    task = LeadSheetTask([], [], len(corpus.styles), sizes=loaded.config["sizes"])
    task.net.load_state_dict(loaded.tensors)
    net = task.net.to(device).eval()
    test = corpus.samples["test"]
    nats, notes = held_out_nll(task, net, test, told=False)
    baseline = ngram.fit([events(s) for s in corpus.samples["train"]], [events(s) for s in corpus.samples["valid"]],
                         (PITCHES, len(DURATIONS)))
    other: dict[int, float] = {}
    for sample in test:
        other[sample.style] = other.get(sample.style, 0.0) + float(baseline.nll(events(sample)).sum())
    own, peer = sum(nats.values()) / sum(notes.values()), sum(other.values()) / sum(notes.values())
    figures = [Figure(f"melodies ({name}): NLL per note (nats)", own, (1 - GAIN) * peer, "lower", len(test), "test",
                      {"5-gram": peer, "lower by": 1 - own / peer})]
    for index, style in enumerate(corpus.styles):
        if notes.get(index):
            own, peer = nats[index] / notes[index], other[index] / notes[index]
            count = sum(sample.style == index for sample in test)
            figures.append(Figure(f"melodies ({name}): {style}", own, (1 - GAIN) * peer, "lower", count, "test",
                                  {"5-gram": peer, "lower by": 1 - own / peer}))
    return figures


def events(sample: Sample) -> Sequence[tuple[int, int]]:
    """The piece as (pitch symbol, duration index) pairs."""
    return [(int(pitch), int(duration)) for _, duration, pitch in sample.encoded.targets]
