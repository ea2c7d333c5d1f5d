"""Everything that was learned at one moment: fitted models, what pieces are made of, who it was learned from.

A snapshot is a folder of its own; the file `current` names the one that holds. Fitting writes a new
folder and at its end puts a new `current` in place of the old one in one step, so whoever starts
after a crash finds the old snapshot whole. No listener's row or factor is in it.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

from core.errors import FormatError, MissingError, StoreError
from core.taste.files import load_model, save_model
from core.taste.protocol import Floats, Recommender

CURRENT, HEAD = "current", "snapshot.json"
VERSION = 1
KEPT = 1
"""Snapshots that stay beside the current one: a process that reads it may still be at it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a snapshot was learned from: the store's revision, how many people and simulated listeners,
    interactions of each, and when (seconds since 1970)."""

    revision: int = -1
    people: int = 0
    simulated: int = 0
    interactions: int = 0
    simulated_interactions: int = 0
    made: float = 0.0

    @property
    def simulated_share(self) -> float:
        """Share of what was learned that came from simulated listeners, 0 to 1."""
        return self.simulated_interactions / self.interactions if self.interactions else 0.0


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Fitted models by id, over the same items each; empty when nothing could be learned yet."""

    models: Mapping[str, Recommender] = field(default_factory=dict)
    origin: Origin = Origin()

    @cached_property
    def items(self) -> tuple[str, ...]:
        """Items of the models, in the order of their columns."""
        return next((model.items for model in self.models.values()), ())

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Item to column."""
        return {item: column for column, item in enumerate(self.items)}

    @cached_property
    def popularity(self) -> Floats | None:
        """How popular each item is, None where nothing was learned."""
        return next((found for model in self.models.values() if (found := getattr(model, "popularity", None)) is not None), None)


def save(snapshot: Snapshot, folder: Path) -> str:
    """Write a snapshot and make it the current one; returns its name.

    Raises:
        StoreError: the disk is full or the folder cannot be written; the old snapshot holds on.
    """
    name = f"{int(1000 * snapshot.origin.made):013d}-{secrets.token_hex(4)}"  # by name is by age
    place = folder / name
    try:
        inside = _inside(snapshot.models)
        for id, model in snapshot.models.items():
            if id not in inside:
                save_model(model, place / f"{id}.safetensors")
        place.mkdir(parents=True, exist_ok=True)
        head = {"version": VERSION, "models": list(snapshot.models), "inside": inside, "origin": asdict(snapshot.origin)}
        _write(place / HEAD, json.dumps(head))
        _write(folder / CURRENT, name)
    except OSError as error:
        shutil.rmtree(place, ignore_errors=True)
        raise StoreError(f"What was learned is written to {folder}", str(error), "Make room or correct the rights") from error
    except StoreError:
        shutil.rmtree(place, ignore_errors=True)
        raise
    clear(folder)
    return name


def load(folder: Path) -> Snapshot:
    """The current snapshot.

    Raises:
        MissingError: there is none.
        FormatError: it is broken or of another version.
    """
    name = current(folder)
    if name is None:
        raise MissingError("What was learned about taste is needed", f"nothing is in {folder}", "It is made by the next fit")
    again = "Delete the folder; it is made again"
    try:
        head = json.loads((folder / name / HEAD).read_text(encoding="utf-8"))
        inside = head["inside"]
        own = {id: load_model(folder / name / f"{id}.safetensors") for id in head["models"] if id not in inside}
        models = {id: own[id] if id in own else _parts(own[inside[id]])[id] for id in head["models"]}
        origin = Origin(**head["origin"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FormatError(f"{folder / name} holds what was learned", f"it cannot be read ({error})", again) from error
    if head["version"] != VERSION or len({model.items for model in models.values()}) > 1:
        raise FormatError(f"{folder / name} holds what this version learned", "it is another one's", again)
    return Snapshot(models, origin)


def _parts(model: Recommender) -> Mapping[str, Recommender]:
    """The models that a model is made of, by id."""
    found: Mapping[str, Recommender] = getattr(model, "models", {})
    return found


def _inside(models: Mapping[str, Recommender]) -> dict[str, str]:
    """Which models are parts of which other one: they lie in its file."""
    return {id: outer for outer, whole in models.items() for id, part in _parts(whole).items() if models.get(id) is part}


def current(folder: Path) -> str | None:
    """The name of the current snapshot, None where there is none."""
    try:
        name = (folder / CURRENT).read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return name if name and Path(name).name == name else None


def clear(folder: Path, keep: int = KEPT) -> None:
    """Remove snapshots older than the current one, but for the newest `keep`, and whatever a crash left half done."""
    now = current(folder)
    others = sorted((path for path in folder.iterdir() if path.is_dir() and path.name != now), key=lambda path: path.name)
    whole = [path for path in others if (path / HEAD).is_file()]
    for path in others:
        if path not in whole[len(whole) - keep :] or keep == 0:
            shutil.rmtree(path, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    """Write a small file whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
