"""An engine that needs no weights: quick, in key, in as many bars as asked or a note a syllable, stoppable."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from dataclasses import replace

from core.analysis.sections import full_bars
from core.corpora.band_styles import BACKING, BANDS, Band
from core.corpora.band_styles import BY_ID as BAND_BY_ID
from core.corpora.styles import BY_ID, STYLES, Style
from core.engines.arranging import Arrangement, ArrangeRequest
from core.engines.arranging_resolve import resolve as resolve_arrangement
from core.engines.lstm.song.wish import from_mood, lyrics_of
from core.engines.protocol import LIMITS, Progress, Request, Take, no_progress
from core.errors import RequestError
from core.lyrics.suggest import NextLine, Wish
from core.score import ChordSymbol, Key, Lyric, Metre, Note, Score, Tempo, Track
from core.score.types import MODES

NOT_FREE = ("pop", "chinese-folk", "german-folk")


class FakeEngine:
    """Random walks on the scale, over the chord of the tonic, in all styles or those named by their ids.

    `hold` makes it wait until cancelled.
    """

    id = "lstm"
    hold = threading.Event()
    """While set, composing goes on and on, so that a test can watch and cancel it."""

    def __init__(self, device: str = "auto", styles: Sequence[str] = tuple(BY_ID)) -> None:
        self.device, self._styles = device, styles

    def styles(self, free_only: bool = False) -> Sequence[Style]:
        return [style for style in STYLES if style.id in self._styles and not (free_only and style.id in NOT_FREE)]

    def sung_styles(self, free_only: bool = False) -> Sequence[Style]:
        return [style for style in self.styles(free_only) if style.id != "chorale"]

    def sources(self, style: str, free_only: bool = False) -> Sequence[str]:
        return ("oneill",) if free_only else ("oneill", "nottingham", "my-tunes")

    def resolve(self, request: Request) -> Request:
        styles = {style.id: style for style in self.styles(request.free_only)}
        style = styles.get(request.style)
        if style is None:
            raise RequestError(f"A style of {', '.join(styles)} is needed", f"got {request.style!r}", "Choose one of these")
        for name in ("bars", "takes", "temperature", "top_p"):
            low, high = LIMITS[name]
            if not low <= getattr(request, name) <= high:
                raise RequestError(f"{name} between {low} and {high} is needed", f"got {getattr(request, name)}")
        if request.how == "harmonise" and request.style != "chorale":
            raise RequestError("Harmonising is done in the style of Bach chorales", f"got {request.style}", "Choose that style")
        if request.words:
            request = from_mood(request, lyrics_of(request), style)
        key = request.seed.key if request.seed else None
        return replace(
            request,
            tonic=request.tonic if request.tonic is not None else key.tonic if key else 2,
            mode=request.mode or (key.mode if key else style.modes[0]),
            metre=request.metre or (request.seed.metres[0] if request.seed else Metre(0, *map(int, style.metres[0].split("/")))),
            tempo=request.tempo or style.tempo,
            pitch_range=request.pitch_range or style.pitch_range,
            program=request.program if request.program is not None else style.program,
        )

    def compose(self, request: Request, progress: Progress = no_progress) -> tuple[Take, ...]:
        request = self.resolve(request)
        step = 0
        while self.hold.is_set():
            step += 1
            progress(step % 100, 100)
            threading.Event().wait(0.02)
        progress(0, request.takes)
        takes = []
        for index in range(request.takes):
            takes.append(_take(request, index))
            progress(index + 1, request.takes)
        return tuple(takes)


def _take(request: Request, index: int) -> Take:
    if request.words:
        return Take(song(request, index), request, index, "fake0000", 0.01)
    seed = request.seed if request.seed is not None and request.with_seed else None
    new_from = seed.length if seed else 0
    score = melody(request, random.Random(request.random_seed + index), new_from)
    if seed:
        track = replace(score.tracks[0], notes=(*seed.melody.notes, *score.tracks[0].notes))
        score = replace(score, tracks=(track,))
    return Take(score, request, index, "fake0000", 0.01, new_from)


def song(request: Request, index: int) -> Score:
    """A quarter a syllable and a rest of a quarter after each line; sung again, one line is new."""
    lyrics = lyrics_of(request)
    assert request.pitch_range is not None
    key = Key(0, request.tonic or 0, request.mode or "major")
    low, high = request.pitch_range
    scale = [pitch for pitch in range(low, high + 1) if pitch % 12 in key.scale]
    before = {note.start: note for note in request.seed.melody.notes} if request.seed else {}
    notes, words, tick = [], [], 0
    for place in lyrics.places:
        dice = random.Random(f"{request.random_seed} {index} {place.line} {place.at}")
        new = Note(tick, dice.choice(scale), 480)
        notes.append(new if place.line == request.again else before.get(tick, new))
        words.append(Lyric(tick, place.syllable.text, place.syllabic, place.is_line_end))
        tick += 960 if place.is_line_end else 480
    track = Track(tuple(notes), "Voice", request.program or 0, lyrics=tuple(words))
    metre = replace(request.metre or Metre(0, 4, 4), tick=0)
    chords = (ChordSymbol(0, key.tonic),)
    return Score((track,), tempos=(Tempo(0, request.tempo or 100),), metres=(metre,), keys=(key,), chords=chords)


def melody(request: Request | None = None, dice: random.Random | None = None, start: int = 0) -> Score:
    """A walk on the scale in eighths that ends on the tonic; without a request, an eight-bar jig in D."""
    dice = dice or random.Random(1)
    tonic, mode, bars, program = 2, "major", 8, 73
    metre, tempo = Metre(0, 6, 8), 160.0
    if request is not None:
        tonic, mode, bars, program = request.tonic or 0, request.mode or "major", request.bars, request.program or 0
        metre, tempo = replace(request.metre or metre, tick=0), float(request.tempo or tempo)
    scale = [pitch for pitch in range(60, 80) if (pitch - tonic) % 12 in MODES[mode]]
    place, notes = len(scale) // 2, []
    count = bars * metre.bar_ticks // 240
    for number in range(count):
        place = max(0, min(len(scale) - 1, place + dice.choice((-2, -1, 1, 2))))
        pitch = 60 + tonic if number == count - 1 else scale[place]
        notes.append(Note(start + number * 240, pitch, 240))
    return Score(
        (Track(tuple(notes), "Melody", program),),
        tempos=(Tempo(0, tempo),),
        metres=(metre,),
        keys=(Key(0, tonic, mode),),
        chords=(ChordSymbol(start, tonic),),
    )


class FakeArranger:
    """Chord tones on beats, kick and snare, in six bands; obeys what is kept, parts and bars.

    `hold` makes it wait until cancelled.
    """

    hold = threading.Event()
    """While set, arranging goes on and on, so that a test can watch and cancel it."""

    def bands(self, free_only: bool = False) -> Sequence[Band]:
        return [band for band in BANDS if not (free_only and band.id == "latin")]

    def sources(self, free_only: bool = False) -> Sequence[str]:
        return ("freedoom-music", "nottingham")

    def resolve(self, request: ArrangeRequest) -> ArrangeRequest:
        return resolve_arrangement(request, self.bands(request.free_only), _fifths)

    def arrange(self, request: ArrangeRequest, progress: Progress = no_progress) -> Arrangement:
        request = self.resolve(request)
        step = 0
        while self.hold.is_set():
            step += 1
            progress(step % 100, 100)
            threading.Event().wait(0.02)
        band = BAND_BY_ID[request.band]
        melody = replace(request.score.tracks[0], name="melody", program=band.programs["melody"])
        new = {part: _part(request, band, part) for part in BACKING}
        before = {track.name: track for track in request.kept.tracks} if request.kept else {}
        bars = full_bars(request.score)
        start, end = (bars[request.bars[0]][0], bars[request.bars[1] - 1][1]) if request.bars else (0, request.score.length)
        for part, old in before.items():
            if request.parts and part not in request.parts:
                new[part] = old
            elif part in new and request.bars:
                fresh = tuple(note for note in new[part].notes if start <= note.start < end)
                stay = tuple(note for note in old.notes if not start <= note.start < end)
                new[part] = replace(old, notes=(*stay, *fresh))
        progress(1, 1)
        score = replace(request.score, tracks=(melody, *(new[part] for part in BACKING)))
        return Arrangement(score, request, "fake0000", 0.01)


def _fifths(part: Score) -> tuple[ChordSymbol, ...]:
    key = part.key or Key(0, 0)
    return tuple(ChordSymbol(bar * part.metres[0].bar_ticks, (key.tonic + 7 * (bar % 2)) % 12)
                 for bar in range(len(part.bars)))


def _part(request: ArrangeRequest, band: Band, part: str) -> Track:
    """A note a beat of the chord of the moment, which one the random seed says; drums take turns."""
    dice = random.Random(f"{request.random_seed} {part}")
    notes = []
    for start, end, metre in request.score.bars:
        for tick in range(start, min(end, request.score.end), metre.beat_ticks):
            chord = [chord for chord in request.score.chords if chord.tick <= tick][-1:]
            tones = sorted(chord[0].pitch_classes) if chord else []
            if part == "drums":
                pitch = (36, 42, 38, 42)[dice.randrange(4)]
            elif tones:
                low, _ = band.ranges[part]
                pitch = low + (dice.choice(tones) - low) % 12
            else:
                continue
            notes.append(Note(tick, pitch, min(metre.beat_ticks, end - tick), 60 + round(40 * request.intensity)))
    return Track(tuple(notes), part, band.programs.get(part, 0), is_drum=part == "drums")


def fake_lines(asked: Wish, count: int = 5, seed: int = 0, *, progress: Progress = no_progress) -> tuple[NextLine, ...]:
    """Next lines without a network."""
    texts = ["And every heart is full of <b>spring</b>", "The river knows the song of spring", "I hear the bells of morning ring"]
    progress(1, 1)
    return tuple(NextLine(text, asked.syllables, asked.rhyme is not None) for text in texts[:count])
