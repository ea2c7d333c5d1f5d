"""Learning the mood of notes from EMOPIA's training clips."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from core import weights
from core.corpora.emopia import Emopia
from core.corpora.folder import DataFolder
from core.corpora.split import read_source
from core.engines.protocol import Progress, no_progress
from core.insight import calibration
from core.insight.emotion import AROUSAL, KINDS, LINE, PLAYED, QUADRANTS, VALENCE, WRITTEN, mood_measures
from core.insight.files import FOLDER
from core.insight.heard import NAME as HEARD
from core.insight.heard import load as load_hearing
from core.insight.linear import Linear
from core.insight.played import Played
from core.insight.rows import Table, table

Floats = NDArray[np.float64]

STRENGTH = {PLAYED: 0.004, WRITTEN: 0.004, LINE: 0.01}
"""Inverse penalty of each of `KINDS`."""
FOLDS = 5


@dataclass(frozen=True)
class Clips:
    """EMOPIA's clips: a table of measures for each of `KINDS`; `quadrant` (N,) indices of `QUADRANTS`, `split` (N,) train, val
    or test, `song` (N,) which song they are cut from. No song lies in two splits."""

    tables: dict[str, Table]
    quadrant: NDArray[np.int64]
    split: NDArray[np.str_]
    song: NDArray[np.str_]

    @classmethod
    def load(cls, folder: DataFolder, progress: Progress = no_progress, hearing: Path = FOLDER) -> Clips:
        """Read and measure.

        Args:
            hearing: the folder with the weights of the network that hears the harmony.

        Raises:
            DataMissingError: EMOPIA is not at hand.
            WeightsMissingError: the network's weights are not in the folder.
        """
        net, digest = load_hearing(hearing), str(weights.read_config(HEARD, hearing)["hash"])
        pieces = read_source(Emopia(), folder)
        played = [Played.of(piece.score) for piece in pieces]
        ids = [piece.id for piece in pieces]
        modules = ("core.insight.played", "core.insight.heard")
        tables = {kind: table(f"emotion-{kind}", modules, [digest, *ids], played,
                              lambda one, kind=kind: mood_measures(one, kind, net), progress)  # type: ignore[misc]
                  for kind in KINDS}
        return cls(tables, np.array([QUADRANTS.index(piece.style) for piece in pieces]),
                   np.array([piece.score.texts[0].removeprefix("split: ") for piece in pieces]),
                   np.array([piece.id.split("/")[1][3:].rsplit("_", 1)[0] for piece in pieces]))

    def labels(self, at: NDArray[np.int64]) -> list[str]:
        return [QUADRANTS[index] for index in self.quadrant[at]]


def fit_kind(
    clips: Clips, kind: str, at: NDArray[np.int64], strength: float | None = None, seed: int | None = None
) -> Linear:
    """A model of one kind from the clips `at`, its temperature chosen so that songs left out are likeliest.

    Args:
        seed: learn from as many songs drawn with replacement instead (a bootstrap), to see how much hangs on the songs.
    """
    found = clips.tables[kind]
    if seed is not None:
        rng = np.random.default_rng(seed)
        songs = np.unique(clips.song[at])
        at = np.concatenate([at[clips.song[at] == song] for song in rng.choice(songs, len(songs))])
    model = Linear.fit(found.rows[at], clips.labels(at), found.names, strength=strength or STRENGTH[kind], balanced=False)
    logits = cross_validated(clips, kind, at, strength)
    return model.cooled(calibration.temperature(logits, clips.quadrant[at]))


def cross_validated(clips: Clips, kind: str, at: NDArray[np.int64], strength: float | None = None) -> Floats:
    """Logits (len(at), 4) of each clip by a model that heard no clip of its song."""
    found = clips.tables[kind]
    logits = np.zeros((len(at), len(QUADRANTS)))
    for learned, kept in GroupKFold(FOLDS, shuffle=True, random_state=0).split(at, groups=clips.song[at]):
        model = Linear.fit(found.rows[at[learned]], clips.labels(at[learned]), found.names, strength=strength or STRENGTH[kind],
                           balanced=False)
        logits[kept] = model.logits(found.rows[at[kept]])
    return logits


def figures(probabilities: Floats, quadrant: NDArray[np.int64]) -> tuple[float, float, float]:
    """Shares that are right, of probabilities (N, 4): quadrants, halves of valence, halves of arousal."""
    high = {name: np.array([axis[one] > 0 for one in QUADRANTS]) for name, axis in (("valence", VALENCE), ("arousal", AROUSAL))}
    halves = [float(((probabilities[:, up].sum(1) > 0.5) == up[quadrant]).mean()) for up in high.values()]
    return float((probabilities.argmax(1) == quadrant).mean()), halves[0], halves[1]
