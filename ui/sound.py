"""Sound for the pages: made by jobs, away from the page's thread, and kept for whoever asks next."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.audio import export, stems
from core.audio.export import FORMATS as AUDIO_FORMATS
from core.audio.export import PLAYER, audio_format
from core.audio.soundfonts import Soundfont, available, get_soundfont
from core.errors import LimitError, MissingError, SongloomError
from core.jobs.protocol import JobStatus, State
from core.score import Score
from core.score.accompany import led_by, with_chords
from core.score.clock import seconds_long
from ui import session
from ui.files import to_midi
from ui.services import kept_sounds, sounds
from ui.shell import listener, t

FORMATS = tuple(AUDIO_FORMATS)
STEMS = "stems"
"""In the place of a format: each part as a WAV file of its own, in one zip."""
CHOICE = "soundfont"
CHORDS, LEAD = "hear_chords", "c_hear_lead"
"""Where the session keeps the choices of `ui.sound_settings`."""

SHORT_S = 20.0
"""A file of music up to this long is made in less than a second or so, in any format."""

_STEM_BYTES_A_SECOND = 44_100 * 4
_MOST_STEMS = 200_000_000
"""Bytes of sound before the zip: more would push everything else out of what is kept."""

_WORK = "sound_work"


@dataclass(frozen=True, slots=True)
class Sound:
    """What a player needs: an encoded file and its type, or why there is none (yet).

    `pending`: it is being made. `stopped`: the listener stopped it, and can ask for it again.
    """

    audio: bytes | None
    mime: str
    problem: SongloomError | None = None
    pending: bool = False
    stopped: bool = False


@dataclass(slots=True)
class _Work:
    """What a session wants at one place of a page: the key of the sound, and what became of it."""

    key: str
    job: str
    since: float
    problem: SongloomError | None = None
    stopped: bool = False

    @property
    def is_wanted(self) -> bool:
        return not self.stopped and self.problem is None


def soundfont() -> Soundfont:
    """The soundfont that the listener chose, else the best one at hand.

    Raises:
        SoundMissingError: there is none at all.
    """
    names = [found.name for found in available()]
    chosen = st.session_state.get(CHOICE)
    return get_soundfont(chosen if chosen in names else None)


def heard(score: Score) -> Score:
    """The score as it sounds: a song's words sung by whom the listener chose, and its chord symbols played too, unless the
    melody alone is wanted."""
    score = led(score)
    return with_chords(score) if st.session_state.get(CHORDS, True) else score


def led(score: Score) -> Score:
    """A song with its words on the voice or instrument that the listener chose; other scores as they are."""
    if not score.melody.lyrics:
        return score
    chosen = st.session_state.get(LEAD)
    return led_by(score, chosen if isinstance(chosen, int) and chosen >= 0 else None)


def player(score: Score, slot: str) -> Sound:
    """The sound of a score for the player at a place `slot` of the pages; see `made`."""
    if not any(track.notes for track in score.tracks):
        return Sound(None, mime_type(PLAYER))
    return made(score, PLAYER, slot)


def begin(score: Score, form: str, slot: str) -> None:
    """Have a sound file made at a place of the pages, where `made` will find it."""
    made(score, form, slot)


def made(score: Score, form: str, slot: str) -> Sound:
    """The sound of a score, which is begun where nobody has asked for it yet.

    A slot wants one sound at a time: work on the one that it wanted before is stopped. Never raises
    what a listener can do something about.
    """
    mime = mime_type(form)
    try:
        chosen, played = soundfont(), heard(score)
        key = _key(played, form, chosen)
        kept = kept_sounds().get(key)
        if kept is not None:
            _drop(slot)
            return Sound(kept, mime)
        found = _slots().get(slot)
        if found is None or found.key != key:
            _drop(slot)
            same = (other.job for other in _slots().values() if other.key == key and other.is_wanted)
            job = next(same, None) or _submit(played, form, chosen)
            found = _slots()[slot] = _Work(key, job, time.monotonic())
        _settle(slot, found)
        pending = slot in _slots() and found.is_wanted
        return Sound(kept_sounds().get(key), mime, found.problem, pending, found.stopped)
    except SongloomError as problem:
        return Sound(None, mime, problem)


def _submit(played: Score, form: str, chosen: Soundfont) -> str:
    if form == STEMS:
        size = seconds_long(played) * sum(bool(track.notes) for track in played.tracks) * _STEM_BYTES_A_SECOND
        if size > _MOST_STEMS:
            raise LimitError(f"Stems of up to {_MOST_STEMS // 10**6} MB are made here", f"these have {size / 1e6:.0f} MB",
                             "Use songloom arrange --stems")
        return sounds().submit(listener(), stems.stems_zip, played, chosen)
    return sounds().submit(listener(), export.render_bytes, played, form, chosen)


def is_short(score: Score) -> bool:
    """Whether a sound file of the score is made so quickly that nobody needs to be told how far it is."""
    return seconds_long(score) <= SHORT_S


def encoded(score: Score, form: str) -> bytes:
    """A sound file of the score in one of `FORMATS`, made while the caller waits.

    Raises:
        SoundMissingError: FluidSynth, a soundfont or the encoder is not at hand.
        LimitError: the music is too long to render.
    """
    chosen, played = soundfont(), heard(score)
    key = _key(played, form, chosen)
    found = kept_sounds().get(key)
    if found is None:
        found = export.render_bytes(played, form, chosen)
        kept_sounds().put(key, found)
    return found


def at_once(score: Score) -> Sound:
    """The sound of a short score, made while the caller waits; never raises what a listener can do something about."""
    mime = mime_type(PLAYER)
    try:
        return Sound(encoded(score, PLAYER) if score.note_count else None, mime)
    except SongloomError as problem:
        return Sound(None, mime, problem)


def is_kept(score: Score, form: str) -> bool:
    """Whether a sound file of the score was made lately and is at hand."""
    try:
        return kept_sounds().get(_key(heard(score), form, soundfont())) is not None
    except SongloomError:
        return False


def asked(slot: str) -> bool:
    """Whether something was begun at this place."""
    return slot in _slots()


def settle() -> None:
    """Take in the sounds of the session that have come, whether this page shows their places or not."""
    for slot, work in tuple(_slots().items()):
        _settle(slot, work)


def waited_for() -> list[tuple[str, JobStatus, float]]:
    """The places of the session that wait for sound: slot, where its job stands, seconds that it has been wanted."""
    wanted = [(slot, work, _status(work.job)) for slot, work in _slots().items() if work.is_wanted]
    return [(slot, status, time.monotonic() - work.since) for slot, work, status in wanted if status is not None]


def stop(slot: str) -> None:
    """Stop the work at a place; the sound can be asked for again with `again`."""
    found = _slots().get(slot)
    if found is not None:
        found.stopped = True
        _let_go(found.job)


def again(slot: str) -> None:
    """Forget that the work at a place was stopped or failed: the page begins it anew."""
    _slots().pop(slot, None)


def mime_type(form: str) -> str:
    """The media type of one of `FORMATS`, of stems, or of the player's."""
    if form == STEMS:
        return "application/zip"
    return audio_format(form).media_type if form == PLAYER else AUDIO_FORMATS[form].media_type


def _slots() -> dict[str, _Work]:
    make: Callable[[], dict[str, _Work]] = dict
    return session.get(_WORK, make)


def _key(played: Score, form: str, chosen: Soundfont) -> str:
    digest = hashlib.sha256(to_midi(played)).hexdigest()
    return f"{digest} {form} {chosen.name}"


def _drop(slot: str) -> None:
    """The slot wants nothing; work that no other one waits for is stopped."""
    dropped = _slots().pop(slot, None)
    if dropped is not None:
        _let_go(dropped.job)


def _let_go(job: str) -> None:
    """Stop a job, unless another place of the session waits for it."""
    if not any(other.job == job and other.is_wanted for other in _slots().values()):
        sounds().cancel(job)


def _status(job: str) -> JobStatus | None:
    """Where a job stands; None where it ended long ago, while the page was not looked at."""
    try:
        return sounds().status(job)
    except MissingError:
        return None


def _settle(slot: str, work: _Work) -> None:
    """Note what the work at a place came to, if it has ended."""
    status = _status(work.job)
    if not work.is_wanted or (status is not None and not status.ended):
        return
    if status is None or status.state is State.CANCELLED:  # it can be asked for again
        work.stopped = True
    elif status.state is State.FAILED:
        # What is no error of ours is a bug: the runner has logged it, the page tells the listener and stays.
        work.problem = status.error if isinstance(status.error, SongloomError) else SongloomError(t("error.bug"))
    else:
        kept_sounds().put(work.key, sounds().result(work.job))
        _slots().pop(slot, None)
