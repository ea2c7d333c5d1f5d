"""The mood of words, section by section, and what of the music follows from it.

Valence and arousal come from `core.analysis.sentiment`. What follows from them is the common finding of studies of
expression in music (Gagnon and Peretz 2003 for mode and tempo; Juslin and Laukka 2004 for the others): sadness is minor,
slow, low and narrow, joy is major, fast, high and busy.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.analysis.sentiment import Sign, feeling, signs
from core.errors import RequestError
from core.lyrics.chinese import is_chinese, simplified
from core.lyrics.types import Line, Lyrics

NEUTRAL = 0.05
"""Below this valence neither way is spoken for."""

_SHOWN = 6
_MOST_CHOSEN = 20_000
"""Characters of moods that were chosen: more than all sections of a song."""
_SAD_LEVEL = 0.4  # arousal 0 to 1 of sad words that tell none of their own; .5 is taken for others
_EXCLAIMED = 0.1

_BPM, _BPM_AROUSAL, _BPM_VALENCE = 96.0, 36.0, 16.0
_SPAN, _SPAN_AROUSAL = 14.0, 4.0
_LIFT = 3.0
_DENSITY, _DENSITY_AROUSAL = 0.5, 0.4


@dataclass(frozen=True, slots=True)
class Mood:
    """How words feel. One that the user chose has no words in `because`.

    Attributes:
        valence: −1 (sad, bad) to 1 (happy, good).
        arousal: −1 (calm) to 1 (excited).
        because: the words that spoke for it, the strongest first, as `Sign` with their own valence and arousal.

    Raises:
        RequestError: a value out of range.
    """

    valence: float
    arousal: float
    because: tuple[Sign, ...] = ()

    def __post_init__(self) -> None:
        if not (-1 <= self.valence <= 1 and -1 <= self.arousal <= 1):
            raise RequestError("Valence and arousal are between -1 and 1", f"got {self.valence:g} and {self.arousal:g}",
                               "Choose others")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What fits a mood; a wish of the user comes before it.

    Attributes:
        mode: `major` or `minor`; None where the words are neutral.
        bpm: quarter notes a minute, even, 44 to 148.
        span: semitones from the lowest to the highest note, 10 to 18.
        lift: semitones by which the melody lies higher (or lower) than in the middle of the range, −3 to 3.
        density: how many notes there are, 0 (one long note a syllable) to 1; .5 is usual.
        because: words, the strongest first.
    """

    mode: Literal["major", "minor"] | None
    bpm: int
    span: int
    lift: int
    density: float
    because: tuple[str, ...] = ()


def moods(lyrics: Lyrics) -> tuple[Mood, ...]:
    """The mood of each section, by its English and Chinese words; others are neutral."""
    return tuple(_mood(section.lines) for section in lyrics.sections)


def overall(lyrics: Lyrics) -> Mood:
    """The mood of all words together."""
    return _mood(lyrics.lines)


def felt(lyrics: Lyrics, chosen: str = "") -> tuple[Mood, ...]:
    """The mood of each section, and in its place the one that the user chose for it.

    Args:
        chosen: as `chosen_as_json` writes it; sections beyond it, or with null, are as they were read.

    Raises:
        RequestError: it is not of that form.
    """
    own = _chosen(chosen) if chosen else ()
    found = moods(lyrics)
    return tuple((own[at] if at < len(own) else None) or mood for at, mood in enumerate(found))


def whole(lyrics: Lyrics, chosen: str = "") -> Mood:
    """The mood of all words together; where the user chose the mood of some sections, the mean of all by their lines.

    Raises:
        RequestError: see `felt`.
    """
    if not chosen or not any(_chosen(chosen)):
        return overall(lyrics)
    each = felt(lyrics, chosen)
    lines = [len(section.lines) for section in lyrics.sections]
    share = [count / sum(lines) for count in lines]
    because = [sign for mood in each for sign in mood.because]
    ranked = sorted({sign.word: sign for sign in because}.values(), key=lambda sign: -abs(sign.valence))
    return Mood(_within(sum(mood.valence * part for mood, part in zip(each, share, strict=True))),
                _within(sum(mood.arousal * part for mood, part in zip(each, share, strict=True))), tuple(ranked[:_SHOWN]))


def _within(value: float) -> float:
    return max(-1.0, min(1.0, value))


def chosen_as_json(chosen: Sequence[Mood | None]) -> str:
    """Moods that the user chose, section by section, None where it is as it was read; "" for none at all."""
    pairs = [[round(mood.valence, 2), round(mood.arousal, 2)] if mood else None for mood in chosen]
    return json.dumps(pairs) if any(pairs) else ""


def _chosen(text: str) -> tuple[Mood | None, ...]:
    expected = "Moods are a list of pairs of valence and arousal, or null, one for each section"
    try:
        made = json.loads(text) if len(text) <= _MOST_CHOSEN else None
    except (ValueError, RecursionError) as error:
        raise RequestError(expected, f"cannot be read ({error})", "Write them again") from error
    if not isinstance(made, list):
        raise RequestError(expected, f"got {text[:40]}", "Write them again")
    found: list[Mood | None] = []
    for pair in made:
        numbers = isinstance(pair, list) and len(pair) == 2 and all(
            isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one) for one in pair)
        if pair is not None and not numbers:
            raise RequestError(expected, f"got {text[:40]}", "Write them again")
        found.append(Mood(float(pair[0]), float(pair[1])) if pair is not None else None)
    return tuple(found)


def suggest(mood: Mood) -> Suggestion:
    """What of the music follows from a mood, whether found or chosen."""
    mode: Literal["major", "minor"] | None = None
    if abs(mood.valence) >= NEUTRAL:
        mode = "major" if mood.valence > 0 else "minor"
    return Suggestion(
        mode,
        2 * round((_BPM + _BPM_AROUSAL * mood.arousal + _BPM_VALENCE * mood.valence) / 2),
        round(_SPAN + _SPAN_AROUSAL * mood.arousal),
        round(_LIFT * (mood.valence + mood.arousal) / 2),
        round(_DENSITY + _DENSITY_AROUSAL * mood.arousal, 2),
        tuple(dict.fromkeys(sign.word for sign in mood.because)),
    )


def _mood(lines: Sequence[Line]) -> Mood:
    text = "\n".join(_told(line) for line in lines)
    plain = simplified(text) if is_chinese(text) else text
    felt, found = feeling(plain, "lyrics"), signs(plain, "lyrics")
    level = felt.arousal
    if felt.valence <= -NEUTRAL and all(sign.arousal is None for sign in found):
        level = _SAD_LEVEL
    cries = sum(any(mark in line.text for mark in "!！") for line in lines) / len(lines)
    arousal = max(-1.0, min(1.0, 2 * level - 1 + _EXCLAIMED * cries))
    return Mood(max(-1.0, min(1.0, felt.valence)), arousal, _strongest(found, felt.valence, text, plain))


def _told(line: Line) -> str:
    """What of a line the lexicons can read: German `die` is no death."""
    return "".join(word.lead + (word.written if word.language in ("en", "zh") else "") for word in line.words) + line.tail


def _strongest(found: Sequence[Sign], valence: float, text: str, plain: str) -> tuple[Sign, ...]:
    """The words that point the way of the whole, each once, with the characters of the text."""
    agreeing = [sign for sign in found if sign.valence * valence > 0 or (abs(valence) < NEUTRAL and sign.valence)]
    once = {sign.word: sign for sign in sorted(agreeing, key=lambda sign: abs(sign.valence))}  # the strongest of a word stays
    ranked = sorted(once.values(), key=lambda sign: (-abs(sign.valence), plain.lower().find(sign.word)))
    return tuple(Sign(_in_text(sign.word, text, plain), sign.valence, sign.arousal) for sign in ranked[:_SHOWN])


def _in_text(word: str, text: str, plain: str) -> str:
    at = plain.find(word)
    return text[at : at + len(word)] if at >= 0 and len(plain) == len(text) else word
