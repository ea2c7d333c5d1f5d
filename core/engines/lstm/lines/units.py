"""What a line is made of: English words or Chinese characters, with their syllables and what they rhyme on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.lyrics import chinese, english
from core.lyrics.rhyme import english_key, track_of

Ints = NDArray[np.int64]

LINE, UNKNOWN = 0, 1
"""Ids of "a line begins" and of what the vocabulary does not have."""
FIRST = 2
"""Id of the first unit."""
MOST = 24
"""Syllables of a line that are told apart."""


@dataclass(frozen=True)
class Units:
    """A vocabulary.

    Attributes:
        language: `en` or `zh`.
        texts: of every unit from id `FIRST` on.
        syllables: of every unit, at least 1.
        rhymes: what each rhymes on (a key of `core.lyrics.rhyme`); "" where that is not known.
        tones: Chinese: the tone of each in its usual reading, 0 where it is not known; English: 0.
        cases: English: units that are written otherwise than in lower case.
    """

    language: str
    texts: tuple[str, ...]
    syllables: tuple[int, ...]
    rhymes: tuple[str, ...]
    tones: tuple[int, ...]
    cases: dict[str, str]

    def __len__(self) -> int:
        return len(self.texts) + FIRST

    @cached_property
    def ids(self) -> dict[str, int]:
        return {text: id for id, text in enumerate(self.texts, FIRST)}

    @cached_property
    def counts(self) -> Ints:
        """Syllables by id; those of `LINE` are 0, those of `UNKNOWN` 1."""
        return np.array([0, 1, *self.syllables])

    def encode(self, line: Sequence[str], counts: Sequence[int] | None = None) -> tuple[Ints, Ints]:
        """A line from its end: ids (n,), and how many syllables are left before each, (n,), 1 to `MOST`.

        Args:
            counts: syllables of the units where they are known otherwise.
        """
        ids = np.array([self.ids.get(unit, UNKNOWN) for unit in reversed(line)])
        own = self.counts[ids] if counts is None else np.array(counts[::-1])
        return ids, np.minimum(np.cumsum(own[::-1])[::-1], MOST)

    def as_dict(self) -> dict[str, Any]:
        """For the configuration beside the weights."""
        return {"language": self.language, "texts": " ".join(self.texts), "syllables": "".join(map(str, self.syllables)),
                "rhymes": "|".join(self.rhymes), "tones": "".join(map(str, self.tones)), "cases": self.cases}

    @classmethod
    def from_dict(cls, made: dict[str, Any]) -> Units:
        return cls(made["language"], tuple(made["texts"].split(" ")), tuple(map(int, made["syllables"])),
                   tuple(made["rhymes"].split("|")), tuple(map(int, made["tones"])), dict(made["cases"]))


def english_units(lines: Iterable[Sequence[str]], size: int, cases: dict[str, str]) -> Units:
    """The `size` most usual words.

    Raises:
        MissingError: the English lexicon is not installed.
    """
    texts = _usual(lines, size)
    said = [spoken.syllables for (spoken,) in english.pronounce([[text] for text in texts])]
    return Units("en", texts, tuple(min(9, max(1, len(own))) for own in said),
                 tuple(english_key(own) if own and own[-1].phones else "" for own in said), (0,) * len(texts),
                 {text: cases[text] for text in texts if text in cases})


def chinese_units(lines: Iterable[Sequence[str]], size: int) -> Units:
    """The `size` most usual characters."""
    texts = _usual(lines, size)
    read = [chinese.readings(text)[0] for text in texts]
    return Units("zh", texts, (1,) * len(texts), tuple(track_of(sound) for sound in read),
                 tuple(int(sound[-1]) if sound else 0 for sound in read), {})


def _usual(lines: Iterable[Sequence[str]], size: int) -> tuple[str, ...]:
    counted = Counter(unit for line in lines for unit in line)
    return tuple(unit for unit, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:size])
