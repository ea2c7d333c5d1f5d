"""How unusual a likeness is between real pieces, and everything else that originality rests on, as one file.

`assets/rights/originality.safetensors` (made by `songloom train originality`) holds the tables of
surprise, two distributions and the hashes of collections that an installation need not hold.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from core.errors import DataMissingError, FormatError
from core.rights.alignment import Costs
from core.rights.lines import Place
from core.rights.shingles import Shingles
from core.rights.surprise import Floats, Surprise

ASSET = Path(__file__).resolve().parents[2] / "assets" / "rights" / "originality.safetensors"
COSTS = Costs()
_AGAIN = "Fetch it with the repository, or make it again with: songloom train originality"


@dataclass(frozen=True, eq=False)
class Likeness:
    """`pairs` and `nearest` are quantiles in rising order, from the least to the most like.

    `pairs`: bits of the best passage that two unrelated real pieces share, less log2 of the product of their
    numbers of notes, for longer melodies share more by chance (Karlin and Altschul 1990). `nearest`: bits of the
    best passage that a real piece shares with any unrelated one of the `pieces` that were searched, less log2
    of its number of notes.
    """

    surprise: Surprise
    pairs: Floats
    nearest: Floats
    pieces: int
    shingles: Shingles

    def among_pairs(self, bits: float, notes: int, others: int) -> float:
        """The share of pairs of unrelated real pieces that are at least as like, 0..1."""
        return _at_least(self.pairs, bits - float(np.log2(max(1, notes * others))))

    def among_pieces(self, bits: float, notes: int) -> float:
        """The share of real pieces that are at least as like some unrelated piece, 0..1."""
        return _at_least(self.nearest, bits - float(np.log2(max(1, notes))))

    def pair_threshold(self, alarms: float) -> float:
        """What bits less log2 of the notes must exceed so that at most `alarms` of the pairs do."""
        return float(np.quantile(self.pairs, 1 - alarms))


def _at_least(quantiles: Floats, value: float) -> float:
    return 1 - float(np.searchsorted(quantiles, value, side="left")) / len(quantiles)


def save_likeness(found: Likeness, path: Path = ASSET) -> None:
    """Write the file; half precision for tables and three bytes for a hash."""
    hashes = found.shingles.hashes.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :3]
    tensors: dict[str, NDArray] = {
        "steps": found.surprise.steps.astype(np.float16),
        "leaps": found.surprise.leaps.astype(np.float16),
        "ratios": found.surprise.ratios.astype(np.float16),
        "pairs": found.pairs.astype(np.float32),
        "nearest": found.nearest.astype(np.float32),
        "hashes": np.ascontiguousarray(hashes),
        "pieces": found.shingles.pieces,
    }
    note = {"places": [list(place) for place in found.shingles.places], "pieces": found.pieces}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(save(tensors, metadata={"songloom": json.dumps(note, ensure_ascii=False)}))


def read_likeness(path: Path = ASSET) -> Likeness:
    """Read what `save_likeness` wrote.

    Raises:
        DataMissingError: there is no such file.
        FormatError: it is broken.
    """
    if not path.is_file():
        raise DataMissingError("Originality needs its distributions of likeness", f"{path} is not there", _AGAIN)
    try:
        with safe_open(path, framework="numpy") as file:
            note = json.loads((file.metadata() or {})["songloom"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
        packed = np.zeros((len(tensors["hashes"]), 4), np.uint8)
        packed[:, :3] = tensors["hashes"]
        places = tuple(Place(*place) for place in note["places"])
        shingles = Shingles(places, packed.view("<u4")[:, 0].astype(np.uint32), tensors["pieces"])
        tables = (tensors[name].astype(np.float64) for name in ("steps", "leaps", "ratios"))
        pairs, nearest = (tensors[name].astype(np.float64) for name in ("pairs", "nearest"))
        return Likeness(Surprise(*tables), pairs, nearest, int(note["pieces"]), shingles)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise FormatError(f"{path.name} holds the distributions of likeness", f"it cannot be read ({error})", _AGAIN) from error


@cache
def shipped() -> Likeness:
    """The file that comes with Songloom, read once.

    Raises:
        DataMissingError, FormatError: see `read_likeness`.
    """
    return read_likeness()
