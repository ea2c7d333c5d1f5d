"""What a listener chooses about sound, in one small popover: the chords under a melody, the soundfont."""

from __future__ import annotations

import streamlit as st

from core.audio.soundfonts import available
from ui import sound
from ui.shell import t


def popover() -> None:
    """The button and what it opens."""
    with st.popover(t("sound.settings"), icon=":material/volume_up:", type="tertiary", key="sound-settings"):
        st.session_state.setdefault(sound.CHORDS, True)
        st.toggle(t("sound.chords"), key=sound.CHORDS, help=t("sound.chords_help"), persist_state="session")
        names = [found.name for found in available()]
        if len(names) > 1:
            st.session_state.setdefault(sound.CHOICE, names[0])
            st.selectbox(t("sound.soundfont"), names, key=sound.CHOICE, persist_state="session")
        st.caption(t("sound.drop_in"))
