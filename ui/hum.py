"""A melody that is hummed, sung or played: recorded or brought as a file, heard as notes, put right by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.audio.metronome import clicks
from core.audio.recording import RATE, SUFFIXES, read_recording
from core.audio.transcribe import GRIDS, Melody, hear_melody, written
from core.engines.protocol import Progress, no_progress
from core.errors import LimitError, RequestError, SongloomError
from core.score import Key, Metre, Score
from ui import player
from ui.names import tonic_name
from ui.plain import plain
from ui.roll import Edit
from ui.roll.history import History
from ui.shell import note_problem, retell, t
from ui.working import Waiting

MEGABYTES = 60
"""Largest recording that is taken."""
RECORD_RATE = 44_100
FIND, METRONOME = "find", "metronome"
AUTO = "auto"
_HEARD, _HISTORY, _BROUGHT = "hum_heard", "hum_history", "hum_brought"
_KEEP: dict[str, Any] = {"persist_state": "session"}


@dataclass(frozen=True)
class Brought:
    """A recording that was listened to, and what was heard."""

    name: str
    data: bytes
    melody: Melody


def listen_to(data: bytes, name: str, *, progress: Progress = no_progress) -> Brought:
    """The notes in a recording, as a job.

    Raises:
        FormatError: it is no recording, is broken, too short, silent or without notes.
        LimitError: it is larger than `MEGABYTES` or too long.
        Cancelled: it was stopped.
    """
    if len(data) > MEGABYTES * 2**20:
        raise LimitError(f"Recordings may have up to {MEGABYTES} MB", f"{name} has {len(data) // 2**20}", "Trim it")
    progress(0, 1)
    return Brought(name, data, hear_melody(read_recording(data, name), RATE, name=name, progress=progress))


def draw(metres: Sequence[str]) -> None:
    """Where a melody is recorded or brought, how it is to be written, and the notes that were heard."""
    st.caption(t("hum.private"))
    beat_column, record_column = st.columns(2)
    with beat_column:
        _beat(metres)
    with record_column:
        st.audio_input(t("hum.record"), sample_rate=RECORD_RATE, key="hum-record", on_change=_start, args=("hum-record",),
                       help=t("hum.record_help"), disabled=WORK.is_on)
        st.file_uploader(t("hum.upload", megabytes=MEGABYTES), type=list(SUFFIXES), key="hum-file",
                         max_upload_size=MEGABYTES, on_change=_start, args=("hum-file",), disabled=WORK.is_on)
    if WORK.is_on:
        WORK.watch(t("hum.listening", name=plain(st.session_state.get(_BROUGHT, ""))))
        return
    heard = _heard()
    if heard is None:
        st.info(t("hum.empty"), icon=":material/mic:")
        return
    _show(heard)


def score() -> Score | None:
    """The melody as it stands, None where nothing was heard yet."""
    history: History[Score] | None = st.session_state.get(_HISTORY)
    return history.present if history is not None else None


def _beat(metres: Sequence[str]) -> None:
    st.session_state.setdefault("c_hum_beat", FIND)
    names = {way: t(f"hum.beat_{way}") for way in (FIND, METRONOME)}
    st.segmented_control(t("hum.beat"), list(names), required=True, format_func=names.__getitem__, key="c_hum_beat",
                         on_change=_write_again, **_KEEP)
    metre_column, tempo_column = st.columns(2)
    with metre_column:
        st.session_state.setdefault("c_hum_metre", metres[0])
        st.selectbox(t("compose.metre"), metres, key="c_hum_metre", on_change=_write_again, **_KEEP)
    if st.session_state["c_hum_beat"] == METRONOME:
        with tempo_column:
            st.session_state.setdefault("c_hum_tempo", 90)
            st.number_input(t("hum.tempo"), 30, 300, step=1, key="c_hum_tempo", on_change=_write_again, **_KEEP)
        st.audio(_clicks(_tempo() or 90.0, st.session_state["c_hum_metre"]), format="audio/wav", loop=True)
        st.caption(t("hum.metronome_help"))


@st.cache_data(max_entries=16, show_spinner=False)
def _clicks(tempo: float, metre: str) -> bytes:
    return clicks(tempo, _metre(metre))


def _metre(text: str) -> Metre:
    numerator, denominator = map(int, text.split("/"))
    return Metre(0, numerator, denominator)


def _tempo() -> float | None:
    known = st.session_state.get("c_hum_beat") == METRONOME
    return float(st.session_state.get("c_hum_tempo") or 90) if known else None


def _heard() -> Brought | None:
    found: Brought | None = st.session_state.get(_HEARD)
    return found


def _show(heard: Brought) -> None:
    st.caption(t("hum.heard", name=plain(heard.name), notes=len(heard.melody.notes)))
    grid_column, key_column, strength_column = st.columns(3)
    with grid_column:
        st.session_state.setdefault("c_hum_grid", "sixteenth")
        grids = {grid: t(f"hum.grid_{grid}") for grid in GRIDS}
        st.selectbox(t("hum.grid"), list(grids), format_func=grids.__getitem__, key="c_hum_grid", on_change=_write_again, **_KEEP)
    with key_column:
        st.session_state.setdefault("c_hum_key", AUTO)
        keys = {AUTO: t("hum.key_auto")} | {
            f"{tonic} {mode}": f"{tonic_name(tonic)} {t(f'hum.{mode}')}" for mode in ("major", "minor") for tonic in range(12)}
        st.selectbox(t("compose.key"), list(keys), format_func=keys.__getitem__, key="c_hum_key", on_change=_write_again, **_KEEP)
    with strength_column:
        st.session_state.setdefault("c_hum_strength", 100)
        st.slider(t("hum.strength"), 0, 100, step=10, format="%d%%", key="c_hum_strength", help=t("hum.strength_help"),
                  on_change=_write_again, **_KEEP)
    st.audio(heard.data)
    present = score()
    if present is not None:
        found = present.key
        tempo = round(present.tempos[0].bpm)
        key = f"{tonic_name(found.tonic)} {t(f'hum.{found.mode}')}" if found else ""
        st.caption(t("hum.written", tempo=tempo, name=key))
        player.show(present, key="hum-roll", title=t("seed.preview"), height=260, on_edit=_on_edit, min_bars=4)


def bring(data: bytes, name: str) -> None:
    """Make a recording from elsewhere the melody to compose from, with its notes to correct; for a button's `on_click`."""
    st.session_state["c_from"] = "hum"
    WORK.drop()
    _listen(data, name)


def _start(widget: str) -> None:
    brought = st.session_state.get(widget)
    if brought is not None:
        _listen(brought.getvalue(), t("hum.own_recording") if widget == "hum-record" else brought.name)


def _listen(data: bytes, name: str) -> None:
    st.session_state[_BROUGHT] = name
    try:
        WORK.start(listen_to, data, name)
    except SongloomError as error:
        note_problem(error)


def _done(brought: Brought) -> None:
    st.session_state[_HEARD] = brought
    st.session_state[_HISTORY] = History(_written(brought))


def _cancelled() -> None:
    st.session_state["said"] = "hum.cancelled"


WORK = Waiting("hum_job", "hum-cancel", _done, _cancelled, patience=0.7)


def _written(brought: Brought) -> Score:
    state = st.session_state
    chosen = str(state.get("c_hum_key") or AUTO)
    key = None
    if chosen != AUTO:
        tonic, mode = chosen.split()
        key = Key(0, int(tonic), mode)
    grid, metre = state.get("c_hum_grid", "sixteenth"), _metre(state.get("c_hum_metre", "4/4"))
    strength = state.get("c_hum_strength", 100) / 100
    return written(brought.melody, tempo=_tempo(), metre=metre, grid=grid, strength=strength, key=key)


def _write_again() -> None:
    """Put what was heard into bars anew; corrections by hand are one step of undo away."""
    retell()
    heard = _heard()
    if heard is None:
        return
    try:
        st.session_state[_HISTORY] = st.session_state[_HISTORY].push(_written(heard))
    except RequestError as error:
        note_problem(error)


def _on_edit(edits: tuple[Edit, ...]) -> None:
    try:
        st.session_state[_HISTORY] = st.session_state[_HISTORY].edit(edits)
    except SongloomError as error:
        note_problem(error)
