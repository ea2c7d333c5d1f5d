"""Recordings among the pieces: from what a recording sounds like to what such a piece is like.

A ridge regression from `core.audio.features` to the standardised numbers of
`core.taste.describe`, learned from tunes of the catalogue that were rendered with several
instruments (`songloom catalogue audio`). It is linear and small on purpose: a few hundred renders
carry no more, and what it says of a recording stays close to what was measured.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from core.audio import features as audio
from core.audio.recording import read_recording
from core.errors import DataMissingError, FormatError
from core.taste.describe import NUMBERS, Description, tempo_word
from core.taste.features import ASSET

WEIGHTS = ASSET.with_name("audio.safetensors")
ALPHAS = (1.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
"""Strengths of the ridge that cross-validation chooses from."""


@dataclass(frozen=True, eq=False)
class AudioMapping:
    """Numbers of a piece from features of its sound: `weights` (audio features + 1, numbers), the last
    row the constant; features are standardised by `middle` and `spread` first, numbers come out in spreads
    from the catalogue's `number_middle`."""

    weights: NDArray[np.float32]
    middle: NDArray[np.float32]
    spread: NDArray[np.float32]
    number_middle: NDArray[np.float32]
    number_spread: NDArray[np.float32]

    def describe(self, features: NDArray[np.float32]) -> Description:
        """What a piece that sounds like this is probably like; its style and metre stay open."""
        known = np.clip((features - self.middle) / self.spread, -4, 4)
        numbers = (known @ self.weights[:-1] + self.weights[-1]) * self.number_spread + self.number_middle
        for axis in ("energy", "valence"):
            numbers[NUMBERS.index(axis)] = np.clip(numbers[NUMBERS.index(axis)], 0, 1)
        mode = "major" if features[audio.FEATURES.index("majorness")] >= 0 else "minor"
        tempo = 2 ** float(numbers[NUMBERS.index("log_tempo")])
        return Description(numbers.astype(np.float32), ("", "upload", "", mode, tempo_word(tempo)))


def learn(features: NDArray[np.float32], numbers: NDArray[np.float32], number_middle: NDArray[np.float32],
          number_spread: NDArray[np.float32]) -> tuple[AudioMapping, float]:
    """Fit a mapping on N renders: features (N, audio features) and numbers (N, len(NUMBERS)).

    Returns:
        The mapping, and the strength of the ridge that cross-validation over the renders chose.
    """
    from sklearn.linear_model import RidgeCV

    middle, spread = features.mean(0), np.maximum(features.std(0), 1e-6)
    wanted = np.clip((numbers - number_middle) / np.where(number_spread > 1e-6, number_spread, 1), -4, 4)
    model = RidgeCV(alphas=ALPHAS).fit(np.clip((features - middle) / spread, -4, 4), wanted)
    weights = np.vstack([model.coef_.T, model.intercept_]).astype(np.float32)
    return AudioMapping(weights, middle, spread, number_middle, number_spread), float(model.alpha_)


def save_mapping(mapping: AudioMapping, path: Path = WEIGHTS) -> None:
    """Write a mapping as safetensors."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {name: np.ascontiguousarray(getattr(mapping, name), np.float32) for name in AudioMapping.__dataclass_fields__}
    save_file(tensors, path, metadata={"songloom": json.dumps({"features": audio.FEATURES, "numbers": NUMBERS})})


def load_mapping(path: Path = WEIGHTS) -> AudioMapping:
    """Read what `save_mapping` wrote.

    Raises:
        DataMissingError: there is no such file.
        FormatError: it is broken, or made for other features.
    """
    again = "Make it again with: songloom catalogue audio"
    if not path.is_file():
        raise DataMissingError("To compare recordings with pieces a fitted mapping is needed", f"{path} is not there", again)
    try:
        with safe_open(path, framework="numpy") as file:
            note = json.loads((file.metadata() or {})["songloom"])
            tensors = {name: file.get_tensor(name) for name in AudioMapping.__dataclass_fields__}
    except (SafetensorError, ValueError, KeyError) as error:
        raise FormatError(f"{path.name} holds a fitted mapping", f"it cannot be read ({error})", again) from error
    if note != {"features": list(audio.FEATURES), "numbers": list(NUMBERS)}:
        raise FormatError(f"{path.name} is a mapping of this version", "it is made for other features", again)
    return AudioMapping(**tensors)


def describe_recording(data: bytes, name: str, mapping: AudioMapping | None = None) -> Description:
    """What the piece in an uploaded recording is probably like.

    Raises:
        FormatError: it is no recording, is broken, too short or silent.
        LimitError: it is too long.
        DataMissingError: the mapping is not at hand.
    """
    mapping = mapping or load_mapping()
    return mapping.describe(audio.audio_features(read_recording(data, name), name))
