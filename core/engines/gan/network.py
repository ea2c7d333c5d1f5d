"""Generator, encoder and critic: convolutions over time at two scales, beats (of 4 steps) and bars (of 16).

The generator is told the conditions and three kinds of noise: one vector for the band over the whole piece, one for each part
over the whole piece, and a short one for each part in each bar. A trunk reads the conditions, with neighbouring bars in sight;
then every part has a head of its own, as in MuseGAN (Dong et al., AAAI 2018). The encoder reads what a band really played back
into these noises (Larsen et al., ICML 2016; Zhu et al., NeurIPS 2017); it serves in training alone, as does the critic, which
judges every bar and the whole window, and sees also which pitch classes sound and where something begins.
All are convolutions, so that a piece of any length is one row. The four steps of a beat are one place with four times the
channels: on a CPU that is several times faster than convolutions over steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot, silu
from torch.nn.utils.parametrizations import spectral_norm

from core.corpora.band_styles import PARTS
from core.engines.gan.conditions import BAND_IDS, BAR_FIELDS, FAR, QUALITIES, STEP_FIELDS
from core.engines.gan.grid import BAR
from core.engines.gan.rolls import AXES, HEIGHT, ROWS
from core.score import CHORD_QUALITIES

SIZES: dict[str, int] = {"beat": 160, "bar": 256, "head": 96, "shared": 32, "part": 12, "part_bar": 6}
BEAT = 4
"""Steps that are one place of the networks."""
BEATS = BAR // BEAT
MELODY = AXES["melody"].size
FACTS = len(BAND_IDS) + 3 + len(PARTS)


@dataclass(frozen=True)
class Told:
    """A batch of conditions: `steps` (B, L, 8) and `bars` (B, L / 16, 7) integers; the rest float: `facts` (B, 9 + parts) band
    one-hot, tempo, minor, swing and `present`; `intensity` (B, L / 16); `melody` (B, 2 * cells, L) what is given of it, and
    `given` (B,) whether it is."""

    steps: Tensor
    bars: Tensor
    facts: Tensor
    intensity: Tensor
    melody: Tensor
    given: Tensor

    def tensors(self) -> tuple[Tensor, ...]:
        return (self.steps, self.bars, self.facts, self.intensity, self.melody, self.given)

    def to(self, device: torch.device) -> Told:
        return Told(*(tensor.to(device) for tensor in self.tensors()))

    def take(self, count: int) -> Told:
        """The first windows of the batch."""
        return Told(*(tensor[:count] for tensor in self.tensors()))


_PLAIN = ("quality", "bass", "motion", "degree", "root")
"""Fields of steps that are told value by value."""


class Features(nn.Module):
    """Conditions as channels: of steps, (B, `steps`, L), and of beats, (B, `beats`, L / 4). Nothing is learned here."""

    steps = sum(STEP_FIELDS[name] for name in _PLAIN) + 3 + 12 + len(AXES) + 2 * MELODY + 2
    beats = sum(BAR_FIELDS.values()) + 2 + FACTS + BEATS

    def __init__(self) -> None:
        super().__init__()
        tones = torch.zeros(len(QUALITIES), 12)
        for row, above in enumerate(CHORD_QUALITIES.values()):
            tones[row, list(above)] = 1
        height = torch.tensor([[(root - axis.middle + 6) % 12 / 6 - 1 for axis in AXES.values()] for root in range(12)])
        self.tones: Tensor
        self.height: Tensor
        self.register_buffer("tones", tones, persistent=False)
        self.register_buffer("height", height.float(), persistent=False)

    def forward(self, told: Told) -> tuple[Tensor, Tensor]:
        count, length = told.steps.shape[:2]
        field = {name: told.steps[..., at].long() for at, name in enumerate(STEP_FIELDS)}
        columns: list[Tensor] = [one_hot(field[name], STEP_FIELDS[name]) for name in _PLAIN]
        columns += [torch.stack([field["used"].float(), field["begins"].float(), 1 - field["until"] / FAR], -1)]
        columns += [self.tones[field["quality"]], self.height[field["root"]]]
        columns += [told.melody.transpose(1, 2), torch.stack([half.amax(1) for half in told.melody.chunk(2, 1)], -1)]
        x = torch.cat([column.float() for column in columns], -1) * field["used"][..., None]
        bars = [one_hot(told.bars[..., at].long(), size).float() for at, size in enumerate(BAR_FIELDS.values())]
        told_once = torch.cat([told.facts, told.given[:, None]], 1)
        bars += [told.intensity[..., None], told_once[:, None].expand(-1, length // BAR, -1)]
        beats = torch.cat(bars, -1).repeat_interleave(BEATS, 1)
        place = torch.eye(BEATS, device=beats.device).repeat(length // BAR, 1).expand(count, -1, -1)
        return x.transpose(1, 2), torch.cat([beats, place], -1).transpose(1, 2)


class Norm(nn.Module):
    """Each place's channels to unit size (Zhang and Sennrich, NeurIPS 2019)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        scale = torch.rsqrt(x.float().square().mean(1, keepdim=True) + 1e-6)
        return x * (scale * self.gain).to(x.dtype)


def _plain(module: nn.Module) -> nn.Module:
    return module


class Block(nn.Module):
    """Two convolutions beside the identity; for the critic with spectral normalisation (Miyato et al., ICLR 2018)."""

    def __init__(self, channels: int, critic: bool = False) -> None:
        super().__init__()
        wrap: Any = spectral_norm if critic else _plain
        self.norm = nn.Identity() if critic else Norm(channels)
        self.first = wrap(nn.Conv1d(channels, channels, 3, padding=1))
        self.second = wrap(nn.Conv1d(channels, channels, 3, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = x + self.second(silu(self.first(silu(self.norm(x)))))
        return y


class Intake(nn.Module):
    """Conditions, and for those who see them the parts' rows, as channels of beats, (B, channels, L / 4)."""

    def __init__(self, channels: int, rows: int = 0, critic: bool = False) -> None:
        super().__init__()
        wrap: Any = spectral_norm if critic else _plain
        self.steps = wrap(nn.Conv1d(Features.steps + rows, channels, BEAT, stride=BEAT))
        self.beats = wrap(nn.Conv1d(Features.beats, channels, 1))

    def forward(self, features: tuple[Tensor, Tensor], *rows: Tensor) -> Tensor:
        steps, beats = features
        y: Tensor = self.steps(torch.cat([steps, *rows], 1) if rows else steps) + self.beats(beats)
        return y


class Head(nn.Module):
    """One part: what the trunk says at beats, and the part's own noise at bars, to logits of its rows (B, rows, L)."""

    def __init__(self, s: dict[str, int], rows: int) -> None:
        super().__init__()
        self.rows = rows
        self.noise = nn.ConvTranspose1d(s["part"] + s["part_bar"], s["head"], BEATS, stride=BEATS)
        self.trunk = nn.Conv1d(s["beat"], s["head"], 1)
        self.block = Block(s["head"])
        self.norm = Norm(s["head"])
        self.out = nn.Conv1d(s["head"], BEAT * rows, 1)

    def forward(self, beats: Tensor, noise: Tensor) -> Tensor:
        x = self.block(self.trunk(beats) + self.noise(noise))
        y: Tensor = self.out(silu(self.norm(x)))
        return y.unflatten(1, (self.rows, BEAT)).transpose(2, 3).flatten(2)


@dataclass(frozen=True)
class Noise:
    """`shared` (B, shared), `part` (B, parts, part), `part_bar` (B, parts, part_bar, bars)."""

    shared: Tensor
    part: Tensor
    part_bar: Tensor

    def tensors(self) -> tuple[Tensor, ...]:
        return (self.shared, self.part, self.part_bar)


class Generator(nn.Module):
    """Logits (B, HEIGHT, L) of all parts' rows."""

    def __init__(self, sizes: dict[str, int] | None = None) -> None:
        super().__init__()
        self.sizes = s = {**SIZES, **(sizes or {})}
        self.intake = Intake(s["beat"])
        self.before = Block(s["beat"])
        self.to_bar = nn.Conv1d(s["beat"], s["bar"], BEATS, stride=BEATS)
        self.noise = nn.Linear(s["shared"], s["bar"])
        self.bars = nn.Sequential(Block(s["bar"]), Block(s["bar"]))
        self.to_beat = nn.ConvTranspose1d(s["bar"], s["beat"], BEATS, stride=BEATS)
        self.after = nn.Sequential(Block(s["beat"]), Block(s["beat"]))
        self.heads = nn.ModuleList(Head(s, ROWS[part].stop - ROWS[part].start) for part in PARTS)

    @torch.no_grad()
    def begin_at(self, density: Tensor) -> None:
        """Begin training at what is usual: `density` (HEIGHT,) is the share in which each row is set."""
        start = torch.logit(density.clamp(1e-4, 0.5))
        for head, where in zip(self.heads, ROWS.values(), strict=True):
            out = head.out
            assert isinstance(out, nn.Conv1d)
            assert out.bias is not None
            out.bias.copy_(start[where].repeat_interleave(BEAT))

    def draw(self, count: int, bars: int, device: torch.device | None = None) -> Noise:
        """Noise from the prior, a unit Gaussian."""
        s = self.sizes
        return Noise(torch.randn(count, s["shared"], device=device), torch.randn(count, len(PARTS), s["part"], device=device),
                     torch.randn(count, len(PARTS), s["part_bar"], bars, device=device))

    def forward(self, features: tuple[Tensor, Tensor], noise: Noise) -> Tensor:
        beats = self.before(self.intake(features))
        bars = self.bars(self.to_bar(silu(beats)) + self.noise(noise.shared)[..., None])
        beats = self.after(beats + self.to_beat(silu(bars)))
        own = torch.cat([noise.part[..., None].expand(-1, -1, -1, bars.shape[-1]), noise.part_bar], 2)
        return torch.cat([head(beats, own[:, at]) for at, head in enumerate(self.heads)], 1).float()


class Encoder(nn.Module):
    """Mean and log variance of the noise behind what was played, each a `Noise`."""

    def __init__(self, sizes: dict[str, int] | None = None) -> None:
        super().__init__()
        self.sizes = s = {**SIZES, **(sizes or {})}
        self.intake = Intake(s["beat"], HEIGHT)
        self.beats = Block(s["beat"])
        self.to_bar = nn.Conv1d(s["beat"], s["bar"], BEATS, stride=BEATS)
        self.bars = Block(s["bar"])
        self.norm = Norm(s["bar"])
        self.piece_out = nn.Linear(s["bar"], 2 * (s["shared"] + len(PARTS) * s["part"]))
        self.bar_out = nn.Conv1d(s["bar"], 2 * len(PARTS) * s["part_bar"], 1)

    def forward(self, features: tuple[Tensor, Tensor], rows: Tensor) -> tuple[Noise, Noise]:
        s, parts = self.sizes, len(PARTS)
        beats = self.beats(self.intake(features, rows))
        bars = silu(self.norm(self.bars(self.to_bar(silu(beats)))))
        mean, spread = self.piece_out(bars.mean(2)).float().chunk(2, -1)
        bar_mean, bar_spread = self.bar_out(bars).float().chunk(2, 1)

        def split(piece: Tensor, bar: Tensor) -> Noise:
            return Noise(piece[:, : s["shared"]], piece[:, s["shared"] :].unflatten(1, (parts, s["part"])),
                         bar.unflatten(1, (parts, s["part_bar"])))

        return split(mean, bar_mean), split((spread - 2).clamp(-10, 4), (bar_spread - 2).clamp(-10, 4))


class Critic(nn.Module):
    """Judges a window: a score for each bar and one for the whole, (B, bars + 1), and the features that it looked at."""

    def __init__(self, sizes: dict[str, int] | None = None) -> None:
        super().__init__()
        s = {**SIZES, **(sizes or {})}
        self.intake = Intake(s["beat"], HEIGHT + 12 + len(PARTS), critic=True)
        self.beats = Block(s["beat"], critic=True)
        self.to_bar = spectral_norm(nn.Conv1d(s["beat"], s["bar"], BEATS, stride=BEATS))
        self.bars = Block(s["bar"], critic=True)
        self.bar_out = spectral_norm(nn.Conv1d(s["bar"], 1, 1))
        self.whole_out = spectral_norm(nn.Linear(s["bar"], 1))

    def forward(self, features: tuple[Tensor, Tensor], rows: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        beats = self.beats(self.intake(features, rows, *streams(rows)))
        bars = self.bars(self.to_bar(silu(beats)))
        found = silu(bars)
        scores = torch.cat([self.bar_out(found)[:, 0], self.whole_out(found.mean(2))], 1)
        return scores.float(), (beats, bars)


def streams(rows: Tensor) -> tuple[Tensor, Tensor]:
    """What the critic is shown beside the rows: how much of each pitch class above the root sounds in the backing,
    (B, 12, L), and whether something begins in each part, (B, parts, L)."""
    chroma = rows.new_zeros(rows.shape[0], 12, rows.shape[2])
    begins = []
    for part, where in ROWS.items():
        own = rows[:, where]
        if part == "drums":
            begins.append(own.amax(1))
            continue
        axis = AXES[part]
        begins.append(own[:, : axis.size].amax(1))
        if part != "melody":
            chroma = chroma.index_add(1, (torch.arange(axis.size, device=rows.device) + axis.low) % 12, own[:, axis.size :])
    return chroma.clamp(max=3) / 3, torch.stack(begins, 1)


def part_mask(told: Told) -> Tensor:
    """(B, HEIGHT, L): 1 where a part plays and the place is used."""
    present = told.facts[:, -len(PARTS) :]
    rows = torch.cat([present[:, at : at + 1].expand(-1, ROWS[part].stop - ROWS[part].start) for at, part in enumerate(PARTS)], 1)
    return rows[..., None] * told.steps[..., 0].float()[:, None]
