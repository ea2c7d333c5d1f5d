"""The mood of each section as two sliders, which stand where the words were read and can be moved."""

from __future__ import annotations

import streamlit as st

from core.lyrics import Lyrics, Section
from core.lyrics.mood import Mood, chosen_as_json, moods, suggest
from ui import session
from ui.lyrics import feel
from ui.names import mode_name
from ui.plain import plain
from ui.shell import language, t

_CHOSEN = "lyrics_moods"
Which = tuple[str, int]
"""A section: its kind, and which of that kind it is, from 0; one that comes back is the first."""
STEP = 0.05


def as_json(lyrics: Lyrics) -> str:
    """What was chosen, as a `Request` holds it."""
    chosen = _all()
    return chosen_as_json([chosen.get(which) for which in _which(lyrics)])


def draw(lyrics: Lyrics, titles: list[str]) -> None:
    """Two sliders for every section that does not repeat another, beside what was read and why."""
    chosen = _all()
    with st.expander(t("mood.title"), icon=":material/mood:", key="lyrics_moods_open", on_change="rerun") as opened:
        if not opened.open:
            return
        st.caption(t("mood.lead"))
        rows = zip(lyrics.sections, moods(lyrics), _which(lyrics), titles, strict=True)
        for at, (section, read, which, title) in enumerate(rows):
            if section.repeats is None:
                _section(at, title, read, which, chosen.get(which))


def _section(at: int, title: str, read: Mood, which: Which, chosen: Mood | None) -> None:
    now = chosen or read
    # What was read is part of the keys, so that sliders that nobody moved follow the words.
    keys = [f"lyrics-mood-{at}-{name}-{value:.2f}" for name, value in (("v", read.valence), ("a", read.arousal))]
    st.markdown(f"**{plain(title)}** · {plain(feel.in_words(read))} ({plain(feel.because(read))})")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        for key, name, value in zip(keys, ("valence", "arousal"), (now.valence, now.arousal), strict=True):
            st.session_state.setdefault(key, _stepped(value))
            st.slider(t(f"mood.{name}"), -1.0, 1.0, step=STEP, key=key, help=t(f"mood.{name}_help"), width=220,
                      on_change=_choose, args=(which, keys))
        if chosen is not None:
            st.button(t("mood.back"), key=f"lyrics-mood-{at}-back", icon=":material/undo:", type="tertiary", on_click=_back,
                      args=(which, keys, read))
    if chosen is not None:
        hint = suggest(chosen)
        mode = mode_name(hint.mode, language()) if hint.mode else t("lyrics.any_mode")
        st.caption(plain(t("mood.chosen", mood=feel.in_words(chosen), mode=mode, tempo=hint.bpm)))


def _stepped(value: float) -> float:
    return round(round(value / STEP) * STEP, 2)


def _choose(which: Which, keys: list[str]) -> None:
    valence, arousal = (float(st.session_state[key]) for key in keys)
    st.session_state[_CHOSEN] = _all() | {which: Mood(valence, arousal)}


def _back(which: Which, keys: list[str], read: Mood) -> None:
    st.session_state[_CHOSEN] = {other: mood for other, mood in _all().items() if other != which}
    for key, value in zip(keys, (read.valence, read.arousal), strict=True):
        st.session_state[key] = _stepped(value)


def _all() -> dict[Which, Mood]:
    found: dict[Which, Mood] = session.get(_CHOSEN, dict)
    return found


def _which(lyrics: Lyrics) -> list[Which]:
    """Which every section is; one that comes back is the one that it repeats."""
    counts: dict[str, int] = {}
    found: list[Which] = []
    for section in lyrics.sections:
        found.append(found[section.repeats] if section.repeats is not None else _next(section, counts))
    return found


def _next(section: Section, counts: dict[str, int]) -> Which:
    number = counts.get(section.kind, 0)
    counts[section.kind] = number + 1
    return section.kind, number
