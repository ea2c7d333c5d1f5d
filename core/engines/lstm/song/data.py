"""What the song network learns from: songs with words, and melodies without, in the splits of the corpora."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from core.corpora.folder import DataFolder
from core.corpora.split import load_pieces
from core.corpora.types import Piece
from core.engines.lstm.data import SPLITS, Corpus
from core.engines.lstm.data import load as load_sheets
from core.engines.lstm.song.aligned import Aligned, align
from core.engines.lstm.song.sung import from_sheet
from core.engines.lstm.song.task import Sample
from core.errors import InputError

SOURCES = ("lieder", "hymnal", "openewld")
"""Collections with words under their notes."""
ENGLISH = ("hymnal", "openewld")
"""Those in English alone; of the others the language is told from the words."""
LEAST = 12
"""Syllables of a song."""


@dataclass(frozen=True)
class Songs:
    """Samples by split, the corpus that styles and wordless melodies are from, and songs with words by piece id."""

    samples: dict[str, list[Sample]]
    corpus: Corpus
    aligned: dict[str, Aligned]
    refused: int
    """Songs whose words and notes do not fit."""


def load(folder: DataFolder, *, free_only: bool, say: Callable[[str], None] = lambda text: None) -> Songs:
    """Everything that the song network learns from.

    Raises:
        DataMissingError: a collection is not at hand.
    """
    corpus = load_sheets(folder, free_only=free_only, say=say)
    samples: dict[str, list[Sample]] = {split: [] for split in SPLITS}
    aligned: dict[str, Aligned] = {}
    refused = 0
    for one in load_pieces(folder, free_only=free_only):
        piece = one.piece
        if piece.source not in SOURCES or piece.style not in corpus.styles or _syllables(piece) < LEAST:
            continue
        try:
            song = align(piece.score, "en" if piece.source in ENGLISH else "auto")
        except InputError:
            refused += 1
            continue
        aligned[piece.id] = song
        samples[one.split].append(Sample(piece.id, corpus.styles.index(piece.style), song.sung))
    for split in SPLITS:
        for sample in corpus.samples[split]:
            if sample.id not in aligned:
                samples[split].append(Sample(sample.id, sample.style, from_sheet(corpus.sheets[sample.id])[0]))
    languages = Counter(song.lyrics.languages[0] for song in aligned.values())
    say(f"{len(aligned)} songs with words ({dict(languages)}), {refused} whose words and notes do not fit")
    return Songs(samples, corpus, aligned, refused)


def _syllables(piece: Piece) -> int:
    return max((len(track.lyrics) for track in piece.score.tracks), default=0)
