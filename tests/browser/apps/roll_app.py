"""A page with a roll to hear, one like it, and one to edit, for the browser's tests."""

import io

import numpy as np
import soundfile as sf
import streamlit as st

from core.score.types import ChordSymbol, Key, Metre, Note, Score, Tempo, Track
from ui.roll import piano_roll
from ui.roll.history import History

QUARTER = 480
SECONDS = 16


@st.cache_data
def tune() -> Score:
    """Sixteen bars with chords, bass and drums; the first four are a seed."""
    steps = [0, 2, 4, 7, 9, 7, 4, 2, 0, 4, 7, 12, 11, 7, 5, 2]
    melody = [Note(i * 240, 67 + steps[(i * 5) % 16], 240 if i % 3 else 220, 50 + (i * 13) % 70) for i in range(128)]
    roots = [0, 9, 5, 7]
    bass = [Note(i * 960, 48 + roots[i // 2 % 4] - (12 if i % 2 else 0), 900, 80) for i in range(32)]
    drums = [Note(i * 240, 42, 60, 60 + 30 * (i % 2 == 0)) for i in range(128)]
    drums += [Note(i * 960 + 480 * kind, 38 if kind else 36, 120, 100) for i in range(32) for kind in (0, 1)]
    chords = [ChordSymbol(i * 1920, roots[i % 4], "min" if roots[i % 4] == 9 else "maj") for i in range(16)]
    tracks = (Track(tuple(melody), "Melody"), Track(tuple(bass), "Bass", 32), Track(tuple(drums), "Drums", is_drum=True))
    return Score(tracks, (Tempo(0, 240),), (Metre(0, 4, 4),), (Key(0, 0),), tuple(chords))


@st.cache_data
def sound() -> bytes:
    """A quiet tone as long as the tune, as Ogg Vorbis."""
    rate = 16_000
    wave = 0.05 * np.sin(2 * np.pi * 330 * np.arange(SECONDS * rate) / rate)
    file = io.BytesIO()
    with sf.SoundFile(file, "w", rate, 1, format="OGG", subtype="VORBIS") as out:
        for start in range(0, len(wave), 8192):
            out.write(wave[start : start + 8192])
    return file.getvalue()


def edited(edits) -> None:
    st.session_state.history = st.session_state.history.edit(edits)


st.set_page_config(layout="wide")
st.session_state.setdefault("history", History(Score((Track(name="Melody"), Track(name="Drums", is_drum=True)))))
left, right = st.columns(2)
with left:
    piano_roll(tune(), key="first", label="First take", audio=sound(), height=180, new_from=4 * 4 * QUARTER)
with right:
    piano_roll(tune(), key="second", label="Second take", audio=sound(), height=180)
st.text_input("A field")
history = st.session_state.history
piano_roll(
    history.present,
    key="editor",
    label="Your melody",
    height=360,
    editable=True,
    on_edit=edited,
    can_undo=bool(history.past),
    can_redo=bool(history.undone),
)
notes = history.present.tracks[0].notes
st.markdown(f"notes: {len(notes)}")
st.code(" ".join(f"{note.start}/{note.pitch}/{note.duration}" for note in notes) or "none")
