"""The mixer: mute, solo, volume, place, instrument of each track, and another one for it; the sound follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from core.errors import SongloomError
from core.score import Score, Track
from core.score import edits as core_edits
from ui.arrange import state, work
from ui.arrange.state import Arranged, Played
from ui.names import instrument, kits
from ui.palette import track_colour
from ui.shell import language, note_problem, t

MIDDLE = 64
"""The MIDI pan of the middle; the page counts from there."""

_EDITS: dict[str, Callable[[Score, int, Any], Score]] = {
    "program": core_edits.set_instrument,
    "volume": core_edits.set_volume,
    "pan": lambda score, index, place: core_edits.set_pan(score, index, place + MIDDLE),
    "mute": core_edits.set_muted,
}


def draw(one: Arranged) -> None:
    """A row of controls for each track."""
    with st.container(key="mixer", gap="small"):
        for index, track in enumerate(one.score.tracks):
            _row(one, index, track)


def part_name(part: str) -> str:
    """What a part of a band is called."""
    return t(f"arrange.part_{part}")


def _row(one: Arranged, index: int, track: Track) -> None:
    part = part_name(track.name)
    values = {"program": track.program, "volume": track.volume, "pan": track.pan - MIDDLE, "mute": track.muted,
              "solo": track.name in one.present.solo}
    keys = {what: f"mix-{one.id}-{track.name}-{what}" for what in values}
    for what, value in values.items():
        st.session_state[keys[what]] = value  # as it stands after undo, too

    def on(what: str) -> dict[str, Any]:
        return {"key": keys[what], "on_change": _changed, "args": (one.id, index, track.name, what, keys[what])}

    names = kits(language()) if track.is_drum else {program: instrument(program, language()) for program in range(128)}
    if track.program not in names:
        names = names | {track.program: instrument(track.program, language(), track.is_drum)}
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key=f"track-{track.name}"):
        colour = track_colour(index, dark=st.context.theme.type == "dark")
        st.html(
            f'<span style="display:inline-block;width:.8rem;height:.8rem;border-radius:50%;background:{colour}"></span>'
            f' <strong>{part}</strong>',
            width=92,
        )
        label = t("arrange.instrument_of", part=part)
        st.selectbox(label, list(names), format_func=names.__getitem__, width=200, **on("program"))
        st.slider(t("arrange.volume_of", part=part), 0, 127, width=132, **on("volume"))
        st.slider(t("arrange.pan_of", part=part), -MIDDLE, 63, width=132, format="%+d", **on("pan"))
        st.toggle(t("arrange.mute_of", part=part), **on("mute"))
        st.toggle(t("arrange.solo_of", part=part), **on("solo"))
        if index:
            st.button(
                t("arrange.again_part", part=part), key=f"again-{track.name}", icon=":material/casino:", type="tertiary",
                disabled=work.WORK.is_on, on_click=work.again, args=(one.id, (track.name,)),
            )  # fmt: skip


def _changed(id: str, index: int, part: str, what: str, key: str) -> None:
    value = st.session_state[key]

    def change(played: Played) -> Played:
        if what == "solo":
            return replace(played, solo=played.solo | {part} if value else played.solo - {part})
        return replace(played, score=_EDITS[what](played.score, index, value))

    try:
        state.push(id, change)
    except SongloomError as error:
        note_problem(error)
