"""Joint likelihood of Bach's frames, on the split and the frames of the TCN paper's table."""

from __future__ import annotations

import torch

from core import weights
from core.corpora.folder import DataFolder
from core.corpora.jsb import jsb_frames
from core.engines.lstm import chorale_task
from core.engines.lstm.chorale import from_pitch_sets
from core.report import Figure

PEERS = {"LSTM (Bai et al. 2018)": 8.45, "TCN (Bai et al. 2018)": 8.10, "RNN-NADE": 5.56, "Coconet": 5.03}
"""The first two score 88 keys as independent given the past; the others, as here, one after another."""
TARGET = 4.75


def measure(folder: DataFolder, device: torch.device) -> list[Figure]:
    """Nats per quarter-note frame on the JSB test split, first frame of each piece unscored.

    Voices are told apart here, which can only raise the figure over that of the pitch set; the piece's
    first frame is given; all pieces of the set are transposed to end on C, as published.
    """
    loaded = weights.load("chorale")
    net = chorale_task.build(**loaded.config["sizes"])
    net.load_state_dict(loaded.tensors)
    net = net.to(device).eval()
    figures = []
    for split, target in (("test", TARGET), ("valid", None)):
        samples = [chorale_task.sample(from_pitch_sets(piece)) for piece in jsb_frames(folder, split)]
        nll = chorale_task.frame_nll(net, samples, precise=True)
        figures.append(Figure("chorales: NLL per quarter frame (nats)", nll, target, "lower", len(samples), f"JSB {split}",
                              PEERS if split == "test" else {}))
    return figures
