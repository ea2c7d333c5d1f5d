"""Weight files: safetensors in half precision, shards of at most 16 MiB, a card beside them.

`NAME.safetensors` (or `NAME-1-of-2.safetensors` …) holds the tensors, `NAME.json` what the code
must know to rebuild the network (sizes, style list, statistics), `NAME.md` the card for people.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file
from torch import Tensor

from core.errors import WeightsMissingError

FOLDER = Path(__file__).resolve().parents[1] / "assets" / "models"
MAX_SHARD_BYTES = 15 * 2**20


@dataclass(frozen=True)
class Weights:
    """Tensors in float32, the configuration they were trained with, and the hash of both."""

    name: str
    tensors: dict[str, Tensor]
    config: dict[str, Any]
    hash: str


def save(name: str, tensors: dict[str, Tensor], config: dict[str, Any], card: str, folder: Path = FOLDER) -> str:
    """Write shards, configuration and card; returns the hash."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in _shards(name, folder):
        old.unlink()
    halves = {key: (value.half() if value.is_floating_point() else value).contiguous().cpu() for key, value in tensors.items()}
    groups: list[dict[str, Tensor]] = [{}]
    size = 0
    for key in sorted(halves):
        bytes_ = halves[key].numel() * halves[key].element_size()
        if groups[-1] and size + bytes_ > MAX_SHARD_BYTES:
            groups.append({})
            size = 0
        groups[-1][key] = halves[key]
        size += bytes_
    for index, group in enumerate(groups, 1):
        file = f"{name}.safetensors" if len(groups) == 1 else f"{name}-{index}-of-{len(groups)}.safetensors"
        save_file(group, folder / file)
    digest = _digest(_shards(name, folder))
    text = json.dumps({**config, "hash": digest}, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / f"{name}.json").write_text(text + "\n")
    (folder / f"{name}.md").write_text(card)
    return digest


def load(name: str, folder: Path = FOLDER) -> Weights:
    """Read a weight set.

    Raises:
        WeightsMissingError: files are missing or do not match the hash in the configuration.
    """
    shards, config_path = _shards(name, folder), folder / f"{name}.json"
    if not shards or not config_path.exists():
        raise WeightsMissingError(f"The weights {name} are needed", f"they are not in {folder}",
                                  f"Fetch them with the repository, or train them with: songloom train {_engine(name)}")
    config = json.loads(config_path.read_text())
    digest = _digest(shards)
    if digest != config["hash"]:
        raise WeightsMissingError(f"The weights {name} must have the hash {config['hash']}", f"the files have {digest}",
                                  "Fetch the files again; they are damaged or only partly there")
    tensors: dict[str, Tensor] = {}
    for shard in shards:
        tensors.update({key: value.float() if value.is_floating_point() else value for key, value in load_file(shard).items()})
    return Weights(name, tensors, config, digest)


def read_config(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """The configuration alone, without touching tensors.

    Raises:
        WeightsMissingError: there is none.
    """
    path = folder / f"{name}.json"
    if not path.exists():
        raise WeightsMissingError(f"The weights {name} are needed", f"they are not in {folder}",
                                  f"Fetch them with the repository, or train them with: songloom train {_engine(name)}")
    return dict(json.loads(path.read_text()))


def names(folder: Path = FOLDER) -> list[str]:
    """The weight sets that are at hand."""
    return sorted(path.stem for path in folder.glob("*.json") if _shards(path.stem, folder))


def _engine(name: str) -> str:
    if name.startswith("gan-"):
        return "gan --free" if name.endswith("-free") else "gan"
    if name.startswith(("style-", "emotion", "quality", "heard", "tune")):
        return "insight"
    if name == "hearing":
        return name
    if name.startswith("lines-"):
        return f"lyrics --language {name.removeprefix('lines-')}"
    return "vae" if name.startswith("vae-") else f"lstm --model {name}"


def _shards(name: str, folder: Path) -> list[Path]:
    return sorted([*folder.glob(f"{name}.safetensors"), *folder.glob(f"{name}-*-of-*.safetensors")])


def _digest(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]

