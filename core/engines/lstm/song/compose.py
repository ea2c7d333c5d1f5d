"""From words to takes: rhythm for every line, then pitches, then a score with the words under its notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from core.engines.lstm.leadsheet import TICKS_PER_UNIT, bar_units
from core.engines.lstm.network import style_weights
from core.engines.lstm.resolve import reference_of
from core.engines.lstm.song import tones
from core.engines.lstm.song.again import kept_lines
from core.engines.lstm.song.choose import Form, form_of, melody_worth, rhythm_worth
from core.engines.lstm.song.fitting import Line, fitted
from core.engines.lstm.song.plan import LinePlan, plan
from core.engines.lstm.song.rules import BREATH, TAKEN, Floats, RhythmRules, closing, pitches, strength, usual
from core.engines.lstm.song.singer import Singer
from core.engines.lstm.song.sung import DURATION_UNITS, GAP_UNITS, Sung, nearest
from core.engines.lstm.song.task import rows_of
from core.engines.lstm.song.words import Ints, read_words
from core.engines.lstm.song.writer import MelodyWriter, Reader, RhythmWriter
from core.engines.protocol import Progress, Request
from core.lyrics import Lyrics
from core.lyrics.types import Breath, Place
from core.score import Key, Lyric, Note, Score, Tempo, Track

CANDIDATES = 8
"""For every line of every take."""


@dataclass(frozen=True)
class Task:
    """A request with its words, as all steps need it."""

    request: Request
    lyrics: Lyrics
    places: tuple[Place, ...]
    plans: tuple[LinePlan, ...]
    words: Ints
    key: Key
    metre: str
    reference: int
    steer: bool
    density: float
    kept: Mapping[int, tuple[Line, int]]
    """Lines that stay as they are, by their numbers, and where in a bar each begins."""

    @property
    def bar(self) -> int:
        return bar_units(self.metre)

    def places_of(self, line: LinePlan) -> tuple[Place, ...]:
        return self.places[line.first : line.last]


Song = list[Line]
"""The lines of a take."""


def compose(request: Request, lyrics: Lyrics, singer: Singer, statistics: dict[str, Any], progress: Progress, *,
            density: float = 0.0, steer: bool = True) -> list[Score]:
    """A melody with words for every take of a resolved request, without chords.

    Args:
        request: resolved; its bars do not count.
        lyrics: to be sung.
        singer: the network.
        statistics: of the style, as `core.engines.lstm.data.describe` gives them.
        progress: told lines of rhythm and of melody.
        density: octaves by which notes are shorter (above 0) or longer than usual; -1 to 1.
        steer: whether Mandarin tones lean on the melody; the evaluation measures without.

    Raises:
        Cancelled: `progress` raised it.
    """
    assert request.mode is not None
    assert request.tonic is not None
    assert request.pitch_range is not None
    key = Key(0, request.tonic, request.mode)
    reference = reference_of(request.tonic, request.pitch_range, statistics)
    plans = plan(lyrics)
    kept = {} if request.again is None or request.seed is None else kept_lines(request.seed, plans, reference, request.again)
    task = Task(request, lyrics, lyrics.places, plans, read_words(lyrics), key, str(request.metre), reference, steer, density,
                kept)
    shares = [(request.style, 1 - request.mix if request.style2 else 1.0)]
    if request.style2:
        shares.append((request.style2, request.mix))
    told = style_weights(len(singer.styles) + 1, [(singer.styles.index(style), share) for style, share in shares])
    rows = request.takes * CANDIDATES
    reader = Reader(singer.net, task.words, task.metre, request.mode, told.expand(rows, -1))
    songs = _rhythms(task, reader, usual(statistics, task.metre), progress)
    songs = [_breathing(task, song) for song in songs]
    songs = _melodies(task, reader, songs, progress)
    return [_score(task, song) for song in songs]


def _rhythms(task: Task, reader: Reader, durations: tuple[int, ...], progress: Progress) -> list[Song]:
    request, takes = task.request, task.request.takes
    rules = RhythmRules(task.metre, durations, task.words)
    rng = np.random.default_rng((request.random_seed, 1))
    writer = RhythmWriter(reader, rules, takes * CANDIDATES, rng, request.temperature, request.top_p, task.density)
    songs: list[Song] = [[] for _ in range(takes)]
    opened: list[list[int]] = [[] for _ in range(takes)]
    weights = strength(task.metre)
    forms: list[Form | None] = [None] * (takes * CANDIDATES)
    for number, line in enumerate(task.plans):
        progress(number, 2 * len(task.plans))
        begins = writer.time.copy()
        own = [row // CANDIDATES for row in range(writer.rows)]
        given = [_given(task, number, songs[take], opened[take], int(time), int(before))
                 for take, time, before in zip(own, begins, writer.before, strict=True)]
        made = writer.write(line, given)
        worth = [rhythm_worth(one, task.places_of(line), int(time), weights, form)
                 for one, time, form in zip(made, begins, forms, strict=True)]
        best = _best(np.array(worth), takes)
        for song, opens, row in zip(songs, opened, best, strict=True):
            song.append(made[row])
            opens.append(form_of(made[row], int(begins[row]), task.bar).place)
        forms = [form_of(made[row], int(begins[row]), task.bar) for row in best for _ in range(CANDIDATES)]
        writer.choose(np.repeat(best, CANDIDATES))
    return songs


def _best(worth: Floats, takes: int) -> Ints:
    """The row of the best candidate of each take."""
    found: Ints = worth.reshape(takes, -1).argmax(1) + np.arange(takes) * CANDIDATES
    return found


def _given(task: Task, number: int, song: Song, opened: Sequence[int], time: int, before: int) -> Line | None:
    """The notes of a line that stays, or whose music comes back, made to fit; it begins where in the bar it did.

    Args:
        task: the words.
        number: of the line.
        song: the lines before it.
        opened: where in a bar they begin.
        time: where the last one ends, in units from a bar line.
        before: units of its last note.
    """
    line = task.plans[number]
    if number in task.kept:
        own, place = task.kept[number]
    elif line.model is None or task.kept:
        return None
    else:
        may_rest = [at == 0 or found.syllabic in ("single", "begin") for at, found in enumerate(task.places_of(line))]
        own, place = fitted(song[line.model], line.last - line.first, may_rest), opened[line.model]
    gap = (place - time) % task.bar
    if song and gap < BREATH and before < TAKEN:  # nothing to breathe in
        gap += task.bar
    return (replace(own[0], gap=gap), *own[1:])


def _breathing(task: Task, song: Song) -> Song:
    """The song with time to breathe after full stops and lines: where no rest follows, a long note gives its end away."""
    notes = [list(line) for line in song]
    order = [(number, at) for number, line in enumerate(notes) for at in range(len(line))]
    for (number, at), (later, then) in pairwise(order):
        note, following = notes[number][at], notes[later][then]
        place = task.places_of(task.plans[number])[note.carries]
        goes_on = number == later and following.carries == note.carries
        if goes_on or following.gap or place.syllable.breath < Breath.STOP or note.duration < TAKEN:
            continue
        taken = 2 * BREATH if note.duration >= 3 * TAKEN else BREATH
        notes[number][at] = replace(note, duration=note.duration - taken)
        notes[later][then] = replace(following, gap=taken)
    return [tuple(line) for line in notes]


def _melodies(task: Task, reader: Reader, songs: Sequence[Song], progress: Progress) -> list[Song]:
    request, takes = task.request, task.request.takes
    sung = [_as_sung(task, song) for song in songs]
    features = [rows_of(one).melody[:, :-1] for one in sung]
    mask = pitches(task.key, task.reference, request.pitch_range or (0, 127))
    rng = np.random.default_rng((request.random_seed, 2))
    each = [own for own in range(takes) for _ in range(CANDIDATES)]
    writer = MelodyWriter(reader, [features[own] for own in each], [sung[own].carries for own in each], mask, rng,
                          request.temperature, request.top_p)
    found: list[Song] = [[] for _ in songs]
    begins = np.zeros(takes, np.int64)
    close = closing(task.key, task.reference)
    for number, line in enumerate(task.plans):
        progress(len(task.plans) + number, 2 * len(task.plans))
        places, is_last = task.places_of(line), number == len(task.plans) - 1
        lines = [song[number] for song in songs]
        given = [task.kept[number][0] if number in task.kept else _pitched(task, line, lines[own], found[own], is_last)
                 for own in range(takes)]
        before = _tone_before(task, line)
        lean = [_lean(task, lines[own], places, before) for own in range(takes)]
        made = writer.write(begins[each], [lines[own] for own in each], [given[own] for own in each],
                                  [lean[own] for own in each], close if is_last else None)
        heard = [(before, found[own][-1][-1].pitch) if before and found[own] else None for own in each]
        worth = [melody_worth(one, places, last) for one, last in zip(made, heard, strict=True)]
        best = _best(np.array(worth), takes)
        for own, row in enumerate(best):
            found[own].append(made[row])
        begins += np.array([len(one) for one in lines])
        writer.choose(np.repeat(best, CANDIDATES))
    return found


def _as_sung(task: Task, song: Song) -> Sung:
    notes = [(note, note.carries + line.first) for line, own in zip(task.plans, song, strict=True) for note in own]
    gaps, durations = (np.array([getattr(note, name) for note, _ in notes]) for name in ("gap", "duration"))
    return Sung(task.metre, task.key.mode, task.reference, nearest(GAP_UNITS, gaps), nearest(DURATION_UNITS, durations),
                np.zeros(len(notes), np.int64), np.array([carries for _, carries in notes]), task.words)


def _pitched(task: Task, line: LinePlan, own: Line, found: Song, is_last: bool) -> Line | None:
    """The pitches that come back for a line: those of its model, note by note; a song that ends elsewhere than its model closes
    on its own. Chinese words of other tones are sung to other pitches."""
    if line.model is None or task.kept:
        return None
    model = found[line.model]
    if line.how == "twin" and any(place.syllable.tone for place in task.places_of(line)):
        return None
    taken = fitted(model, line.last - line.first, [True] * (line.last - line.first))
    if len(taken) != len(own):
        return None
    ends = (taken[-1].pitch + task.reference) % 12
    if is_last and ends not in task.key.tonic_triad:
        return None
    return taken


def _tone_before(task: Task, line: LinePlan) -> int | None:
    """The tone of the syllable before a line where it leads into it."""
    if line.first == 0 or task.places[line.first - 1].syllable.breath >= Breath.STOP:
        return None
    return task.places[line.first - 1].syllable.tone


def _lean(task: Task, line: Line, places: Sequence[Place], before: int | None) -> Floats | None:
    """For each note nats for the intervals to it, as the tones ask."""
    if not task.steer or all(place.syllable.tone is None for place in places):
        return None
    found = np.zeros((len(line), 49))
    for at, note in enumerate(line):
        if at and note.carries == line[at - 1].carries:
            found[at] = np.where(np.abs(np.arange(-24, 25)) > 4, -2.0, 0.0)  # a syllable does not leap
            continue
        tone = places[note.carries].syllable.tone
        last = places[note.carries - 1].syllable.tone if note.carries else before
        if tone is not None and last is not None:
            found[at] = tones.lean(last, tone)
    return found


def _score(task: Task, song: Song) -> Score:
    """Notes and words from a pick-up or a bar line on; the last bar is filled by silence."""
    request, bar = task.request, task.bar
    first = song[0][0].gap
    pickup = bar - first if first >= bar / 2 else 0
    time = -first if pickup else 0
    notes: list[Note] = []
    lyrics: list[Lyric] = []
    weights = strength(task.metre)
    for line, own in zip(task.plans, song, strict=True):
        places = task.places_of(line)
        for at, note in enumerate(own):
            time += note.gap
            tick = time * TICKS_PER_UNIT
            velocity = 76 + round(6 * weights[(time + (bar - pickup if pickup else 0)) % bar])
            notes.append(Note(tick, note.pitch + task.reference, note.duration * TICKS_PER_UNIT, velocity))
            if at == 0 or note.carries != own[at - 1].carries:
                place = places[note.carries]
                lyrics.append(Lyric(tick, written(place, task.lyrics), place.syllabic, place.is_line_end))
            time += note.duration
    assert request.metre is not None
    assert request.tempo is not None
    track = Track(tuple(notes), name="Voice", program=request.program or 0, lyrics=tuple(lyrics))
    return Score((track,), tempos=(Tempo(0, request.tempo),), metres=(replace(request.metre, tick=0),), keys=(task.key,),
                 pickup=pickup * TICKS_PER_UNIT)


def written(place: Place, lyrics: Lyrics) -> str:
    """A syllable as it stands under its note, with the punctuation that follows its word."""
    line = lyrics.lines[place.line]
    if place.syllabic in ("begin", "middle"):
        return place.syllable.text
    following = line.words[place.word + 1].lead if place.word + 1 < len(line.words) else line.tail
    return place.syllable.text + following.split(" ")[0].strip()

