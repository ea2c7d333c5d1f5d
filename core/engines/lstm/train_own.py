"""A user's own style: the shipped network, taught a few more pieces under a style of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from core import card, weights
from core.analysis.key import estimate_key
from core.engines.lstm.data import describe, usable_sheet
from core.engines.lstm.leadsheet import LeadSheet
from core.engines.lstm.leadsheet_features import walk
from core.engines.lstm.leadsheet_task import LeadSheetTask, Sample
from core.engines.lstm.network import parameter_count
from core.engines.lstm.training import Recipe, pick_device, train
from core.errors import FormatError, InputError
from core.score import Score
from core.score.files import read_score

SUFFIXES = (".mid", ".midi", ".abc", ".musicxml", ".xml", ".mxl")
MIN_PIECES = 3


def train_own(folder: Path, name: str, out: Path, checkpoint: Path, *, minutes: float = 2.0, device: str = "auto",
              base: str = "leadsheet-all") -> tuple[str, str]:
    """Learn a style from the files in `folder`; returns (name of the weight set, its hash).

    The base network goes on learning from these pieces alone, under a new style embedding that
    starts as the mean of the others.

    Raises:
        FormatError: fewer than three usable pieces.
        WeightsMissingError: the base is not at hand.
    """
    sheets = [sheet for sheet in map(_sheet, _scores(folder)) if sheet is not None]
    if len(sheets) < MIN_PIECES:
        raise FormatError(f"At least {MIN_PIECES} pieces with a melody of four bars are needed",
                          f"{folder} has {len(sheets)}", f"Add files ({', '.join(SUFFIXES)})")
    loaded = weights.load(base)
    names = [*loaded.config["styles"], f"user-{_slug(name)}"]
    samples = [Sample(str(i), len(names) - 1, walk(sheet)) for i, sheet in enumerate(sheets)]
    held_out = max(1, len(samples) // 10)
    sizes = loaded.config["sizes"]
    task = LeadSheetTask(samples[held_out:], samples[:held_out], len(names), batch=8, sizes=sizes)
    task.net.load_state_dict(_with_style(loaded.tensors))
    recipe = Recipe(minutes=minutes, learning_rate=4e-4, warm_up=20, average=0.99)
    net, done = train(task, recipe, checkpoint, pick_device(device))
    config: dict[str, Any] = {
        "kind": "leadsheet", "sizes": sizes, "styles": names, "sources": {**loaded.config["sources"], "own": len(samples)},
        "statistics": {**loaded.config["statistics"], names[-1]: {**describe(sheets), "sources": ["own"]}},
        "name": name, "description": f"Learned from {len(sheets)} pieces of your own", "tempo": 100, "history": done.history}
    text = card.write(
        title=name, what=f"The set {base} ({loaded.hash}), taught {len(samples)} pieces from a folder of the user's.",
        parameters=parameter_count(net), sources=loaded.config["sources"], split=f"the first {held_out} pieces held out",
        notes=[], figures={"NLL per note, held out": f"{done.best:.4f} nats"},
        command=f"songloom train lstm --own … --name {name}", seconds=done.seconds, device=device)
    target = f"leadsheet-user-{_slug(name)}"
    return target, weights.save(target, dict(net.state_dict()), config, text, out)


def _scores(folder: Path) -> Iterator[Score]:
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES):
        try:
            yield read_score(path.read_bytes(), path.name)
        except InputError as error:
            print(f"left out {path.name}: {error}")


def _sheet(score: Score) -> LeadSheet | None:
    if not any(track.notes and not track.is_drum for track in score.tracks):
        return None
    return usable_sheet(score if score.keys else replace(score, keys=(estimate_key(score),)))


def _with_style(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The tensors with one more style before the last ("none told")."""
    table = tensors["trunk.style.weight"]
    grown = torch.cat([table[:-1], table[:-1].mean(0, keepdim=True), table[-1:]])
    return {**tensors, "trunk.style.weight": grown}


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "own"
