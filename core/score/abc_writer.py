"""Writes the melody of a score as ABC notation, with chord symbols, words, key, metre and pick-up."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from math import gcd

from core.score.stamp import stamp_of
from core.score.types import TICKS_PER_QUARTER, Key, Lyric, Metre, Note, Score, Track

_UNIT = TICKS_PER_QUARTER // 2
_BARS_A_LINE = 4
_MODES = {"major": "", "minor": "m", "dorian": "dor", "mixolydian": "mix", "phrygian": "phr", "lydian": "lyd", "locrian": "loc"}
_LETTERS = "FCGDAEB"
_NATURAL = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_MAX_NUMBER = 9999


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of one bar: pitches (none for a rest) from `start` to `end`, tied to the next piece or not."""

    start: int
    end: int
    pitches: tuple[int, ...]
    tied: bool = False

    @property
    def length(self) -> int:
        return self.end - self.start


def write_abc(score: Score) -> str:
    """The melody track of a score as an ABC tune; notes that begin together are written as a chord.

    A note that sounds on when the next begins is cut there, as ABC has one line of notes.

    Raises:
        FormatError: no pitched track has notes.
    """
    writer = _Writer(score)
    lines = [
        "X:1",
        f"T:{_field(score.title) or 'Untitled'}",
        *([f"C:{_field(score.composer)}"] if _field(score.composer) else []),
        *([f"%{stamp_of(score)}"] if stamp_of(score) else []),
        f"M:{score.metres[0]}",
        "L:1/8",
        f"Q:1/4={_number(score.tempos[0].bpm)}",
        f"K:{_key_name(writer.key)}",
    ]
    return "\n".join([*lines, *writer.body()]) + "\n"


def write_abc_file(score: Score) -> bytes:
    """`write_abc` in UTF-8."""
    return write_abc(score).encode()


class _Writer:
    """Walks the bars of a score and keeps what holds: key, metre, accidentals of the bar."""

    def __init__(self, score: Score) -> None:
        self.score = score
        self.track: Track = score.melody
        self.key: Key | None = score.keys[0] if score.keys and score.keys[0].tick == 0 else None
        self.metre: Metre = score.metres[0]
        self.altered: dict[str, int] = {}
        self.chords = {chord.tick: chord for chord in score.chords}
        self.keys = {key.tick: key for key in score.keys if key.tick > 0}
        self.tempos = {tempo.tick: tempo for tempo in score.tempos if tempo.tick > 0}
        self.words = {lyric.tick: lyric for lyric in self.track.lyrics}
        self.groups = _groups(self.track.notes)
        self.starts = [group.start for group in self.groups]
        self.cuts = sorted({*self.chords, *self.keys, *self.tempos})

    def body(self) -> Iterator[str]:
        """Lines of music, each followed by its `w:` line where it has words."""
        bars = list(self.score.bars)
        if len(bars) == 1 and self.score.pickup:
            end = bars[0][1]
            bars.append((end, end + self.metre.bar_ticks, self.metre))
        for first in range(0, len(bars), _BARS_A_LINE):
            text, words = [], []
            for start, end, metre in bars[first : first + _BARS_A_LINE]:
                pieces = self.pieces(start, end)
                text.append(self.bar(start, metre, pieces))
                words += [self.word(piece) for piece in pieces if piece.pitches]
            last = first + _BARS_A_LINE >= len(bars)
            yield " | ".join(text) + (" |]" if last else " |")
            while words and words[-1] == "*":
                words.pop()
            if words:
                yield "w: " + " ".join(words)

    def pieces(self, start: int, end: int) -> list[_Piece]:
        """What sounds between two ticks, cut wherever a chord symbol, key or tempo stands."""
        spans: list[_Piece] = []
        tick = start
        index = max(0, bisect_right(self.starts, start) - 1)
        while tick < end:
            while index < len(self.groups) and self.groups[index].end <= tick:
                index += 1
            group = self.groups[index] if index < len(self.groups) else None
            sounding = group is not None and group.start <= tick
            until = min(end, group.end if group and sounding else group.start if group else end)
            cut = bisect_right(self.cuts, tick)
            if cut < len(self.cuts):
                until = min(until, self.cuts[cut])
            until = _writable(tick, until)
            if group is not None and sounding:
                spans.append(_Piece(tick, until, group.pitches, tied=group.end > until))
            else:
                spans.append(_Piece(tick, until, ()))
            tick = until
        return spans

    def bar(self, start: int, metre: Metre, pieces: list[_Piece]) -> str:
        """One bar without its bar line."""
        self.altered = {}
        text = ""
        if str(metre) != str(self.metre):
            text, self.metre = f"[M:{metre}]", metre
        left = 0
        for index, piece in enumerate(pieces):
            text += self.marks(piece.start)
            if left == 0:
                left = _triplet(pieces[index:])
                text += "" if left == 0 else "(3" if left == 3 else f"(3:2:{left}"
            length = piece.length * 3 // 2 if left else piece.length
            left = max(0, left - 1)
            text += self.note(piece, length)
            following = piece.end - start
            if left == 0 and (piece.length >= TICKS_PER_QUARTER or following % metre.beat_ticks == 0):
                text += " "
        return text.strip()

    def marks(self, tick: int) -> str:
        """Key, tempo and chord symbol that stand at a tick."""
        text = ""
        if tick in self.keys:
            self.key = self.keys[tick]
            text += f"[K:{_key_name(self.key)}]"
        if tick in self.tempos:
            text += f"[Q:1/4={_number(self.tempos[tick].bpm)}]"
        if tick in self.chords:
            text += f'"{self.chords[tick].text(self.fifths)}"'
        return text

    @property
    def fifths(self) -> int:
        return self.key.fifths if self.key else 0

    def note(self, piece: _Piece, length: int) -> str:
        names: list[str] = []
        naturals: set[int] = set()
        for pitch in piece.pitches:
            place = self.place(pitch)
            if pitch - (place + 1) // 7 in naturals:  # C and C sharp in one chord: D flat, as ties go by the note's place.
                place -= 12
            naturals.add(pitch - (place + 1) // 7)
            names.append(self.spell(pitch, place))
        text = "z" if not names else names[0] if len(names) == 1 else f"[{''.join(names)}]"
        return text + _length(length) + ("-" if piece.tied else "")

    def place(self, pitch: int) -> int:
        """Where on the line of fifths (F -1, C 0, G 1) a pitch is spelled.

        One of the twelve places around the key, from the lowered third to the raised fifth of its major.
        """
        return (pitch * 7 - self.fifths + 3) % 12 + self.fifths - 3

    def spell(self, pitch: int, place: int) -> str:
        """A pitch with the accidental that the bar so far asks for."""
        letter, accidental = _LETTERS[(place + 1) % 7], (place + 1) // 7
        natural = pitch - accidental
        octave = (natural - _NATURAL[letter]) // 12 - 5
        holds = self.altered.get(letter, _in_signature(letter, self.fifths))
        sign = ""
        if holds != accidental:
            self.altered[letter] = accidental
            sign = {0: "=", 1: "^", 2: "^^", -1: "_", -2: "__"}[accidental]
        return sign + (letter + "," * -octave if octave <= 0 else letter.lower() + "'" * (octave - 1))

    def word(self, piece: _Piece) -> str:
        lyric = self.words.get(piece.start)
        begins = self.starts[bisect_right(self.starts, piece.start) - 1] == piece.start
        return _syllable(lyric) if lyric and begins else "*"


def _groups(notes: tuple[Note, ...]) -> list[_Piece]:
    """Notes that begin together, cut where the next begin."""
    by_start: dict[int, list[Note]] = {}
    for note in notes:
        by_start.setdefault(note.start, []).append(note)
    starts = sorted(by_start)
    groups = []
    for start, after in zip(starts, [*starts[1:], None], strict=True):
        end = max(note.end for note in by_start[start])
        pitches = tuple(sorted({note.pitch for note in by_start[start]}))
        groups.append(_Piece(start, end if after is None else min(end, after), pitches))
    return groups


def _writable(start: int, end: int) -> int:
    """The end of the longest piece from `start` to at most `end` whose length has a short numerator."""
    length = end - start
    if length // gcd(length, _UNIT) <= _MAX_NUMBER:
        return end
    return start + length // _UNIT * _UNIT


def _triplet(pieces: list[_Piece]) -> int:
    """How many pieces from the first on make up triplets together, 0 when the first is in none.

    They do when their lengths are thirds that sum to an ordinary length; 15 ticks is the shortest.
    """
    total = 0
    for count, piece in enumerate(pieces[:6], start=1):
        if piece.length % 10 or (count == 1 and piece.length % 15 == 0):
            return 0
        total += piece.length
        if total % 30 == 0:
            return count
    return 0


def _length(ticks: int) -> str:
    common = gcd(ticks, _UNIT)
    top, below = ticks // common, _UNIT // common
    if below == 1:
        return "" if top == 1 else str(top)
    return f"{'' if top == 1 else top}/{'' if below == 2 else below}"


def _in_signature(letter: str, fifths: int) -> int:
    place = _LETTERS.index(letter)
    return (fifths - place + 6) // 7


def _key_name(key: Key | None) -> str:
    if key is None:
        return "none"
    offset = {"major": 0, "dorian": 2, "phrygian": 4, "lydian": -1, "mixolydian": 1, "minor": 3, "locrian": 5}[key.mode]
    place = key.fifths + offset
    return _LETTERS[(place + 1) % 7] + {0: "", 1: "#", -1: "b"}[(place + 1) // 7] + _MODES[key.mode]


def _syllable(lyric: Lyric) -> str:
    text = lyric.text.strip().translate({ord(sign): None for sign in "_*|~\\\"\n\r"})
    text = "~".join(text.replace("-", "\\-").replace("%", "\\%").split())
    return (text + ("-" if lyric.syllabic in ("begin", "middle") else "")) if text else "*"


def _field(text: str) -> str:
    return " ".join(text.replace("\\", "/").replace("%", "\\%").split())


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
