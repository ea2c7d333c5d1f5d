"""Words set to music by a network that has learned nothing: what is promised holds all the same."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from core.engines.lstm.song.chords import with_chords
from core.engines.lstm.song.compose import compose
from core.engines.lstm.song.evaluation.carried import breaths, carried, is_whole
from core.engines.lstm.song.plan import plan
from core.engines.lstm.song.singer import Singer
from core.engines.protocol import Request, no_progress
from core.errors import Cancelled
from core.lyrics import Lyrics, read_lyrics
from core.score import ChordSymbol, Metre, Score
from tests.engines.song.test_lines import SONG

WORDS = {
    "English": SONG,
    "Chinese": "床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。",
    "mixed": "I say 你好 to the moon\nBeautiful, wonderful 中国",
    "one": "O",
    "long": "Supercalifragilisticexpialidocious " * 12,
}


def request(metre: str = "4/4", mode: str = "major", style: str = "hymn", **more: object) -> Request:
    top, bottom = map(int, metre.split("/"))
    base = Request(style, tonic=7, mode=mode, metre=Metre(0, top, bottom), tempo=90.0, pitch_range=(57, 74), program=52, takes=2)
    return replace(base, **more)  # type: ignore[arg-type]


def sing(singer: Singer, words: str, asked: Request) -> tuple[Lyrics, list[Score]]:
    lyrics = read_lyrics(words)
    return lyrics, compose(asked, lyrics, singer, {}, no_progress)


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS.keys())
@pytest.mark.parametrize(("metre", "mode"), [("4/4", "major"), ("3/4", "minor"), ("6/8", "dorian"), ("12/8", "mixolydian")])
def test_every_syllable_is_sung_in_key_and_range(untrained: Singer, words: str, metre: str, mode: str) -> None:
    asked = request(metre, mode)
    lyrics, made = sing(untrained, words, asked)
    assert len(made) == 2
    for score in made:
        found = carried(score, lyrics)
        assert is_whole(found)
        assert all(57 <= note.pitch <= 74 for note in score.melody.notes)
        scale = {(pitch + 7) % 12 for pitch in range(12) if (pitch + 7) % 12 in score.keys[0].scale} | {6}
        assert {note.pitch % 12 for note in score.melody.notes} <= scale | set(score.keys[0].scale)
        assert score.melody.notes[-1].pitch % 12 in score.keys[0].tonic_triad
        assert str(score.metres[0]) == metre
        heard, wanted = breaths(found)
        assert heard == wanted
        assert "".join(lyric.text for lyric in score.melody.lyrics).startswith(lyrics.syllables[0].text)


def test_the_same_words_have_the_same_music(untrained: Singer) -> None:
    lyrics, made = sing(untrained, SONG, request())
    lines = plan(lyrics)
    for score in made:
        found = carried(score, lyrics)
        for line in lines:
            if line.how == "same" and line.model is not None and line is not lines[-1]:
                model = lines[line.model]
                notes, again = (
                    [(note.pitch, note.duration) for one in found[part.first : part.last - 1] for note in one.notes]
                    for part in (model, line)
                )
                assert notes == again


def test_the_same_number_gives_the_same_song(untrained: Singer) -> None:
    one, again, other = (sing(untrained, WORDS["mixed"], request(random_seed=seed))[1] for seed in (3, 3, 4))
    assert one == again
    assert one != other
    assert one[0] != one[1]


def test_one_line_is_sung_anew_and_the_others_stay(untrained: Singer) -> None:
    lyrics, (before, _) = sing(untrained, SONG, request())
    (after,) = compose(request(takes=1, seed=before, again=1, random_seed=9), lyrics, untrained, {}, no_progress)
    lines = plan(lyrics)
    old, new = (carried(score, lyrics) for score in (before, after))
    pitches = [[[note.pitch for note in one.notes] for one in part] for part in (old, new)]
    for number, line in enumerate(lines):
        same = pitches[0][line.first : line.last] == pitches[1][line.first : line.last]
        assert same == (number != 1)


def test_it_can_be_cancelled(untrained: Singer) -> None:
    def stop(done: int, total: int) -> None:
        raise Cancelled()

    with pytest.raises(Cancelled):
        compose(request(), read_lyrics(SONG), untrained, {}, stop)


def test_more_density_is_shorter_notes(untrained: Singer) -> None:
    lyrics = read_lyrics(SONG)
    lengths = []
    for density in (-1.0, 1.0):
        made = compose(request(takes=4), lyrics, untrained, {}, no_progress, density=density)
        lengths.append(sum(note.duration for score in made for note in score.melody.notes))
    assert lengths[1] < 0.8 * lengths[0]


def test_chords_return_with_the_music(untrained: Singer) -> None:
    lyrics, (song, _) = sing(untrained, SONG, request())
    asked: list[int] = []

    def harmonise(part: Score) -> tuple[ChordSymbol, ...]:
        asked.append(len(part.bars))
        bar = part.metres[0].bar_ticks
        return tuple(ChordSymbol(part.pickup + at * bar, at % 12, "maj") for at in range(len(part.bars)))

    made = with_chords(song, plan(lyrics), harmonise)
    assert made.chords
    assert [chord.tick for chord in made.chords] == sorted({chord.tick for chord in made.chords})
    assert made.chords[-1].tick < song.length
    assert sum(asked) <= len(song.bars)
    assert all((one.root, one.quality) != (then.root, then.quality) for one, then in pairwise(made.chords))
