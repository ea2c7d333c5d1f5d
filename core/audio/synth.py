"""From a score to sound: every soundfont is loaded once and reused; tracks are rendered in blocks."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from core.audio.fluid import CHUNK, GRID, RATE, Event, LoadedFont
from core.audio.loudness import Samples, frame_peaks
from core.audio.soundfonts import Soundfont, default_soundfont
from core.engines.protocol import Progress, no_progress
from core.errors import Cancelled, LimitError, SoundMissingError
from core.score import Note, Score, Track
from core.score.clock import Clock, seconds_long

MAX_SECONDS = 1_200
"""Twenty minutes, 1.6 gigabytes of memory at the peak: longer pieces are refused before anything is rendered."""

MAX_TRACKS = 256
"""Every sounding track has a channel of its own; this is FluidSynth's highest number of them."""

TAIL_S = 2.0
"""Longest time for the last notes and the reverb to die away."""

LANES = 2
"""Notes are dealt to this many synthesizers at work at once. Their number is fixed, whatever the
machine, because it decides in which order samples are added up, and so the last bits of the sound."""

NoteWork = Callable[[int, bool, int], tuple[float, float]]
"""See `core.audio.fluid.LoadedFont.work`."""

_LOADED_MAX = 3
_DRUMS_PROBED = 3

_fonts: OrderedDict[tuple[str, int], tuple[LoadedFont, ...]] = OrderedDict()
_fonts_lock = threading.Lock()


def render(score: Score, soundfont: Soundfont | None = None, progress: Progress = no_progress) -> Samples:
    """The sound of a score at 44.1 kHz, as it comes out of the synthesizer.

    Muted tracks are left out; the same score gives the same samples. Several threads may call this:
    renders with one soundfont follow each other. Bring the result to an even loudness with
    `core.audio.loudness.normalise`.

    Args:
        score: the music; tick 0 is at frame 0.
        soundfont: where None, the default one.
        progress: called in this thread with (done, total) in frames about once a second of sound.

    Returns:
        float32 array of shape (frames, 2), at least as long as the score to its last bar line; an
        empty score gives its silent bar.

    Raises:
        SoundMissingError: FluidSynth or the soundfont is not at hand or cannot be read.
        LimitError: the piece is longer than `MAX_SECONDS` or has more than `MAX_TRACKS` tracks.
        Cancelled: `progress` raised it.
    """
    tracks = [track for track in score.tracks if track.notes and not track.muted]
    if len(tracks) > MAX_TRACKS:
        raise LimitError(f"At most {MAX_TRACKS} tracks can sound at once", f"got {len(tracks)}", "Mute or join some")
    shortest = int(np.ceil(check_length(score) * RATE))
    fonts = load(soundfont or default_soundfont())
    if not tracks:
        return np.zeros((shortest, 2), dtype=np.float32)
    clock = Clock.of(score)
    lanes = [(lane, _events(lane, clock)) for lane in _deal(tracks, clock, fonts[0].work)]
    last = max((frame for _, events in lanes for frame in events), default=0)
    total = -(-max(shortest, last + int(TAIL_S * RATE)) // GRID) * GRID
    samples = _play(fonts, lanes, total, progress)
    return samples[: max(shortest, _audible(samples))]


def check_length(score: Score) -> float:
    """Length of a score in seconds, to its last bar line.

    Raises:
        LimitError: it is longer than `MAX_SECONDS`.
    """
    seconds = seconds_long(score)
    if seconds > MAX_SECONDS:
        raise LimitError(
            f"Sound is made for pieces of up to {MAX_SECONDS // 60} minutes",
            f"this one lasts {seconds / 60:.0f} minutes",
            "Trim it, raise the tempo or take out long rests",
        )
    return seconds


def clear() -> None:
    """Unload every soundfont, for tests and before a process forks."""
    with _fonts_lock:
        fonts = [font for pair in _fonts.values() for font in pair]
        _fonts.clear()
    for font in fonts:
        font.delete()


def load(soundfont: Soundfont) -> tuple[LoadedFont, ...]:
    """This soundfont, loaded for each lane; those used longest ago are let go.

    Raises:
        SoundMissingError: FluidSynth is not installed, or it cannot read the file.
    """
    path = str(soundfont.path.resolve())
    try:
        key = (path, soundfont.path.stat().st_mtime_ns)
    except OSError as error:
        raise SoundMissingError(
            f"The soundfont {soundfont.name} is needed", f"{path} cannot be read ({error.strerror})", "Choose another one"
        ) from error
    with _fonts_lock:
        if key not in _fonts:
            _fonts[key] = tuple(LoadedFont(soundfont) for _ in range(LANES))
        _fonts.move_to_end(key)
        loaded = _fonts[key]
        dropped = [_fonts.popitem(last=False)[1] for _ in range(len(_fonts) - _LOADED_MAX)]
    for font in (font for pair in dropped for font in pair):
        font.delete()
    return loaded


def _deal(tracks: Sequence[Track], clock: Clock, work: NoteWork) -> list[list[Track]]:
    """The music in lanes of about equal work, the heaviest first.

    All notes of one pitch of a track stay in one lane, because a note ends the one before it; so do
    all drums of a track, because an open hi-hat is cut off by a closed one.
    """
    groups: defaultdict[tuple[int, int], list[Note]] = defaultdict(list)
    for index, track in enumerate(tracks):
        for note in track.notes:
            groups[index, -1 if track.is_drum else note.pitch].append(note)
    costs = [_cost(track, work) for track in tracks]
    weights = {key: _weight(notes, clock, *costs[key[0]]) for key, notes in groups.items()}
    lanes: list[defaultdict[int, list[Note]]] = [defaultdict(list) for _ in range(LANES)]
    loads = [0.0] * LANES
    for key in sorted(groups, key=lambda key: (-weights[key], key)):
        lane = loads.index(min(loads))
        lanes[lane][key[0]] += groups[key]
        loads[lane] += weights[key]
    order = sorted(range(LANES), key=lambda lane: -loads[lane])
    dealt = [[replace(tracks[index], notes=tuple(lanes[lane][index])) for index in sorted(lanes[lane])] for lane in order]
    return [lane for lane in dealt if lane]


def _cost(track: Track, work: NoteWork) -> tuple[float, float]:
    """What a note of this track costs (`NoteWork`): its middle octave's, or its commonest drums' on average."""
    counted = Counter(note.pitch for note in track.notes).most_common()
    if track.is_drum:
        tried = dict(counted[:_DRUMS_PROBED])
    else:
        middle = sorted(note.pitch for note in track.notes)[len(track.notes) // 2]
        tried = {min(127, 12 * round(middle / 12)): 1}
    notes = sum(tried.values())
    costs = [(count / notes, work(track.program, track.is_drum, pitch)) for pitch, count in tried.items()]
    return sum(share * cost[0] for share, cost in costs), sum(share * cost[1] for share, cost in costs)


def _weight(notes: Sequence[Note], clock: Clock, voices: float, ringing: float) -> float:
    """Voice-seconds of notes that each sound in `voices` and leave `ringing` voice-seconds behind."""
    ticks = np.array([(note.start, note.end) for note in notes], dtype=np.int64)
    starts, ends = clock.seconds(ticks).T
    return float(voices * (ends - starts).sum() + ringing * len(notes))


def _play(
    fonts: Sequence[LoadedFont], lanes: Sequence[tuple[list[Track], dict[int, list[Event]]]], total: int, progress: Progress
) -> Samples:
    """All lanes added up; the first one, the heaviest, in this thread, so that progress is called here."""
    stopped = threading.Event()

    def watch(done: int, total: int) -> None:
        if stopped.is_set():
            raise Cancelled

    with ThreadPoolExecutor(max_workers=LANES) as pool:
        others = [
            pool.submit(font.play, tracks, events, total, watch)
            for font, (tracks, events) in zip(fonts[1:], lanes[1:], strict=False)
        ]
        try:
            samples = fonts[0].play(*lanes[0], total, progress)
        except BaseException:
            stopped.set()
            raise
        for other in others:
            samples += other.result()
    return samples


def _audible(samples: Samples, floor: float = 10 ** (-80 / 20)) -> int:
    """Number of frames up to the last one that can be heard."""
    for stop in range(len(samples), 0, -CHUNK):
        loud = np.flatnonzero(frame_peaks(samples[max(0, stop - CHUNK) : stop]) > floor)
        if len(loud):
            return max(0, stop - CHUNK) + int(loud[-1]) + 1
    return 0


def _events(tracks: Sequence[Track], clock: Clock) -> dict[int, list[Event]]:
    """Note events by frame, ends before starts.

    Where a pitch starts again before it ended, its last end holds: the synthesizer ends every note
    of that pitch at once.
    """
    events: defaultdict[int, list[Event]] = defaultdict(list)
    for channel, track in enumerate(tracks):
        ticks = np.array([(note.start, note.end) for note in track.notes], dtype=np.int64)
        frames = np.rint(clock.seconds(ticks) * (RATE / GRID)).astype(np.int64) * GRID
        ends: dict[int, int] = {}
        for note, (start, end) in zip(track.notes, frames.tolist(), strict=True):
            end = max(end, start + GRID)
            before = ends.get(note.pitch, -1)
            if before > start:
                end = max(end, before)
            elif before >= 0:
                events[before].append((channel, note.pitch, 0))
            ends[note.pitch] = end
            events[start].append((channel, note.pitch, note.velocity))
        for pitch, end in ends.items():
            events[end].append((channel, pitch, 0))
    for group in events.values():
        group.sort(key=lambda event: event[2] > 0)
    return dict(events)
