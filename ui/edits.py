"""The edits that are asked for by number: transpose, key, tempo, quantise, trim, each part's sound."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from core.errors import SongloomError
from core.score import MODES, TICKS_PER_QUARTER, Key, Score
from core.score import edits as core_edits
from ui.bars import bar_count, trim_bars
from ui.names import instrument, mode_name, tonic_name
from ui.plain import plain
from ui.shell import language, note_problem, t

GRIDS = {"1/4": 1.0, "1/8": 2.0, "1/8 T": 3.0, "1/16": 4.0, "1/16 T": 6.0, "1/32": 8.0}
"""Name of a grid to its cells in a quarter note."""

Commit = Callable[[Score, str], None]
"""Takes the score after the edit, and the edit in a few words."""


def panel(score: Score, key: str, commit: Commit) -> None:
    """Every edit with its Apply button; an edit that cannot be done says why and changes nothing."""

    def apply(what: str, change: Callable[[], Score]) -> None:
        try:
            commit(change(), what)
        except SongloomError as error:
            note_problem(error)

    with st.grid(2, min_column_width=340, gap="medium"):
        for edit in (_transpose, _key, _tempo, _quantise, _trim):
            with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
                edit(score, key, apply)
    for index, track in enumerate(score.tracks):
        if track.notes:
            _part(score, index, key, apply)


Apply = Callable[[str, Callable[[], Score]], None]


def _button(key: str, name: str, click: Callable[[], None]) -> None:
    st.button(t("editor.apply"), key=f"{key}-{name}-apply", on_click=click, wrap=False)


def _transpose(score: Score, key: str, apply: Apply) -> None:
    st.number_input(t("editor.transpose"), -24, 24, 0, 1, key=f"{key}-transpose")

    def click() -> None:
        semitones = int(st.session_state[f"{key}-transpose"])
        apply(f"{t('editor.transpose')} {semitones:+d}", lambda: core_edits.transpose(score, semitones))

    _button(key, "transpose", click)


def _key(score: Score, key: str, apply: Apply) -> None:
    now = score.key or Key(0, 0)
    key = f"{key}-{now.tonic}-{now.mode}"
    st.selectbox(t("editor.key"), range(12), now.tonic, tonic_name, key=f"{key}-tonic")
    modes = {mode: mode_name(mode, language()) for mode in MODES}
    st.selectbox(t("editor.mode"), list(modes), list(modes).index(now.mode), modes.__getitem__, key=f"{key}-mode")

    def click() -> None:
        tonic, mode = st.session_state[f"{key}-tonic"], st.session_state[f"{key}-mode"]
        what = f"{t('editor.key')} {tonic_name(tonic)} {modes[mode]}"
        apply(what, lambda: core_edits.change_key(score, tonic, mode, present=now))

    _button(key, "key", click)


def _tempo(score: Score, key: str, apply: Apply) -> None:
    key = f"{key}-{score.tempos[0].bpm}"
    st.number_input(t("editor.tempo"), 20.0, 400.0, float(score.tempos[0].bpm), 1.0, "%.0f", key=f"{key}-tempo")

    def click() -> None:
        bpm = float(st.session_state[f"{key}-tempo"])
        apply(f"{t('editor.tempo')} {bpm:.0f}", lambda: core_edits.set_tempo(score, bpm))

    _button(key, "tempo", click)


def _quantise(score: Score, key: str, apply: Apply) -> None:
    st.selectbox(t("editor.quantise"), list(GRIDS), 3, key=f"{key}-grid")

    def click() -> None:
        name = st.session_state[f"{key}-grid"]
        grid = int(TICKS_PER_QUARTER / GRIDS[name])
        apply(f"{t('editor.quantise')} {name}", lambda: core_edits.quantise(score, grid))

    _button(key, "quantise", click)


def _trim(score: Score, key: str, apply: Apply) -> None:
    bars = bar_count(score)
    if bars < 2:
        return
    st.slider(t("editor.trim"), 1, bars, (1, bars), key=f"{key}-trim-{bars}")

    def click() -> None:
        first, last = st.session_state[f"{key}-trim-{bars}"]
        apply(f"{t('editor.trim')} {first}–{last}", lambda: trim_bars(score, first, last))

    _button(key, "trim", click)


def _part(score: Score, index: int, key: str, apply: Apply) -> None:
    track = score.tracks[index]
    name = t("editor.part", number=index + 1, name=plain(track.name) or instrument(track.program, language(), track.is_drum))
    # The values are part of the keys, so that undo moves the widgets too.
    base = f"{key}-part-{index}-{track.program}-{track.volume}-{track.muted}"
    st.markdown(f"**{name}**")

    def set_to(what: str, change: Callable[[Score, int, Any], Score]) -> Callable[[], None]:
        return lambda: apply(t(f"editor.{what}"), lambda: change(score, index, st.session_state[f"{base}-{what}"]))

    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.selectbox(
            t("editor.instrument"),
            range(128),
            track.program,
            partial(instrument, language=language()),
            key=f"{base}-instrument",
            disabled=track.is_drum,
            width=260,
            on_change=set_to("instrument", core_edits.set_instrument),
        )
        volume_key, set_volume = f"{base}-volume", set_to("volume", core_edits.set_volume)
        st.slider(t("editor.volume"), 0, 127, track.volume, key=volume_key, width=260, on_change=set_volume)
        st.toggle(t("editor.mute"), track.muted, key=f"{base}-mute", on_change=set_to("mute", core_edits.set_muted))
