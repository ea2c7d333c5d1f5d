"""What the network reads: syllables, notes, where they stand."""

from __future__ import annotations

import numpy as np
import pytest

from core.engines.lstm.leadsheet import HIGH, LOW, encode
from core.engines.lstm.network import NONE
from core.engines.lstm.song.aligned import align
from core.engines.lstm.song.network import MELODY, RHYTHM
from core.engines.lstm.song.sung import DURATION_UNITS, GAP_UNITS, from_sheet, starts
from core.engines.lstm.song.task import Sample, SongTask, rows_of
from core.engines.lstm.song.words import COLUMNS, line_bounds, read_words, unknown_words
from core.errors import FormatError
from core.lyrics import read_lyrics
from core.score import Score
from core.score.abc_reader import read_abc


@pytest.fixture
def song() -> Score:
    return read_abc(
        "X:1\nM:3/4\nL:1/4\nK:G\nD|G2 B|A2 G|(AB) c|d2 z|B2 B|A2 F|G2 z|]\n"
        "w:O come and sing to me_ * now, For I am not sad.\n",
        unfold=False,
    )


def test_every_column_stays_within_its_values() -> None:
    lyrics = read_lyrics("Amazing grace, how sweet!\nIs it? 床前明月光\n\n[Chorus]\nLa la la " + "la " * 40)
    rows = read_words(lyrics)
    assert rows.shape == (len(lyrics.syllables), len(COLUMNS))
    assert (rows > -1).all()
    assert (rows < np.array(list(COLUMNS.values()))).all()
    assert len({tuple(row) for row in rows}) > 20
    assert line_bounds(lyrics.places)[0] == (0, len(lyrics.lines[0].syllables))


def test_words_and_notes_are_put_together_again(song: Score) -> None:
    found = align(song, "en")
    assert [line.text for line in found.lyrics.lines] == ["O come and sing to me now,", "For I am not sad."]
    assert len(found.sung.words) == 12  # "me" is sung to three notes
    assert found.sung.carries.tolist() == [0, 1, 2, 3, 4, 5, 5, 5, 6, 7, 8, 9, 10, 11]


def test_a_song_without_words_is_refused(song: Score) -> None:
    bare = read_abc("X:1\nM:3/4\nL:1/4\nK:G\nG2 B|A2 G|\n")
    with pytest.raises(FormatError, match="words"):
        align(bare)


def test_notes_keep_their_places(song: Score) -> None:
    sheet = encode(song, keep_empty_bars=True)
    sung, begins = from_sheet(sheet)
    lead = sheet.bar_units - sheet.pickup
    assert (starts(sung.gaps, sung.durations) - begins == lead).all()
    assert [pitch + LOW + sung.reference for pitch in sung.pitches] == [note.pitch for note in song.melody.notes]
    assert len(unknown_words(3)) == 3


def test_rows_say_what_came_before_and_what_is_to_come(song: Score) -> None:
    sung = align(song, "en").sung
    rows = rows_of(sung)
    assert rows.rhythm.shape == (len(sung), len(RHYTHM))
    assert rows.melody.shape == (len(sung), len(MELODY))
    assert (rows.rhythm < np.array(list(RHYTHM.values()))).all()
    assert (rows.melody < np.array(list(MELODY.values()))).all()
    assert (rows.rhythm[1:, 1] == sung.durations[:-1]).all()
    assert (rows.melody[:-1, 4] == sung.durations[1:]).all()
    assert rows.references[0].tolist() == [NONE, NONE, NONE]
    assert rows.references[2, :2].tolist() == [sung.pitches[1] + LOW, sung.pitches[0] + LOW]
    more = rows.targets[:, 2]
    assert more.sum() == len(sung) - len(sung.words)
    assert rows.melody[0, -1] == HIGH - LOW + 1


def test_a_step_of_training_lowers_the_loss(song: Score) -> None:
    import torch

    samples = [Sample(str(at), 0, align(song, "en").sung) for at in range(4)]
    task = SongTask(samples, samples[:1], 1, sizes={"embed": 16, "encoder": 16, "hidden": 32, "dropout": 0.0}, hide_words=0.0)
    optimizer = torch.optim.Adam(task.net.parameters(), 0.01)
    losses = []
    for epoch in range(8):
        for batch in task.batches(epoch):
            loss = task.loss(task.net, batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    assert losses[-1] < 0.6 * losses[0]
    assert task.validate(task.net.eval())["nll"] < losses[0]
    assert len(DURATION_UNITS) + 1 == len(GAP_UNITS)
