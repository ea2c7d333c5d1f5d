"""English words that the lexicon lacks, made from ones that it has: maketh, unwearied, th'eternal, noonday.

A stem keeps its sound and stress; an ending or a beginning adds its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

Chunk = tuple[str, tuple[str, ...]]
"""Letters and the phonemes that they make, with stress marks."""

_ENDINGS: dict[str, tuple[Chunk, ...]] = {
    "eth": (("e", ("ɪ",)), ("th", ("θ",))),
    "est": (("e", ("ɪ",)), ("s", ("s",)), ("t", ("t",))),
    "'st": (("'", ()), ("s", ("s",)), ("t", ("t",))),
    "'d": (("'", ()), ("d", ("d",))),
    "'s": (("'", ()), ("s", ("z",))),
    "less": (("l", ("l",)), ("e", ("ə",)), ("ss", ("s",))),
    "ness": (("n", ("n",)), ("e", ("ə",)), ("ss", ("s",))),
    "ful": (("f", ("f",)), ("u", ("ə",)), ("l", ("l",))),
    "like": (("l", ("l",)), ("i", ("ˌaɪ",)), ("k", ("k",)), ("e", ())),
    "ward": (("w", ("w",)), ("a", ("ɚ",)), ("r", ()), ("d", ("d",))),
    "ly": (("l", ("l",)), ("y", ("i",))),
    "ing": (("i", ("ɪ",)), ("ng", ("ŋ",))),
    "in'": (("i", ("ɪ",)), ("n", ("n",)), ("'", ())),
    "er": (("er", ("ɚ",)),),
    "ers": (("er", ("ɚ",)), ("s", ("z",))),
    "ed": (("e", ()), ("d", ("d",))),
    "es": (("e", ()), ("s", ("z",))),
    "s": (("s", ("z",)),),
}
"""Endings with their sounds, the longest of those that fit first."""

_BEGINNINGS: dict[str, tuple[Chunk, ...]] = {
    "th'": (("th", ("ð",)), ("'", ())),
    "o'er": (("o", ("ˌoʊ",)), ("'", ()), ("er", ("ɹ",))),
    "over": (("o", ("ˌoʊ",)), ("v", ("v",)), ("er", ("ɚ",))),
    "under": (("u", ("ˌʌ",)), ("n", ("n",)), ("d", ("d",)), ("er", ("ɚ",))),
    "un": (("u", ("ʌ",)), ("n", ("n",))),
    "en": (("e", ("ɛ",)), ("n", ("n",))),
    "re": (("r", ("ɹ",)), ("e", ("i",))),
    "a": (("a", ("ə",)),),
    "be": (("b", ("b",)), ("e", ("ɪ",))),
}

_SIBILANTS = ("s", "z", "ʃ", "ʒ", "t͡ʃ", "d͡ʒ")
_LEAST = 3  # letters of a stem


@dataclass(frozen=True, slots=True)
class Derivation:
    """One way to make a word: `before` and `after` are added to the sounds of the stems, `dropped` is a silent e that
    the last stem lost, `i_for_y` whether its y became i."""

    stems: tuple[str, ...]
    before: tuple[Chunk, ...] = ()
    after: tuple[Chunk, ...] = ()
    dropped: str = ""


def derivations(form: str) -> Iterator[Derivation]:
    """The ways to make a word in lower case from others, the likeliest first: an ending, a beginning, both, two words."""
    starts: list[tuple[str, tuple[Chunk, ...]]] = [("", ())]
    starts += [(start, chunks) for start, chunks in _BEGINNINGS.items() if form.startswith(start)]
    for start, before in starts:
        rest = form[len(start) :]
        if start and len(rest) >= _LEAST:
            yield Derivation((rest,), before)
        for ending, after in _ENDINGS.items():
            stem = rest[: -len(ending)]
            if not rest.endswith(ending) or len(stem) < _LEAST:
                continue
            yield from _stems(stem, ending, before, after)
    for at in range(len(form) - _LEAST, _LEAST - 1, -1):
        yield Derivation((form[:at], form[at:]))


def _stems(stem: str, ending: str, before: tuple[Chunk, ...], after: tuple[Chunk, ...]) -> Iterator[Derivation]:
    yield Derivation((stem,), before, after)
    if ending[0] in "ei":
        yield Derivation((stem + "e",), before, after, "e")  # mak(e)eth
        if stem[-1] == stem[-2]:
            yield Derivation((stem[:-1],), before, ((stem[-1], ()), *after))  # sit(t)est
    if stem.endswith("i"):
        yield Derivation((stem[:-1] + "y",), before, after, "y")  # lowl(y)iness


def build(derivation: Derivation, stems: list[tuple[Chunk, ...]]) -> tuple[Chunk, ...]:
    """Letters and sounds of the word, from those of its stems. The second of two words keeps a weaker stress."""
    first, *others = stems
    last = others[-1] if others else first
    if derivation.dropped == "e" and last[-1:] == (("e", ()),):
        last = last[:-1]
        last = _without_schwa(last)
    elif derivation.dropped == "y" and last[-1][0] == "y":
        last = (*last[:-1], ("i", last[-1][1]))
    elif derivation.dropped:
        return ()
    chunks = [*derivation.before]
    if others:
        chunks += [*first, *((letters, tuple(p.replace("ˈ", "ˌ") for p in sounds)) for letters, sounds in last)]
    else:
        chunks += last
    return (*chunks, *_sounded(derivation.after, chunks))


def _without_schwa(chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """The stem of trembleth, which has two syllables as tremble has: its l stands alone."""
    sounds = [phone for _, phones in chunks for phone in phones]
    if chunks[-1][0] != "l" or sounds[-2:] != ["ə", "l"]:
        return chunks
    (letters, before), (last, _) = chunks[-2:]
    return (*chunks[:-2], (letters, tuple(phone for phone in before if phone != "ə")), (last, ("l",)))


def _sounded(after: tuple[Chunk, ...], before: list[Chunk]) -> tuple[Chunk, ...]:
    """An ending after these sounds: ed after t and d, and es after hissing sounds, are syllables of their own."""
    spelled = "".join(letters for letters, _ in after)
    sounds = [phone for _, phones in before for phone in phones]
    apart = (spelled == "ed" and sounds[-1:] in (["t"], ["d"])) or (spelled in ("es", "s", "'s") and sounds[-1] in _SIBILANTS)
    if not apart or not sounds:
        return after
    letter, rest = (after[0][0], after[1:]) if len(after) > 1 else ("", after)
    return ((letter, ("ɪ",)), *rest) if letter else ((after[0][0], ("ɪ", "z")),)
