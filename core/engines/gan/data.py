"""From pieces for bands to what the networks learn from: rolls with their conditions, in windows of some bars."""

from __future__ import annotations

import pickle
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from core.corpora.band_piece import BandPiece
from core.corpora.band_styles import PARTS, Feel
from core.corpora.codeversion import code_version
from core.corpora.song_form import Form
from core.engines.gan.conditions import BAND_IDS, BAR_FIELDS, STEP_FIELDS, Conditions, conditions, density, harmony_of
from core.engines.gan.grid import BAR, METRES, grid_of
from core.engines.gan.network import FACTS, Told
from core.engines.gan.rolls import DRUMS, HEIGHT, ROWS, encode_parts
from core.errors import RequestError
from core.score import TICKS_PER_QUARTER, Score
from core.score.keyshift import transpose

CACHE = Path(".cache/gan")
MIN_BARS = 4


@dataclass(frozen=True)
class Example:
    """A piece ready to learn from. `rolls` (HEIGHT, B * 2): bits of its rows, packed along time."""

    id: str
    source: str
    split: str
    machine_made: bool
    rolls: NDArray[np.uint8]
    told: Conditions

    @property
    def bars(self) -> int:
        return len(self.told.bars)

    @property
    def band(self) -> str:
        return BAND_IDS[self.told.band]

    def rows(self, first: int, last: int) -> NDArray[np.uint8]:
        """(HEIGHT, steps) of bars `first` up to but not `last`, 0 and 1."""
        return np.unpackbits(self.rolls[:, first * BAR // 8 : last * BAR // 8], axis=1)


@dataclass(frozen=True)
class Examples:
    """All of them, and what must be known of them to play: `intensity`, band to the 101 percentiles of its density,
    `kits`, band to the pitch that each class of drums is most often played with, and `swing`, band to the metres in which most
    of its pieces swing."""

    examples: tuple[Example, ...]
    intensity: dict[str, list[float]]
    kits: dict[str, dict[str, int]]
    swing: dict[str, list[str]]

    def of(self, split: str) -> list[Example]:
        return [example for example in self.examples if example.split == split]


def load(pieces: Sequence[BandPiece], say: Callable[[str], None] = lambda text: None) -> Examples:
    """The pieces as examples, kept in `.cache` until code or pieces change."""
    state = sha256(code_version("core.engines.gan.data").encode())
    for piece in pieces:
        state.update(f"{piece.id} {piece.split} {piece.score.note_count}\n".encode())
    path = CACHE / f"{state.hexdigest()[:16]}.pickle"
    if path.is_file():
        kept: Examples = pickle.loads(path.read_bytes())
        return kept
    built = build(pieces)
    say(f"{len(built.examples)} of {len(pieces)} pieces fit the grid")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(pickle.dumps(built, protocol=pickle.HIGHEST_PROTOCOL))
    part.replace(path)
    return built


def build(pieces: Sequence[BandPiece]) -> Examples:
    """Encode pieces; those in metres without a place, or below `MIN_BARS`, are left out. Training pieces are moved to a key
    of their own, so that all keys are learned."""
    found: list[tuple[Example, NDArray[np.float32]]] = []
    kits: dict[str, dict[str, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
    classes = {pitch: name for name, pitches in DRUMS.items() for pitch in pitches}
    for piece in pieces:
        shift = int(sha256(piece.id.encode()).hexdigest()[:8], 16) % 12 - 6 if piece.split == "train" else 0
        made = example_of(piece, shift)
        if made is None:
            continue
        found.append(made)
        drums = piece.part("drums")
        if drums is not None and piece.split == "train":
            for note in drums.notes:
                if note.pitch in classes:
                    kits[piece.band][classes[note.pitch]][note.pitch] += 1
    pools: dict[tuple[int, tuple[bool, ...]], list[NDArray[np.float32]]] = defaultdict(list)
    for example, busy in found:
        if example.split == "train":
            pools[example.told.band, example.told.present[1:]].append(busy)
    scales = {key: np.percentile(np.concatenate(values), np.arange(101)) for key, values in pools.items()}
    whole = {band: max((key for key in scales if key[0] == at), key=lambda key: (sum(key[1]), len(pools[key])), default=None)
             for at, band in enumerate(BAND_IDS)}
    ranked = []
    for example, busy in found:
        scale = scales.get((example.told.band, example.told.present[1:]))
        rank = np.full(len(busy), 0.5) if scale is None else _rank(scale, busy)
        ranked.append(replace(example, told=replace(example.told, intensity=rank.astype(np.float32))))
    return Examples(
        tuple(ranked), {band: [round(float(x), 3) for x in scales[key]] for band, key in whole.items() if key is not None},
        {band: {name: pitches.most_common(1)[0][0] for name, pitches in names.items()} for band, names in kits.items()},
        _swinging([example for example in ranked if example.split == "train"]),
    )


def _rank(scale: NDArray[np.floating], values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Where values lie in a scale of 101 percentiles, 0 to 1; in the middle of those that are equal."""
    rank: NDArray[np.float64] = (np.searchsorted(scale, values, "left") + np.searchsorted(scale, values, "right")) / 202
    return rank


def _swinging(examples: Sequence[Example]) -> dict[str, list[str]]:
    """Of pieces with a melody: a drummer's take is a choice of somebody else."""
    votes: dict[tuple[str, int], list[bool]] = defaultdict(list)
    for example in examples:
        if example.told.present[0]:
            votes[example.band, int(example.told.bars[0, 0])].append(example.told.swing)
    most = {key for key, swings in votes.items() if 2 * sum(swings) > len(swings)}
    return {band: [metre for at, metre in enumerate(METRES) if (band, at) in most] for band in BAND_IDS}


def example_of(piece: BandPiece, shift: int = 0) -> tuple[Example, NDArray[np.float32]] | None:
    """The piece `shift` semitones higher, with the density of its backing, (B,); None where it does not fit the grid."""
    grid = grid_of(piece.score, feel_of(piece.score))
    if grid is None or grid.bars < MIN_BARS:
        return None
    try:
        score = transpose(piece.score, shift)
    except RequestError:
        score = piece.score
    harmony = harmony_of(score, grid)
    rolls, _ = encode_parts(score, grid, harmony.roots)
    present = tuple(piece.part(part) is not None for part in PARTS)
    form = Form(piece.letters[: grid.bars], piece.kinds[: grid.bars], piece.fills[: grid.bars])
    told = conditions(score, grid, harmony, form, piece.band, present, np.zeros(grid.bars, np.float32))
    made = Example(piece.id, piece.source, piece.split, piece.machine_made, np.packbits(rolls, axis=1), told)
    return made, density(rolls, present, ROWS, grid.bars)


def feel_of(score: Score) -> Feel:
    """Whether the backing plays its eighths in three or in two."""
    places: Counter[int] = Counter()
    for track in score.tracks:
        if track.name != "melody":
            places.update((note.start - score.pickup) % TICKS_PER_QUARTER for note in track.notes)
    third, half = TICKS_PER_QUARTER * 2 // 3, TICKS_PER_QUARTER // 2
    return "swing" if places[third] > places[half] else "straight"


def told_of(items: Sequence[Conditions], melodies: NDArray[np.float32], given: NDArray[np.float32], bars: int) -> Told:
    """A batch of conditions, shorter ones filled with unused places up to `bars`.

    Args:
        melodies: (count, 2 * cells, bars * 16), as far as it is given.
        given: (count,) 1 where the melody is given.
    """
    count = len(items)
    steps = np.zeros((count, bars * BAR, len(STEP_FIELDS)), np.int64)
    by_bar = np.zeros((count, bars, len(BAR_FIELDS)), np.int64)
    intensity = np.zeros((count, bars), np.float32)
    facts = np.zeros((count, FACTS), np.float32)
    for row, item in enumerate(items):
        steps[row, : len(item.steps)], by_bar[row, : len(item.bars)] = item.steps, item.bars
        intensity[row, : len(item.intensity)] = item.intensity
        facts[row, item.band] = 1
        facts[row, len(BAND_IDS) :] = (item.tempo, item.minor, item.swing, *item.present)
    return Told(*map(torch.from_numpy, (steps, by_bar, facts, intensity, melodies, given)))


@dataclass(frozen=True)
class Windows:
    """Windows of `bars` bars, drawn from examples: the bars of each band as often as the square root of their number, those of
    which few parts are known less often."""

    examples: Sequence[Example]
    bars: int

    def count(self) -> int:
        """Windows that do not overlap."""
        return sum(-(-example.bars // self.bars) for example in self.examples)

    def density(self) -> torch.Tensor:
        """(HEIGHT,): share of steps in which each row is set, over the first 500 examples."""
        some = self.examples[:500]
        total = sum((np.unpackbits(example.rolls, axis=1).sum(1) for example in some), np.zeros(HEIGHT))
        return torch.from_numpy(total / max(1, sum(example.bars for example in some) * BAR)).float()

    def drawn(self, rng: np.random.Generator, count: int, given: float) -> tuple[Told, torch.Tensor]:
        """A batch at random: conditions and rows (count, HEIGHT, steps); the melody is given in a share `given` of it."""
        weight = self._weights()
        picked = rng.choice(len(self.examples), count, p=weight)
        firsts = [int(rng.integers(0, max(1, self.examples[at].bars - self.bars + 1))) for at in picked]
        return self.batch([(int(at), first) for at, first in zip(picked, firsts, strict=True)], rng.random(count) < given)

    def in_order(self, size: int, given: bool = True) -> Iterator[tuple[Told, torch.Tensor]]:
        """Every bar once, in batches."""
        places = [(at, first) for at, example in enumerate(self.examples) for first in range(0, example.bars, self.bars)]
        for start in range(0, len(places), size):
            some = places[start : start + size]
            yield self.batch(some, np.full(len(some), given))

    def batch(self, places: Sequence[tuple[int, int]], given: NDArray[np.bool_]) -> tuple[Told, torch.Tensor]:
        """The windows that begin at (example, bar)."""
        rows = np.zeros((len(places), HEIGHT, self.bars * BAR), np.float32)
        items = []
        for row, (at, first) in enumerate(places):
            example = self.examples[at]
            last = min(first + self.bars, example.bars)
            rows[row, :, : (last - first) * BAR] = example.rows(first, last)
            items.append(example.told.cut(first, last))
        heard = np.array([flag and item.present[0] for flag, item in zip(given, items, strict=True)], np.float32)
        melodies = rows[:, ROWS["melody"]] * heard[:, None, None]
        return told_of(items, melodies, heard, self.bars), torch.from_numpy(rows)

    def _weights(self) -> NDArray[np.float64]:
        bars = np.array([example.bars * sum(example.told.present) for example in self.examples], float)
        bands = np.array([example.told.band for example in self.examples])
        total = np.bincount(bands, bars, len(BAND_IDS))
        weight = bars / np.sqrt(total[bands])
        return weight / weight.sum()
