"""Sliders for attributes and styles: what they count, how directions are found, what they leave alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.engines.lstm.leadsheet import HOLD, LOW, REST
from core.engines.vae import attributes, choosing, restyle
from core.engines.vae.attributes import count_bars, find_directions, steer
from core.engines.vae.counting import ATTRIBUTES, COUNTED
from core.engines.vae.grid import shape_of
from core.engines.vae.loaded import Loaded
from core.engines.vae.network import Batch
from core.engines.vae.piece import likeliest_style, place, read
from core.engines.vae.task import Labelled
from core.errors import RequestError
from core.score import Key, Score

SHAPE = shape_of("2/4", "straight")
SCALE = np.array([0.5, 4, 0.2, 4])


def pitch(semitones: int) -> int:
    return semitones - LOW + 2


def test_bars_are_counted() -> None:
    tokens = np.array([
        [pitch(0), HOLD, HOLD, HOLD, pitch(12), HOLD, HOLD, HOLD],
        [pitch(2), HOLD, pitch(4), HOLD, HOLD, HOLD, REST, REST],
        [HOLD, HOLD, HOLD, HOLD, REST, REST, REST, REST],
    ])
    counted = count_bars(tokens, SHAPE)
    assert counted[0].tolist() == [1, 12, 0, 6]
    assert counted[1].tolist() == [1, 2, 0.5, 3]
    assert np.isnan(counted[2]).all()


class Linear(torch.nn.Module):
    """Encodes a bar as its counts, mixed up, and noise."""

    def __init__(self) -> None:
        super().__init__()
        self.style = torch.nn.Embedding(2, 1)
        self.mixing = torch.linalg.qr(torch.randn(6, 6, generator=torch.Generator().manual_seed(5)))[0].double()

    def encode(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        tokens = batch.tokens.flatten(0, 1).numpy()
        counted = torch.from_numpy(np.nan_to_num(count_bars(tokens, SHAPE)) / SCALE)
        noise = torch.randn(len(tokens), 2, generator=torch.Generator().manual_seed(1)).double()
        return (torch.cat([counted, noise], 1) @ self.mixing).view(*batch.tokens.shape[:2], 6), torch.zeros(1)


def test_directions_move_their_own_attribute_and_no_other() -> None:
    rng = np.random.default_rng(0)
    tokens = rng.choice([REST, HOLD, *range(pitch(0), pitch(12))], (400, 2, 8))
    window = read(song()).window
    items = [Labelled(replace(window, tokens=bars, chords=np.zeros((2, 2), np.int64), metre="2/4"), 0) for bars in tokens]
    net = Linear()
    found = find_directions(net, items, torch.device("cpu"))  # type: ignore[arg-type]
    counted = count_bars(tokens.reshape(-1, 8), SHAPE)
    spread = np.nanstd(counted, 0)
    for at, name in enumerate(COUNTED):
        moved = np.linalg.solve(net.mixing.numpy().T, np.array(found[name]))[:4] * SCALE / spread
        assert moved[at] == pytest.approx(1, abs=0.1)
        assert np.abs(np.delete(moved, at)).max() < 0.1


def song() -> Score:
    from core.score.abc_reader import read_abc

    return read_abc("X:1\nT:S\nM:4/4\nL:1/8\nK:D\n|:DFAd f2e2|d2c2 B4|A2B2 c2d2|e4 d4:|\n", unfold=False)


def line(score: Score) -> list[tuple[int, int, int]]:
    return [(note.start, note.pitch, note.duration) for note in score.melody.notes]


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_a_slider_keeps_key_metre_and_length(untrained: Loaded, reel: Score, name: str) -> None:
    placed = place(untrained, read(reel), "polka")
    for amount in (-1.0, 1.0):
        made = steer(untrained, placed, {name: amount})
        assert made.keys == reel.keys
        assert made.metres == reel.metres
        assert len(made.bars) <= len(reel.bars)
        assert all(note.pitch % 12 in Key(0, 7).scale for note in made.melody.notes)


def test_a_slider_in_the_middle_changes_nothing(untrained: Loaded, reel: Score, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attributes, "PULL", 100.0)
    made = steer(untrained, place(untrained, read(reel), "polka"), dict.fromkeys(ATTRIBUTES, 0.0))
    assert line(made) == line(reel)


def test_more_repetition_brings_bars_nearer_to_each_other() -> None:
    latents = torch.randn(12, 5, generator=torch.Generator().manual_seed(0))
    near, same, far = (attributes._repeated(latents, amount) for amount in (1.0, 0.0, -1.0))

    def apart(rows: torch.Tensor) -> float:
        return min(float((rows[lag:] - rows[:-lag]).square().mean()) for lag in choosing.LAGS)

    assert torch.equal(same, latents)
    assert apart(near) < 1e-9
    assert apart(far) > apart(latents)
    assert torch.equal(attributes._repeated(latents[:1], 1.0), latents[:1])


@pytest.mark.parametrize("amounts", [{"loudness": 0.5}, {"density": 1.5}, {"range": -2.0}, {"density": float("nan")}])
def test_sliders_that_are_not_there_are_refused(untrained: Loaded, reel: Score, amounts: dict[str, float]) -> None:
    with pytest.raises(RequestError):
        steer(untrained, place(untrained, read(reel), "polka"), amounts)


def test_no_other_style_changes_nothing(untrained: Loaded, reel: Score, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restyle, "PULL", 100.0)
    made = restyle.restyle(untrained, place(untrained, read(reel), "polka"), {"hymn": 0.0})
    assert line(made) == line(reel)


def test_another_style_is_another_piece_in_the_same_key(untrained: Loaded, reel: Score) -> None:
    placed = place(untrained, read(reel), "polka")
    whole, half = (restyle.restyle(untrained, placed, weights) for weights in ({"hymn": 1.0}, {"hymn": 0.2, "irish-reel": 0.3}))
    assert whole.melody.notes != half.melody.notes
    assert whole.keys == half.keys == reel.keys


@pytest.mark.parametrize("weights", [
    {}, {"disco": 0.5}, {"hymn": 1.5}, {"hymn": -0.1}, {"hymn": 0.8, "polka": 0.8}, {"hymn": float("nan")},
])
def test_styles_that_cannot_be_mixed_are_refused(untrained: Loaded, reel: Score, weights: dict[str, float]) -> None:
    with pytest.raises(RequestError):
        restyle.restyle(untrained, place(untrained, read(reel), "polka"), weights)


def test_the_likeliest_style_is_one_of_those_asked_for(untrained: Loaded, reel: Score) -> None:
    assert likeliest_style(untrained, read(reel)) in untrained.styles
    assert likeliest_style(untrained, read(reel), ["polka"]) == "polka"
