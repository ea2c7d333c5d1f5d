"""A report in rows of plain English, for the terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from core.analysis.difficulty import OBSTACLES, Difficulty, Obstacle
from core.insight.music import ChordsAnswer, KeyAnswer, Music
from core.insight.report import Report
from core.insight.said import Said
from core.score.types import pitch_class_name

if TYPE_CHECKING:
    from core.audio.listen import AudioReport
    from core.insight.emotion import MoodOfNotes
    from core.insight.quality import Quality
    from core.insight.style import Recognition
    from core.rights.originality import Originality
    from core.rights.provenance import Provenance

FUNCTIONS = {"T": "tonic", "S": "subdominant", "D": "dominant", "-": "other"}
MOST_CHORDS = 12


def rows(report: Report) -> list[tuple[str, str]]:
    """(what, answer) for every part of the report; parts that were not asked for are left out."""
    music = report.music
    found = [
        ("title", report.title),
        ("length", f"{music.bars} bars, {music.notes} notes in {music.parts} part{'s' * (music.parts != 1)}, "
                   f"{_time(music.seconds)}"),
        ("tempo", _tempo(music)),
        ("metre", _metre(music)),
        ("key", _said(music.key, _key)),
        ("chords", _said(music.chords, _chords)),
        ("form", _said(music.form, lambda form: form.letters)),
        ("phrases", _said(music.phrases, lambda found: f"{len(found)}, of {_bars([phrase.bars for phrase in found])}")),
    ]
    if music.ranges.value:
        for name, span in music.ranges.value:
            found.append(("range", f"{name}: {pitch(span.low)} to {pitch(span.high)}, mostly {pitch(span.tessitura[0])} to "
                          f"{pitch(span.tessitura[1])}"))
    for level in music.difficulty.value or ():
        can = f"grade {level.grade} of 8" if level.playable else f"not playable as written ({_obstacle(level.obstacles[0])})"
        hardest = f"; hardest bars {', '.join(map(str, level.hardest))}" if level.hardest else ""
        found.append((level.instrument, can + hardest + _remark(level)))
    for name, words in _PARTS.items():
        said: Said[Any] = getattr(report, name)
        if said.reason is not None or said.value is not None:
            found.append((name, _said(said, words)))
    return found


def pitch(number: int) -> str:
    """MIDI pitch with its octave: `C4` for 60."""
    return f"{pitch_class_name(number)}{number // 12 - 1}"


def _said(said: Said[Any], words: Callable[[Any], str]) -> str:
    return f"not said: {said.reason}" if said.value is None else words(said.value)


def _time(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d} min"


def _tempo(music: Music) -> str:
    tempo = music.tempo
    if not tempo.changes:
        return f"{tempo.bpm:g} quarter notes a minute"
    return f"{tempo.bpm:g} quarter notes a minute at first, {tempo.low:g} to {tempo.high:g} in {tempo.changes} changes"


def _metre(music: Music) -> str:
    metre = music.metre
    text = metre.metre + (f", {metre.changes} changes" if metre.changes else "")
    if metre.doubted and metre.guess is not None:
        text += f" in the file; the notes sound like {metre.guess.metre} ({100 * metre.guess.confidence:.0f}%)"
    return text


def _key(answer: KeyAnswer) -> str:
    text = f"{answer.key.name} ({100 * answer.reading.confidence:.0f}%)"
    if answer.reading.others and answer.reading.others[0][1] >= 0.05:
        other, share = answer.reading.others[0]
        text += f", perhaps {other.name} ({100 * share:.0f}%)"
    if answer.given is not None and (answer.given.tonic, answer.given.mode) != (answer.key.tonic, answer.key.mode):
        text += f"; the file says {answer.given.name}"
    if answer.modulates:
        text += "; " + ", then ".join(key.name for key in answer.keys)
    return text


def _chords(answer: ChordsAnswer) -> str:
    first = " ".join(chord.numeral for chord in answer.chords[:MOST_CHORDS])
    more = " …" if len(answer.chords) > MOST_CHORDS else ""
    shares = ", ".join(f"{FUNCTIONS[name]} {100 * share:.0f}%" for name, share in answer.functions.items() if share >= 0.005)
    return f"{first}{more} ({shares}{'; heard in the notes' if answer.heard else ''})"


def _obstacle(found: Obstacle) -> str:
    return f"bar {found.bar}: {OBSTACLES[found.kind].format(found.value)}"


def _remark(level: Difficulty) -> str:
    if level.inside is not None:
        return f"; {level.voice}, {100 * level.inside:.0f}% of the time in its usual range"
    return "; the melody alone" if level.melody_alone else ""


def _bars(lengths: list[float]) -> str:
    whole = sorted({max(1, round(length)) for length in lengths})
    return f"{whole[0]} bar{'s' * (whole[0] != 1)}" if len(whole) == 1 else f"{whole[0]} to {whole[-1]} bars"


def _style(found: Recognition) -> str:
    return ", ".join(f"{style} {100 * share:.0f}%" for style, share in found.ranked[:3])


def _mood(found: MoodOfNotes) -> str:
    return f"{MOODS[found.quadrant]} ({100 * found.confidence:.0f}%); valence {found.valence:+.2f}, arousal {found.arousal:+.2f}"


def _quality(found: Quality) -> str:
    odd = [f"{one.name.replace('_', ' ')} {one.verdict}" for one in found.measures if one.verdict != "usual"]
    style = f"{found.style}{'' if found.is_beside_all else _CHOSEN[found.chosen]}"
    return f"{found.overall:.0f} of 100 beside {style}" + (f"; {', '.join(odd)}" if odd else "; every measure as usual")


def _originality(found: Originality) -> str:
    text = f"{found.verdict.value}: {100 * found.unusual:.0f}% of real pieces are at least as like some other"
    if found.passages:
        near = found.passages[0]
        text += f"; nearest: {near.piece.title} ({near.notes} of {near.length} notes)"
    return text


def _audio(found: AudioReport) -> str:
    return f"{found.seconds:.1f} s, {found.tempo:.0f} beats a minute, {found.key.name}, {found.loudness:.0f} LUFS"


def _provenance(found: Provenance) -> str:
    if not found.is_composed:
        return "somebody's own music in a file that Songloom wrote"
    style = f"{found.style}, " if found.style else ""
    return f"{found.engine}, {style}weights {found.weights}, random seed {found.random_seed}, {found.edits} edits since"


_CHOSEN = {"asked": "", "file": ", the style that the file says it was composed in", "recognised": ", the recognised style"}

MOODS = {"Q1": "happy", "Q2": "tense", "Q3": "sad", "Q4": "calm"}

_PARTS: dict[str, Callable[[Any], str]] = {
    "style": _style, "mood": _mood, "quality": _quality, "originality": _originality, "audio": _audio,
    "provenance": _provenance,
}
"""Part of the report to its words."""
