"""A map of the latent space: pieces of the catalogue in the plane in which their styles lie furthest apart.

The plane is that of linear discriminant analysis (Fisher, 1936) over the mean and the spread of each
piece's latents along its bars, with the styles as classes. It is made once (`songloom train vae --map`)
and kept beside the weights, whose hash it carries.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from core.corpora.catalogue import Entry
from core.corpora.catalogue import load as load_tune
from core.engines.lstm import weights
from core.engines.protocol import Progress, no_progress
from core.engines.vae.engine import VaeEngine
from core.engines.vae.loaded import Loaded
from core.engines.vae.piece import place, read
from core.errors import FormatError, InputError, RequestError, WeightsMissingError

EACH = 60
"""Pieces of a style on the map."""
SHRINKAGE = 0.1
BARS = (8, 33)
"""Shortest and longest piece of the map."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A piece of the map: id of the catalogue, style, and place, each axis with mean 0 and spread 1."""

    tune: str
    style: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Atlas:
    """The map, and the hash of the weights that it is of."""

    weights: str
    spots: tuple[Spot, ...]

    def nearest(self, x: float, y: float) -> Spot:
        """The piece nearest to a place."""
        return min(self.spots, key=lambda spot: (spot.x - x) ** 2 + (spot.y - y) ** 2)

    def along(self, path: list[tuple[float, float]], most: int) -> tuple[Spot, ...]:
        """Pieces along a drawn line, 2 to `most` of them: the nearest ones to places an even way apart.

        Raises:
            RequestError: the line passes no two pieces.
        """
        points = np.array([path[0], *path] if path else [(0.0, 0.0)], float)
        ways = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
        found: list[Spot] = []
        for way in np.linspace(0, ways[-1], most):
            spot = self.nearest(float(np.interp(way, ways, points[:, 0])), float(np.interp(way, ways, points[:, 1])))
            if spot not in found:
                found.append(spot)
        if len(found) < 2:
            raise RequestError("A line that passes two pieces or more is needed", f"it passes {len(found)}", "Draw a longer one")
        return tuple(found)


def build(engine: VaeEngine, entries: Iterable[Entry], free_only: bool, progress: Progress = no_progress) -> Atlas:
    """Place `EACH` pieces of every style of the engine that the catalogue has; deterministic."""
    styles = {style.id for style in engine.styles(free_only)}
    loaded = engine.load(16, free_only)
    there: Counter[str] = Counter()
    chosen = [entry for entry in entries if entry.style in styles]
    rows, names = [], []
    for at, entry in enumerate(chosen):
        progress(at, len(chosen))
        style = str(entry.style)
        if there[style] >= EACH:
            continue
        row = _row(loaded, entry.id)
        if row is not None:
            there[style] += 1
            rows.append(row)
            names.append((entry.id, style))
    plane = LinearDiscriminantAnalysis(solver="eigen", shrinkage=SHRINKAGE, n_components=2)
    places = plane.fit_transform(np.stack(rows), [style for _, style in names])
    places = (places - places.mean(0)) / places.std(0)
    spots = (Spot(*name, round(float(x), 3), round(float(y), 3)) for name, (x, y) in zip(names, places, strict=True))
    return Atlas(loaded.hash, tuple(spots))


def _row(loaded: Loaded, tune: str) -> np.ndarray | None:
    """Mean and spread of a piece's latents, None where it cannot be read or is too short or long."""
    try:
        piece = read(load_tune(tune))
    except InputError:
        return None
    if not BARS[0] <= piece.bars <= BARS[1]:
        return None
    latents = place(loaded, piece).latents[0].numpy()
    return np.concatenate([latents.mean(0), latents.std(0)])


def path_of(free_only: bool, folder: Path = weights.FOLDER) -> Path:
    return folder / f"vae-map-{'free' if free_only else 'all'}.json"


def save(atlas: Atlas, path: Path) -> None:
    rows = [list(asdict(spot).values()) for spot in atlas.spots]
    lines = ",\n".join(json.dumps(row) for row in rows)
    path.write_text(f'{{"weights": "{atlas.weights}", "spots": [\n{lines}\n]}}\n', encoding="utf-8")


def load(path: Path, digest: str) -> Atlas:
    """The map of the weights with this hash.

    Raises:
        WeightsMissingError: it is not there, or is of other weights.
        FormatError: it is damaged.
    """
    if not path.is_file():
        raise WeightsMissingError("A map of the weights is needed", f"{path.name} is not there", "Run: songloom train vae --map")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        atlas = Atlas(str(found["weights"]), tuple(Spot(*row) for row in found["spots"]))
    except (ValueError, KeyError, TypeError) as error:
        raise FormatError("A map made by songloom train vae --map is needed", f"{path.name} is damaged ({error})") from error
    if atlas.weights != digest:
        raise WeightsMissingError("A map of the weights is needed", f"{path.name} is of others", "Run: songloom train vae --map")
    return atlas
