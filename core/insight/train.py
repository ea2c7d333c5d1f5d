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

PARTS = ("style", "emotion", "quality")
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
    learn = {"style": train_style, "emotion": train_emotion, "quality": train_quality}
    for part in [args.only] if args.only else PARTS:
        started = time.monotonic()
        for path in learn[part](folder, out):
            print(path)
        print(f"{part}: {time.monotonic() - started:.0f} s", file=sys.stderr)
    return 0


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


def train_emotion(folder: DataFolder, out: Path) -> list[Path]:
    """The weight set of `core.insight.emotion`: one model for each of its kinds."""
    import numpy as np

    from core import card as cards
    from core import weights
    from core.insight.emotion import KINDS, NAME
    from core.insight.fit_emotion import Clips, cross_validated, figures, fit_kind
    from core.insight.linear import softmax

    started = time.monotonic()
    clips = Clips.load(folder)
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
        "(`core/insight/played.py`), for performances, scores and lines.",
        parameters=sum(tensor.numel() for tensor in tensors.values()), sources={"emopia": len(learned)},
        split=f"EMOPIA's own clip split; {int((clips.split == 'train').sum())} training and {int((clips.split == 'val').sum())} "
        "validation clips are learned from, chosen by cross-validation by song among them",
        notes=["EMOPIA's labels and clips are CC BY 4.0 (Hung et al. 2021); the songs are commercial"],
        figures={**rows, "test split": "docs/insight.md"}, command=f"{COMMAND} emotion", seconds=time.monotonic() - started,
        device="cpu",
    )  # fmt: skip
    weights.save(NAME, tensors, {**config, "reliability": reliability}, card, out)
    return [out / f"{NAME}.safetensors"]


def train_quality(folder: DataFolder, out: Path) -> list[Path]:
    """The weight set of `core.insight.quality`."""
    from core.insight.fit_quality import train

    return [train(folder, out)]
