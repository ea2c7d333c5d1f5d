"""The score: types, readers, writers and edits."""

from core.score.types import (
    CHORD_QUALITIES,
    MODES,
    TICKS_PER_QUARTER,
    ChordSymbol,
    Key,
    Lyric,
    Metre,
    Note,
    Score,
    Tempo,
    Track,
)

__all__ = [
    "CHORD_QUALITIES",
    "MODES",
    "TICKS_PER_QUARTER",
    "ChordSymbol",
    "Key",
    "Lyric",
    "Metre",
    "Note",
    "Score",
    "Tempo",
    "Track",
]
