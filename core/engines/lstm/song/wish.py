"""What a request with words comes to: the words read, and what their mood says of mode, tempo, range and density."""

from __future__ import annotations

from dataclasses import replace

from core.corpora.styles import Style
from core.engines.protocol import Request
from core.errors import RequestError
from core.lyrics import Lyrics, read_lyrics
from core.lyrics.corrections import NO_CORRECTIONS, corrections_from_json
from core.lyrics.mood import suggest, whole

VOICES = {"soprano": (60, 81), "alto": (55, 76), "tenor": (48, 69), "bass": (40, 62)}
"""Lowest and highest comfortable MIDI pitch of each voice."""
MIDDLE = 66
"""Where a melody for no voice in particular lies."""
CHOIR = 52
"""General MIDI's choir, which sings where no instrument is asked for."""


def lyrics_of(request: Request) -> Lyrics:
    """The words of a request.

    Raises:
        InputError: see `core.lyrics.read_lyrics`.
    """
    corrections = corrections_from_json(request.corrections) if request.corrections else NO_CORRECTIONS
    return read_lyrics(request.words, request.language, corrections)


def from_mood(request: Request, lyrics: Lyrics, style: Style) -> Request:
    """The request with what it leaves open taken from the words' mood, as far as the style has it.

    Raises:
        RequestError: words come with a seed melody; moods cannot be read.
    """
    if (request.seed is None) != (request.again is None):
        got = "there is a seed melody too" if request.seed else "there is no song of which the other lines stay"
        raise RequestError("Words get a melody of their own", got, "Leave the seed out, or say which of its lines to sing anew")
    if request.again is not None and not 0 <= request.again < len(lyrics.lines):
        raise RequestError(f"A line between 0 and {len(lyrics.lines) - 1} is needed", f"got {request.again}")
    hint = suggest(whole(lyrics, request.moods))
    dark = [mode for mode in style.modes if mode in ("minor", "dorian")]
    light = [mode for mode in style.modes if mode in ("major", "mixolydian")]
    mode = next(iter(dark if hint.mode == "minor" else light), None) if hint.mode else None
    middle = MIDDLE + hint.lift
    return replace(
        request,
        mode=request.mode or mode,
        tempo=request.tempo or float(hint.bpm),
        pitch_range=request.pitch_range or (middle - hint.span // 2, middle + hint.span - hint.span // 2),
        program=CHOIR if request.program is None else request.program,
        pickup=True,
    )  # fmt: skip


def density_of(lyrics: Lyrics, moods: str = "") -> float:
    """Octaves by which notes are shorter than usual, from the words' mood, or `moods` as `Request.moods`: -0.4 to 0.4."""
    return suggest(whole(lyrics, moods)).density - 0.5
