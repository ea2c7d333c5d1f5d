"""Held-out songs set to music anew: beside their own melodies, beside a 5-gram, and real songs beside real ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.engines.lstm.leadsheet import LOW, TICKS_PER_UNIT, bar_units, parse_metre
from core.engines.lstm.song import compose
from core.engines.lstm.song.aligned import Aligned
from core.engines.lstm.song.data import Songs
from core.engines.lstm.song.evaluation import similar
from core.engines.lstm.song.evaluation.baseline import FiveGram
from core.engines.lstm.song.evaluation.carried import breaths, carried, final_lengths, stress_on_beats
from core.engines.lstm.song.singer import Singer
from core.engines.lstm.song.sung import DURATION_UNITS, starts
from core.engines.protocol import Request, no_progress
from core.errors import SongloomError
from core.report import Figure
from core.score import Key, Lyric, Metre, Note, Score, Tempo, Track

TAKES = 4
PD, DD, MD, BREATHS = 0.92, 0.88, 5.9, 0.95
RELYME = {"PD": 0.9219, "DD": 0.8752, "MD": 5.90}
"""TeleMelody with ReLyMe on its own English test songs, as SongGLM's table 1 gives it: another test set."""


def real_score(song: Aligned) -> Score:
    """A held-out song as the network knows it: its own melody, on its grid, with its words."""
    sung, bar = song.sung, bar_units(song.sung.metre)
    begins = starts(sung.gaps, sung.durations)
    pickup = bar - int(begins[0]) if begins[0] >= bar / 2 else 0
    shift = int(begins[0]) if pickup else 0
    ticks, lasting = (begins - shift) * TICKS_PER_UNIT, DURATION_UNITS[sung.durations] * TICKS_PER_UNIT
    notes = tuple(Note(int(tick), int(pitch) + LOW + sung.reference, int(duration))
                  for tick, pitch, duration in zip(ticks, sung.pitches, lasting, strict=True))
    firsts = np.searchsorted(sung.carries, np.arange(len(sung.words)))
    lyrics = tuple(Lyric(notes[first].start, place.syllable.text, place.syllabic)
                   for first, place in zip(firsts, song.lyrics.places, strict=True))
    return Score((Track(notes, lyrics=lyrics),), tempos=(Tempo(0, 100.0),), metres=(parse_metre(sung.metre),),
                 keys=(Key(0, sung.reference % 12, sung.mode),), pickup=pickup * TICKS_PER_UNIT)


def request_for(song: Aligned, real: Score, style: str, seed: int) -> Request:
    """What is told of a song: its style, key, metre and range, never its melody. Nothing is cut off what is drawn."""
    pitches = [note.pitch for note in real.melody.notes]
    low, high = min(pitches), max(pitches)
    metre = real.metres[0]
    return Request(style, tonic=song.sung.reference % 12, mode=song.sung.mode, metre=Metre(0, metre.numerator, metre.denominator),
                   tempo=100.0, takes=TAKES, top_p=1.0, pitch_range=(low, max(high, low + 7)), program=52,
                   random_seed=seed, words="-")


def measure(songs: Songs, singer: Singer) -> list[Figure]:
    """PD, DD, MD, stress, ends of lines and breaths over the English songs of the test split."""
    chosen = [(sample, songs.aligned[sample.id]) for sample in songs.samples["test"]
              if sample.id in songs.aligned and songs.aligned[sample.id].lyrics.languages[0] == "en"]
    gram = FiveGram([sample.sung for sample in songs.samples["train"] if sample.has_words])
    rng = np.random.default_rng(5)
    ours, theirs, reals, failures = [], [], [], 0
    for number, (sample, song) in enumerate(chosen):
        real = real_score(song)
        style = songs.corpus.styles[sample.style]
        request = request_for(song, real, style, number)
        try:
            made = compose.compose(request, song.lyrics, singer, songs.corpus.statistics[style], no_progress)
        except SongloomError:
            failures += 1
            continue
        syllables = [place.syllable.text for place in song.lyrics.places]
        base = [gram.write(syllables, real.keys[0], real.metres[0], song.sung.reference, rng) for _ in range(TAKES)]
        ours.append((song, made))
        theirs.append((song, base))
        reals.append((song, [real]))
    return [*_likeness(ours, theirs, reals), *_carrying(ours, theirs, reals),
            Figure("songs that could not be set to music", failures, 0, "lower", len(chosen), "test")]


Made = list[tuple[Aligned, list[Score]]]


def _likeness(ours: Made, theirs: Made, reals: Made) -> list[Figure]:
    """Each take beside the real melody to the same words, and real melodies beside each other in one key."""
    figures = []
    others = [reals[(at + 1) % len(reals)] for at in range(len(reals))]
    moved = [(song, [_in_key_of(other[1][0], real[0])]) for (song, real), other in zip(reals, others, strict=True)]
    rows: tuple[tuple[str, float, str, Measure], ...] = (
        ("PD", PD, "higher", similar.pitch_overlap), ("DD", DD, "higher", similar.duration_overlap),
        ("MD", MD, "lower", similar.melody_distance))
    for name, target, better, measured in rows:
        own, base, real = (_mean(made, reals, measured) for made in (ours, theirs, moved))
        halves = float(np.mean([_half_by_half(real[0], measured) for _, real in reals]))
        peers = {"5-gram": base, "another real song in its key": real, "a real song's other half": halves,
                 "ReLyMe on its own songs": RELYME[name]}
        figures.append(Figure(f"{name} against the real melody", own, target, better, len(ours), "test", peers))
    return figures


Measure = Callable[[Track, Track], float]


def _mean(made: Made, reals: Made, measured: Measure) -> float:
    return float(np.mean([np.mean([measured(take.melody, real[0].melody) for take in takes])
                          for (_, takes), (_, real) in zip(made, reals, strict=True)]))


def _half_by_half(real: Score, measured: Measure) -> float:
    track = real.melody
    middle = track.notes[len(track.notes) // 2].start
    halves = [Track(tuple(note for note in track.notes if (note.start < middle) == first),
                    lyrics=tuple(lyric for lyric in track.lyrics if (lyric.tick < middle) == first)) for first in (True, False)]
    return measured(halves[0], halves[1])


def _in_key_of(score: Score, other: Score) -> Score:
    """The score moved to the other's tonic, in the octave nearest to its melody."""
    up = (other.keys[0].tonic - score.keys[0].tonic) % 12
    middle = [np.mean([note.pitch for note in one.melody.notes]) for one in (score, other)]
    shift = up + 12 * round((middle[1] - middle[0] - up) / 12)
    notes = tuple(Note(note.start, note.pitch + shift, note.duration) for note in score.melody.notes)
    return Score((Track(notes),), keys=other.keys)


def _carrying(ours: Made, theirs: Made, reals: Made) -> list[Figure]:
    """Stress, ends of lines and breaths, beside the same of the real melodies and of the 5-gram."""
    found = [{name: _of(made, name) for name in ("stress", "final", "breath")} for made in (ours, theirs, reals)]
    own, base, real = found
    rows = (("stressed syllables on strong beats", "stress", real["stress"]),
            ("last notes of lines against the mean note", "final", real["final"]),
            ("breaths at full stops and line ends", "breath", BREATHS))
    return [Figure(words, own[name], target, "higher", len(ours), "test", {"real": real[name], "5-gram": base[name]})
            for words, name, target in rows]


def _of(made: Made, name: str) -> float:
    right, total = 0.0, 0
    for song, takes in made:
        for take in takes:
            syllables = carried(take, song.lyrics)
            if name == "final":
                lengths = final_lengths(syllables)
                right, total = right + sum(lengths), total + len(lengths)
            else:
                hits, count = stress_on_beats(take, syllables) if name == "stress" else breaths(syllables)
                right, total = right + hits, total + count
    return right / max(total, 1)
