"""`Score` to LRC: the lines of its words with the time at which each is sung, as players show them."""

from __future__ import annotations

from core.errors import FormatError
from core.score.clock import Clock, seconds_long
from core.score.types import Score
from core.score.words import lyric_lines, spaced


def write_lrc(score: Score) -> bytes:
    """The words of the first part that has any, one line each with its time `[mm:ss.xx]`, in UTF-8.

    Raises:
        FormatError: the score has no words.
    """
    track = next((track for track in score.tracks if track.lyrics), None)
    if track is None:
        raise FormatError("A piece with words is needed for an LRC file", "this one has no words", "Compose it from lyrics")
    clock = Clock.of(score)
    heads = [f"[ti:{_plain(score.title)}]"] if score.title else []
    heads += [f"[ar:{_plain(score.composer)}]"] if score.composer else []
    rows = [f"[{_time(clock.seconds(line[0].tick))}]{_plain(''.join(spaced(line)))}" for line in lyric_lines(track)]
    return "\n".join([*heads, f"[length:{_time(seconds_long(score))[:5]}]", "[re:Songloom]", *rows, ""]).encode()


def _time(seconds: float) -> str:
    """Minutes, seconds and hundredths: `01:02.50`."""
    hundredths = round(seconds * 100)
    return f"{hundredths // 6000:02d}:{hundredths % 6000 / 100:05.2f}"


def _plain(text: str) -> str:
    """On one line, and without brackets, which would be read as a time."""
    return " ".join(text.translate({ord("["): "(", ord("]"): ")"}).split())
