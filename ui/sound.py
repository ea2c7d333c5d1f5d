"""Sound for the pages: rendered once per music and soundfont, encoded when somebody asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.audio import loudness, synth
from core.audio.export import FORMATS as AUDIO_FORMATS
from core.audio.export import encode
from core.audio.fluid import RATE
from core.audio.soundfonts import Soundfont, available, get_soundfont
from core.errors import SongloomError
from core.score import Score
from core.score.accompany import with_chords
from ui.files import to_midi

PLAYER_FORMAT = "mp3"
"""What every browser plays and what is small on a phone."""

FORMATS = tuple(AUDIO_FORMATS)
CHOICE = "soundfont"
CHORDS = "hear_chords"
"""Where the session keeps the choices of `ui.sound_settings`."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What a player needs: an encoded file and its type, or the reason why there is none."""

    audio: bytes | None
    mime: str
    problem: SongloomError | None = None


def soundfont() -> Soundfont:
    """The soundfont that the listener chose, else the best one at hand.

    Raises:
        SoundMissingError: there is none at all.
    """
    names = [found.name for found in available()]
    chosen = st.session_state.get(CHOICE)
    return get_soundfont(chosen if chosen in names else None)


def heard(score: Score) -> Score:
    """The score as it sounds: its chord symbols are played too, unless the listener wants the melody alone."""
    return with_chords(score) if st.session_state.get(CHORDS, True) else score


def player(score: Score) -> Sound:
    """The sound of a score for the player; never raises what a listener can do something about."""
    mime = mime_type(PLAYER_FORMAT)
    if not any(track.notes for track in score.tracks):
        return Sound(None, mime)
    try:
        return Sound(encoded(score, PLAYER_FORMAT), mime)
    except SongloomError as problem:
        return Sound(None, mime, problem)


def encoded(score: Score, form: str) -> bytes:
    """A sound file of the score in one of `FORMATS`.

    Raises:
        SoundMissingError: FluidSynth, a soundfont or the encoder is not at hand.
        LimitError: the music is too long to render.
    """
    chosen, played = soundfont(), heard(score)
    return _encoded(to_midi(played), form, chosen.name, played, chosen)


def mime_type(form: str) -> str:
    """The media type of one of `FORMATS`."""
    return AUDIO_FORMATS[form].media_type


@st.cache_data(max_entries=96, show_spinner=False)
def _encoded(midi: bytes, form: str, soundfont: str, _score: Score, _soundfont: Soundfont) -> bytes:
    # The MIDI bytes and the soundfont's name are what the cache tells sounds apart by.
    samples = _rendered(midi, soundfont, _score, _soundfont)
    return encode(samples, RATE, form, title=_score.title)


@st.cache_data(max_entries=8, show_spinner=False)
def _rendered(midi: bytes, soundfont: str, _score: Score, _soundfont: Soundfont) -> Any:
    return loudness.normalise(synth.render(_score, _soundfont), RATE)
