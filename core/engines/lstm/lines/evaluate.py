"""Figures of next lines: perplexity beside a 5-gram of the same units, what is copied, what rhymes and keeps its tones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core import weights
from core.analysis.ngram import KneserNey
from core.corpora.folder import DataFolder
from core.corpora.split import TEST, TRAIN, VALID
from core.engines.lstm.lines import heard
from core.engines.lstm.lines.task import flat, measure, windows
from core.engines.lstm.lines.train import NAMES, held, texts
from core.engines.lstm.lines.verse import Verse, Work
from core.engines.lstm.lines.writer import Writer, draw, load, write
from core.errors import SongloomError
from core.lyrics import read_lyrics
from core.lyrics.suggest import Wish, wish
from core.report import Figure, Report, commit

CONTEXT = 4
"""Units before, of a 5-gram."""
ASKED = 40
"""Held-out works whose next line is asked for."""


def evaluate(folder: DataFolder, languages: Sequence[str], out: Path = weights.FOLDER) -> Report:
    """Everything that can be said of next lines in some languages.

    Raises:
        DataMissingError, WeightsMissingError: what it needs is not at hand.
    """
    figures: list[Figure] = []
    used: dict[str, str] = {}
    for language in languages:
        writer, found = load(language, out), texts(language, folder)
        used[NAMES[language]] = weights.read_config(NAMES[language], out)["hash"]
        figures += [_perplexity(writer, found), *_suggestions(writer, found)]
    return Report(tuple(figures), commit(), used, "cpu")


def _perplexity(writer: Writer, found: Verse) -> Figure:
    """Of the units of the vocabulary in held-out texts; the 5-gram learned from the same lines, its discounts fitted on
    validation. Neither is asked where a line ends; only the network is told how long it is."""
    units = writer.units
    train, valid, test = (windows(works, units) for works in (found.works[TRAIN], held(found, VALID), held(found, TEST)))
    gram = KneserNey(*flat(train, CONTEXT), len(units))
    gram.tune(*flat(valid[:: max(1, len(valid) // 200)], CONTEXT))
    contexts, targets = flat(test, CONTEXT)
    unit = "word" if units.language == "en" else "character"
    own = float(np.exp(measure(writer.net, test)))
    return Figure(f"{units.language}: perplexity per {unit}", own, None, "lower", len(targets), "test",
                  {"5-gram, length not told": float(np.exp(gram.nll(contexts, targets).mean()))})


def _suggestions(writer: Writer, found: Verse) -> list[Figure]:
    language = writer.units.language
    drafts = copies = lines = asked = rhymes = shown_copies = 0
    level: dict[bool, list[bool]] = {True: [], False: []}
    learned = {line for work in found.works[TRAIN] for line in work.lines}
    for number, one in enumerate(_wishes(held(found, TEST), language)):
        asked += 1
        drawn = [line for line, _ in draw(writer, one, number)]
        drafts += len(drawn)
        copies += sum(line in learned and len(line) >= heard.LEAST for line in drawn)
        if language == "zh":
            for steer in (True, False):
                level[steer] += _levels(writer, [line for line, _ in draw(writer, one, number, steer=steer)])
        try:
            shown = write(writer, one, 5, number)
        except SongloomError:
            continue
        lines += len(shown)
        rhymes += sum(line.rhymes or not one.key for line in shown)
        shown_copies += sum(tuple(line.text.casefold().split() if language == "en" else line.text) in learned for line in shown)
    figures = [
        Figure(f"{language}: drafts that are lines learned from", copies / max(drafts, 1), None, "lower", drafts, "test"),
        Figure(f"{language}: shown lines that are", shown_copies / max(lines, 1), 0, "lower", lines, "test"),
        Figure(f"{language}: lines shown of five asked for", lines / max(asked, 1), None, "higher", asked, "test"),
        Figure(f"{language}: shown lines that rhyme as asked", rhymes / max(lines, 1), None, "higher", lines, "test"),
    ]
    if level[True]:
        figures.append(Figure("zh: even places of five and seven in turn level and oblique", float(np.mean(level[True])), None,
                              "higher", len(level[True]), "test", {"without steering": float(np.mean(level[False] or [False]))}))
    return figures


def _wishes(works: Sequence[Work], language: str) -> list[Wish]:
    """What the line behind the third of held-out works should be like."""
    found: list[Wish] = []
    for work in works[:: max(1, len(works) // (2 * ASKED))]:
        if len(work.lines) < 4 or len(found) == ASKED:
            continue
        text = "\n".join((" " if language == "en" else "").join(line) for line in work.lines[:3])
        try:
            found.append(wish(read_lyrics(text, language)))
        except SongloomError:
            continue
    return found


def _levels(writer: Writer, lines: Sequence[Sequence[str]]) -> list[bool]:
    """For even places two apart in lines of five or seven, whether one is level and the other oblique."""
    found = []
    ids = writer.units.ids
    for line in lines:
        if len(line) in (5, 7):
            tones = [float(writer.level[ids[unit]]) for unit in line]
            found += [tones[at] * tones[at + 2] < 0 for at in (1, 3) if at + 2 < len(line) and tones[at] and tones[at + 2]]
    return found
