"""The large Plotly piano roll."""

import time

import pytest

from core.score.types import Key, Metre, Note, Score, Track
from ui.plots import pitch_name, roll_figure


def tune() -> Score:
    melody = Track((Note(0, 70, 480), Note(480, 72, 240, 99)), "Melody <b>")
    return Score((melody, Track((Note(0, 46, 1920),)), Track(name="Silent")), metres=(Metre(0, 3, 4),), keys=(Key(0, 5),))


def test_one_trace_a_track_with_gaps_between_the_notes() -> None:
    figure = roll_figure(tune())
    assert [trace.name for trace in figure.data] == ["Melody &lt;b&gt;", "Track 2"]
    melody = figure.data[0]
    assert list(melody.x[:2]) == [0, 1]
    assert list(melody.y[3:5]) == [72, 72]
    assert str(melody.x[2]) == str(melody.y[2]) == "nan"
    assert melody.line.color != figure.data[1].line.color
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"


def test_hover_says_what_a_musician_would() -> None:
    assert roll_figure(tune()).data[0].text[3] == "C5 · Bar 1, beat 2 · 0.5 beats long · velocity 99"
    assert roll_figure(tune(), lang="zh").data[0].text[0].startswith("Bb4 · 小节 1, 拍 1")
    assert pitch_name(70) == "A#4"


def test_bars_and_beats_are_on_the_axis() -> None:
    axis = roll_figure(tune()).layout.xaxis
    assert list(axis.tickvals) == [0, 3]
    assert list(axis.ticktext) == ["1", "2"]
    assert list(axis.minor.tickvals) == [0, 1, 2, 3, 4, 5]


def test_beats_follow_a_change_of_metre_and_a_pick_up_is_bar_nought() -> None:
    score = Score((Track((Note(0, 60, 480 * 8),)),), metres=(Metre(0, 4, 4), Metre(480 * 5, 6, 8)), pickup=480)
    axis = roll_figure(score).layout.xaxis
    assert list(axis.ticktext) == ["0", "1", "2"]
    assert list(axis.minor.tickvals)[-2:] == [5, 6.5]


def test_drums_have_rows_of_their_own_below() -> None:
    kit = Track((Note(0, 38, 60), Note(0, 36, 60)), "Kit", is_drum=True)
    figure = roll_figure(Score((Track((Note(0, 60, 480),), "Tune"), kit)), lang="zh")
    assert list(figure.data[1].y[::3]) == [0, 1]
    assert figure.data[1].text[0].startswith("底鼓 · ")
    assert (figure.data[0].yaxis, figure.data[1].yaxis) == ("y", "y2")
    assert figure.layout.yaxis2.domain[1] < figure.layout.yaxis.domain[0]
    assert list(roll_figure(Score((kit,))).layout.yaxis2.ticktext) == ["Kick", "Snare"]
    assert roll_figure(Score((kit,))).layout.yaxis.visible is False


def test_an_empty_score_gives_an_empty_figure() -> None:
    figure = roll_figure(Score())
    assert len(figure.data) == 0
    assert list(figure.layout.xaxis.range) == [0, 4]


@pytest.mark.parametrize("count", [5_000])
def test_five_thousand_notes_are_quick(count: int) -> None:
    score = Score(tuple(Track(tuple(Note(i * 120, 40 + (i * 7 + t) % 40, 120) for i in range(count // 5))) for t in range(5)))
    began = time.process_time()
    figure = roll_figure(score)
    assert time.process_time() - began < 2
    assert sum(len(trace.x) for trace in figure.data) == 3 * count
    assert len(figure.layout.xaxis.tickvals) <= 32
