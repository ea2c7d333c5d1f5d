"""The types that flow through everything: a `Score` and what it is made of.

Times and lengths are integer ticks, `TICKS_PER_QUARTER` to the quarter note, counted from the
start of the piece; seconds appear only at the edge to audio (`core.score.clock`). Every type is
immutable and checks its own invariants, so a `Score` that exists is a valid one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from core.errors import FormatError

TICKS_PER_QUARTER = 480
"""Divisible by 32nds, triplets and quintuplets of the quarter."""

MAX_TICK = TICKS_PER_QUARTER * 4 * 20_000
"""Twenty thousand whole notes: longer pieces are refused by the readers."""

MODES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
}
"""Mode name to its scale, in semitones above the tonic."""

CHORD_QUALITIES: dict[str, tuple[int, ...]] = {
    "maj": (0, 4, 7),
    "min": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "min7": (0, 3, 7, 10),
    "dim": (0, 3, 6),
    "dim7": (0, 3, 6, 9),
    "min7b5": (0, 3, 6, 10),
    "aug": (0, 4, 8),
    "sus4": (0, 5, 7),
    "sus2": (0, 2, 7),
    "6": (0, 4, 7, 9),
    "min6": (0, 3, 7, 9),
    "9": (0, 2, 4, 7, 10),
}
"""Chord quality to its pitch classes above the root."""

_SHARP = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_FLAT = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
_SUFFIX = {"maj": "", "min": "m", "min7": "m7", "min6": "m6", "min7b5": "m7b5"}


def _need(ok: bool, what: str, got: object) -> None:
    if not ok:
        raise FormatError(f"A score needs {what}", f"got {got!r}")


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One sounding note: `start` and `duration` in ticks, MIDI `pitch` 0..127, `velocity` 1..127."""

    start: int
    pitch: int
    duration: int
    velocity: int = 80

    def __post_init__(self) -> None:
        # One test for the usual case: a file has thousands of notes, all of them sound.
        if 0 <= self.start <= MAX_TICK and 0 < self.duration <= MAX_TICK and 0 <= self.pitch <= 127 and 1 <= self.velocity <= 127:
            return
        _need(0 <= self.start <= MAX_TICK, f"note starts between 0 and {MAX_TICK} ticks", self.start)
        _need(0 < self.duration <= MAX_TICK, "note durations above 0 ticks", self.duration)
        _need(0 <= self.pitch <= 127, "pitches between 0 and 127", self.pitch)
        _need(1 <= self.velocity <= 127, "velocities between 1 and 127", self.velocity)

    @property
    def end(self) -> int:
        return self.start + self.duration


@dataclass(frozen=True, slots=True, order=True)
class Tempo:
    """From `tick` on, `bpm` quarter notes a minute (1 to 1000)."""

    tick: int
    bpm: float

    def __post_init__(self) -> None:
        _need(1 <= self.bpm <= 1000, "tempos between 1 and 1000 quarter notes a minute", self.bpm)


@dataclass(frozen=True, slots=True, order=True)
class Metre:
    """From `tick` on, bars of `numerator`/`denominator`; `tick` is a bar line."""

    tick: int
    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        _need(1 <= self.numerator <= 64, "metres with 1 to 64 beats", self.numerator)
        _need(self.denominator in (1, 2, 4, 8, 16, 32, 64), "a power of two under the metre", self.denominator)

    @property
    def bar_ticks(self) -> int:
        return self.numerator * TICKS_PER_QUARTER * 4 // self.denominator

    @property
    def beat_ticks(self) -> int:
        """The felt beat: a dotted note in compound metres (6/8, 9/8, 12/8), else the denominator's."""
        unit = TICKS_PER_QUARTER * 4 // self.denominator
        return unit * 3 if self.denominator >= 8 and self.numerator % 3 == 0 else unit

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """From `tick` on, the key with `tonic` (pitch class 0..11) and `mode` (a name in `MODES`)."""

    tick: int
    tonic: int
    mode: str = "major"

    def __post_init__(self) -> None:
        _need(0 <= self.tonic <= 11, "a tonic between 0 and 11", self.tonic)
        _need(self.mode in MODES, f"a mode of {', '.join(MODES)}", self.mode)

    @property
    def fifths(self) -> int:
        """The key signature: sharps positive, flats negative, -6..6."""
        relative = {"major": 0, "dorian": 2, "phrygian": 4, "lydian": 5, "mixolydian": 7, "minor": 9, "locrian": 11}
        major = (self.tonic - relative[self.mode]) % 12
        fifths = major * 7 % 12
        return fifths - 12 if fifths > 6 else fifths

    @property
    def scale(self) -> frozenset[int]:
        """Pitch classes of the key; minor joins natural, harmonic and melodic."""
        steps = set(MODES[self.mode]) | ({9, 11} if self.mode == "minor" else set())
        return frozenset((self.tonic + step) % 12 for step in steps)

    @property
    def tonic_triad(self) -> frozenset[int]:
        third = 4 if 4 in MODES[self.mode] else 3
        return frozenset((self.tonic + step) % 12 for step in (0, third, 7))

    @property
    def name(self) -> str:
        """As musicians write it: `Bb major`, `F# minor`."""
        return f"{pitch_class_name(self.tonic, self.fifths)} {self.mode}"


def pitch_class_name(pitch_class: int, fifths: int = 0) -> str:
    """Name of a pitch class 0..11, spelled with flats where the key signature has flats."""
    return (_FLAT if fifths < 0 else _SHARP)[pitch_class % 12]


@dataclass(frozen=True, slots=True, order=True)
class ChordSymbol:
    """From `tick` until the next symbol: a chord on `root` (0..11), or no chord when `root` is None."""

    tick: int
    root: int | None
    quality: str = "maj"
    bass: int | None = None

    def __post_init__(self) -> None:
        _need(self.root is None or 0 <= self.root <= 11, "a chord root between 0 and 11", self.root)
        _need(self.quality in CHORD_QUALITIES, f"a chord quality of {', '.join(CHORD_QUALITIES)}", self.quality)
        _need(self.bass is None or 0 <= self.bass <= 11, "a chord bass between 0 and 11", self.bass)

    @property
    def pitch_classes(self) -> frozenset[int]:
        if self.root is None:
            return frozenset()
        return frozenset((self.root + step) % 12 for step in CHORD_QUALITIES[self.quality])

    def text(self, fifths: int = 0) -> str:
        """As lead sheets write it: `Am7`, `D/F#`, `N.C.`."""
        if self.root is None:
            return "N.C."
        text = pitch_class_name(self.root, fifths) + _SUFFIX.get(self.quality, self.quality)
        return text if self.bass in (None, self.root) else f"{text}/{pitch_class_name(self.bass or 0, fifths)}"


@dataclass(frozen=True, slots=True, order=True)
class Lyric:
    """A syllable sung from `tick`; `syllabic` is MusicXML's single, begin, middle or end.

    `ends_line`: whether a line of the words ends with it.
    """

    tick: int
    text: str
    syllabic: str = "single"
    ends_line: bool = False

    def __post_init__(self) -> None:
        _need(self.syllabic in ("single", "begin", "middle", "end"), "a MusicXML syllabic", self.syllabic)


@dataclass(frozen=True, slots=True)
class Track:
    """One part: notes in order of (start, pitch), General MIDI `program` 0..127, `volume` 0..127."""

    notes: tuple[Note, ...] = ()
    name: str = ""
    program: int = 0
    is_drum: bool = False
    volume: int = 100
    pan: int = 64
    muted: bool = False
    lyrics: tuple[Lyric, ...] = ()

    def __post_init__(self) -> None:
        _need(0 <= self.program <= 127, "a program between 0 and 127", self.program)
        _need(0 <= self.volume <= 127, "a volume between 0 and 127", self.volume)
        _need(0 <= self.pan <= 127, "a pan between 0 and 127", self.pan)
        object.__setattr__(self, "notes", tuple(sorted(self.notes)))
        object.__setattr__(self, "lyrics", tuple(sorted(self.lyrics)))

    @property
    def end(self) -> int:
        return max((note.end for note in self.notes), default=0)

    @property
    def is_monophonic(self) -> bool:
        return all(a.end <= b.start for a, b in zip(self.notes, self.notes[1:], strict=False))


@dataclass(frozen=True)
class Score:
    """A whole piece.

    `tempos`, `metres` and `keys` are in order of tick; tempos and metres always begin at tick 0
    (120 and 4/4 are filled in where nothing is given), keys may be empty (unknown). A first bar
    shorter than its metre (a pick-up) is `pickup` ticks long, 0 where there is none. `length` is
    where the last bar ends; it is at least the end of the last note and is rounded up to a bar line.
    """

    tracks: tuple[Track, ...] = ()
    tempos: tuple[Tempo, ...] = ()
    metres: tuple[Metre, ...] = ()
    keys: tuple[Key, ...] = ()
    chords: tuple[ChordSymbol, ...] = ()
    pickup: int = 0
    title: str = ""
    composer: str = ""
    texts: tuple[str, ...] = field(default=())
    """Free remarks carried by the file: MIDI text events, provenance."""

    def __post_init__(self) -> None:
        for name, default in (("tempos", Tempo(0, 120.0)), ("metres", Metre(0, 4, 4)), ("keys", None), ("chords", None)):
            events = {event.tick: event for event in getattr(self, name)}
            _need(all(0 <= tick <= MAX_TICK for tick in events), f"{name} between 0 and {MAX_TICK} ticks", list(events)[:3])
            if default is not None and 0 not in events:
                events[0] = default
            object.__setattr__(self, name, tuple(events[tick] for tick in sorted(events)))
        object.__setattr__(self, "tracks", tuple(self.tracks))
        _need(0 <= self.pickup < self.metres[0].bar_ticks, "a pick-up shorter than the first bar", self.pickup)

    @cached_property
    def end(self) -> int:
        """Tick at which the last note ends."""
        return max((track.end for track in self.tracks), default=0)

    @cached_property
    def bars(self) -> tuple[tuple[int, int, Metre], ...]:
        """Each bar as (start, end, metre), the pick-up first, covering every note; never empty."""
        bars: list[tuple[int, int, Metre]] = []
        tick, index, last = 0, 0, max(self.end, 1)
        while tick < last:
            while index + 1 < len(self.metres) and self.metres[index + 1].tick <= tick:
                index += 1
            metre = self.metres[index]
            end = self.pickup if tick == 0 and self.pickup else tick + metre.bar_ticks
            if index + 1 < len(self.metres):
                end = min(end, self.metres[index + 1].tick)
            bars.append((tick, end, metre))
            tick = end
        return tuple(bars)

    @property
    def length(self) -> int:
        return self.bars[-1][1]

    @property
    def note_count(self) -> int:
        return sum(len(track.notes) for track in self.tracks)

    @property
    def key(self) -> Key | None:
        """The first key, None when unknown."""
        return self.keys[0] if self.keys else None

    @property
    def melody(self) -> Track:
        """The first pitched track that has notes.

        Raises:
            FormatError: no pitched track has notes.
        """
        for track in self.tracks:
            if track.notes and not track.is_drum:
                return track
        raise FormatError("A melody needs at least one pitched note", "this piece has none", "Choose another file or draw notes")

    def with_track(self, index: int, track: Track) -> Score:
        """A copy with the track at `index` replaced."""
        return replace(self, tracks=(*self.tracks[:index], track, *self.tracks[index + 1 :]))
