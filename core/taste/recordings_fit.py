"""Learns and measures the mapping from sound to pieces, on rendered tunes of the catalogue."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.audio import features as audio
from core.audio.fluid import RATE
from core.audio.recording import resampled
from core.audio.synth import render
from core.corpora.catalogue import load
from core.score import Score, Tempo
from core.score.clock import Clock
from core.taste.describe import NUMBERS, usual_tempo
from core.taste.features import FeatureTable
from core.taste.protocol import Progress, no_progress
from core.taste.recordings import AudioMapping, learn

PROGRAMS = (0, 21, 24, 40, 46, 56, 68, 71, 73, 109)
"""Instruments that tunes are rendered with, drawn by lot: piano, accordion, guitar, fiddle, harp,
trumpet, oboe, clarinet, flute, bagpipe."""

EXCERPT_S = 25.0
_REPORTED = ("log_notes_per_second", "log_tempo", "register", "mean_interval", "energy", "valence")


@dataclass(frozen=True)
class FitReport:
    """What was measured on held-out tunes.

    `correlation` is between true and predicted numbers; `median_rank` where the true tune comes among
    all of the catalogue by cosine (1 is first), `same_style` the share of the ten nearest tunes that
    have its style, `same_style_by_chance` that share among tunes drawn by lot.
    """

    train: int
    test: int
    alpha: float
    correlation: dict[str, float]
    median_rank: float
    in_first_hundred: float
    same_style: float
    same_style_by_chance: float


def excerpt(score: Score, seconds: float, program: int) -> Score:
    """The first seconds of a melody on another instrument."""
    clock = Clock.of(score)
    notes = tuple(note for note in score.melody.notes if float(clock.seconds(np.array([note.end]))[0]) <= seconds)
    return replace(score, tracks=(replace(score.melody, notes=notes or score.melody.notes[:1], program=program),))


def rendered_features(ident: str, style: str, program: int) -> NDArray[np.float32]:
    """Audio features of a tune of the catalogue as an instrument plays it.

    Raises:
        SoundMissingError: there is no synthesizer or soundfont.
        FormatError: the tune is too short to be analysed.
    """
    score = load(ident)
    tempo = usual_tempo(style)
    if tempo is not None and score.tempos == (Tempo(0, 120.0),):
        score = replace(score, tempos=(Tempo(0, tempo),))
    sound = render(excerpt(score, EXCERPT_S, program)).mean(axis=1)
    return audio.audio_features(resampled(sound, RATE), ident)


def fit(table: FeatureTable, train: int = 450, test: int = 150, seed: int = 0,
        progress: Progress = no_progress) -> tuple[AudioMapping, FitReport]:
    """Render tunes drawn by lot, as many of every style, learn from some and measure on the others.

    Raises:
        SoundMissingError: there is no synthesizer or soundfont.
        Cancelled: `progress` raised it.
    """
    draw = random.Random(seed)
    styles = table.word("style")
    order = _by_turns(table, draw)
    rows: list[int] = []
    features: list[NDArray[np.float32]] = []
    for row in order:
        if len(rows) == train + test:
            break
        progress(len(rows), train + test)
        if 2 ** float(table.number("log_bars")[row]) < 4:
            continue
        rows.append(row)
        features.append(rendered_features(table.ids[row], str(styles[row]), draw.choice(PROGRAMS)))
    numbers = table.numbers[rows]
    middle, spread = table.numbers.mean(0), table.numbers.std(0)
    heard = np.array(features, np.float32)
    mapping, alpha = learn(heard[:train], numbers[:train], middle, spread)
    return mapping, _report(mapping, alpha, train, heard[train:], np.array(rows[train:]), table)


def _by_turns(table: FeatureTable, draw: random.Random) -> list[int]:
    """Rows in random order, one of each style after another."""
    styles = table.word("style").tolist()
    rows: dict[str, list[int]] = {style: [] for style in sorted(set(styles))}
    for row, style in enumerate(styles):
        rows[style].append(row)
    for group in rows.values():
        draw.shuffle(group)
    longest = max(map(len, rows.values()))
    return [group[turn] for turn in range(longest) for group in rows.values() if turn < len(group)]


def _report(mapping: AudioMapping, alpha: float, train: int, heard: NDArray[np.float32], rows: NDArray[np.int64],
            table: FeatureTable) -> FitReport:
    guessed = np.array([mapping.describe(features).numbers for features in heard])
    truth = table.numbers[rows]
    scale = np.where(mapping.number_spread > 1e-6, mapping.number_spread, 1)
    everything, asked = (np.clip((numbers - mapping.number_middle) / scale, -4, 4) for numbers in (table.numbers, guessed))
    everything, asked = (numbers / np.linalg.norm(numbers, axis=1, keepdims=True) for numbers in (everything, asked))
    likeness = asked @ everything.T
    own = likeness[np.arange(len(rows)), rows]
    ranks = 1 + (likeness > own[:, None]).sum(1)
    styles = table.word("style")
    likeness[np.arange(len(rows)), rows] = -2
    nearest = np.argpartition(-likeness, 10, axis=1)[:, :10]
    chance = float(np.mean([(styles == styles[row]).mean() for row in rows]))
    places = {name: NUMBERS.index(name) for name in _REPORTED}
    correlation = {name: float(np.corrcoef(guessed[:, at], truth[:, at])[0, 1]) for name, at in places.items()}
    return FitReport(train, len(rows), alpha, correlation, float(np.median(ranks)), float((ranks <= 100).mean()),
                     float((styles[nearest] == styles[rows][:, None]).mean()), chance)
