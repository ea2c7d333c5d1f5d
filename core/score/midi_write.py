"""Writing a `Score` as a Standard MIDI File of format 1, with mido (pretty_midi's writer)."""

from __future__ import annotations

import io
from collections.abc import Iterable

import mido

from core.score import midi_marks as marks
from core.score.types import TICKS_PER_QUARTER, Key, Score, Track

_DRUM_CHANNEL = 9
_PITCHED_CHANNELS = tuple(channel for channel in range(16) if channel != _DRUM_CHANNEL)

_MINOR, _MAJOR = (
    ("Ebm", "Bbm", "Fm", "Cm", "Gm", "Dm", "Am", "Em", "Bm", "F#m", "C#m", "G#m", "D#m"),
    ("Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#"),
)
"""Names of the key signatures from six flats to six sharps."""

_Timed = tuple[int, int, mido.Message | mido.MetaMessage]
"""Tick, rank among the events of one tick, event."""


def write_midi(score: Score) -> bytes:
    """The bytes of a MIDI file; the same score gives the same bytes.

    The first chunk holds title, texts, tempo, metre, keys and chords, each track a chunk of its own.
    Drums are on channel 10, others take turns on the rest, with a port event from the sixteenth on.
    A muted track keeps its volume in a text event and is silent for other players. Tempos below
    3.58 a minute, which MIDI cannot hold, become that; an overlap in which the later of two notes
    of one pitch ends first comes back with the ends exchanged, which sounds the same.
    """
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_QUARTER, charset="utf-8")
    file.tracks.append(_chunk(_conductor(score)))
    pitched = 0
    for track in score.tracks:
        channel, port = _DRUM_CHANNEL, 0
        if not track.is_drum:
            channel = _PITCHED_CHANNELS[pitched % len(_PITCHED_CHANNELS)]
            port = pitched // len(_PITCHED_CHANNELS)
            pitched += 1
        file.tracks.append(_chunk(_part(track, channel, port)))
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


def _chunk(events: Iterable[_Timed]) -> mido.MidiTrack:
    """Events in order of tick and rank, with waits between them."""
    chunk = mido.MidiTrack()
    now = 0
    for tick, _, event in sorted(events, key=lambda timed: timed[:2]):
        event.time, now = tick - now, tick
        chunk.append(event)
    return chunk


def _conductor(score: Score) -> Iterable[_Timed]:
    if score.title:
        yield 0, 0, mido.MetaMessage("track_name", name=_clean(score.title))
    if score.composer:
        yield 0, 1, mido.MetaMessage("text", text=marks.composer_mark(_clean(score.composer)))
    for text in score.texts:
        yield 0, 1, mido.MetaMessage("text", text=_clean(text))
    for metre in score.metres:
        beat = 24 * metre.beat_ticks // TICKS_PER_QUARTER
        yield metre.tick, 2, mido.MetaMessage(
            "time_signature", numerator=metre.numerator, denominator=metre.denominator, clocks_per_click=max(beat, 1)
        )
    for key in score.keys:
        yield key.tick, 3, mido.MetaMessage("key_signature", key=_signature(key))
        if mark := marks.key_mark(key):
            yield key.tick, 4, mido.MetaMessage("marker", text=mark)
    for tempo in score.tempos:
        yield tempo.tick, 5, mido.MetaMessage("set_tempo", tempo=marks.micros_per_quarter(tempo.bpm))
    if score.pickup:
        yield score.pickup, 6, mido.MetaMessage("marker", text=marks.pickup_mark())
    for chord in score.chords:
        yield chord.tick, 7, mido.MetaMessage("marker", text=marks.chord_mark(chord))


def _part(track: Track, channel: int, port: int) -> Iterable[_Timed]:
    if track.name:
        yield 0, 0, mido.MetaMessage("track_name", name=_clean(track.name))
    if port:
        yield 0, 1, mido.MetaMessage("midi_port", port=port)
    if mark := marks.track_mark(track):
        yield 0, 2, mido.MetaMessage("text", text=mark)
    yield 0, 3, mido.Message("program_change", channel=channel, program=track.program)
    yield 0, 4, mido.Message("control_change", channel=channel, control=7, value=0 if track.muted else track.volume)
    yield 0, 5, mido.Message("control_change", channel=channel, control=10, value=track.pan)
    for tick, text in marks.lyric_texts(track.lyrics):
        yield tick, 6, mido.MetaMessage("lyrics", text=_clean(text))
    for note in track.notes:
        yield note.start, 8, _note("note_on", channel, note.pitch, note.velocity)
        yield note.end, 7, _note("note_off", channel, note.pitch, 0)


def _note(kind: str, channel: int, pitch: int, velocity: int) -> mido.Message:
    """A message of a note: its values are in range since there is a `Note`, and checking them again takes most of the time."""
    return mido.Message(kind, skip_checks=True, channel=channel, note=pitch, velocity=velocity, time=0)


def _signature(key: Key) -> str:
    return (_MINOR if key.mode == "minor" else _MAJOR)[key.fifths + 6]


def _clean(text: str) -> str:
    """Text that UTF-8 can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
