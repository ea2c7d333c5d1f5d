"""What a listener chooses about sound, in one small popover: the chords under a melody, who sings words, the soundfont."""

from __future__ import annotations

import streamlit as st

from core.audio.soundfonts import available
from ui import session, sound
from ui.names import instrument
from ui.shell import language, t

AS_COMPOSED = -1
LEADS = (AS_COMPOSED, 52, 53, 73, 68, 71, 40, 42, 0, 11)
"""Voices and instruments of General MIDI that carry a melody over an accompaniment: choir, voice oohs, flute, oboe, clarinet,
violin, cello, piano, vibraphone."""


def popover() -> None:
    """The button and what it opens."""
    with st.popover(t("sound.settings"), icon=":material/volume_up:", type="tertiary", key="sound-settings"):
        st.session_state.setdefault(sound.CHORDS, True)
        st.toggle(t("sound.chords"), key=sound.CHORDS, help=t("sound.chords_help"), persist_state="session")
        _lead()
        names = [found.name for found in available()]
        if len(names) > 1:
            st.session_state.setdefault(sound.CHOICE, names[0])
            st.selectbox(t("sound.soundfont"), names, key=sound.CHOICE, persist_state="session")
        st.caption(t("sound.drop_in"))


def _lead() -> None:
    """Who sings or plays the melody of songs with words; only where there are any."""
    if not any(shown.has_words for batch in session.batches() for shown in batch):
        return
    if st.session_state.get(sound.LEAD) not in LEADS:
        st.session_state[sound.LEAD] = AS_COMPOSED
    st.selectbox(t("sound.lead"), LEADS, key=sound.LEAD, help=t("sound.lead_help"), persist_state="session",
                 format_func=lambda program: t("sound.lead_free") if program == AS_COMPOSED else instrument(program, language()))
