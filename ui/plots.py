"""The large piano roll as a Plotly figure: one trace a track, bars and beats along the axis."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable
from functools import partial

import plotly.graph_objects as go

from core.score.types import TICKS_PER_QUARTER, Score, Track, pitch_class_name
from ui.drums import drum_name
from ui.palette import track_colour

NEUTRAL = "rgba(128,128,128,{})"
"""Grid lines that show on light and on dark pages."""

MAX_BAR_LABELS = 32
"""Bars that are numbered one by one; in longer pieces every second, fourth, … is."""

MAX_FAINT_LINES = 600
"""Beat or bar lines between the numbered ones; where there would be more they would run together."""


def roll_figure(score: Score, *, height: int = 520, dark: bool = False, lang: str = "en") -> go.Figure:
    """The score as horizontal lines over time, in which the listener can zoom, pan and read.

    One `Scatter` trace a track; the notes of a trace are lines with NaN gaps between them, which
    draws thousands of notes several times faster than bars or shapes. Drums have rows of their
    own below the pitches. The background is transparent and the grid grey: it sits on any theme.

    Args:
        height: of the figure in pixels.
        dark: takes the track colours meant for dark pages; the default ones show on both.
        lang: `en` or `zh`, for the words on the figure.
    """
    words = _WORDS["zh" if lang.startswith("zh") else "en"]
    fifths = score.key.fifths if score.key else 0
    drums = sorted({note.pitch for track in score.tracks if track.is_drum for note in track.notes})
    pitches = [note.pitch for track in score.tracks if not track.is_drum for note in track.notes]
    figure = go.Figure()
    for index, track in enumerate(score.tracks):
        if track.notes:
            row = {pitch: place for place, pitch in enumerate(drums)}.__getitem__ if track.is_drum else int
            name = partial(drum_name, lang=lang) if track.is_drum else partial(pitch_name, fifths=fifths)
            trace = _trace(score, track, row, name, words)
            trace.update(
                name=_plain(track.name) or f"{words['track']} {index + 1}",
                line={"color": track_colour(index, dark=dark), "width": 6},
                yaxis="y2" if track.is_drum else "y",
            )
            figure.add_trace(trace)
    figure.update_layout(
        height=height,
        margin={"l": 56, "r": 12, "t": 12, "b": 48},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
        showlegend=len(score.tracks) > 1,
        hovermode="closest",
        dragmode="pan",
        xaxis=time_axis(score, words["bar"]),
        yaxis=pitch_axis(pitches or [60, 72], fifths) | {"visible": bool(pitches or not drums)},
    )
    _share_height(figure, pitches, [drum_name(pitch, lang) for pitch in drums])
    return figure


def _share_height(figure: go.Figure, pitches: list[int], drums: list[str]) -> None:
    """Give the drums' rows their part of the figure, below the pitches."""
    if not drums:
        return
    part = min(0.4, 0.05 * len(drums)) if pitches else 1.0
    figure.update_layout(
        xaxis={"anchor": "y2"},
        yaxis={"domain": [part + 0.03, 1.0] if pitches else [0.0, 1.0]},
        yaxis2={
            "domain": [0.0, part],
            "anchor": "x",
            "range": [-0.5, len(drums) - 0.5],
            "tickvals": list(range(len(drums))),
            "ticktext": drums,
            "showgrid": True,
            "gridcolor": NEUTRAL.format(0.12),
            "zeroline": False,
        },
    )


_WORDS = {
    "en": {"bar": "Bar", "beat": "beat", "length": "beats long", "velocity": "velocity", "track": "Track"},
    "zh": {"bar": "小节", "beat": "拍", "length": "拍长", "velocity": "力度", "track": "声部"},
}


def _trace(
    score: Score, track: Track, row: Callable[[int], int], name: Callable[[int], str], words: dict[str, str]
) -> go.Scatter:
    """A track's notes; `row` gives a pitch its height on the axis, `name` what the hover text calls it."""
    starts = [start for start, _, _ in score.bars]
    first = 0 if score.pickup else 1
    x: list[float] = []
    y: list[float] = []
    hover: list[str] = []
    for note in track.notes:
        bar = bisect_right(starts, note.start) - 1
        beat = score.bars[bar][2].beat_ticks
        text = (
            f"{name(note.pitch)} · {words['bar']} {bar + first}, {words['beat']} "
            f"{1 + (note.start - starts[bar]) / beat:.4g} · {note.duration / beat:.4g} {words['length']} · "
            f"{words['velocity']} {note.velocity}"
        )
        x += (note.start / TICKS_PER_QUARTER, note.end / TICKS_PER_QUARTER, math.nan)
        y += (row(note.pitch), row(note.pitch), math.nan)
        hover += (text, text, "")
    return go.Scatter(
        x=x,
        y=y,
        text=hover,
        mode="lines",
        connectgaps=False,
        opacity=0.4 if track.muted else 1.0,
        hovertemplate="%{text}<extra>%{fullData.name}</extra>",
    )


def _plain(name: str) -> str:
    """A name from a file without what Plotly would take for markup."""
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def pitch_name(pitch: int, fifths: int = 0) -> str:
    """MIDI pitch 0..127 with its octave, `C4` for 60, spelled for a key signature of `fifths`."""
    return f"{pitch_class_name(pitch, fifths)}{pitch // 12 - 1}"


def time_axis(score: Score, title: str) -> dict[str, object]:
    """Numbered bar lines, beats as fainter lines between them; the unit is the quarter note."""
    every = 1
    while len(score.bars) / every > MAX_BAR_LABELS:
        every *= 2
    first = 0 if score.pickup else 1
    numbered = [(start, index + first) for index, (start, _, _) in enumerate(score.bars) if index % every == 0]
    steps = [(start, end, metre.beat_ticks if every == 1 else end - start) for start, end, metre in score.bars]
    faint = [tick for start, end, step in steps for tick in range(start, end, step)]
    return {
        "title": {"text": title},
        "range": [0, score.length / TICKS_PER_QUARTER],
        "tickvals": [start / TICKS_PER_QUARTER for start, _ in numbered],
        "ticktext": [str(number) for _, number in numbered],
        "showgrid": True,
        "gridcolor": NEUTRAL.format(0.5),
        "zeroline": False,
        "minor": {
            "tickvals": [tick / TICKS_PER_QUARTER for tick in faint] if len(faint) <= MAX_FAINT_LINES else [],
            "showgrid": True,
            "gridcolor": NEUTRAL.format(0.16),
        },
    }


def pitch_axis(pitches: list[int], fifths: int) -> dict[str, object]:
    """All natural notes named where they fit, else only the Cs; one row a semitone."""
    low, high = min(pitches) - 2, max(pitches) + 2
    naturals = {0, 2, 4, 5, 7, 9, 11} if high - low <= 30 else {0}
    named = [pitch for pitch in range(max(0, low), min(127, high) + 1) if pitch % 12 in naturals]
    return {
        "range": [low, high],
        "tickvals": named,
        "ticktext": [pitch_name(pitch, fifths) for pitch in named],
        "showgrid": True,
        "gridcolor": NEUTRAL.format(0.2),
        "zeroline": False,
    }
