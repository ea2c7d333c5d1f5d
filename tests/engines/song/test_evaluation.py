"""The measures of singing: equal melodies are equal, others are not, and what is counted is counted right."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from core.engines.lstm.leadsheet import encode
from core.engines.lstm.song.evaluation import similar
from core.engines.lstm.song.evaluation.baseline import FiveGram
from core.engines.lstm.song.evaluation.carried import breaths, carried, final_lengths, is_whole, stress_on_beats, tones_agree
from core.engines.lstm.song.sung import from_sheet
from core.lyrics import read_lyrics
from core.score import Key, Lyric, Metre, Note, Score, Track
from core.score.abc_reader import read_abc


def sung(pitches: list[int], words: str, *, gaps: dict[int, int] | None = None, length: int = 480) -> Score:
    """One note a syllable; `gaps` are ticks of rest before some."""
    notes, lyrics, tick = [], [], 0
    for at, (pitch, place) in enumerate(zip(pitches, read_lyrics(words).places, strict=True)):
        tick += (gaps or {}).get(at, 0)
        notes.append(Note(tick, pitch, length))
        lyrics.append(Lyric(tick, place.syllable.text, place.syllabic))
        tick += length
    return Score((Track(tuple(notes), lyrics=tuple(lyrics)),), metres=(Metre(0, 4, 4),), keys=(Key(0, 0, "major"),))


def test_equal_melodies_are_alike_and_others_are_less() -> None:
    one, moved = sung([60, 62, 64, 65], "la la la la"), sung([67, 69, 71, 72], "la la la la")
    assert similar.pitch_overlap(one.melody, one.melody) == pytest.approx(1)
    assert similar.duration_overlap(one.melody, one.melody) == pytest.approx(1)
    assert similar.melody_distance(one.melody, one.melody) == 0
    assert similar.pitch_overlap(one.melody, moved.melody) == 0
    assert similar.melody_distance(one.melody, moved.melody) == pytest.approx(0)  # means are taken off
    assert similar.melody_distance(one.melody, sung([60, 72, 60, 72], "la la la la").melody) > 1


def test_rests_belong_to_the_time_of_a_syllable() -> None:
    one, rested = sung([60] * 4, "la la la la"), sung([60] * 4, "la la la la", gaps={2: 480})
    assert similar.duration_overlap(one.melody, rested.melody) == pytest.approx(0.75)


def test_a_rest_in_a_word_is_found() -> None:
    whole, torn = sung([60] * 3, "river flows"), sung([60] * 3, "river flows", gaps={1: 240})
    lyrics = read_lyrics("river flows")
    assert is_whole(carried(whole, lyrics))
    assert not is_whole(carried(torn, lyrics))
    assert not is_whole(carried(sung([60] * 2, "la la"), lyrics))


def test_stress_ends_and_breaths_are_counted() -> None:
    words = "the river\nis deep"
    lyrics = read_lyrics(words)
    score = sung([60] * 5, words, gaps={0: 1440, 3: 480})
    found = carried(score, lyrics)
    assert stress_on_beats(score, found) == (2, 2)  # riv on the bar line, deep on the other half of the next
    assert breaths(found) == (1, 1)
    assert final_lengths(found) == [1.0, 1.0]


def test_tones_and_intervals() -> None:
    words = "马天马天"  # low, high, low, high
    lyrics = read_lyrics(words)
    assert tones_agree(carried(sung([60, 67, 60, 67], words), lyrics)) == (3, 3)
    assert tones_agree(carried(sung([67, 60, 67, 60], words), lyrics)) == (0, 3)
    assert tones_agree(carried(sung([60, 60, 60, 60], words), lyrics)) == (0, 3)


def test_the_five_gram_writes_what_it_has_heard() -> None:
    tune, _ = from_sheet(encode(read_abc("X:1\nM:4/4\nL:1/4\nK:C\n|:CDEF|GABc:|\n", unfold=False)))
    gram = FiveGram([tune, tune])
    made = gram.write(["la"] * 6, Key(0, 0, "major"), Metre(0, 4, 4), tune.reference, np.random.default_rng(0))
    real = [60, 62, 64, 65, 67, 69, 71, 72]
    heard = [note.pitch for note in made.melody.notes]
    assert heard[0] in real
    assert all(then == real[(real.index(one) + 1) % 8] for one, then in pairwise(heard) if one != 72)
    assert len(made.melody.lyrics) == 6
