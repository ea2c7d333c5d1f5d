"""A map of the latent space: pieces of the catalogue in the plane in which their styles lie furthest apart.

The plane is that of linear discriminant analysis (Fisher, 1936) over the mean and the spread of each
piece's latents along its bars, with the styles as classes. It is made once (`songloom train vae --map`)
and kept with its plane, so that any piece has a place on it, beside the weights, whose hash it carries.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from core import weights
from core.corpora.catalogue import Entry
from core.corpora.catalogue import load as load_tune
from core.engines.protocol import Progress, no_progress
from core.engines.vae.engine import VaeEngine
from core.engines.vae.loaded import Loaded
from core.engines.vae.piece import Piece, place, read
from core.errors import FormatError, InputError, RequestError, WeightsMissingError
from core.score import Score

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
class Plane:
    """From the mean and spread of a piece's latents, (2 * latent,), to a place: a row of factors for each axis, and its zero."""

    factors: tuple[tuple[float, ...], tuple[float, ...]]
    zero: tuple[float, float]

    def place(self, row: np.ndarray) -> tuple[float, float]:
        """The place of a row of numbers of `Plane`'s length."""
        x, y = np.array(self.factors) @ row + self.zero
        return float(x), float(y)


@dataclass(frozen=True, slots=True)
class Atlas:
    """The map, the hash of the weights that it is of, and the plane that it is drawn in."""

    weights: str
    plane: Plane
    spots: tuple[Spot, ...]

    def nearest(self, x: float, y: float) -> Spot:
        """The piece nearest to a place."""
        return self.around(x, y, 1)[0]

    def around(self, x: float, y: float, count: int) -> list[Spot]:
        """The pieces nearest to a place, the nearest first."""
        return sorted(self.spots, key=lambda spot: (spot.x - x) ** 2 + (spot.y - y) ** 2)[:count]

    def place(self, loaded: Loaded, score: Score) -> tuple[float, float]:
        """Where a piece lies, as the networks of the map read it.

        Raises:
            FormatError, RequestError: see `core.engines.vae.piece.read`.
        """
        return self.plane.place(_row(loaded, read(score)))

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
        piece = _readable(entry.id)
        if piece is not None:
            there[style] += 1
            rows.append(_row(loaded, piece))
            names.append((entry.id, style))
    plane = _plane(np.stack(rows), [style for _, style in names])
    spots = (Spot(*name, *(round(axis, 3) for axis in plane.place(row))) for name, row in zip(names, rows, strict=True))
    return Atlas(loaded.hash, plane, tuple(spots))


def _plane(rows: np.ndarray, styles: list[str]) -> Plane:
    analysis = LinearDiscriminantAnalysis(solver="eigen", shrinkage=SHRINKAGE, n_components=2).fit(rows, styles)
    factors = analysis.scalings_[:, :2]
    places = rows @ factors
    factors, zero = factors / places.std(0), -places.mean(0) / places.std(0)
    first, second = (tuple(round(float(number), 5) for number in axis) for axis in factors.T)
    return Plane((first, second), (round(float(zero[0]), 5), round(float(zero[1]), 5)))


def _readable(tune: str) -> Piece | None:
    """A piece of the catalogue; None where it cannot be read or is too short or long."""
    try:
        piece = read(load_tune(tune))
    except InputError:
        return None
    return piece if BARS[0] <= piece.bars <= BARS[1] else None


def _row(loaded: Loaded, piece: Piece) -> np.ndarray:
    """Mean and spread of a piece's latents along its bars, (2 * latent,)."""
    latents = place(loaded, piece).latents[0].double().numpy()
    return np.concatenate([latents.mean(0), latents.std(0)])


def path_of(free_only: bool, folder: Path = weights.FOLDER) -> Path:
    return folder / f"vae-map-{'free' if free_only else 'all'}.json"


def save(atlas: Atlas, path: Path) -> None:
    rows = [list(asdict(spot).values()) for spot in atlas.spots]
    lines = ",\n".join(json.dumps(row) for row in rows)
    plane = json.dumps(asdict(atlas.plane))
    path.write_text(f'{{"weights": "{atlas.weights}", "plane": {plane}, "spots": [\n{lines}\n]}}\n', encoding="utf-8")


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
        first, second = (tuple(map(float, axis)) for axis in found["plane"]["factors"])
        x, y = found["plane"]["zero"]
        atlas = Atlas(str(found["weights"]), Plane((first, second), (x, y)), tuple(Spot(*row) for row in found["spots"]))
    except (ValueError, KeyError, TypeError) as error:
        raise FormatError("A map made by songloom train vae --map is needed", f"{path.name} is damaged ({error})") from error
    if atlas.weights != digest:
        raise WeightsMissingError("A map of the weights is needed", f"{path.name} is of others", "Run: songloom train vae --map")
    return atlas
