"""From corpora to training samples: which pieces, with which chords, and what their styles are like."""

from __future__ import annotations

import pickle
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from core.analysis.chords import chords_from_notes
from core.analysis.harmonise import Harmoniser
from core.corpora.codeversion import code_version
from core.corpora.folder import DataFolder
from core.corpora.split import SplitPiece, load_pieces
from core.corpora.types import Piece
from core.engines.lstm.leadsheet import HOLD, LOW, REST, LeadSheet, encode
from core.engines.lstm.leadsheet_features import walk
from core.engines.lstm.leadsheet_task import Sample
from core.errors import InputError
from core.score import Score

LEAVE_OUT = ("groove", "freedoom", "openmsx", "emopia", "bach", "jsb")
"""Sources without a lead sheet in them."""
MIN_BARS, MIN_NOTES, MIN_PIECES = 4, 12, 60
CACHE = Path(".cache/lstm")
MAX_EXAMPLES, MAX_EXAMPLE_BARS = 700, 48
SPLITS = ("train", "valid", "test")


@dataclass(frozen=True)
class Corpus:
    """Encoded lead sheets by split, the style ids in order of their index, and statistics for each."""

    samples: dict[str, list[Sample]]
    sheets: dict[str, LeadSheet]
    """By piece id."""
    styles: tuple[str, ...]
    statistics: dict[str, dict[str, Any]]
    sources: dict[str, int]
    """Source id to the number of its pieces that were taken for training."""
    harmonised: int
    """Pieces whose chords were written by the harmoniser."""


def load(folder: DataFolder, *, free_only: bool, say: Callable[[str], None] = lambda text: None) -> Corpus:
    """Everything that the lead-sheet network learns from; kept in `.cache` until code or pieces change.

    Raises:
        DataMissingError: a collection is not at hand.
    """
    pieces = [p for p in load_pieces(folder, free_only=free_only) if p.piece.source not in LEAVE_OUT]
    say(f"{len(pieces)} pieces")
    state = sha256(code_version("core.engines.lstm.data").encode())
    for piece in pieces:
        state.update(f"{piece.piece.id} {piece.fingerprint} {piece.split}\n".encode())
    path = CACHE / f"{'free' if free_only else 'all'}-{state.hexdigest()[:16]}.pickle"
    if path.is_file():
        kept: Corpus = pickle.loads(path.read_bytes())
        return kept
    corpus = build(pieces)
    CACHE.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(pickle.dumps(corpus, protocol=pickle.HIGHEST_PROTOCOL))
    part.replace(path)
    return corpus


def build(pieces: Sequence[SplitPiece]) -> Corpus:
    """Encode pieces; styles with fewer than `MIN_PIECES` for training are left out."""
    with_chords = [replace(p, piece=replace(p.piece, score=_chords_from_parts(p.piece.score))) for p in pieces]
    harmoniser = Harmoniser.fit(_harmonised_examples(with_chords))
    samples: dict[str, list[Sample]] = {split: [] for split in SPLITS}
    sheets: dict[str, LeadSheet] = {}
    counts = Counter(p.piece.style for p in pieces if p.split == "train")
    styles = tuple(sorted(style for style, count in counts.items() if count >= MIN_PIECES))
    grouped: dict[str, list[LeadSheet]] = defaultdict(list)
    sources: Counter[str] = Counter()
    harmonised = 0
    for p in with_chords:
        if p.piece.style not in styles:
            continue
        score, written = _with_chords(p.piece, harmoniser)
        sheet = usable_sheet(score)
        if sheet is None:
            continue
        harmonised += written
        samples[p.split].append(Sample(p.piece.id, styles.index(p.piece.style), walk(sheet)))
        sheets[p.piece.id] = sheet
        if p.split == "train":
            grouped[p.piece.style].append(sheet)
            sources[p.piece.source] += 1
    statistics = {style: describe(grouped[style]) for style in styles}
    for style in styles:
        statistics[style]["sources"] = sorted({p.piece.source for p in pieces if p.piece.style == style})
    return Corpus(samples, sheets, styles, statistics, dict(sources), harmonised)


def _harmonised_examples(pieces: Sequence[SplitPiece]) -> list[Score]:
    """What the harmoniser learns from: short songs for training, every source in its share."""
    songs = [p for p in pieces if p.split == "train" and p.piece.score.chords and len(p.piece.score.bars) <= MAX_EXAMPLE_BARS]
    songs.sort(key=lambda p: p.fingerprint)
    return [p.piece.score for p in songs[:MAX_EXAMPLES]]


def usable_sheet(score: Score) -> LeadSheet | None:
    """The score as a lead sheet, or None when it is too short or cannot be one."""
    try:
        sheet = encode(score)
    except InputError:
        return None
    notes = sum(event.pitch > HOLD for event in sheet.events)
    return sheet if len(sheet.bars) >= MIN_BARS and notes >= MIN_NOTES else None


def _chords_from_parts(score: Score) -> Score:
    """Chords read off the accompaniment, where there is one and nobody wrote them down."""
    if score.chords or sum(1 for track in score.tracks if track.notes and not track.is_drum) < 2:
        return score
    return replace(score, chords=chords_from_notes(score))


def _with_chords(piece: Piece, harmoniser: Harmoniser) -> tuple[Score, bool]:
    if piece.score.chords or piece.score.key is None or not piece.score.note_count:
        return piece.score, False
    return replace(piece.score, chords=harmoniser.chords(piece.score)), True


def describe(sheets: Sequence[LeadSheet]) -> dict[str, Any]:
    """What a style is like: counts that give defaults and limits to requests."""
    metres: Counter[str] = Counter()
    modes: Counter[str] = Counter()
    tonics: dict[str, Counter[int]] = defaultdict(Counter)
    durations: dict[str, Counter[int]] = defaultdict(Counter)
    pickups: dict[str, Counter[int]] = defaultdict(Counter)
    pitches: list[int] = []
    sounding: list[int] = []
    bars: list[int] = []
    for sheet in sheets:
        metres[sheet.metre] += 1
        modes[sheet.mode] += 1
        tonics[sheet.mode][sheet.reference % 12] += 1
        pickups[sheet.metre][sheet.pickup] += 1
        bars.append(len(sheet.bars))
        for event in sheet.events:
            durations[sheet.metre][event.duration] += 1
            if event.pitch > HOLD:
                pitches.append(event.pitch - 2 + LOW)
                sounding.append(event.pitch - 2 + LOW + sheet.reference)
    total = sum(metres.values())
    return {
        "pieces": total,
        "metres": [metre for metre, count in metres.most_common() if count >= max(min(8, total / 4), 0.02 * total)],
        "modes": [mode for mode, count in modes.most_common() if count >= max(min(5, total / 4), 0.015 * total)],
        "tonics": {mode: [tonic for tonic, _ in counter.most_common(4)] for mode, counter in tonics.items()},
        "durations": {metre: sorted(d for d, n in counter.items() if n >= max(3, 0.0008 * counter.total()))
                      for metre, counter in durations.items()},
        "pickups": {metre: next((p for p, _ in counter.most_common() if p), 0) for metre, counter in pickups.items()},
        "relative_range": [int(x) for x in np.percentile(pitches, (2, 98))],
        "range": [int(x) for x in np.percentile(sounding, (1, 99))],
        "bars": [int(x) for x in np.percentile(bars, (25, 50, 75))],
        "rests": round(sum(e.pitch == REST for s in sheets for e in s.events) / max(1, sum(len(s.events) for s in sheets)), 4),
    }
