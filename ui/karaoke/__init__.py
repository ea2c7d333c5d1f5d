"""Words that run along with a take's sound: notes with their syllables on one long staff, under it the words line by line.

A Streamlit component of our own, which follows a piano roll's player (`ui.roll`) and moves it when a syllable is clicked.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from core.errors import FormatError, GenerationError
from core.score import Lyric, Score, Track
from core.score.clock import Clock
from core.score.engrave import Strip, engrave_strip
from core.score.words import lyric_lines, spaced
from ui.components import Component, Entry, words
from ui.files import to_midi
from ui.karaoke.texts import WORDS
from ui.roll.media import audio_url

__all__ = ["show", "singer"]

_COMPONENT = Component.of("karaoke", Path(__file__).parent / "web", ("follow", "main"), most=1000)
_LONGEST = 600
"""Notes up to which they are drawn on one staff: 0.1 s for 50, 2 s for 560; the words run along without it too."""
_SVG = "image/svg+xml"


def singer(score: Score) -> Track | None:
    """The first part with words; None where there is none."""
    return next((track for track in score.tracks if track.lyrics and track.notes), None)


def show(score: Score, *, key: str, label: str, player: str, lang: str, on_again: Callable[[int], None] | None = None) -> None:
    """Draw the words of a score; draws nothing where it has none.

    Args:
        key: names this one among the components of the session.
        label: what it is, for those who do not see it.
        player: the key of the piano roll whose sound it follows.
        lang: `en` or `zh`.
        on_again: is told the number of a line, from 0, that is to be sung anew; without it none can be.
    """
    track = singer(score)
    if track is None:
        return
    lines = lyric_lines(track)

    def take_in(entries: tuple[Entry, ...]) -> None:
        line = entries[-1].get("again")
        if isinstance(line, bool) or not isinstance(line, int) or not 0 <= line < len(lines):
            raise FormatError(f"A line between 0 and {len(lines) - 1} is needed", f"got {line!r:.40}")
        if on_again is not None:
            on_again(line)

    strip = _strip(score, track)
    texts = words(WORDS, lang)
    data = {
        "lang": lang,
        "label": label,
        "texts": texts,
        "player": player,
        "strip": audio_url(strip.svg.encode(), _SVG, key) if strip else "",
        "onsets": _onsets(score, track, strip) if strip else [],
        "lines": _lines(score, track, lines),
        "again": [texts["again"].format(line=number + 1) for number in range(len(lines))] if on_again else [],
    }
    _COMPONENT.show(data, key=key, book=f"{key}:log", on_entries=take_in)


def _lines(score: Score, track: Track, lines: Sequence[Sequence[Lyric]]) -> list[list[list[Any]]]:
    """For each line its syllables as [text, from second, to second]."""
    clock, flat = Clock.of(score), [lyric for line in lines for lyric in line]
    ends = _ends(track, [lyric.tick for lyric in flat])
    times = iter([(clock.seconds(lyric.tick), clock.seconds(end)) for lyric, end in zip(flat, ends, strict=True)])
    return [[[text, *map(_hundredths, next(times))] for text in spaced(line)] for line in lines]


def _ends(track: Track, ticks: Sequence[int]) -> list[int]:
    """For each of the ticks, in order, where what sounds from there on ends: at the next of them at the latest."""
    starts = [note.start for note in track.notes]
    found = []
    for start, following in zip(ticks, [*ticks[1:], track.end + 1], strict=True):
        own = track.notes[max(0, bisect_right(starts, start) - 1) : bisect_left(starts, following)]
        found.append(min(max((note.end for note in own), default=following), following))
    return found


def _onsets(score: Score, track: Track, strip: Strip) -> list[list[Any]]:
    """What is drawn, as [from second, to second, ids]."""
    clock = Clock.of(score)
    ticks = [tick for tick, _ in strip.onsets]
    ends = _ends(track, ticks)
    return [[_hundredths(clock.seconds(tick)), _hundredths(clock.seconds(end)), list(ids)]
            for (tick, ids), end in zip(strip.onsets, ends, strict=True)]


def _hundredths(seconds: float) -> float:
    return round(seconds, 2)


def _strip(score: Score, track: Track) -> Strip | None:
    """The part drawn on one staff; None where it is too long or cannot be drawn: the words are there all the same."""
    if len(track.notes) > _LONGEST:
        return None
    alone = replace(score, tracks=(track,), title="", composer="", texts=())
    try:
        return _engraved(to_midi(alone), alone)
    except GenerationError:
        return None


@st.cache_data(max_entries=128, show_spinner=False)
def _engraved(midi: bytes, _score: Score) -> Strip:
    return engrave_strip(_score, scale=44)
