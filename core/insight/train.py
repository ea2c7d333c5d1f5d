"""`songloom train insight`: learns the recognisers and writes their weights with cards."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import options

if TYPE_CHECKING:
    from core.corpora.folder import DataFolder

PARTS = ("key", "style", "tune", "emotion", "quality")
COMMAND = "songloom train insight --only"


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom train insight`."""
    options.add_data(parser)
    parser.add_argument("--only", choices=PARTS, help="learn one of them (default: all)")
    parser.add_argument("--out", type=Path, help="folder for the weights (default: assets/insight)")


def run_train(args: argparse.Namespace) -> int:
    """Learn what was asked for; progress goes to stderr.

    Raises:
        DataMissingError: a collection is not at hand.
    """
    from core.corpora.folder import DataFolder
    from core.insight.files import FOLDER

    folder, out = DataFolder.find(args.data), args.out or FOLDER
    learn = {"key": train_key, "style": train_style, "tune": train_tune, "emotion": train_emotion, "quality": train_quality}
    for part in [args.only] if args.only else PARTS:
        started = time.monotonic()
        for path in learn[part](folder, out):
            print(path)
        print(f"{part}: {time.monotonic() - started:.0f} s", file=sys.stderr)
    return 0


def train_key(folder: DataFolder, out: Path) -> list[Path]:
    """The weights of `core.analysis.key_finder`."""
    import numpy as np

    from core import card as cards
    from core.analysis.key_finder import FILE
    from core.corpora.split import TRAIN, VALID
    from core.insight.evaluation.keys import by_segment
    from core.insight.fit_key import example, fit, heard_in
    from core.insight.printed_keys import POP909, keyed_pieces

    started = time.monotonic()
    pieces = list(keyed_pieces(folder, (TRAIN,), others=True))
    finder = fit([example(piece) for piece in pieces])
    marks = []
    for piece in keyed_pieces(folder, (VALID,)):
        if piece.source == POP909:
            reading = finder.find(piece.score, heard_in(piece))
            marks += by_segment(piece, [(segment.start, segment.key) for segment in reading.segments])
    exact, signature = np.mean(marks, 0)
    out.mkdir(parents=True, exist_ok=True)
    finder.save(out / FILE.name)
    card = cards.write(
        title="key", what="The home key of a piece and its modulations: log potentials of a linear-chain conditional random "
        "field over bars, for 24 keys with one set of weights for all tonics, and a logistic regression that chooses between "
        "relative keys (`core/analysis/key_finder.py`).",
        parameters=finder.size, precision="single", sources=dict(Counter(piece.source for piece in pieces)),
        split=f"training pieces; measured on {len(marks)} segments of POP909's validation songs",
        notes=["Nottingham's keys are its own `K:` fields, POP909's the collection's annotations; Nottingham's tunes count "
               "twice, with and without chord symbols",
               "Learned from research-only collections: for recognising, not for composing"],
        figures={"key by segment, POP909, validation": f"{exact:.4f}", "signature": f"{signature:.4f}",
                 "test split": "docs/analysis.md"},
        command=f"{COMMAND} key", seconds=time.monotonic() - started, device="cpu",
    )  # fmt: skip
    (out / "key.md").write_text(card)
    return [out / FILE.name]


def train_style(folder: DataFolder, out: Path) -> list[Path]:
    """Both weight sets of `core.insight.style`."""
    import numpy as np

    from core import card as cards
    from core import weights
    from core.insight import calibration
    from core.insight.fit_style import TRAIN, VALID, Examples, fit
    from core.insight.style import ALL, FREE, NONE

    paths = []
    for name, free_only in ((ALL, False), (FREE, True)):
        started = time.monotonic()
        found = Examples.load(folder, free_only)
        model = fit(found)
        at, valid = found.where(TRAIN), found.where(VALID)
        probabilities = model.probabilities(found.table.rows[valid])
        truth = np.array([model.classes.index(style) for style in found.style[valid]])
        weight = calibration.balanced_weight(truth)
        right = probabilities.argmax(1) == truth
        error = calibration.expected_calibration_error(probabilities, truth, weight)
        tensors, config = model.kept("linear")
        card = cards.write(
            title=name, what="Styles of melodies and `none`: multinomial logistic regression on measures of pitch, rhythm and "
            "repetition (`core/insight/style.py`).",
            parameters=sum(tensor.numel() for tensor in tensors.values()), sources=dict(Counter(found.source[at].tolist())),
            split=f"by melody cluster; {len(at)} / {len(valid)} examples, of which {int((found.style[at] == NONE).sum())} / "
            f"{int((found.style[valid] == NONE).sum())} are none",
            notes=["`none`: performances (EMOPIA), parts of bands, and tunes with pitches and lengths drawn at random",
                   "Learned from research-only collections: for recognising, not for composing" if not free_only
                   else "Learned from free collections alone", f"Styles: {', '.join(model.classes)}"],
            figures={"balanced accuracy, validation": f"{np.average(right, weights=weight):.4f}",
                     "calibration error, validation, classes alike": f"{error:.4f}",
                     "test split": "docs/insight.md"},
            command=f"{COMMAND} style", seconds=time.monotonic() - started, device="cpu",
        )  # fmt: skip
        weights.save(name, tensors, config, card, out)
        paths.append(out / f"{name}.safetensors")
    return paths


def train_tune(folder: DataFolder, out: Path) -> list[Path]:
    """The weight set of `core.insight.tune`, put beside the measures of `core.insight.style` as they come along."""
    import numpy as np

    from core import card as cards
    from core import weights
    from core.insight import calibration
    from core.insight.fit_style import TRAIN, VALID, Examples, fit
    from core.insight.fit_tune import beside, teach
    from core.insight.tune import NAME

    started = time.monotonic()
    found = Examples.load(folder)
    measures = fit(found)
    at, valid = found.where(TRAIN), found.where(VALID)
    numbers = np.array([measures.classes.index(style) for style in found.style])
    tunes = found.tunes(valid)
    net = teach(found.tunes(at), numbers[at], len(measures.classes), progress=_told)
    measured = measures.probabilities(found.table.rows[valid])
    listener = beside(net, measures.classes, measured, tunes, numbers[valid])
    both, alone = listener.blended(measured, tunes)
    weight = calibration.balanced_weight(numbers[valid])
    tensors = dict(net.state_dict())
    card = cards.write(
        title=NAME, what="Styles of melodies and `none`, note by note: a long short-term memory that reads both ways "
        "(`core/insight/tune.py`), beside the measures of `style-all`.",
        parameters=sum(tensor.numel() for tensor in tensors.values()), sources=dict(Counter(found.source[at].tolist())),
        split=f"by melody cluster; {len(at)} / {len(valid)} examples, the same as for style-all",
        notes=["Learned from research-only collections: for recognising, not for composing"],
        figures={**{f"{figure}, validation, {who}": f"{np.average(told.argmax(1) == numbers[valid], weights=counts):.4f}"
                    for who, told in (("measures", measured), ("network", alone), ("both", both))
                    for figure, counts in (("balanced accuracy", weight), ("accuracy", None))},
                 "calibration error, validation, classes alike":
                 f"{calibration.expected_calibration_error(both, numbers[valid], weight):.4f}", "test split": "docs/insight.md"},
        command=f"{COMMAND} tune", seconds=time.monotonic() - started, device="cpu",
    )  # fmt: skip
    config = {"classes": list(listener.classes), "cells": net.reader.hidden_size, "share": listener.share,
              "temperature": round(listener.temperature, 4)}
    weights.save(NAME, tensors, config, card, out)
    return [out / f"{NAME}.safetensors"]


def train_emotion(folder: DataFolder, out: Path) -> list[Path]:
    """The network of `core.insight.heard`, then the weight set of `core.insight.emotion`: one model for each of its kinds."""
    import numpy as np

    from core import card as cards
    from core import weights
    from core.insight.emotion import KINDS, NAME
    from core.insight.fit_emotion import Clips, cross_validated, figures, fit_kind
    from core.insight.linear import softmax

    paths = [train_hearing(folder, out)]
    started = time.monotonic()
    clips = Clips.load(folder, hearing=out)
    learned = np.flatnonzero(clips.split != "test")
    tensors: dict[str, Any] = {}
    config: dict[str, Any] = {}
    rows: dict[str, str] = {}
    reliability: dict[str, float] = {}
    for kind in KINDS:
        model = fit_kind(clips, kind, learned)
        kept = model.kept(kind)
        tensors |= kept[0]
        config |= kept[1]
        four, valence, arousal = figures(softmax(cross_validated(clips, kind, learned)), clips.quadrant[learned])
        reliability[kind] = round(four, 4)
        rows[f"{kind}: quadrants, valence, arousal; songs left out"] = f"{four:.3f}, {valence:.3f}, {arousal:.3f}"
    card = cards.write(
        title=NAME, what="Quadrants of valence and arousal from notes: logistic regression on measures of what is played "
        "(`core/insight/played.py`) and of the harmony that is heard (`core/insight/heard.py`); for performances, scores and "
        "lines.",
        parameters=sum(tensor.numel() for tensor in tensors.values()), sources={"emopia": len(learned)},
        split=f"EMOPIA's own clip split; {int((clips.split == 'train').sum())} training and {int((clips.split == 'val').sum())} "
        "validation clips are learned from, chosen by cross-validation by song among them",
        notes=["EMOPIA's labels and clips are CC BY 4.0 (Hung et al. 2021); the songs are commercial"],
        figures={**rows, "test split": "docs/insight.md"}, command=f"{COMMAND} emotion", seconds=time.monotonic() - started,
        device="cpu",
    )  # fmt: skip
    weights.save(NAME, tensors, {**config, "reliability": reliability}, card, out)
    return [*paths, out / f"{NAME}.safetensors"]


def train_hearing(folder: DataFolder, out: Path) -> Path:
    """The weight set of `core.insight.heard`."""
    from core import card as cards
    from core import weights
    from core.corpora.split import VALID
    from core.insight.fit_heard import BATCH, SPAN, STEPS, accuracy, songs, teach
    from core.insight.heard import NAME

    started = time.monotonic()
    taught = list(songs(folder))
    known = sum(bool((song.chord >= 0).any()) for song in taught)
    net, losses = teach(taught, progress=_told)
    held_out = list(songs(folder, VALID, unlabelled=False))
    chords, keys = accuracy(net, held_out)
    tensors = dict(net.state_dict())
    card = cards.write(
        title=NAME, what="Chords and keys at every note of a performance, and hidden notes filled in: a gated recurrent network "
        "that reads both ways (`core/insight/heard.py`).",
        parameters=sum(tensor.numel() for tensor in tensors.values()),
        sources={"pop909": known, "emopia": len(taught) - known},
        split=f"training songs of POP909 with their chords and keys, {len(held_out)} validation songs; EMOPIA's training and "
        "validation clips without labels",
        notes=[f"{STEPS} steps of {BATCH} × {SPAN} notes",
               "Learned from research-only collections: for recognising, not for composing"],
        figures={"chord at a note, 25 classes, validation songs of POP909": f"{chords:.3f}",
                 "key of a song, 24 classes, validation songs of POP909 with one key": f"{keys:.3f}",
                 **{f"last loss, {name}, nats": f"{value:.3f}" for name, value in losses.items()}},
        command=f"{COMMAND} emotion", seconds=time.monotonic() - started, device="cpu",
    )  # fmt: skip
    weights.save(NAME, tensors, {"cells": net.cells, "layers": net.layers}, card, out)
    return out / f"{NAME}.safetensors"


def _told(done: int, of: int) -> None:
    if done % 50 == 0:
        print(f"step {done} of {of}", file=sys.stderr)


def train_quality(folder: DataFolder, out: Path) -> list[Path]:
    """The weight set of `core.insight.quality`."""
    from core.insight.fit_quality import train

    return [train(folder, out)]
