"""The shipped network that sings, through the engine, the command line and files."""

from __future__ import annotations

import io
import json
from itertools import pairwise
from pathlib import Path

import pytest

from core import cli, weights
from core.engines.lstm.engine import SONG, LstmEngine
from core.engines.lstm.song.evaluation.carried import carried, is_whole, stress_on_beats, tones_agree
from core.engines.lstm.song.wish import VOICES, lyrics_of
from core.engines.obey import violations
from core.engines.protocol import Request
from core.engines.request_io import from_json, to_json
from core.errors import InputError, RequestError
from core.score.files import read_score, write_score
from tests.engines.song.test_lines import SONG as CHORUS

POEM = "床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。"
HAPPY = "We laugh and dance in the golden sun\nWhat a wonderful, happy day!"
SAD = "She wept alone beside the grave\nmy heart is broken, cold and dead."


@pytest.fixture(scope="module")
def engine() -> LstmEngine:
    return LstmEngine("cpu")


@pytest.mark.parametrize("style", ["hymn", "art-song", "irish-air", "chinese-folk", "pop"])
def test_every_take_obeys_and_carries_its_words(engine: LstmEngine, style: str) -> None:
    words = POEM if style == "chinese-folk" else CHORUS
    takes = engine.compose(Request(style, words=words, takes=2))
    lyrics = lyrics_of(takes[0].request)
    for take in takes:
        assert violations(take) == []
        assert is_whole(carried(take.score, lyrics))
        assert take.score.chords
        assert take.weights == weights.read_config(SONG)["hash"]
    assert takes[0].score.melody.notes != takes[1].score.melody.notes


def test_stress_falls_on_the_beat_and_tones_go_their_way(engine: LstmEngine) -> None:
    (take,) = engine.compose(Request("hymn", words=CHORUS * 2, takes=1))
    on, total = stress_on_beats(take.score, carried(take.score, lyrics_of(take.request)))
    assert on / total > 0.5
    (take,) = engine.compose(Request("chinese-folk", words=POEM, takes=1))
    right, pairs = tones_agree(carried(take.score, lyrics_of(take.request)))
    assert right / pairs > 0.7


def test_sad_words_are_darker_and_slower_and_the_user_overrules_it(engine: LstmEngine) -> None:
    glad, sad = (engine.resolve(Request("art-song", words=words)) for words in (HAPPY, SAD))
    assert (glad.mode, sad.mode) == ("major", "minor")
    assert glad.tempo is not None
    assert sad.tempo is not None
    assert glad.tempo > sad.tempo
    asked = engine.resolve(Request("art-song", words=SAD, mode="major", tempo=140.0, pitch_range=VOICES["bass"], program=40))
    assert (asked.mode, asked.tempo, asked.pitch_range, asked.program) == ("major", 140.0, (40, 62), 40)


@pytest.mark.parametrize("form", [".musicxml", ".mid"])
@pytest.mark.parametrize("words", [CHORUS, POEM, "Beautiful <b>tag</b> & 你好"], ids=["English", "Chinese", "mixed"])
def test_files_give_the_words_back(engine: LstmEngine, form: str, words: str) -> None:
    (take,) = engine.compose(Request("hymn", words=words, takes=1))
    found = read_score(write_score(take.score, form), f"song{form}")
    assert [lyric.text for lyric in found.melody.lyrics] == [lyric.text for lyric in take.score.melody.lyrics]


def test_one_line_again(engine: LstmEngine) -> None:
    (first,) = engine.compose(Request("hymn", words=CHORUS, takes=1))
    (again,) = engine.compose(Request("hymn", words=CHORUS, takes=1, seed=first.score, again=0, random_seed=5))
    assert again.score.melody.notes != first.score.melody.notes
    assert from_json(to_json(again.request)).words == CHORUS
    with pytest.raises(RequestError, match="line between"):
        engine.resolve(Request("hymn", words=CHORUS, seed=first.score, again=99))
    with pytest.raises(RequestError, match="other lines stay"):
        engine.resolve(Request("hymn", words=CHORUS, again=0))
    with pytest.raises(RequestError, match="seed melody"):
        engine.resolve(Request("hymn", words=CHORUS, seed=first.score))
    with pytest.raises(RequestError, match="syllables"):
        engine.compose(Request("hymn", words="Other words", seed=first.score, again=0, takes=1))


BAD = {"punctuation": "... !!! ???", "emoji": "🎵🎶", "many lines": "la\n" * 20_000, "a long word": "a" * 500,
       "right to left": "שלום עולם", "no style": ""}


@pytest.mark.parametrize("words", [words for words in BAD.values() if words], ids=[name for name in BAD if BAD[name]])
def test_what_cannot_be_sung_is_refused_in_words(engine: LstmEngine, words: str) -> None:
    with pytest.raises(InputError) as found:
        engine.compose(Request("hymn", words=words))
    assert str(found.value).endswith(".")


def test_a_style_that_does_not_sing_is_refused(engine: LstmEngine) -> None:
    with pytest.raises(RequestError, match="belongs a style"):
        engine.resolve(Request("chorale", words="Sing"))


def test_the_command_line_sings(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    text = tmp_path / "song.txt"
    text.write_text(CHORUS, encoding="utf-8")
    assert cli.main(["compose", "--lyrics", str(text), "--voice", "tenor", "--takes", "1", "--out", str(tmp_path / "out")]) == 0
    facts = json.loads((tmp_path / "out" / "takes.json").read_text(encoding="utf-8"))
    assert facts["range"] == "C3-A4"
    sung = facts["takes"][0]["syllables"]
    assert [one["text"] for one in sung][:3] == ["The", "riv", "er"]
    assert all(one["notes"] for one in sung)
    assert all(before["notes"][0]["tick"] < then["notes"][0]["tick"] for before, then in pairwise(sung))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(POEM.encode())))
    assert cli.main(["compose", "--lyrics", "-", "--takes", "1", "--out", str(tmp_path / "zh")]) == 0
    assert json.loads((tmp_path / "zh" / "takes.json").read_text(encoding="utf-8"))["style"] == "chinese-folk"
    capsys.readouterr()
    assert cli.main(["compose", "--out", str(tmp_path / "none")]) == 2
    assert "--style" in capsys.readouterr().err
    assert cli.main(["compose", "--style", "hymn", "--voice", "alto", "--out", str(tmp_path / "none")]) == 2
    assert "--lyrics" in capsys.readouterr().err
