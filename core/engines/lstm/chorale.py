"""Four-voice chorales as frames: the representation between a `Score` and the chorale network.

A frame is a quarter or an eighth note; in it each voice has a pitch, counted so that the tonic is
pitch class 0, and on the eighth grid says whether it starts here or is held. Voices are written
in the order soprano, bass, alto, tenor: the outer voices carry the harmony.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.engines.lstm.leadsheet import parse_metre
from core.engines.lstm.network import NONE
from core.errors import FormatError
from core.score import TICKS_PER_QUARTER, Key, Note, Score, Tempo, Track

VOICES = ("Soprano", "Alto", "Tenor", "Bass")
ORDER = (0, 3, 1, 2)
"""Voice (index into `VOICES`) that is written at each step of a frame."""
RANGES = ((59, 81), (53, 76), (45, 69), (36, 64))
"""Usual lowest and highest MIDI pitch of each voice."""

LOW, HIGH = 30, 100
REST, HOLD = 0, 1
METRES = ("4/4", "3/4")
EIGHTH = TICKS_PER_QUARTER // 2

Frame = tuple[int, int, int, int]
"""A pitch for each of `VOICES`, or `NONE` for silence."""


@dataclass(frozen=True, slots=True)
class Chorale:
    """Frames and, for each, which voices start a note there (all of them on the quarter grid).

    `metre` and `start` (frames into the bar at which the first frame lies) are None and 0 where the
    source does not tell bars; `mode` is None where unknown.
    """

    frames: tuple[Frame, ...]
    onsets: tuple[tuple[bool, bool, bool, bool], ...]
    eighths: bool
    metre: str | None = None
    mode: str | None = None
    start: int = 0

    @property
    def frames_per_bar(self) -> int | None:
        if self.metre is None:
            return None
        return int(self.metre.split("/")[0]) * (2 if self.eighths else 1)


def from_pitch_sets(frames: Sequence[Sequence[int]]) -> Chorale:
    """Voices for frames of unordered pitches (the published quarter grid).

    Four pitches are soprano to bass from the top; where there are fewer, the doubling that moves
    the voices least is taken. The probability of the voices bounds that of the set from below.
    """
    result: list[Frame] = []
    previous: Frame | None = None
    for pitches in frames:
        p = sorted(set(pitches), reverse=True)
        ways = {4: ((0, 1, 2, 3),), 3: ((0, 0, 1, 2), (0, 1, 1, 2), (0, 1, 2, 2)),
                2: ((0, 0, 0, 1), (0, 0, 1, 1), (0, 1, 1, 1)), 1: ((0, 0, 0, 0),)}.get(len(p))
        if ways is None:
            result.append((NONE,) * 4)
            continue
        candidates: list[Frame] = [(p[a], p[b], p[c], p[d]) for a, b, c, d in ways]
        if previous is not None:
            last = previous
            candidates.sort(key=lambda frame: sum(abs(x - y) for x, y in zip(frame, last, strict=True)))
        result.append(candidates[0])
        previous = candidates[0]
    return Chorale(tuple(result), ((True,) * 4,) * len(result), eighths=False)


def encode(score: Score, *, eighths: bool = True) -> Chorale:
    """A four-part score (tracks soprano to bass) as frames, transposed so that the tonic is C.

    Raises:
        FormatError: not four parts, or no key.
    """
    tracks = [track for track in score.tracks if track.notes]
    if len(tracks) != 4 or score.key is None:
        raise FormatError("A chorale needs four parts and a key", f"this piece has {len(tracks)} parts")
    columns = [voice_frames(track, score.length, eighths) for track in tracks]
    shift = shift_to_c(score.key.tonic)
    frames: list[Frame] = []
    onsets: list[tuple[bool, bool, bool, bool]] = []
    for s, a, t, b in zip(*columns, strict=True):
        frames.append((_shifted(s[0], shift), _shifted(a[0], shift), _shifted(t[0], shift), _shifted(b[0], shift)))
        onsets.append((s[1], a[1], t[1], b[1]) if eighths else (True,) * 4)
    metre = str(score.metres[0])
    known = metre in METRES and len(score.metres) == 1
    step = EIGHTH if eighths else TICKS_PER_QUARTER
    start = (score.metres[0].bar_ticks - score.pickup) // step if score.pickup else 0
    mode = "minor" if score.key.mode in ("minor", "dorian", "phrygian") else "major"
    return Chorale(tuple(frames), tuple(onsets), eighths, metre if known else None, mode, start if known else 0)


def _shifted(pitch: int, shift: int) -> int:
    return pitch if pitch == NONE else pitch + shift


def shift_to_c(tonic: int) -> int:
    """Semitones, -5 to 6, that bring a tonic to pitch class 0."""
    up = -tonic % 12
    return up - 12 if up > 6 else up


def voice_frames(track: Track, length: int, eighths: bool) -> list[tuple[int, bool]]:
    """For each frame: the pitch sounding at its start (or `NONE`) and whether that note is new."""
    step = EIGHTH if eighths else TICKS_PER_QUARTER
    result: list[tuple[int, bool]] = []
    at, before = 0, -1
    for tick in range(0, length, step):
        while at < len(track.notes) and track.notes[at].end <= tick:
            at += 1
        if at < len(track.notes) and track.notes[at].start <= tick:
            result.append((track.notes[at].pitch, at != before))
            before = at
        else:
            result.append((NONE, True))
            before = -1
    return result


def decode(chorale: Chorale, *, tonic: int, tempo: float, program: int, title: str = "") -> Score:
    """Frames as a score of four tracks in the key with this tonic."""
    step = EIGHTH if chorale.eighths else TICKS_PER_QUARTER
    shift = -shift_to_c(tonic)
    tracks = []
    for voice, name in enumerate(VOICES):
        notes: list[Note] = []
        for at, (frame, onset) in enumerate(zip(chorale.frames, chorale.onsets, strict=True)):
            pitch = frame[voice]
            if pitch == NONE:
                continue
            if notes and not onset[voice] and notes[-1].end == at * step:
                notes[-1] = replace(notes[-1], duration=notes[-1].duration + step)
            else:
                notes.append(Note(at * step, pitch + shift, step, 84 if voice == 0 else 74))
        tracks.append(Track(tuple(notes), name=name, program=program, pan=(54, 60, 68, 74)[voice]))
    metre = parse_metre(chorale.metre or "4/4")
    return Score(tuple(tracks), (Tempo(0, tempo),), (metre,), (Key(0, tonic, chorale.mode or "major"),), title=title)
