"""The whole report on a piece: what it is, whether it is good, whom it resembles, how it was made.

Every part is an answer or the reason why there is none (`Said`). A new part is one line in `PARTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from core.engines.protocol import Progress, no_progress
from core.errors import FormatError, SongloomError
from core.insight.music import Music, read_music
from core.insight.said import Said, as_json
from core.score import Score
from core.score.files import read_score

AUDIO: tuple[str, ...] = ()
"""Suffixes of recordings."""


@dataclass(frozen=True)
class Asked:
    """What is reported on: a score, or a recording in `data` whose notes `score` are.

    `name` is the file's, `style` the id of the style that the piece is to be in, where it is known.
    """

    score: Score
    name: str = ""
    data: bytes = field(default=b"", repr=False)
    style: str | None = None
    heard: Said[Any] = field(default_factory=Said)
    """What was heard in a recording."""

    @property
    def is_recording(self) -> bool:
        return PurePath(self.name).suffix.lower() in AUDIO


@dataclass(frozen=True)
class Report:
    """Everything that is said of a piece. Of the parts by other modules each holds what its function gives back.

    `audio` is for recordings alone, `provenance` for pieces that came as a file.
    """

    title: str
    name: str
    score: Score = field(repr=False)
    music: Music
    style: Said[Any]
    mood: Said[Any]
    quality: Said[Any]
    originality: Said[Any]
    provenance: Said[Any]
    audio: Said[Any]

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it; parts that could not be said are objects with a `reason`."""
        found: dict[str, Any] = as_json(self)
        return found


Find = Callable[[Asked, Progress], Any]


PARTS: dict[str, Find] = {}
"""Part of the report to the function that finds it; imported only when it is asked for."""

ORDER = ("style", "mood", "quality", "originality", "provenance")


def analyse(
    score: Score, *, name: str = "", data: bytes = b"", style: str | None = None, only: Iterable[str] | None = None,
    heard: Said[Any] | None = None, progress: Progress = no_progress,
) -> Report:
    """The report on a score.

    Args:
        name, data: the file that it came in, for its provenance.
        style: the id of the style it is to be in; None takes the recognised one.
        only: the parts of `ORDER` to find; None for all. The others are left unsaid.
        heard: what was heard in the recording that the score was transcribed from.
        progress: called with parts done and parts in all; may raise `Cancelled`.

    Raises:
        FormatError: there are no notes at all.
        Cancelled: `progress` raised it.
    """
    if not score.note_count:
        raise FormatError("A piece to analyse needs notes", "this one has none", "Choose another file or draw notes")
    asked = Asked(score, name, data, style, heard or Said())
    wanted = ORDER if only is None else tuple(part for part in ORDER if part in set(only))
    steps = len(wanted) + 1
    progress(0, steps)
    music = read_music(score, lambda: progress(0, steps))
    found: dict[str, Said[Any]] = {}
    for done, part in enumerate(wanted, 1):
        progress(done, steps)
        if part in PARTS:
            found[part] = Said.of(lambda part=part: PARTS[part](asked, progress))  # type: ignore[misc]
    progress(steps, steps)
    unsaid: Said[Any] = Said()
    return Report(
        title=score.title or PurePath(name).stem,
        name=name,
        score=score,
        music=music,
        audio=asked.heard,
        **{part: found.get(part, unsaid) for part in ORDER},
    )


def analyse_file(
    data: bytes, name: str, *, style: str | None = None, only: Iterable[str] | None = None, progress: Progress = no_progress
) -> Report:
    """The report on a file: MIDI, MusicXML, ABC, or a recording, whose notes are transcribed first.

    Raises:
        InputError: the file cannot be read, or has no notes.
        Cancelled: `progress` raised it.
    """
    return analyse(read_score(data, name), name=name, data=data, style=style, only=only, progress=progress)


def reasons(report: Report) -> dict[str, SongloomError]:
    """Part to the reason why it could not be said."""
    return {name: said.reason for name in (*ORDER, "audio") if (said := getattr(report, name)).reason is not None}
