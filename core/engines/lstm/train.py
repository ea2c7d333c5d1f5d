"""`songloom train lstm`: trains one of the weight sets, on GPU or CPU, and writes it with its card."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from core import card, weights
from core.corpora.bach import Bach
from core.corpora.folder import DataFolder
from core.corpora.jsb import jsb_frames
from core.engines.lstm import chorale_task
from core.engines.lstm.calibrate import calibrate
from core.engines.lstm.chorale import encode, from_pitch_sets
from core.engines.lstm.data import load
from core.engines.lstm.leadsheet_task import LeadSheetTask
from core.engines.lstm.network import parameter_count
from core.engines.lstm.song.data import load as load_songs
from core.engines.lstm.song.task import SongTask
from core.engines.lstm.training import Progressed, Recipe, Task, pick_device, train
from core.errors import InputError, RequestError

MODELS = ("leadsheet-free", "leadsheet-all", "chorale", "song-free", "song-all")
SIZES: dict[str, dict[str, float]] = {
    "leadsheet-free": {"embed": 256, "hidden": 512, "layers": 2, "dropout": 0.35, "embed_dropout": 0.1},
    "leadsheet-all": {"embed": 256, "hidden": 512, "layers": 2, "dropout": 0.3, "embed_dropout": 0.1},
    "chorale": {"embed": 256, "hidden": 256, "layers": 2, "dropout": 0.6, "embed_dropout": 0.2},
    "song-free": {"embed": 96, "encoder": 96, "hidden": 320, "dropout": 0.35},
    "song-all": {"embed": 96, "encoder": 96, "hidden": 320, "dropout": 0.35},
}


@dataclass(frozen=True)
class Run:
    """One training run."""

    model: str
    folder: DataFolder
    out: Path
    checkpoint: Path
    epochs: int = 12
    minutes: float | None = None
    device: str = "auto"
    seed: int = 0
    refine: bool = False
    """Lead sheets and songs: start from the weights that are shipped, at half the learning rate."""


def run(job: Run) -> str:
    """Train, write weights, configuration and card to `job.out`; returns the weights' hash.

    Raises:
        RequestError: no such model.
        DataMissingError: a collection is not at hand.
    """
    if job.model not in MODELS:
        raise RequestError(f"A model of {', '.join(MODELS)} is needed", f"got {job.model!r}")
    if job.model.startswith("song"):
        return _song(job)
    return _chorale(job) if job.model == "chorale" else _leadsheet(job)


def _leadsheet(job: Run) -> str:
    corpus = load(job.folder, free_only=job.model == "leadsheet-free", say=print)
    sizes = SIZES[job.model]
    torch.manual_seed(job.seed)
    task = LeadSheetTask(corpus.samples["train"], corpus.samples["valid"], len(corpus.styles), seed=job.seed, sizes=sizes)
    net, done, device, notes = _trained(job, task, corpus.styles)
    counts = {split: len(samples) for split, samples in corpus.samples.items()}
    config: dict[str, Any] = {"kind": "leadsheet", "sizes": sizes, "styles": list(corpus.styles), "history": done.history,
                              "statistics": corpus.statistics, "sources": corpus.sources, "pieces": counts}
    text = card.write(
        title=job.model, what="Melody and chord symbols in several styles (`core/engines/lstm/network.py: LeadSheetNet`).",
        parameters=parameter_count(net), sources=corpus.sources,
        split=f"by melody cluster, {counts['train']} / {counts['valid']} / {counts['test']} pieces",
        notes=[f"Chords of {corpus.harmonised} pieces were written by the harmoniser (`core/analysis/harmonise.py`)",
               *notes],
        figures={"NLL per note, validation, chords and length not told": f"{done.best:.4f} nats",
                 "epochs": str(done.epoch)},
        command=_command(), seconds=done.seconds, device=str(device))
    digest = weights.save(job.model, dict(net.state_dict()), config, text, job.out)
    calibrate(job.model, job.out, corpus)
    return digest


def _trained(job: Run, task: Task, styles: Sequence[str]) -> tuple[nn.Module, Progressed, torch.device, list[str]]:
    """Train a task with styles: the network, what the run did, its device, and what the card says of styles and beginnings."""
    device = pick_device(job.device)
    recipe = Recipe(epochs=job.epochs, minutes=job.minutes, seed=job.seed)
    notes = ["Styles: " + ", ".join(styles)]
    if job.refine:
        recipe = _refined(task, recipe, job.model, styles, notes)
    net, done = train(task, recipe, job.checkpoint, device)
    return net, done, device, notes


def _refined(task: Task, recipe: Recipe, model: str, styles: Sequence[str], notes: list[str]) -> Recipe:
    """Put the shipped weights into a task; the recipe to go on with, and a note for the card."""
    before = weights.load(model)
    if before.config["styles"] != list(styles):
        raise RequestError("To refine weights, the styles must be those they know", f"they know {before.config['styles']}")
    task.net.load_state_dict(before.tensors)
    notes.append(f"Refined from {before.hash}, which had {_past(before.config['history'])}")
    return replace(recipe, learning_rate=recipe.learning_rate / 2)


def _past(history: Sequence[Mapping[str, float]]) -> str:
    return f"{len(history)} epochs in {history[-1]['seconds'] / 60:.0f} minutes" if history else "no history"


def recalibrate(model: str, folder: DataFolder, out: Path, styles: Sequence[str] = ()) -> None:
    """Set the bonus for repetition of shipped weights anew, for all styles or those named.

    Raises:
        DataMissingError, WeightsMissingError: what it needs is not at hand.
    """
    weights.read_config(model, out)
    calibrate(model, out, load(folder, free_only=model == "leadsheet-free"), styles)


def _chorale(job: Run) -> str:
    frames = {split: [from_pitch_sets(piece) for piece in jsb_frames(job.folder, split)] for split in ("train", "valid", "test")}
    bench = {split: [chorale_task.sample(c) for c in chorales] for split, chorales in frames.items()}
    extra, sources = [], {"jsb": len(frames["train"])}
    for piece in Bach().pieces(job.folder):
        try:
            chorale = encode(piece.score)
        except InputError:
            continue
        extra.append(chorale_task.sample(chorale))
        sources[piece.source] = sources.get(piece.source, 0) + 1
    sizes = SIZES["chorale"]
    torch.manual_seed(job.seed)
    task = chorale_task.ChoraleTask([*bench["train"], *extra], bench["valid"], seed=job.seed, sizes=sizes)
    device = pick_device(job.device)
    recipe = Recipe(epochs=job.epochs, minutes=job.minutes, seed=job.seed, weight_decay=0.05, average=0.995, validate_every=2)
    net, done = train(task, recipe, job.checkpoint, device)
    test = chorale_task.frame_nll(net, bench["test"], precise=True)
    config: dict[str, Any] = {"kind": "chorale", "sizes": sizes, "styles": list(chorale_task.STYLES), "history": done.history,
                              "sources": sources, "pieces": {"train": len(task.windows)}}
    text = card.write(
        title="chorale", what="Four voices in the manner of Bach (`core/engines/lstm/network.py: ChoraleNet`).",
        parameters=parameter_count(net), sources=sources,
        split="JSB chorales 229/76/77 as published; music21's pieces that share a melody with its valid or test part left out",
        notes=["The quarter grid is learned from the JSB set, the eighth grid with held notes from music21's Bach"],
        figures={"frame NLL, JSB validation": f"{done.best:.4f} nats", "frame NLL, JSB test": f"{test:.4f} nats"},
        command=_command(), seconds=done.seconds, device=str(device))
    return weights.save("chorale", dict(net.state_dict()), config, text, job.out)


def _song(job: Run) -> str:
    songs = load_songs(job.folder, free_only=job.model == "song-free", say=print)
    sizes, corpus = SIZES[job.model], songs.corpus
    torch.manual_seed(job.seed)
    task = SongTask(songs.samples["train"], songs.samples["valid"], len(corpus.styles), seed=job.seed, sizes=sizes)
    net, done, device, notes = _trained(job, task, corpus.styles)
    worded = {split: sum(sample.has_words for sample in samples) for split, samples in songs.samples.items()}
    config: dict[str, Any] = {"kind": "song", "sizes": sizes, "styles": list(corpus.styles), "history": done.history,
                              "statistics": corpus.statistics, "sources": corpus.sources, "pieces": worded}
    text = card.write(
        title=job.model, what="Rhythm and melody for words (`core/engines/lstm/song/network.py: SongNet`).",
        parameters=parameter_count(net), sources=corpus.sources,
        split=f"by melody cluster, {worded['train']} / {worded['valid']} / {worded['test']} songs with words",
        notes=[*notes,
               f"{len(songs.samples['train']) - worded['train']} melodies without words besides, a fifth of them in each epoch",
               f"{songs.refused} songs were left out, whose words and notes do not fit"],
        figures={"NLL per note of held-out songs with words, validation": f"{done.best:.4f} nats", "epochs": str(done.epoch)},
        command=_command(), seconds=done.seconds, device=str(device))
    return weights.save(job.model, dict(net.state_dict()), config, text, job.out)


def _command() -> str:
    return "songloom " + shlex.join(sys.argv[1:])
