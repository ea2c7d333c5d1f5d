"""Fits the tables of `feel` to drummers' takes, and measures them on takes that were held out."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy.stats import wasserstein_distance

from core import weights
from core.corpora.band_real import GROOVE_BANDS, KIT
from core.corpora.beats import snap
from core.corpora.folder import DataFolder
from core.corpora.groove import Groove
from core.corpora.split import read_source
from core.corpora.types import Piece
from core.engines.feel.humanise import humanise
from core.engines.feel.tables import ANY, DRUMS, NAME, Cell, Feel, drum_class, load, place_of, quantiles
from core.report import commit
from core.score import TICKS_PER_QUARTER, Note, Score, Tempo, Track

_EVEN = 80
_QUANTILES = 13
_LEAST = 60
"""Notes from which a cell has tables of its own."""
_FURTHEST = 80.0
"""Milliseconds from the grid beyond which a hit is read as a flam or a slip, and left out."""


@dataclass(frozen=True)
class Hit:
    """One hit of one take, off the grid by `timing` milliseconds."""

    take: int
    band: str
    drum: str
    tick: int
    """On the grid."""
    timing: float
    velocity: int

    @property
    def place(self) -> int:
        return place_of(self.tick % (4 * TICKS_PER_QUARTER))


def hits(pieces: Iterable[Piece], split: str) -> Iterator[Hit]:
    """Every hit of the takes in 4/4 of one of Groove's splits (`train`, `validation`, `test`).

    Timing is counted from the take's own median: how far a drummer is from the click as a whole (mostly ahead of it, by 8
    milliseconds) is nothing that is heard without the click.
    """
    for number, piece in enumerate(pieces):
        score, band = piece.score, GROOVE_BANDS.get(piece.style)
        if band is None or f"split: {split}" not in score.texts or str(score.metres[0]) != "4/4":
            continue
        notes = [note for track in score.tracks for note in track.notes]
        begin = np.array([note.start for note in notes]) / TICKS_PER_QUARTER
        first, _ = snap(begin, begin)
        away = (np.array([note.start for note in notes]) - first) * 60_000 / score.tempos[0].bpm / TICKS_PER_QUARTER
        away -= np.median(away) if len(away) else 0.0
        for note, tick, timing in zip(notes, first.tolist(), away.tolist(), strict=True):
            if abs(timing) <= _FURTHEST:
                yield Hit(number, band, drum_class(KIT.get(note.pitch, note.pitch)), tick, timing, note.velocity)


def fit(found: Sequence[Hit]) -> Feel:
    """Quantiles of every cell with enough notes, and how deviations hang together."""
    groups: dict[tuple[str, str, int], list[Hit]] = defaultdict(list)
    for hit in found:
        for band in (hit.band, ANY):
            for place in (hit.place, -1):
                groups[band, hit.drum, place].append(hit)
    cells = {
        key: Cell(quantiles([h.timing for h in group], _QUANTILES), quantiles([h.velocity for h in group], _QUANTILES))
        for key, group in groups.items() if len(group) >= _LEAST
    }  # fmt: skip
    return Feel(cells, *_together(found))


def _together(found: Sequence[Hit]) -> tuple[tuple[float, float], tuple[float, float]]:
    """(share of variance between takes, correlation of hits at one time) of timing and velocity, after each cell's values
    are turned into normal scores by rank.
    """
    by_cell: dict[tuple[str, int], list[int]] = defaultdict(list)
    for index, hit in enumerate(found):
        by_cell[hit.drum, hit.place].append(index)
    results = []
    for values in (np.array([h.timing for h in found]), np.array([float(h.velocity) for h in found])):
        score = np.zeros(len(found))
        for indices in by_cell.values():
            score[indices] = _normal_scores(values[indices])
        takes: dict[int, list[float]] = defaultdict(list)
        moments: dict[tuple[int, int], list[float]] = defaultdict(list)
        for hit, value in zip(found, score.tolist(), strict=True):
            takes[hit.take].append(value)
            moments[hit.take, hit.tick].append(value)
        kept = float(np.average([np.mean(v) ** 2 for v in takes.values()], weights=[len(v) for v in takes.values()]))
        pairs = np.array([v[:2] for v in moments.values() if len(v) > 1])
        shared = float(np.corrcoef(pairs.T)[0, 1]) if len(pairs) > 2 else 0.0
        results.append((round(min(kept, 0.9), 3), round(min(max(shared, kept), 0.95), 3)))
    (kept_t, shared_t), (kept_v, shared_v) = results
    return (kept_t, kept_v), (shared_t, shared_v)


def _normal_scores(values: NDArray[np.float64]) -> NDArray[np.float64]:
    normal = NormalDist()
    table = np.array([normal.inv_cdf((rank + 0.5) / len(values)) for rank in range(len(values))])
    scores = np.zeros(len(values))
    scores[np.argsort(values, kind="stable")] = table
    return scores


def on_grid(found: Sequence[Hit], tempo: float = 120.0) -> dict[tuple[int, str], Score]:
    """Takes as a machine would write them: on the grid, every drum at one velocity. By number and band of the take."""
    takes: dict[tuple[int, str], dict[tuple[int, int], Note]] = defaultdict(dict)
    for hit in found:
        pitch = DRUMS[hit.drum][0]
        takes[hit.take, hit.band][hit.tick, pitch] = Note(hit.tick, pitch, TICKS_PER_QUARTER // 8, _EVEN)
    return {
        key: Score((Track(tuple(notes.values()), "drums", is_drum=True),), tempos=(Tempo(0, tempo),))
        for key, notes in takes.items()
    }


@dataclass(frozen=True)
class Distances:
    """Wasserstein distances to what drummers did, of one drum: milliseconds and steps of velocity."""

    drum: str
    hits: int
    timing: float
    timing_grid: float
    velocity: float
    velocity_grid: float


def distances(feel: Feel, train: Sequence[Hit], held_out: Sequence[Hit], seed: int = 0) -> list[Distances]:
    """How far humanised takes are from the drummers', beside the same takes on the grid at each drum's mean velocity of
    the training takes.
    """
    tempo = 120.0
    played: dict[str, list[tuple[float, int]]] = defaultdict(list)
    per_tick = 60_000 / tempo / TICKS_PER_QUARTER
    for (number, band), score in on_grid(held_out, tempo).items():
        after = humanise(score, band, seed + number, feel)
        by_pitch: dict[int, list[Note]] = defaultdict(list)
        for note in after.tracks[0].notes:
            by_pitch[note.pitch].append(note)
        plain: dict[int, list[Note]] = defaultdict(list)
        for note in score.tracks[0].notes:
            plain[note.pitch].append(note)
        for pitch, notes in plain.items():
            for a, b in zip(notes, by_pitch[pitch], strict=True):
                played[drum_class(pitch)].append(((b.start - a.start) * per_tick, b.velocity))
    rows = []
    for drum in DRUMS:
        real = [hit for hit in held_out if hit.drum == drum]
        ours = played.get(drum, [])
        if len(real) < _LEAST or not ours:
            continue
        timing, velocity = [hit.timing for hit in real], [hit.velocity for hit in real]
        usual = float(np.mean([hit.velocity for hit in train if hit.drum == drum]))
        rows.append(Distances(
            drum, len(real),
            wasserstein_distance(timing, [late for late, _ in ours]), wasserstein_distance(timing, [0.0]),
            wasserstein_distance(velocity, [loud for _, loud in ours]), wasserstein_distance(velocity, [usual]),
        ))
    return rows


def learn(folder: DataFolder, out: Path = weights.FOLDER) -> list[Distances]:
    """Fit the tables to Groove's training takes, write them with their card, and measure them on held-out takes (returned: test).

    Raises:
        DataMissingError: Groove is not at hand.
    """
    pieces = read_source(Groove(), folder)
    train, valid, test = (list(hits(pieces, split)) for split in ("train", "validation", "test"))
    feel = fit(train)
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{NAME}.json").write_text(json.dumps(feel.as_config(), separators=(",", ":"), sort_keys=True) + "\n", "utf-8")
    # What was written is measured: rounded to tenths of milliseconds.
    feel = load(out)
    rows = distances(feel, train, test)
    (out / f"{NAME}.md").write_text(_card(feel, len(train), distances(feel, train, valid), rows), "utf-8")
    return rows


def measure(folder: DataFolder, split: str = "test", models: Path = weights.FOLDER) -> list[Distances]:
    """The shipped tables against Groove's held-out takes.

    Raises:
        DataMissingError: Groove is not at hand.
        WeightsMissingError: the tables are not.
    """
    pieces = read_source(Groove(), folder)
    return distances(load(models), list(hits(pieces, "train")), list(hits(pieces, split)))


def _card(feel: Feel, count: int, valid: Sequence[Distances], test: Sequence[Distances]) -> str:
    size = sum(len(cell.timing) + len(cell.velocity) for cell in feel.cells.values())
    return "\n".join([
        "# How drummers play around the grid", "",
        "Quantiles of timing and velocity by band, drum and place in a bar of four quarters, for `humanise`.", "",
        f"- Size: {len(feel.cells)} cells, {size:,} numbers",
        "- Learned from: Groove MIDI Dataset (CC BY 4.0; Gillick, Roberts, Engel, Eck and Bamman, 2019), its training takes in"
        f" 4/4, {count:,} hits no more than {_FURTHEST:.0f} ms off the grid of sixteenths and triplet eighths,"
        " counted from each take's median",
        "- Split: the collection's own",
        "- Command: `songloom train feel --data DIR`",
        f"- Commit: {commit()}",
        f"- Share of variance that stays through a take: timing {feel.kept[0]:.2f}, velocity {feel.kept[1]:.2f}; correlation of"
        f" hits at one time: {feel.shared[0]:.2f}, {feel.shared[1]:.2f}", "",
        "## Figures", "",
        "Wasserstein distance to held-out takes, humanised beside on the grid at the drum's mean velocity in training.", "",
        *rows_of("validation", valid), "", *rows_of("test", test), "",
    ])


def rows_of(split: str, rows: Sequence[Distances]) -> list[str]:
    return [
        f"| {split} takes | hits | timing, ms | on the grid | velocity | one velocity |", "|---|---|---|---|---|---|",
        *(f"| {row.drum} | {row.hits} | {row.timing:.2f} | {row.timing_grid:.2f} | {row.velocity:.1f} | {row.velocity_grid:.1f} |"
          for row in rows),
    ]
