"""What was heard in a recording: tempo, key, loudness, timbre; whether it is known."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from core.insight.report import Report
from core.score.types import pitch_class_name
from ui.analyse import known, look
from ui.names import key_name
from ui.shell import language, show_error, t


def draw(report: Report) -> None:
    """Whether it is known, then the measures in words and plots."""
    found = report.audio.value
    known.draw()
    if found is None:
        if report.audio.reason is not None:
            show_error(report.audio.reason)
        return
    rows = {
        t("analyse.sound_seconds"): f"{found.seconds:.1f} s",
        t("analyse.sound_tempo"): t("analyse.sound_bpm", bpm=round(found.tempo), beats=len(found.beats)),
        t("analyse.sound_key"): f"{key_name(found.key, language())} ({found.key_confidence:.0%})",
        t("analyse.sound_loudness"): f"{found.loudness:.1f} LUFS ({found.peak:.1f} dBFS)",
        t("analyse.sound_brightness"): f"{found.centroid.mean:.0f} ± {found.centroid.deviation:.0f} Hz",
    }
    st.table(rows, border="horizontal")
    left, right = st.columns(2, gap="medium")
    with left:
        look.show(_bars([pitch_class_name(pc) for pc in range(12)], list(found.chroma)), "analyse-chroma", t("analyse.chroma"))
    with right:
        look.show(_bars([str(number) for number in range(1, len(found.mfcc) + 1)], [one.mean for one in found.mfcc]),
                  "analyse-mfcc", t("analyse.mfcc"))  # fmt: skip


def _bars(names: list[str], values: list[float]) -> go.Figure:
    figure = go.Figure(go.Bar(x=names, y=values, marker={"color": look.colour(0), "cornerradius": 3},
                              hovertemplate="%{x}: %{y:.2f}<extra></extra>"))  # fmt: skip
    look.dress(figure, 220)
    figure.update_xaxes(type="category")
    return figure
