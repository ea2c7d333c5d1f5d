"""Texts that the network has not learned from: public-domain verse in English and Chinese, and what comes of setting them."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.analysis.key import estimate_key
from core.corpora.folder import DataFolder
from core.engines.lstm.engine import LstmEngine
from core.engines.lstm.song import compose, wish
from core.engines.lstm.song.data import Songs
from core.engines.lstm.song.evaluation.baseline import FiveGram
from core.engines.lstm.song.evaluation.carried import carried, is_whole, tones_agree
from core.engines.lstm.song.evaluation.mood_texts import HAPPY_EN, HAPPY_ZH, SAD_EN, SAD_ZH
from core.engines.protocol import Request, Take, no_progress
from core.errors import SongloomError
from core.lyrics import Lyrics, read_lyrics
from core.report import Figure
from core.score import Score
from core.score.files import read_score, write_score

EACH = 100
"""Texts of each language."""
ENGLISH, CHINESE = "hymn", "chinese-folk"
"""Styles in which they are set."""
MOODY = "art-song"
"""A style that has both modes."""
TONES, MOODS = 0.85, 0.85


def english(songs: Songs) -> list[str]:
    """Words of English songs of the test split, then of the validation split."""
    found = []
    for split in ("test", "valid"):
        for sample in songs.samples[split]:
            song = songs.aligned.get(sample.id)
            if song is not None and song.lyrics.languages[0] == "en":
                found.append("\n".join(line.text for line in song.lyrics.lines))
    return found[:EACH]


def chinese(folder: DataFolder) -> list[str]:
    """Poems of the collection chinese-poetry of 4 to 12 lines, spread over its files.

    Raises:
        DataMissingError: the collection is not at hand.
    """
    found: list[str] = []
    for path in sorted(folder.path("chinese-poetry").rglob("*.json")):
        for poem in _poems(path)[:6]:
            lines = [part for line in poem for part in _clauses(line)]
            if 4 <= len(lines) <= 12:
                found.append("\n".join(lines))
    step = max(1, len(found) // EACH)
    return found[::step][:EACH]


def _poems(path: Path) -> list[list[str]]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return []
    return [row["paragraphs"] for row in rows if isinstance(row, dict) and isinstance(row.get("paragraphs"), list)] if isinstance(
        rows, list) else []


def _clauses(line: str) -> list[str]:
    """A line of verse as it is sung: up to each comma or full stop."""
    for sign in "，。！？；":
        line = line.replace(sign, sign + "\n")
    return [part for part in line.split("\n") if part.strip()]


def measure_words(engine: LstmEngine, texts: Sequence[tuple[str, str]]) -> tuple[list[Figure], list[tuple[Lyrics, list[Take]]]]:
    """Whether every syllable is sung and can be read back; and the takes.

    Args:
        engine: with song weights.
        texts: (style, words).
    """
    whole = back = count = crashes = 0
    made: list[tuple[Lyrics, list[Take]]] = []
    for number, (style, words) in enumerate(texts):
        request = Request(style, words=words, takes=2, random_seed=number)
        try:
            lyrics = wish.lyrics_of(request)
            takes = list(engine.compose(request))
        except SongloomError:
            crashes += 1
            continue
        made.append((lyrics, takes))
        for take in takes:
            count += 1
            whole += is_whole(carried(take.score, lyrics))
            back += _reads_back(take.score)
    return [
        Figure("words: takes in which every syllable has a note and no rest parts a word", whole / max(count, 1), 1, "higher",
               count, "test"),
        Figure("words: takes whose words MusicXML and MIDI give back", back / max(count, 1), 1, "higher", count, "test"),
        Figure("words: texts that could not be set", crashes, 0, "lower", len(texts), "test"),
    ], made


def _reads_back(score: Score) -> bool:
    wanted = [lyric.text for lyric in score.melody.lyrics]
    return all([lyric.text for lyric in read_score(write_score(score, form), f"song{form}").melody.lyrics] == wanted
               for form in (".musicxml", ".mid"))


def measure_tones(engine: LstmEngine, made: Sequence[tuple[Lyrics, list[Take]]], songs: Songs) -> list[Figure]:
    """Chinese: agreement of tones and melody, beside the network without steering and the 5-gram."""
    singer = engine.song()
    gram = FiveGram([sample.sung for sample in songs.samples["train"] if sample.sung.metre in ("4/4", "2/4")][:3000])
    rng = np.random.default_rng(3)
    found: dict[str, list[tuple[int, int]]] = {"steered": [], "without steering": [], "5-gram": []}
    for lyrics, takes in made:
        request = takes[0].request
        facts = engine.facts(request.style)["statistics"]
        plain = compose.compose(replace(request, takes=1), lyrics, singer, facts, no_progress, steer=False)
        assert request.tonic is not None
        syllables = [place.syllable.text for place in lyrics.places]
        base = gram.write(syllables, takes[0].score.keys[0], takes[0].score.metres[0], 60 + request.tonic, rng)
        scores = {"steered": [take.score for take in takes], "without steering": plain, "5-gram": [base]}
        for name, own in scores.items():
            found[name] += [tones_agree(carried(score, lyrics)) for score in own]
    shares = {name: sum(hit for hit, _ in own) / max(1, sum(all_ for _, all_ in own)) for name, own in found.items()}
    pairs = sum(total for _, total in found["steered"])
    steered = shares.pop("steered")
    name = "tones: neighbouring syllables whose melody goes the way of their tones"
    return [Figure(name, steered, TONES, "higher", pairs, "test", shares)]


def measure_moods(engine: LstmEngine) -> list[Figure]:
    """Whether happy words sound major and quick, sad ones minor and slow, by the takes' own notes: 40 of each."""
    right = {"mode": 0, "tempo": 0, "both": 0}
    texts = [(words, True) for words in (*HAPPY_EN, *HAPPY_ZH)] + [(words, False) for words in (*SAD_EN, *SAD_ZH)]
    heard = []
    for number, (words, happy) in enumerate(texts):
        (take,) = engine.compose(Request(MOODY, words=words, takes=1, random_seed=number))
        bare = replace(take.score, keys=(), chords=())
        heard.append((happy, estimate_key(bare).mode in ("major", "mixolydian", "lydian"), take.score.tempos[0].bpm))
    middle = float(np.median([bpm for _, _, bpm in heard]))
    for happy, major, bpm in heard:
        mode, tempo = major == happy, (bpm > middle) == happy
        right["mode"] += mode
        right["tempo"] += tempo
        right["both"] += mode and tempo
    count = len(texts)
    split = "texts written for it"
    found = [Figure(f"mood: {name} in the direction of the words", right[name] / count, MOODS, "higher", count, split)
             for name in ("mode", "tempo")]
    return [*found, Figure("mood: both", right["both"] / count, None, "higher", count, split)]


def measure_speed(engine: LstmEngine) -> list[Figure]:
    """Seconds from 16 lines to four takes, with the network loaded: the least of three."""
    words = "\n".join(f"The morning comes across the hill\nAnd {what} the river, bright and still" for what in
                      ("wakes", "warms", "finds", "fills", "greets", "paints", "seeks", "holds"))
    assert len(read_lyrics(words).lines) == 16
    times = []
    for number in range(4):
        started = time.perf_counter()
        engine.compose(Request(ENGLISH, words=words, random_seed=number))
        times.append(time.perf_counter() - started)
    return [Figure("speed: seconds from 16 lines to four takes", min(times[1:]), 3.0, "lower", 3, "two cores")]

