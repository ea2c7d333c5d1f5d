"""A small network that has learned nothing: what must hold holds with it too."""

from __future__ import annotations

import pytest
import torch

from core.engines.lstm.song.network import SongNet
from core.engines.lstm.song.singer import Singer

STYLES = ("hymn", "chinese-folk", "pop")


@pytest.fixture(scope="session")
def untrained() -> Singer:
    torch.manual_seed(0)
    net = SongNet(len(STYLES), embed=16, encoder=16, hidden=24).eval()
    net.requires_grad_(False)
    return Singer(net, STYLES)
