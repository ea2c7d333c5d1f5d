"""The roll's edits: read from the browser's log, applied to a score, undone and redone."""

import pytest

from core.errors import FormatError, RequestError
from core.score.types import Note, Score, Track
from ui.roll.history import MAX_STEPS, History
from ui.roll.ops import Edit, apply_edits, gestures, read_edits

TWO = Score((Track((Note(0, 60, 240, 70), Note(240, 64, 240, 90)), "Tune"), Track((Note(0, 36, 480),), "Bass")))


def notes(score: Score, track: int = 0) -> list[tuple[int, int, int, int]]:
    return [(note.start, note.pitch, note.duration, note.velocity) for note in score.tracks[track].notes]


def test_each_edit_changes_the_note_that_it_names() -> None:
    assert notes(apply_edits(TWO, [Edit("add", 0, 480, 67, 120, 99)]))[-1] == (480, 67, 120, 99)
    assert notes(apply_edits(TWO, [Edit("delete", 0, 0, 60, 240)])) == [(240, 64, 240, 90)]
    moved = apply_edits(TWO, [Edit("move", 0, 0, 60, 240, to_start=960, to_pitch=72)])
    assert notes(moved) == [(240, 64, 240, 90), (960, 72, 240, 70)]
    assert notes(apply_edits(TWO, [Edit("resize", 1, 0, 36, 480, to_duration=1920)]), 1) == [(0, 36, 1920, 80)]
    assert notes(TWO) == [(0, 60, 240, 70), (240, 64, 240, 90)]


def test_edits_build_on_each_other_in_order() -> None:
    edits = [
        Edit("add", 0, 480, 67, 120),
        Edit("move", 0, 480, 67, 120, to_start=600, to_pitch=68),
        Edit("resize", 0, 600, 68, 120, to_duration=60),
    ]
    assert notes(apply_edits(TWO, edits))[-1] == (600, 68, 60, 80)


def test_an_edit_of_a_note_that_is_gone_changes_nothing() -> None:
    assert apply_edits(TWO, [Edit("delete", 0, 0, 61, 240), Edit("move", 0, 0, 60, 120, to_start=5)]) == TWO


def test_the_first_note_on_an_empty_score_makes_its_track() -> None:
    assert notes(apply_edits(Score(), [Edit("add", 0, 0, 60, 480)])) == [(0, 60, 480, 80)]


def test_a_track_that_is_not_there_is_refused() -> None:
    with pytest.raises(RequestError, match="got 2"):
        apply_edits(TWO, [Edit("add", 2, 0, 60, 480)])


def test_gestures_become_edits_with_their_number() -> None:
    add = {"op": "add", "track": 0, "start": 0, "pitch": 60, "duration": 240, "velocity": 90}
    move = {"op": "move", "track": 0, "start": 0, "pitch": 60, "duration": 240, "toStart": 240, "toPitch": 62}
    edits = read_edits([{"seq": 2, "edits": [add]}, {"seq": 3, "edits": [move, {"op": "delete", "start": 0}]}])
    assert [(edit.op, edit.gesture) for edit in edits] == [("add", 2), ("move", 3), ("delete", 3)]
    assert (edits[1].to_start, edits[1].to_pitch) == (240, 62)
    assert [len(group) for group in gestures(edits)] == [1, 2]
    assert read_edits([]) == ()


@pytest.mark.parametrize(
    "log",
    [
        [{"seq": 1}],
        [{"seq": 1, "edits": "add"}],
        [{"seq": 1, "edits": ["add"]}],
        [{"seq": 1, "edits": [{"op": "explode"}]}],
        [{"seq": 1, "edits": [{"op": "add", "colour": 3}]}],
        [{"seq": 1, "edits": [{"op": "add", "pitch": 128}]}],
        [{"seq": 1, "edits": [{"op": "add", "start": -1}]}],
        [{"seq": 1, "edits": [{"op": "add", "start": 0.5}]}],
        [{"seq": 1, "edits": [{"op": "resize", "toDuration": 0}]}],
        [{"seq": 1, "edits": [{"op": "add", "velocity": 0}]}],
    ],
)
def test_a_gesture_that_the_roll_would_not_write_is_refused(log: list[dict[str, object]]) -> None:
    with pytest.raises(FormatError):
        read_edits(log)


def test_a_gesture_is_one_step_of_undo() -> None:
    both = [Edit("delete", 0, 0, 60, 240, gesture=2), Edit("delete", 0, 240, 64, 240, gesture=2)]
    history = History(TWO).edit([Edit("add", 0, 480, 67, 120, gesture=1), *both])
    assert len(history.past) == 2
    assert len(notes(history.present)) == 1
    back = history.edit([Edit("undo", gesture=3)])
    assert len(notes(back.present)) == 3
    assert back.edit([Edit("redo", gesture=4)]) == history
    assert back.edit([Edit("undo", gesture=4), Edit("undo", gesture=5)]).present == TWO


def test_history_forgets_what_was_undone_when_something_new_comes() -> None:
    history = History(TWO).push(Score()).undo().push(apply_edits(TWO, [Edit("add", 0, 480, 67, 120)]))
    assert history.undone == ()
    assert history.redo() == history
    assert history.push(history.present) is history


def test_history_keeps_a_bounded_number_of_steps() -> None:
    history = History(Score())
    for step in range(MAX_STEPS + 10):
        history = history.edit([Edit("add", 0, step * 10, 60, 10, gesture=step)])
    assert len(history.past) == MAX_STEPS
