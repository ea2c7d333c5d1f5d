"""The whole report on a piece: what it is, whether it is good, whom it resembles, how it was made.

Every part is an answer or the reason why there is none (`Said`). A new part is one line in `PARTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from core.engines.protocol import Progress, no_progress
from core.errors import FormatError, SongloomError
from core.insight.music import Music, read_music
from core.insight.said import Said, as_json
from core.score import Score
from core.score.files import read_score

if TYPE_CHECKING:
    from core.audio.listen import AudioReport
    from core.insight.emotion import MoodOfNotes
    from core.insight.quality import Quality
    from core.insight.style import Recognition
    from core.rights.melody_index import MelodyIndex
    from core.rights.originality import Originality
    from core.rights.provenance import Provenance

AUDIO = (".wav", ".mp3", ".flac", ".ogg")
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
    own: MelodyIndex | None = field(default=None, repr=False)
    leave_out: frozenset[str] = frozenset()
    """What was heard in a recording; `own` are somebody's own pieces, `leave_out` pieces that do not count as alike."""


@dataclass(frozen=True)
class Report:
    """Everything that is said of a piece. Of the parts by other modules each holds what its function gives back.

    `audio` is for recordings alone.
    """

    title: str
    name: str
    score: Score = field(repr=False)
    music: Music
    style: Said[Recognition]
    mood: Said[MoodOfNotes]
    quality: Said[Quality]
    originality: Said[Originality]
    provenance: Said[Provenance]
    audio: Said[AudioReport]

    @property
    def is_recording(self) -> bool:
        """Whether its notes were heard in a recording."""
        return PurePath(self.name).suffix.lower() in AUDIO

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it; parts that could not be said are objects with a `reason`."""
        found: dict[str, Any] = as_json(self)
        return found


Find = Callable[[Asked, Progress], Any]


def _style(asked: Asked, progress: Progress) -> Recognition:
    from core.insight.style import recognise_style

    return recognise_style(asked.score)


def _mood(asked: Asked, progress: Progress) -> MoodOfNotes:
    from core.insight.emotion import recognise_mood

    return recognise_mood(asked.score)


def _quality(asked: Asked, progress: Progress) -> Quality:
    """Beside the style that was asked for, else the one that the file says it was composed in, else the recognised one."""
    from core.insight.quality import judged_styles, quality
    from core.insight.style import NONE, recognise_style

    if asked.style is not None:
        return quality(asked.score, asked.style)
    stamped = _stamped_style(asked)
    if stamped in judged_styles():
        return replace(quality(asked.score, stamped), chosen="file")
    found = recognise_style(asked.score)
    return replace(quality(asked.score, None if found.style == NONE else found.style), chosen="recognised")


def _stamped_style(asked: Asked) -> str:
    """The style in the file's stamp, "" where there is none that can be read."""
    try:
        found = _provenance(asked, no_progress)
    except SongloomError:
        return ""  # the part on provenance says what is wrong with it
    return found.style if found is not None and found.is_composed else ""


def _originality(asked: Asked, progress: Progress) -> Originality:
    from core.rights.originality import originality

    return originality(asked.score, own=asked.own, leave_out=asked.leave_out)


def _provenance(asked: Asked, progress: Progress) -> Provenance | None:
    from core.rights.provenance import provenance_of, read_provenance

    return read_provenance(asked.data, asked.name) if asked.data else provenance_of(asked.score)


PARTS: dict[str, Find] = {
    "style": _style, "mood": _mood, "quality": _quality, "originality": _originality, "provenance": _provenance,
}
"""Part of the report to the function that finds it; imported only when it is asked for."""

ORDER = tuple(PARTS)


def analyse(
    score: Score, *, name: str = "", data: bytes = b"", style: str | None = None, only: Iterable[str] | None = None,
    heard: Said[Any] | None = None, own: MelodyIndex | None = None, leave_out: frozenset[str] = frozenset(),
    progress: Progress = no_progress,
) -> Report:
    """The report on a score.

    Args:
        name, data: the file that it came in, for its provenance.
        style: the id of the style it is to be in; None takes the one in the file's stamp, else the recognised one.
        only: the parts of `ORDER` to find; None for all. The others are left unsaid.
        heard: what was heard in the recording that the score was transcribed from.
        own: somebody's own pieces (`core.rights.library.own_index`), to find likenesses in too.
        leave_out: ids of pieces that do not count as alike: the piece itself.
        progress: called with parts done and parts in all; may raise `Cancelled`.

    Raises:
        FormatError: there are no notes at all.
        Cancelled: `progress` raised it.
    """
    if not score.note_count:
        raise FormatError("A piece to analyse needs notes", "this one has none", "Choose another file or draw notes")
    asked = Asked(score, name, data, style, heard or Said(), own, leave_out)
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
    data: bytes, name: str, *, style: str | None = None, only: Iterable[str] | None = None, own: MelodyIndex | None = None,
    progress: Progress = no_progress,
) -> Report:
    """The report on a file: MIDI, MusicXML, ABC, or a recording, whose notes are transcribed first; see `analyse`.

    Raises:
        InputError: the file cannot be read, or has no notes.
        Cancelled: `progress` raised it.
    """
    if PurePath(name).suffix.lower() not in AUDIO:
        return analyse(read_score(data, name), name=name, data=data, style=style, only=only, own=own, progress=progress)
    from core.audio.listen import listen
    from core.audio.recording import RATE, read_recording
    from core.audio.transcribe import transcribe

    samples = read_recording(data, name)
    heard = Said.of(lambda: listen(samples, RATE, name=name, progress=_first(progress, 0)))
    score = transcribe(samples, RATE, progress=_first(progress, 1))
    return analyse(replace(score, title=PurePath(name).stem), name=name, data=data, style=style, only=only, heard=heard, own=own,
                   progress=_first(progress, 2))


def _first(progress: Progress, third: int) -> Progress:
    """A progress function for one of three parts of the work."""
    return lambda done, total: progress(third * total + done, 3 * max(1, total))


def reasons(report: Report) -> dict[str, SongloomError]:
    """Part to the reason why it could not be said."""
    return {name: said.reason for name in (*ORDER, "audio") if (said := getattr(report, name)).reason is not None}
