"""The mood of words told in words, and what follows from it for the music."""

from __future__ import annotations

import streamlit as st

from core.engines.lstm.song.wish import from_mood
from core.engines.protocol import Request
from core.lyrics import Lyrics
from core.lyrics.mood import Mood, suggest
from core.lyrics.mood import whole as of_all
from ui.names import mode_name, style_name
from ui.services import engine
from ui.shell import language, t

_VALENCES = (
    (0.65, "very_happy"), (0.3, "happy"), (0.05, "rather_happy"), (-0.05, "neutral"), (-0.3, "rather_sad"), (-0.65, "sad"),
)  # fmt: skip
_AROUSALS = ((0.35, "excited"), (0.1, "lively"), (-0.1, "even"), (-0.35, "quiet"))
_SHOWN = 4


def in_words(mood: Mood) -> str:
    """`sad, calm`."""
    valence = next((name for least, name in _VALENCES if mood.valence >= least), "very_sad")
    arousal = next((name for least, name in _AROUSALS if mood.arousal >= least), "calm")
    return t("lyrics.mood_two", valence=t(f"lyrics.valence_{valence}"), arousal=t(f"lyrics.arousal_{arousal}"))


def because(mood: Mood) -> str:
    """The words that speak for a mood, `because: tears, alone`; what to think where none does."""
    words = suggest(mood).because[:_SHOWN]
    return t("lyrics.because", words=t("lyrics.comma").join(words)) if words else t("lyrics.because_nothing")


def of_section(mood: Mood) -> str:
    """A section's mood, why, and what would follow from it alone."""
    hint = suggest(mood)
    mode = mode_name(hint.mode, language()) if hint.mode else t("lyrics.any_mode")
    return t("lyrics.mood_section", mood=in_words(mood), because=because(mood), mode=mode, tempo=hint.bpm)


def whole(lyrics: Lyrics, moods: str = "") -> str:
    """The mood of all words, the mode and tempo that the takes will have, and which of them the listener chose; `moods` as
    `Request.moods`."""
    mood = of_all(lyrics, moods)
    mode, tempo = plan(lyrics, moods)
    said = t("lyrics.mood_whole", mood=in_words(mood), because=t("mood.partly") if moods else because(mood), mode=mode,
             tempo=f"{tempo:g}")
    chosen = [t(f"compose.{name}") for name in ("key", "mode", "tempo") if _is_chosen(name)]
    return said + (t("lyrics.overruled", what=t("lyrics.comma").join(chosen)) if chosen else t("lyrics.overrule"))


def plan(lyrics: Lyrics, moods: str = "") -> tuple[str, float]:
    """The mode, in words, and quarter notes a minute that the takes will have as the page stands."""
    style = next((style for style in engine().sung_styles(bool(st.session_state.get("c_free"))) if _is_style(style.id)), None)
    mode, tempo = _choice("c_mode"), st.session_state.get("c_tempo")
    if style is None:
        hint = suggest(of_all(lyrics, moods))
        return mode_name(mode or hint.mode or "major", language()), float(tempo or hint.bpm)
    asked = from_mood(Request(style.id, mode=mode, tempo=tempo, moods=moods), lyrics, style)
    named = mode_name(asked.mode or style.modes[0], language())
    as_usual = "" if asked.mode else t("lyrics.usual", style=style_name(style.id, language()))
    return f"{named}{as_usual}", float(asked.tempo or style.tempo)


def _is_style(id: str) -> bool:
    return bool(id == st.session_state.get("c_style"))


def _is_chosen(name: str) -> bool:
    return _choice({"key": "c_tonic", "mode": "c_mode", "tempo": "c_tempo"}[name]) is not None


def _choice(key: str) -> str | None:
    value = st.session_state.get(key)
    return None if value in (None, "") else value
