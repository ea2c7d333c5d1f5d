"""What is drawn from the prior is guided towards its style."""

from __future__ import annotations

import torch

from core.engines.lstm.leadsheet import parse_metre
from core.engines.protocol import Request
from core.engines.vae import compose
from core.engines.vae.loaded import Loaded


def told(untrained: Loaded, request: Request) -> compose.Told:
    return compose._told(request, untrained, [])


def test_a_new_piece_goes_farther_from_no_style_than_its_own(untrained: Loaded) -> None:
    wish = Request("polka", metre=parse_metre("4/4"), mode="major")
    known = untrained.net.style.weight
    facts = untrained.net.condition(torch.zeros(1, len(known)), torch.tensor([[0, 0, 0]]))
    style = told(untrained, wish).condition - facts
    none, own = known[-1], known[2]
    assert torch.allclose(style, none + (1 + compose.GUIDE) * (own - none), atol=1e-5)


def test_a_mixture_is_guided_as_a_whole(untrained: Loaded) -> None:
    wish = Request("polka", metre=parse_metre("4/4"), mode="major", style2="hymn", mix=0.25)
    alone = [told(untrained, Request(style, metre=parse_metre("4/4"), mode="major")).condition for style in ("polka", "hymn")]
    assert torch.allclose(told(untrained, wish).condition, 0.75 * alone[0] + 0.25 * alone[1], atol=1e-5)
