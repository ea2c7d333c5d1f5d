"""The weights that are shipped: small, with cards, and what they suggest is what was asked for."""

from __future__ import annotations

import pytest

from core import weights
from core.engines.lstm.lines import heard, work, writer
from core.engines.lstm.lines.train import NAMES
from core.lyrics import read_lyrics
from core.lyrics.suggest import wish

WORDS = {"en": "The morning sun is on the hill\nThe village and the fields are still\nA little bird begins to sing",
         "zh": "月光照在小窗前\n我想起远方的春天\n风轻轻吹过河岸"}


@pytest.mark.parametrize("language", NAMES)
def test_lines_fit_and_are_nobodys(language: str) -> None:
    asked = wish(read_lyrics(WORDS[language]), 7, 0)
    found = work.suggest(asked, 5, 1)
    assert len(found) == 5
    assert all(line.syllables == 7 and line.rhymes for line in found)
    own = writer.shared(language)
    units = [tuple(line.text.casefold().split()) if language == "en" else tuple(line.text) for line in found]
    assert not any(heard.is_heard(line, own.bits) for line in units)


def test_weights_are_small_and_at_hand() -> None:
    assert work.languages() == tuple(NAMES)
    assert work.MODELS == weights.FOLDER
    for name in NAMES.values():
        assert (weights.FOLDER / f"{name}.safetensors").stat().st_size <= 4 * 2**20
        assert (weights.FOLDER / f"{name}.md").is_file()
