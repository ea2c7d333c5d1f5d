"""Words to sing on public-domain verse: crashes, syllables against engraved hyphens, time (docs/lyrics.md).

    python -m benchmarks.lyrics_words DATA

DATA holds `open-hymnal` and `chinese-poetry` (see `songloom corpora`); without one of them its part is left out.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.errors import SongloomError
from core.lyrics import Lyrics, read_lyrics
from core.lyrics.english import pronounce

TEXTS = 100
_WORD = re.compile(r"[A-Za-z'’]+(?:-[A-Za-z'’]+)*")


def hymn_lines(folder: Path) -> Iterator[list[str]]:
    """The words of each hymn as engraved, syllables with hyphens, verses as they stand under the notes."""
    for path in sorted(folder.rglob("*.abc")):
        lines = [line[2:] for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if line.startswith("w:")]
        whole = [re.sub(r"\s*-[\s-]*", "-", re.sub(r"[~_*|]", " ", line)).strip() for line in lines]
        if any(whole):
            yield [" ".join(line.split()) for line in whole if line]


def poems(folder: Path) -> Iterator[str]:
    """Four poems of each file, in an order that chance chose once."""
    chance = random.Random(0)
    paths = sorted(folder.rglob("*.json"))
    chance.shuffle(paths)
    for path in paths:
        found = json.loads(path.read_text(encoding="utf-8"))
        for poem in chance.sample(found, min(4, len(found))) if isinstance(found, list) else ():
            keys = [key for key in ("paragraphs", "content", "para") if isinstance(poem, dict) and key in poem]
            lines = poem[keys[0]] if keys else None
            if isinstance(lines, list) and lines and all(isinstance(line, str) for line in lines):
                yield "\n".join(lines)


def run(name: str, texts: Sequence[str]) -> None:
    """Read texts and print counts and time; a crash ends the script."""
    start, worst, refused = time.perf_counter(), 0.0, 0
    read: list[Lyrics] = []
    for text in texts:
        before = time.perf_counter()
        try:
            read.append(read_lyrics(text))
        except SongloomError as error:
            refused += 1
            print(f"  refused: {error}")
        worst = max(worst, time.perf_counter() - before)
    words = [word for lyrics in read for word in lyrics.words]
    print(f"{name}: {len(texts)} texts, {refused} refused, {sum(len(word.syllables) for word in words)} syllables, "
          f"{sum(word.is_guess for word in words)} of {len(words)} words guessed, {time.perf_counter() - start:.1f} s, "
          f"the longest {worst:.2f} s")


def against_hyphens(hymns: Sequence[Sequence[str]]) -> None:
    """Our syllables beside the engraved ones, for words that stand there twice or more."""
    counts = Counter(word.lower() for hymn in hymns for line in hymn for word in _WORD.findall(line))
    words = sorted(word for word, count in counts.items() if count > 1)
    ours = ["-".join(s.text for s in said.syllables) for (said,) in pronounce([[word.replace("-", "")] for word in words])]
    equal = [own.count("-") == word.count("-") for own, word in zip(ours, words, strict=True)]
    places = sum(counts[word] for word in words)
    right = sum(counts[word] for word, same in zip(words, equal, strict=True) if same)
    parted = [(own, word) for own, word, same in zip(ours, words, equal, strict=True) if same and "-" in word]
    letters = sum(own == word for own, word in parted) / len(parted)
    print(f"hyphens: {len(words)} words, count right in {sum(equal) / len(words):.1%} of them and in {right / places:.1%} of "
          f"{places} places; letters right in {letters:.1%} of {len(parted)} with several syllables")


def main(data: Path) -> None:
    """Print all figures."""
    hymns = list(hymn_lines(data / "open-hymnal"))
    if hymns:
        chosen = random.Random(0).sample(hymns, min(TEXTS, len(hymns)))
        run("English", ["\n".join(line.replace("-", "") for line in hymn[:40]) for hymn in chosen])
        against_hyphens(hymns)
    verse = [poem for _, poem in zip(range(TEXTS), poems(data / "chinese-poetry"), strict=False)]
    if verse:
        run("Chinese", verse)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
