"""English words to syllables with stress: gruut's lexicon (MIT, from CMUdict) and its model for the rest.

Phonemes become syllables by maximal onset (Kahn 1976): as many consonants as may begin an English word go with the
vowel after them. The lexicon tells which letters make which sound, so the spelling is parted with the sound.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from core.errors import MissingError
from core.lyrics.derive import Chunk, build, derivations
from core.lyrics.elision import ELIDED, full_forms
from core.lyrics.function_words import ENGLISH
from core.lyrics.scripts import APOSTROPHES, folded
from core.lyrics.spelling import by_letters, guess_spans, part
from core.lyrics.types import ENGLISH_VOWELS, NO_STRESS, PRIMARY, SECONDARY, Syllable

_GLIDES = frozenset(("aɪ", "aʊ", "ɔɪ"))
_CLUSTERS = """
p b t d k ɡ f v θ ð s z ʃ ʒ h m n l ɹ w j t͡ʃ d͡ʒ pl bl kl ɡl fl sl pɹ bɹ tɹ dɹ kɹ ɡɹ fɹ θɹ ʃɹ tw dw kw ɡw sw
θw pj bj kj fj vj mj hj ɡj nj tj dj lj sj st sp sk sm sn sf spl spɹ stɹ skɹ skw spj skj stj
"""

_ONSETS = frozenset(_CLUSTERS.split())
"""Consonants that may begin an English word, and those before a vowel within one."""

_ENDINGS = ("ing", "ings", "est", "eth")
_STEM = 4
"""Letters of a word before one of these endings; shorter ones are mostly chance."""

_CHUNK = 900  # SQLite takes 999 variables in old versions


@dataclass(frozen=True, slots=True)
class Entry:
    """A word of the lexicon: its readings as (role, phonemes), the usual one first, and letters with their sounds."""

    readings: tuple[tuple[str, tuple[str, ...]], ...]
    chunks: tuple[Chunk, ...] = ()


@dataclass(slots=True)
class Spoken:
    """Syllables of one word, and whether the model had to guess."""

    syllables: tuple[Syllable, ...]
    is_guess: bool = False


@dataclass(slots=True)
class Cut:
    """One syllable in the making: where its phonemes begin in the word, and these."""

    first: int
    phones: list[str] = field(default_factory=list)

    @property
    def stress(self) -> int:
        return next((PRIMARY if p[0] == "ˈ" else SECONDARY for p in self.phones if p[0] in "ˈˌ"), NO_STRESS)


def folder() -> Path:
    """Where gruut's English data lies.

    Raises:
        MissingError: the package is not installed.
    """
    try:
        import gruut_lang_en
    except ImportError as error:
        raise MissingError("gruut and gruut-lang-en are needed for English words", str(error), "pip install gruut") from error
    return Path(gruut_lang_en.get_lang_dir())


_looked_up: dict[str, Entry | None] = {}
_KEPT = 50_000


def lookup(words: Iterable[str]) -> dict[str, Entry]:
    """What the lexicon holds of some words in lower case. What was asked for once is kept."""
    asked = set(words)
    fresh = asked - _looked_up.keys()
    if fresh:
        found = _read(sorted(fresh))
        if len(_looked_up) + len(fresh) > _KEPT:
            _looked_up.clear()
            found |= _read(sorted(asked - fresh))
        _looked_up.update({word: found.get(word) for word in asked if word in fresh or word in found})
    return {word: entry for word in asked if (entry := _looked_up.get(word)) is not None}


def _read(asked: Sequence[str]) -> dict[str, Entry]:
    """From the data base, which has no index: one pass serves all words."""
    readings: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    chunks: dict[str, tuple[Chunk, ...]] = {}
    with closing(sqlite3.connect(f"{(folder() / 'lexicon.db').as_uri()}?mode=ro", uri=True)) as base:
        for start in range(0, len(asked), _CHUNK):
            some = asked[start : start + _CHUNK]
            among = f"word IN ({','.join('?' * len(some))})"
            for word, role, phones in base.execute(
                f"SELECT word, role, phonemes FROM word_phonemes WHERE {among} ORDER BY pron_order", some
            ):
                readings.setdefault(word, []).append((role, tuple(phones.split())))
            for word, alignment in base.execute(f"SELECT word, alignment FROM g2p_alignments WHERE {among}", some):
                chunks[word] = tuple(_chunk(piece) for piece in alignment.split())
    return {word: Entry(tuple(found), chunks.get(word, ())) for word, found in readings.items()}


def _chunk(piece: str) -> Chunk:
    letters, _, phones = piece.partition("}")
    return letters.replace("|", ""), tuple(phone for phone in phones.split("|") if phone != "_")


@cache
def _guesser() -> Any:
    from gruut.g2p import GraphemesToPhonemes

    return GraphemesToPhonemes(folder() / "g2p" / "model.crf")


@cache
def _tagger() -> Any:
    from gruut.pos import PartOfSpeechTagger

    return PartOfSpeechTagger(folder() / "pos" / "model.crf")


def guess(word: str) -> tuple[Chunk, ...]:
    """Letters and sounds of a word that no dictionary has, by gruut's conditional random field; stress on the first
    vowel where it sees none."""
    model = _guesser()
    tags = model.crf_tagger.tag(model.word2features(word))
    sounds = [tuple(p for p in model.decode_string(tag).split(model.phoneme_join) if p != model.eps_phoneme) for tag in tags]
    return tuple(zip(word, sounds, strict=True))


def pronounce(lines: Sequence[Sequence[str]]) -> list[list[Spoken]]:
    """The syllables of English words, line by line; a line is a list of words as they were written.

    Raises:
        MissingError: the lexicon is not installed.
    """
    plain = {word: plain_form(word) for line in lines for word in line}
    forms = {form: full_forms(form) for form in plain.values()}
    stems = [form[: -len(ending)] for form in forms for ending in _ENDINGS if form.endswith(ending)]
    known = lookup([*forms, *stems, *(full for fulls in forms.values() for full, _ in fulls)])
    unknown = [form for form in forms if form not in known and form not in ELIDED]
    known |= lookup(stem for form in unknown for derivation in derivations(form) for stem in derivation.stems)
    return [_line(line, [plain[word] for word in line], known) for line in lines]


def plain_form(word: str) -> str:
    """A word in lower case as the lexicon has it: a to z and '."""
    return "".join("'" if letter in APOSTROPHES else folded(letter) for letter in word)


def _line(words: Sequence[str], forms: Sequence[str], known: dict[str, Entry]) -> list[Spoken]:
    roles: Sequence[str] = ()
    if any(form in known and len(known[form].readings) > 1 and form not in ENGLISH for form in forms):
        roles = _tagger()(list(words))
    pairs = zip(words, forms, strict=True)
    return [_word(word, form, known, roles[at] if roles else "") for at, (word, form) in enumerate(pairs)]


def _word(word: str, form: str, known: dict[str, Entry], role: str) -> Spoken:
    if form in ELIDED:
        return Spoken(_syllables(word, form, (), ELIDED[form]))
    stem = _stem(form, known)
    if form in known:
        entry = known[form]
        phones = _reading(entry, role)
        return Spoken(_syllables(word, form, entry.chunks, phones, stem))
    for full, apostrophe in full_forms(form):
        if full in known:
            chunks, phones = _elided(known[full], apostrophe, form)
            return Spoken(_syllables(word, form, chunks, phones))
    chunks = _derived(form, known)
    if chunks:
        return Spoken(_syllables(word, form, chunks, tuple(p for _, sounds in chunks for p in sounds), stem))
    chunks = guess(form) if form.strip("'") else ()
    return Spoken(_syllables(word, form, chunks, tuple(p for _, sounds in chunks for p in sounds)), True)


def _stem(form: str, known: dict[str, Entry]) -> int:
    """Letters before an ending that parts from a word of its own, 0 for none."""
    lengths = (len(form) - len(ending) for ending in _ENDINGS if form.endswith(ending))
    return max((length for length in lengths if length >= _STEM and form[:length] in known), default=0)


def _derived(form: str, known: dict[str, Entry]) -> tuple[Chunk, ...]:
    """Letters and sounds of a word made from others of the lexicon; () where it is none."""
    for derivation in derivations(form):
        if all(stem in known and known[stem].chunks for stem in derivation.stems):
            chunks = build(derivation, [known[stem].chunks for stem in derivation.stems])
            if "".join(letters for letters, _ in chunks) == form:
                return chunks
    return ()


def _reading(entry: Entry, role: str) -> tuple[str, ...]:
    """The reading for a part of speech (Penn tags); its first two letters tell a verb from a noun."""
    roles = dict(reversed(entry.readings))  # the first of two with one role stays
    for wanted in (f"gruut:{role}", f"gruut:{role[:2]}", ""):
        if wanted in roles:
            return roles[wanted]
    return entry.readings[0][1]


def _elided(full: Entry, at: int | None, form: str) -> tuple[tuple[Chunk, ...], tuple[str, ...]]:
    """A word without the vowel that its apostrophe stands for: heav'n. `at` is the place of the missing letter in the
    full word, None where no vowel falls out (singin')."""
    phones = _reading(full, "")
    if at is None:
        return (), phones
    chunks, place = [], 0
    for letters, sounds in full.chunks:
        if place <= at < place + len(letters):
            sounds = tuple("ɹ" if p == "ɚ" else p for p in sounds if p != "ə" and p != "ɪ" and p != "i")
            letters = letters[: at - place] + "'" + letters[at - place + 1 :]
        chunks.append((letters, sounds))
        place += len(letters)
    return tuple(chunks), tuple(p for _, sounds in chunks for p in sounds) or phones


def _syllables(
    word: str, form: str, chunks: Sequence[Chunk], phones: Sequence[str], stem: int = 0
) -> tuple[Syllable, ...]:
    """Cut phonemes and spelling together; `stem` as in `spelling.part`."""
    if [_bare(p) for _, sounds in chunks for p in sounds] != [_bare(p) for p in phones]:
        chunks = ()
    phones = _one_vowel_before_r(chunks, phones)
    cuts = _cut(phones)
    if len(cuts) < 2:
        only = cuts[0] if cuts else Cut(0)
        stress = NO_STRESS if form in ENGLISH else PRIMARY
        return (Syllable(word, stress, phones=tuple(map(_bare, only.phones))),)
    spans, wanted = _places(word, form, chunks, cuts)
    texts = part(word, spans, wanted, "en", stem)
    if len(texts) != len(cuts) or not all(texts):
        return (Syllable(word, PRIMARY, phones=tuple(map(_bare, phones))),)  # more sounds than letters: BBC
    stresses = [cut.stress for cut in cuts]
    if PRIMARY not in stresses:
        stresses[stresses.index(SECONDARY) if SECONDARY in stresses else 0] = PRIMARY
    triples = zip(texts, stresses, cuts, strict=True)
    return tuple(Syllable(text, stress, phones=tuple(map(_bare, cut.phones))) for text, stress, cut in triples)


def sung_phonemes(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The phonemes of words as they are sung: fire on one syllable, flower on two."""
    forms = {word: _one_vowel_before_r(entry.chunks, entry.readings[0][1]) for word, entry in lookup(words).items()}
    return forms


def sounded(phones: Sequence[str]) -> tuple[Syllable, ...]:
    """The syllables of phonemes with stress marks; their `text` is the sound too."""
    cuts = _cut(phones)
    return tuple(Syllable("".join(bare), cut.stress, phones=bare) for cut in cuts if (bare := tuple(map(_bare, cut.phones))))


def _one_vowel_before_r(chunks: Sequence[Chunk], phones: Sequence[str]) -> tuple[str, ...]:
    """fire, hour and choir are sung on one syllable where no letter of their own makes the second vowel (flower has one)."""
    bare: dict[int, bool] = {}
    at = 0
    for letters, sounds in chunks:
        for _ in sounds:
            bare[at] = letters == "r"
            at += 1
    out = list(phones)
    for i in range(1, len(out)):
        if _bare(out[i]) == "ɚ" and _bare(out[i - 1]) in _GLIDES and bare.get(i, False):
            out[i] = "ɹ"
    return tuple(out)


def _cut(phones: Sequence[str]) -> list[Cut]:
    nuclei = [i for i, p in enumerate(phones) if _bare(p) in ENGLISH_VOWELS]
    if not nuclei:
        return [Cut(0, list(phones))] if phones else []
    firsts = [0]
    for left, right in itertools.pairwise(nuclei):
        first = left + 1
        while first < right and "".join(phones[first:right]) not in _ONSETS:
            first += 1
        firsts.append(first)
    ends = [*firsts[1:], len(phones)]
    return [Cut(first, list(phones[first:end])) for first, end in zip(firsts, ends, strict=True)]


def _places(word: str, form: str, chunks: Sequence[Chunk], cuts: Sequence[Cut]) -> tuple[list[tuple[int, int]], list[int]]:
    """Letters of each syllable's vowel, and where the sound would part the spelling."""
    if not chunks or len(form) != len(word) or sum(len(letters) for letters, _ in chunks) != len(word):
        spans = guess_spans(word, len(cuts), "en")
        return spans, by_letters(word, spans)
    begins: list[tuple[int, int]] = []  # of every phoneme: letters from, to
    at = 0
    for letters, sounds in chunks:
        begins += [(at, at + len(letters))] * len(sounds)
        at += len(letters)
    spans, starts = [], []
    for cut in cuts:
        vowel = next(i for i, p in enumerate(cut.phones) if _bare(p) in ENGLISH_VOWELS)
        from_, to = begins[cut.first + vowel]
        if vowel and begins[cut.first + vowel - 1] == (from_, to):
            from_ = max(from_, to - 1)
        spans.append((from_, max(to, from_ + 1)))
        starts.append(begins[cut.first][0])
    for at in range(len(spans) - 1):
        (first, end), following = spans[at], spans[at + 1][0]
        end = min(end, following)
        if end == following and end - first > 1 and word[end - 1] in "rR":
            end -= 1  # the r of a vowel goes over to the next (a-round)
            starts[at + 1] = end
        spans[at] = (first, end)
    return spans, starts[1:]


def _bare(phone: str) -> str:
    return phone.lstrip("ˈˌ")
