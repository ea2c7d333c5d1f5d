"""The harmony of a piece: its notes coloured by the function of the chord over them, numerals above, and keys in words."""

from __future__ import annotations

import math
from bisect import bisect_right

import plotly.graph_objects as go
import streamlit as st

from core.analysis.roman import RomanChord
from core.insight.music import ChordsAnswer
from core.insight.report import Report
from core.score import TICKS_PER_QUARTER, Note, Score
from ui import seed
from ui.analyse import look
from ui.names import key_name
from ui.plain import plain
from ui.plots import pitch_axis, pitch_name, time_axis
from ui.shell import language, t

FIRST_BARS = 16
"""Bars that are in sight at first; the plot is dragged to the others."""
_APART = 0.06
"""Quarters between notes that follow each other, and from a bar line to a numeral."""
MOST_ROWS = 400
"""Chords in the list."""


def draw(report: Report) -> None:
    """The plot with its legend in words, then the keys, then every chord as a list."""
    music = report.music
    if music.key.value is not None:
        answer = music.key.value
        named = " → ".join(f"{key_name(key, language())} ({t('analyse.bar', bar=_bar(report.score, key.tick))})"
                           for key in answer.keys)
        st.markdown(f"**{t('analyse.keys')}** {plain(named)}" if answer.modulates
                    else f"**{t('analyse.key')}** {plain(key_name(answer.key, language()))}")
    found = music.chords.value
    if found is None:
        if music.chords.reason is not None:
            st.info(t("analyse.no_chords"), icon=":material/info:")
            if st.button(t("analyse.harmonise"), key="analyse-harmonise", icon=":material/east:", on_click=seed.harmonise,
                         args=(report.score, report.title)):  # fmt: skip
                st.switch_page("pages/compose.py")
        return
    look.show(figure(report.score, found), "analyse-harmony", _in_words(found))
    with st.expander(t("analyse.chord_list")):
        rows = [{
            t("analyse.bar_head"): _bar(report.score, chord.start),
            t("analyse.chord"): chord.chord.text(chord.key.fifths),
            t("analyse.numeral"): shown(chord.numeral),
            t("analyse.function"): t(f"analyse.function_{chord.function}"),
            t("analyse.key"): key_name(chord.key, language()),
        } for chord in found.chords[:MOST_ROWS]]  # fmt: skip
        st.dataframe(rows, hide_index=True, width="stretch")


def shown(numeral: str) -> str:
    """A numeral with real signs."""
    return numeral.replace("b", "♭", 1) if numeral.startswith("b") else numeral.replace("#", "♯", 1)


def figure(score: Score, found: ChordsAnswer) -> go.Figure:
    """Every pitched note as a line in the colour of its chord's function; above them the numerals."""
    fifths = found.chords[0].key.fifths if found.chords else 0
    starts = [chord.start for chord in found.chords]
    by_function: dict[str, list[tuple[Note, RomanChord | None]]] = {}
    pitches = []
    for track in score.tracks:
        if track.is_drum:
            continue
        for note in track.notes:
            at = bisect_right(starts, note.start) - 1
            chord = found.chords[at] if at >= 0 and note.start < found.chords[at].end else None
            by_function.setdefault(chord.function if chord else "-", []).append((note, chord))
            pitches.append(note.pitch)
    drawn = go.Figure()
    for function in look.FUNCTIONS:
        if function in by_function:
            drawn.add_trace(_notes(by_function[function], function, fifths))
    top = max(pitches) + 4
    drawn.add_trace(go.Scatter(
        x=[chord.start / TICKS_PER_QUARTER + _APART for chord in found.chords],
        y=[top + 1.5 * (index % 2) for index in range(len(found.chords))],
        text=[f"<b>{shown(chord.numeral)}</b>" for chord in found.chords], mode="text", textposition="middle right",
        textfont={"size": 13, "family": "serif", "color": [look.function_colour(chord.function) for chord in found.chords]},
        hovertext=[f"{chord.chord.text(chord.key.fifths)} · {t(f'analyse.function_{chord.function}')}" for chord in found.chords],
        hovertemplate="%{hovertext}<extra></extra>", cliponaxis=True, showlegend=False,
    ))  # fmt: skip
    axis = time_axis(score, t("analyse.bar_head"))
    last = score.bars[min(FIRST_BARS, len(score.bars)) - 1][1]
    look.dress(drawn, 460)
    drawn.update_layout(
        xaxis=axis | {"range": [-0.3, last / TICKS_PER_QUARTER + 0.3]}, yaxis=pitch_axis(pitches, fifths), dragmode="pan",
        showlegend=True,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0}, margin={"l": 48, "r": 8, "t": 8, "b": 40},
    )  # fmt: skip
    low, _ = drawn.layout.yaxis.range
    drawn.update_yaxes(range=[low, top + 3], fixedrange=True)
    return drawn


def _notes(notes: list[tuple[Note, RomanChord | None]], function: str, fifths: int) -> go.Scatter:
    x: list[float] = []
    y: list[float] = []
    hover: list[str] = []
    for note, chord in notes:
        text = f"{pitch_name(note.pitch, fifths)} · {shown(chord.numeral) if chord else ''}"
        start, end = note.start / TICKS_PER_QUARTER, note.end / TICKS_PER_QUARTER
        x += (start, max(end - _APART, start + _APART), math.nan)
        y += (note.pitch, note.pitch, math.nan)
        hover += (text, text, "")
    return go.Scatter(
        x=x, y=y, text=hover, mode="lines", connectgaps=False, name=t(f"analyse.function_{function}"),
        line={"color": look.function_colour(function), "width": 6}, hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip


def _in_words(found: ChordsAnswer) -> str:
    by_time = {t(f"analyse.function_{name}"): share for name, share in found.functions.items() if share >= 0.005}
    shares = ", ".join(f"{name} {share:.0%}" for name, share in by_time.items())
    words = t("analyse.functions_words", shares=shares)
    if found.applied:
        words += " " + t("analyse.applied", count=found.applied)
    return words + (" " + t("analyse.heard_chords") if found.heard else "")


def _bar(score: Score, tick: int) -> int:
    """The number of the bar at a tick as musicians count, 0 for a pick-up."""
    starts = [start for start, _, _ in score.bars]
    return bisect_right(starts, tick) - 1 + (0 if score.pickup and len(starts) > 1 else 1)
