"""A remark inside a sound file: a Vorbis comment in FLAC and OGG, ID3 in MP3, a chunk of its own in WAV.

libsndfile writes and reads the first two. In MP3 and WAV it cuts or drops long remarks, so their few bytes are
written here: ID3v2 (id3.org, 2.3 and 2.4), frame `TXXX` with the description `SONGLOOM`; RIFF, chunk `slpv`.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import soundfile

from core.errors import FormatError

_CHUNK = b"slpv"
_DESCRIPTION = b"SONGLOOM"
_BROKEN = "A sound file with its parts in order is needed"


def with_note(data: bytes, form: str, note: str) -> bytes:
    """A WAV or MP3 file with the note in it; other formats have theirs from the encoder.

    Args:
        form: a key of `core.audio.export.FORMATS`.
        note: in ASCII.
    """
    if not note:
        return data
    if form == "wav":
        return _with_chunk(data, note.encode())
    return _with_frame(data, note.encode()) if form == "mp3" else data


def read_note(data: bytes, form: str) -> str:
    """The note in a sound file, "" for none.

    Raises:
        FormatError: it is no file of this format, or broken where the note should be.
    """
    if form == "wav":
        note = next((body for name, body in _chunks(data) if name == _CHUNK), b"")
        return note.decode("utf-8", "replace")
    if form == "mp3":
        return _frame_of(data).decode("utf-8", "replace")
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            if file.format != form.upper():
                raise FormatError(f"The content of a .{form} file is {form.upper()}", f"this is {file.format}", "Rename it")
            return str(file.comment or "")
    except (soundfile.LibsndfileError, UnicodeDecodeError) as error:
        raise FormatError(_BROKEN, f"this one cannot be read ({error})", "Export it again") from error


def _with_chunk(data: bytes, note: bytes) -> bytes:
    body = data + b"\0" * (len(data) % 2) + _CHUNK + struct.pack("<I", len(note)) + note + b"\0" * (len(note) % 2)
    return body[:4] + struct.pack("<I", len(body) - 8) + body[8:]


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and body of every chunk of a RIFF file."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise FormatError("The content of a .wav file is RIFF and WAVE", "this is something else", "Rename it")
    at = 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 4], data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _syncsafe(number: int) -> bytes:
    """28 bits in four bytes that begin with 0 (ID3v2.4, 6.2)."""
    return bytes(number >> shift & 127 for shift in (21, 14, 7, 0))


def _number(four: bytes, syncsafe: bool) -> int:
    bits = 7 if syncsafe else 8
    return sum(byte << bits * (3 - place) for place, byte in enumerate(four))


def _tag(data: bytes) -> tuple[int, int, list[bytes]]:
    """Version, length and whole frames of the ID3v2 tag at the beginning; (4, 0, []) where there is none."""
    if data[:3] != b"ID3":
        if data[:1] != b"\xff":
            raise FormatError("An MP3 file begins with ID3 or a frame of sound", "this one does not", "Export it again")
        return 4, 0, []
    version, length = data[3] if len(data) > 3 else 0, 10 + _number(data[6:10], syncsafe=True)
    if version not in (3, 4) or length > len(data):
        raise FormatError(_BROKEN, "its ID3 tag is of another version or cut off", "Export it again")
    frames, at = [], 10
    while at + 10 <= length and data[at] != 0:
        size = _number(data[at + 4 : at + 8], syncsafe=version == 4)
        if at + 10 + size > length:
            raise FormatError(_BROKEN, "a part of its ID3 tag is longer than the tag", "Export it again")
        frames.append(data[at : at + 10 + size])
        at += 10 + size
    return version, length, frames


def _is_ours(frame: bytes) -> bool:
    return frame[:4] == b"TXXX" and frame[10:].lstrip(b"\0\3").startswith(_DESCRIPTION + b"\0")


def _with_frame(data: bytes, note: bytes) -> bytes:
    version, length, frames = _tag(data)
    body = (b"\3" if version == 4 else b"\0") + _DESCRIPTION + b"\0" + note
    size = _syncsafe(len(body)) if version == 4 else struct.pack(">I", len(body))
    kept = b"".join(frame for frame in frames if not _is_ours(frame)) + b"TXXX" + size + b"\0\0" + body
    return b"ID3" + bytes((version, 0, 0)) + _syncsafe(len(kept)) + kept + data[length:]


def _frame_of(data: bytes) -> bytes:
    _version, _length, frames = _tag(data)
    return next((frame[10:].partition(_DESCRIPTION + b"\0")[2] for frame in frames if _is_ours(frame)), b"")
