"""Fitted models on disk: safetensors with a JSON head, no pickle, swapped in whole.

A file is first written beside its place under another name and flushed to the disk, then renamed:
whoever reads sees the old model or the new one, also after a crash in between.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from core.errors import FormatError, MissingError, StoreError
from core.taste.protocol import Recommender
from core.taste.registry import RECOMMENDERS, recommender_class

VERSION = 2
REMADE = "Delete it; it is made again"


def save_model(model: Recommender, path: Path) -> None:
    """Write a fitted model to `path`.

    Raises:
        RequestError: it is not fitted.
        StoreError: the disk is full or the folder cannot be written; the old file is still whole.
    """
    tensors, head = model.tensors()
    note = {"songloom": json.dumps({"version": VERSION, "model": model.id, "head": head}, ensure_ascii=False)}
    packed = save({name: tensor.copy(order="C") for name, tensor in tensors.items()}, metadata=note)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(packed)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StoreError(f"The fitted model is written to {path}", str(error),
                         "Make room or give Songloom another folder") from error


def load_model(path: Path) -> Recommender:
    """Read what `save_model` wrote.

    Raises:
        MissingError: there is no such file.
        FormatError: it is broken, of another version, or of a model that is not known here.
    """
    if not path.is_file():
        raise MissingError("A fitted model is needed", f"{path} is not there", "It is made again by the next fit")
    try:
        with safe_open(path, framework="numpy") as file:
            note = json.loads((file.metadata() or {}).get("songloom", "null"))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
    except (SafetensorError, ValueError) as error:
        raise FormatError(f"{path.name} is a fitted model", f"it cannot be read ({error})", REMADE) from error
    if not isinstance(note, dict) or note.get("version") != VERSION or note.get("model") not in RECOMMENDERS:
        raise FormatError(f"{path.name} is a fitted model of this version", "it is of another", REMADE)
    try:
        return recommender_class(note["model"]).from_tensors(tensors, note["head"])
    except (KeyError, TypeError) as error:
        raise FormatError(f"{path.name} holds all parts of the model", f"{error} is wrong", REMADE) from error
