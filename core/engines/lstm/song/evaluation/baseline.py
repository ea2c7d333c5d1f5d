"""The baseline beside the network: a 5-gram over notes, one note a syllable, that reads nothing of the words but their number."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from core.engines.lstm.leadsheet import LOW, TICKS_PER_UNIT
from core.engines.lstm.song.sung import DURATION_UNITS, GAP_UNITS, Sung
from core.score import Key, Lyric, Metre, Note, Score, Track

ORDER = 5
LEAST = 2
"""Notes that a context was followed by; a rarer one is shortened."""
Event = tuple[int, int, int]


class FiveGram:
    """Learned from songs: gap, duration and pitch of a note after the four before it, or fewer where those are rare."""

    def __init__(self, songs: Sequence[Sung]) -> None:
        self._follow: dict[tuple[str, tuple[Event, ...]], Counter[Event]] = defaultdict(Counter)
        for song in songs:
            notes = list(zip(song.gaps.tolist(), song.durations.tolist(), song.pitches.tolist(), strict=True))
            for at, note in enumerate(notes):
                for order in range(ORDER):
                    if at - order >= 0:
                        for mode in (song.mode, ""):
                            self._follow[mode, tuple(notes[at - order : at])][note] += 1

    def write(self, syllables: Sequence[str], key: Key, metre: Metre, reference: int, rng: np.random.Generator) -> Score:
        """A melody of one note for each syllable."""
        written: list[Event] = []
        for _ in syllables:
            found = next(known for order in range(ORDER - 1, -1, -1) for mode in (key.mode, "")
                         if order <= len(written)
                         and (known := self._known(mode, tuple(written[len(written) - order :]))) is not None
                         and (order == 0 or known.total() >= LEAST))
            symbols = list(found)
            chances = np.array([found[symbol] for symbol in symbols]) / found.total()
            written.append(symbols[int(rng.choice(len(symbols), p=chances))])
        notes, time = [], 0
        for gap, duration, pitch in written:
            time += int(GAP_UNITS[gap])
            sounding = min(max(pitch + LOW + reference, 0), 127)
            notes.append(Note(time * TICKS_PER_UNIT, sounding, int(DURATION_UNITS[duration]) * TICKS_PER_UNIT))
            time += int(DURATION_UNITS[duration])
        lyrics = tuple(Lyric(note.start, text) for note, text in zip(notes, syllables, strict=True))
        return Score((Track(tuple(notes), lyrics=lyrics),), metres=(metre,), keys=(key,))

    def _known(self, mode: str, context: tuple[Event, ...]) -> Counter[Event] | None:
        return self._follow.get((mode, context))
