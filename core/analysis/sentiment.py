"""Feeling of short texts, English or Chinese: comments on pieces, lyrics, wishes for a mood.

English valence is VADER's (Hutto and Gilbert 2014) with words of music that it does not know or takes
for bad; Chinese is a lexicon of ours, matched longest word first, with negation, strength and "but".
Arousal of both comes from words: who writes "thrilling" means another music than who writes "soothing".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from math import sqrt
from typing import Any, Literal

from core.analysis import lexicon_lyrics
from core.analysis.lexicon_zh import LEXICON, NEGATIONS, NOT_NEGATIONS, STRENGTH, TURNS

MAX_CHARACTERS = 20_000
"""What is behind these is not read."""

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_CLAUSE = re.compile(r"[，。！？；、,.!?;~…\s]+")
_REACH = 5  # characters that a negation reaches over
_TURN = 1.5
_SOFTENED = -0.6  # "not good" is less bad than "bad"

_MUSIC_WORDS = {
    "catchy": 2.2, "groovy": 2.0, "haunting": 1.2, "soothing": 2.2, "melodic": 1.6, "uplifting": 2.6, "banger": 2.8, "slaps": 2.4,
    "earworm": 1.5, "goosebumps": 2.4, "chills": 1.6, "masterpiece": 3.2, "repetitive": -1.4, "off-key": -2.0, "noisy": -1.6,
    "tedious": -1.8, "bland": -1.6, "generic": -1.2, "cheesy": -1.0, "shrill": -1.8, "muddy": -1.2, "meh": -1.3, "dull": -1.7,
    "melancholy": -1.2, "wistful": -0.8, "mournful": -1.9, "gloomy": -1.8, "minor": 0.0, "sick": 0.0, "crazy": 0.0, "mad": -1.2,
    "lovely": 2.8, "monotonous": -1.7, "tearful": -1.6, "lullaby": 1.0, "dance": 1.0, "sunny": 1.8, "dreary": -2.0,
    "skipped": -1.2,
}  # fmt: skip
"""Valence −4 to 4 of words that VADER lacks, or that mean something else of music."""

_AROUSALS = """
0.9 thrilling exciting excited energetic energy wild fast loud intense powerful epic explosive party dance dancing
0.9 driving banger fierce furious angry rage ecstatic amazing awesome incredible lively upbeat pumping aggressive
0.9 screaming storm fire crazy hype frantic rousing joyful jubilant terrifying panic scared
0.6 happy fun bright cheerful catchy groovy love great good playful bouncy glad hate awful terrible annoying noisy
0.6 harsh nervous anxious tense bold proud
0.25 sad lonely melancholy wistful mournful bored boring dull tired gloomy blue bland tedious sorrow grief cry tears
0.25 dreary nostalgic lost
0.1 calm soothing gentle relaxing peaceful quiet soft slow sleepy sleep tender serene lullaby tranquil mellow ambient
0.1 dreamy still hushed relaxed rest
"""
"""Arousal 0 to 1 and English words of feeling."""

_AROUSAL = {word: float(line.split()[0]) for line in _AROUSALS.strip().splitlines() for word in line.split()[1:]}


Of = Literal["comment", "lyrics"]
"""What a text is: who calls a piece dark may praise it, while a song with rain and winter in it is a sad one."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A word that speaks for a feeling: `valence` −4 to 4 with what turns or strengthens it, `arousal` 0 to 1, or None
    where the word tells nothing of it. Chinese words are in simplified characters as they were given."""

    word: str
    valence: float
    arousal: float | None


@dataclass(frozen=True, slots=True)
class Feeling:
    """`valence` −1 (bad, sad) to 1, 0 where nothing is said; `arousal` 0 (calm) to 1, .5 where nothing is said."""

    valence: float
    arousal: float

    @property
    def is_neutral(self) -> bool:
        return abs(self.valence) < 0.05


NEUTRAL = Feeling(0.0, 0.5)


def feeling(text: str, of: Of = "comment") -> Feeling:
    """The feeling of a text in English, Chinese (simplified characters) or both; texts in other languages are neutral
    unless they hold emoticons that VADER knows. What is behind `MAX_CHARACTERS` is not read."""
    text = text[:MAX_CHARACTERS]
    han, latin = len(_HAN.findall(text)), sum(map(len, _LATIN.findall(text))) / 3
    if not han:
        return _english(text, of)
    if not latin:
        return _chinese(text, of)
    chinese, english = _chinese(text, of), _english(text, of)
    if chinese == NEUTRAL or english == NEUTRAL:
        return english if chinese == NEUTRAL else chinese
    share = han / (han + latin)
    valence = share * chinese.valence + (1 - share) * english.valence
    return Feeling(valence, share * chinese.arousal + (1 - share) * english.arousal)


def signs(text: str, of: Of = "comment") -> tuple[Sign, ...]:
    """The words that `feeling` goes by, in the order of the text."""
    text = text[:MAX_CHARACTERS]
    return (*_english_signs(text, of), *(sign for clause in _CLAUSE.split(text) for sign in _clause(clause, of)[0]))


def comment_weight(text: str) -> float:
    """How much a comment speaks for a piece, −1 to 1: its valence, but sadness of music is no blame, so that
    what is both sad and calm counts half."""
    found = feeling(text)
    return found.valence * (0.5 if found.valence < 0 and found.arousal < 0.35 else 1.0)


@cache
def _vader(of: Of) -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    sung = {word: valence for word, (valence, _) in lexicon_lyrics.ENGLISH.items()}
    sung |= dict.fromkeys(lexicon_lyrics.NOT_ENGLISH_FEELINGS, 0.0)
    analyser.lexicon.update(sung if of == "lyrics" else _MUSIC_WORDS)
    return analyser


@cache
def _arousals(of: Of) -> dict[str, float]:
    sung = {word: arousal for word, (_, arousal) in lexicon_lyrics.ENGLISH.items()}
    return {**_AROUSAL, **sung} if of == "lyrics" else _AROUSAL


def _english(text: str, of: Of) -> Feeling:
    valence = float(_vader(of).polarity_scores(text)["compound"])
    levels = [sign.arousal for sign in _english_signs(text, of) if sign.arousal is not None]
    return Feeling(valence, sum(levels) / len(levels) if levels else 0.5)


def _english_signs(text: str, of: Of) -> list[Sign]:
    arousals, valences = _arousals(of), _vader(of).lexicon
    words = re.findall(r"[a-z']+", text.lower())
    found = []
    for at, word in enumerate(words):
        arousal, valence = arousals.get(word), float(valences.get(word, 0.0))
        if arousal is None and not valence:
            continue
        if any(before in ("not", "never", "no") or before.endswith("n't") for before in words[max(0, at - 3) : at]):
            arousal, valence = None if arousal is None else 1 - arousal, valence * _SOFTENED
        found.append(Sign(word, valence, arousal))
    return found


def _chinese(text: str, of: Of) -> Feeling:
    total, levels, gain = 0.0, [], 1.0
    for clause in _CLAUSE.split(text):
        found, halved, turned = _clause(clause, of)
        if turned:
            total, gain = total / 2, _TURN
        total += gain * sum(sign.valence / (2 if at < halved else 1) for at, sign in enumerate(found))
        levels += [sign.arousal for sign in found if sign.arousal is not None]
    return Feeling(total / sqrt(total * total + 15), sum(levels) / len(levels) if levels else 0.5)


@cache
def _lexicon(of: Of) -> dict[str, tuple[float, float]]:
    return {**LEXICON, **lexicon_lyrics.CHINESE} if of == "lyrics" else LEXICON


@cache
def _words(of: Of) -> tuple[frozenset[str], int]:
    others = lexicon_lyrics.NOT_FEELINGS if of == "lyrics" else frozenset()
    words = frozenset({*_lexicon(of), *NEGATIONS, *NOT_NEGATIONS, *STRENGTH, *TURNS, *others})
    return words, max(map(len, words))


def _clause(clause: str, of: Of) -> tuple[list[Sign], int, bool]:
    """Words of feeling, how many of them stand before a turn within the clause, and whether it turns at all."""
    (known, longest), lexicon = _words(of), _lexicon(of)
    found: list[Sign] = []
    halved, turned = 0, False
    strength, negated, since = 1.0, False, 0
    at = 0
    while at < len(clause):
        word = next((clause[at : at + size] for size in range(longest, 0, -1) if clause[at : at + size] in known), "")
        if word in TURNS:
            halved, turned, strength, negated = len(found), True, 1.0, False
        elif word in lexicon:
            valence, arousal = lexicon[word]
            valence *= strength * (_SOFTENED if negated else 1.0)
            level = 1 - arousal if negated else min(1.0, arousal * (1.1 if strength > 1 else 1.0))
            found.append(Sign(word, valence, level))
            strength, negated = 1.0, False
        else:
            if word in NEGATIONS:
                negated, since = not negated, 0
            if word in STRENGTH:
                strength, since = strength * STRENGTH[word], 0
        since += max(len(word), 1)
        if since > _REACH:
            strength, negated = 1.0, False
        at += max(len(word), 1)
    return found, halved, turned
