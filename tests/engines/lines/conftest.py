"""A writer that has learned nothing, over a few words, for what must hold whatever a network says."""

from __future__ import annotations

import pytest
import torch

from core.engines.lstm.lines import heard
from core.engines.lstm.lines.network import LineNet
from core.engines.lstm.lines.units import Units, chinese_units, english_units
from core.engines.lstm.lines.writer import Writer

ENGLISH = [
    tuple(line.split())
    for line in (
        "the morning sun is on the hill", "the village and the fields are still", "a little bird begins to sing",
        "the beautiful return of spring", "and every heart that hears the sound", "will find the joy that i have found",
        "my god how wide the river is", "thou art the light of all the day", "a song of love upon the way", "bring the ring",
    )
]  # fmt: skip
CHINESE = [tuple(line) for line in ("月光照在小窗前", "我想起远方的春天", "风轻轻吹过河岸", "带走我们的从前", "雨停在旧的屋檐")]


def writer(units: Units, lines: list[tuple[str, ...]]) -> Writer:
    torch.manual_seed(1)
    return Writer(LineNet(len(units), embed=8, hidden=8).eval(), units, heard.remember(lines))


@pytest.fixture(scope="session")
def english() -> Writer:
    return writer(english_units(ENGLISH, 100, {"god": "God", "i": "I"}), ENGLISH)


@pytest.fixture(scope="session")
def chinese() -> Writer:
    return writer(chinese_units(CHINESE, 100), CHINESE)
