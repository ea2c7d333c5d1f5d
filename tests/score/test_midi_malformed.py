"""Broken and oversized MIDI files are refused with a message, and never crash the process.

That a refusal is quick and small follows from how it is made: announced sizes are compared with the
bytes at hand before anything is taken, and notes are counted in arrays before objects are made.
"""

from __future__ import annotations

import contextlib
import random
import tracemalloc

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.errors import FormatError, InputError, LimitError
from core.score import Note, Score, Track
from core.score import midi as midi_module
from core.score.midi import MAX_NOTES, read_midi, write_midi
from core.score.midi_scan import METRE, TEMPO
from tests.score.midi_bytes import C4, END, chunk, meta, midi, wait
from tests.score.strategies import scores

WHOLE = midi(C4, C4)
RANDOM = random.Random(1)

BROKEN = {
    "empty": (b"", "empty"),
    "not MIDI": (b"%PDF-1.4 something", "does not begin"),
    "random bytes": (RANDOM.randbytes(100_000), "does not begin"),
    "header only": (b"MThd", "cut short"),
    "cut in the header": (WHOLE[:12], "cut short"),
    "cut between tracks": (WHOLE[: len(WHOLE) // 2 + 7], "announces"),
    "cut in a track": (WHOLE[:-3], "announces"),
    "one track too few": (midi(C4, count=2), "ends after 1"),
    "random after the header": (WHOLE[:14] + b"MTrk\x00\x00\x40\x00" + RANDOM.randbytes(0x4000), "track 1"),
    "header of 4 GB": (b"MThd\xff\xff\xff\xff" + WHOLE[8:], "4294967295"),
    "track of 4 GB": (WHOLE[:14] + chunk(C4 + END, size=2**32 - 1), "4294967295"),
    "event of 256 MB": (midi(C4 + b"\x00\xff\x01\xff\xff\xff\x7fabc"), "268435455"),
    "message of 256 MB": (midi(C4 + b"\x00\xf0\xff\xff\xff\x7fabc"), "cut short"),
    "number of five bytes": (midi(b"\xff\xff\xff\xff\x7f\x90\x3c\x50"), "broken number"),
    "no status": (midi(b"\x00\x3c\x50"), "begin with an event"),
    "unknown status": (midi(C4 + b"\x00\xf5"), "F5"),
    "value above 127": (midi(b"\x00\x90\x3c\xf0" + C4), "127"),
    "no notes": (midi(meta(TEMPO, b"\x07\xa1\x20")), "none"),
    "no tracks": (midi(), "none"),
    "format 2": (midi(C4, form=2), "format 2"),
    "SMPTE time": (midi(C4, division=0xE728), "SMPTE"),
    "division 0": (midi(C4, division=0), "division"),
    "tempo 0": (midi(meta(TEMPO, bytes(3)) + C4), "microseconds"),
    "tempo without a value": (midi(meta(TEMPO, b"") + C4), "microseconds"),
    "metre 0/0": (midi(meta(METRE, b"\x00\x00\x18\x08") + C4), "0/0"),
    "metre 255/1024": (midi(meta(METRE, b"\xff\x0a\x18\x08") + C4), "255/1024"),
    "metre without a value": (midi(meta(METRE, b"") + C4), "0/0"),
    "note far beyond": (midi(wait(2**28 - 1) + C4[1:]), "80000 quarter"),
    "ticks that overflow": (midi((wait(2**28 - 1) + b"\xb0\x01\x01") * 20 + C4), "2147483647"),
    "too many tracks": (midi(*[C4] * 1001), "1000 tracks"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_files_are_refused_with_a_reason(case: str) -> None:
    data, words = BROKEN[case]
    with pytest.raises(InputError, match=words) as caught:
        read_midi(data)
    assert caught.value.expected
    assert caught.value.got


def test_every_cut_of_a_file_is_refused() -> None:
    data = write_midi(Score((Track((Note(0, 60, 480), Note(480, 62, 480)), "Tune"),)))
    for length in range(len(data)):
        with pytest.raises(FormatError):
            read_midi(data[:length])


def test_half_a_million_notes_are_refused_before_one_note_object_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    data = midi(b"\x00\x90" + b"\x00".join([b"\x3c\x50\x01\x3c\x00"] * 500_000))
    monkeypatch.setattr(midi_module, "Note", None)
    with pytest.raises(LimitError, match=f"{MAX_NOTES} notes"):
        read_midi(data)


def test_half_a_million_notes_that_never_end_are_refused() -> None:
    data = midi(b"\x00\x90" + b"\x01".join([b"\x3c\x50"] * 500_000))
    with pytest.raises(LimitError, match=f"{MAX_NOTES} notes"):
        read_midi(data)


def test_announced_gigabytes_take_no_memory() -> None:
    tracemalloc.start()
    for case in ("header of 4 GB", "track of 4 GB", "event of 256 MB"):
        with pytest.raises(FormatError):
            read_midi(BROKEN[case][0])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


@settings(max_examples=300)
@given(scores(), st.data())
def test_mutated_files_give_a_score_or_an_input_error(score: Score, data: st.DataObject) -> None:
    mutated = bytearray(write_midi(score))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(mutated) - 1))
        kind = data.draw(st.sampled_from(["set", "insert", "delete"]))
        value = data.draw(st.integers(0, 255) | st.sampled_from([0xFF, 0xF0, 0x80, 0x90, 0x2F]))
        if kind == "set":
            mutated[place] = value
        elif kind == "insert":
            mutated.insert(place, value)
        elif len(mutated) > 1:
            del mutated[place]
    assert_read_or_refused(bytes(mutated))


@settings(max_examples=300)
@given(st.binary(max_size=200))
@example(b"\x90")
def test_any_bytes_in_a_track_give_a_score_or_an_input_error(events: bytes) -> None:
    assert_read_or_refused(midi(C4 + events))
    assert_read_or_refused(midi(events, C4, form=0))


def assert_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(InputError):
        score = read_midi(data)
        assert score.note_count > 0
        assert score.bars[-1][1] >= score.end
