"""From a tune of an ABC book to a piece that networks can learn from, or the reason why it is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from core.corpora.keys import settle_key
from core.corpora.mend import mend_bars
from core.corpora.styles import BY_ID
from core.errors import InputError
from core.score import ChordSymbol, Key, Lyric, Metre, Note, Score, Tempo, Track
from core.score.abc_fields import parse_metre
from core.score.abc_reader import TuneText, decode_abc, number_of, tune_sources, tune_text

MIN_BARS, MAX_BARS = 4, 200

_HALVED = {"4/2": (4, 4), "3/2": (3, 4), "2/1": (4, 4), "6/4": (6, 8), "6/2": (6, 4), "4/1": (4, 2), "3/1": (3, 2)}
_RENAMED = {"2/2": (4, 4), "4/8": (2, 4), "4/4": (2, 2)}


class Unusable(InputError):
    """A tune is no piece to learn from; `reason` is a short word for counting."""

    def __init__(self, reason: str) -> None:
        super().__init__("Pieces to learn from need 4 to 200 whole bars in a metre of their style", reason)
        self.reason = reason


def tunes_of(folder: Path, pattern: str = "*.abc") -> Iterator[tuple[str, TuneText]]:
    """Every tune of the ABC files of a folder, with an id that is unique within the folder."""
    return ((ident, tune_text(source)) for ident, source in sources_of(folder, pattern))


def sources_of(folder: Path, pattern: str = "*.abc") -> Iterator[tuple[str, str]]:
    """The same ids, each with the text of its tune, not taken apart yet."""
    seen: set[str] = set()
    for path in sorted(folder.rglob(pattern)):
        for source in tune_sources(decode_abc(path.read_bytes())):
            base = ident = f"{path.stem}/{number_of(source) or '1'}"
            count = 1
            while ident in seen:
                count += 1
                ident = f"{base}-{count}"
            seen.add(ident)
            yield ident, source


def melody_piece(tune: TuneText, style: str) -> Score:
    """A tune as its top line with chord symbols, as printed, bars mended, key settled, metre of its style.

    Raises:
        Unusable: with the reason.
    """
    score = printed(tune)
    line = top_line(next(track for track in score.tracks if track.notes))
    score = replace(score, tracks=(line,))
    return finish(score, style)


def printed(tune: TuneText) -> Score:
    """The tune with each section once.

    Raises:
        Unusable: free metre, no bar lines, or broken text.
    """
    try:
        if parse_metre(tune.metre).free:
            raise Unusable("free metre")
        if not any("|" in line for line in tune.lines):
            raise Unusable("no bar lines")
        return tune.read(unfold=False)
    except Unusable:
        raise
    except InputError as error:
        raise Unusable("broken") from error


def finish(score: Score, style: str) -> Score:
    """Mend bars, settle the key, bring the metre to one of the style's.

    Raises:
        Unusable: with the reason.
    """
    mended = mend_bars(score)
    if mended is None:
        raise Unusable("odd bars")
    if not MIN_BARS <= len(mended.bars) <= MAX_BARS:
        raise Unusable("under 4 bars" if len(mended.bars) < MIN_BARS else "over 200 bars")
    key = settle_key(mended.tracks[0], mended.key)
    rest = tuple(change for change in mended.keys[1:] if change.tick > 0)
    return style_metre(replace(mended, keys=(key, *rest)), style)


def top_line(track: Track) -> Track:
    """The highest note wherever several sound, as one line without overlaps."""
    highest: dict[int, Note] = {}
    for note in track.notes:
        if note.start not in highest or note.pitch > highest[note.start].pitch:
            highest[note.start] = note
    line = [highest[start] for start in sorted(highest)]
    cut = [replace(note, duration=min(note.duration, after.start - note.start)) for note, after in pairwise(line)]
    return replace(track, notes=(*cut, *line[-1:]))


def style_metre(score: Score, style: str) -> Score:
    """The score in a metre that its style offers: 4/2 is written as 4/4 in half the lengths, 2/2 as 4/4.

    Raises:
        Unusable: the style has no such metre.
    """
    wanted = BY_ID[style].metres
    for _ in range(3):
        name = str(score.metres[0])
        if name in wanted:
            return score
        if name in _RENAMED and "{}/{}".format(*_RENAMED[name]) in wanted:
            return _written_as(score, _RENAMED, 1)
        if name not in _HALVED:
            break
        score = _written_as(score, _HALVED, 2)
    raise Unusable(f"metre {score.metres[0]}")


def _written_as(score: Score, table: dict[str, tuple[int, int]], divide: int) -> Score:
    def half(tick: int) -> int:
        return tick // divide

    metres = []
    for metre in score.metres:
        if str(metre) not in table:
            raise Unusable(f"metre {metre}")
        metres.append(Metre(half(metre.tick), *table[str(metre)]))
    tracks = tuple(
        replace(
            track,
            notes=tuple(replace(note, start=half(note.start), duration=max(1, half(note.duration))) for note in track.notes),
            lyrics=tuple(Lyric(half(lyric.tick), lyric.text, lyric.syllabic) for lyric in track.lyrics),
        )
        for track in score.tracks
    )
    return replace(
        score,
        tracks=tracks,
        metres=tuple(metres),
        pickup=half(score.pickup),
        keys=tuple(Key(half(key.tick), key.tonic, key.mode) for key in score.keys),
        tempos=tuple(Tempo(half(tempo.tick), max(1.0, tempo.bpm / divide)) for tempo in score.tempos),
        chords=tuple(ChordSymbol(half(chord.tick), chord.root, chord.quality, chord.bass) for chord in score.chords),
    )
