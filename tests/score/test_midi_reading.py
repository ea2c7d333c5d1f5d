"""What other programs write is read as it was meant."""

from __future__ import annotations

import pytest

from core.errors import FormatError
from core.score import Key, Lyric, Metre, Score, Tempo
from core.score.files import MAX_BYTES, read_score
from core.score.midi import read_midi
from core.score.midi_scan import LYRIC, MARKER, METRE, NAME, TEMPO, TEXT
from tests.score.midi_bytes import C4, END, chunk, meta, midi, wait


def notes(score: Score, track: int = 0) -> list[tuple[int, int, int]]:
    return [(note.start, note.pitch, note.duration) for note in score.tracks[track].notes]


def test_running_status_and_zero_velocity_as_note_off() -> None:
    events = b"\x00\x90\x3c\x50\x60\x3c\x00\x00\x40\x50\x60\x40\x00"
    assert notes(read_midi(midi(events))) == [(0, 60, 96), (96, 64, 96)]


def test_running_status_goes_on_after_a_long_wait() -> None:
    events = b"\x00\x90\x3c\x50" + wait(100_000) + b"\x3c\x00" + b"\x00\x40\x50\x60\x40\x00"
    assert notes(read_midi(midi(events))) == [(0, 60, 100_000), (100_000, 64, 96)]


def test_running_status_after_waits_of_two_bytes() -> None:
    events = b"\x00\xc0\x05\x00\x90\x3c\x50\x81\x00\x40\x50\x81\x00\x3c\x00" + wait(50_000) + b"\x40\x00"
    assert notes(read_midi(midi(events))) == [(0, 60, 256), (128, 64, 50_128)]


@pytest.mark.parametrize(("division", "duration"), [(480, 240), (96, 1200), (960, 120), (1, 115200), (7, 16457), (32767, 4)])
def test_any_division_becomes_480(division: int, duration: int) -> None:
    assert notes(read_midi(midi(C4, division=division))) == [(0, 60, duration)]


def test_a_note_too_short_for_the_grid_still_sounds() -> None:
    score = read_midi(midi(b"\x00\x90\x3c\x50\x01\x80\x3c\x00\x00\x90\x3e\x50\x00\x80\x3e\x00", division=9600))
    assert notes(score) == [(0, 60, 1), (0, 62, 1)]


def test_format_0_is_taken_apart_by_channel() -> None:
    drum = b"\x00\x99\x24\x50\x60\x89\x24\x00"
    score = read_midi(midi(meta(NAME, b"Tune") + b"\x00\xb0\x07\x21\x00\xc0\x28" + C4 + drum, form=0))
    assert [(track.is_drum, track.program, track.volume) for track in score.tracks] == [(False, 40, 33), (True, 0, 100)]
    assert score.title == "Tune"


def test_words_names_and_metre_are_found_wherever_they_are() -> None:
    conductor = meta(NAME, b"Song") + meta(TEMPO, (600_000).to_bytes(3, "big")) + meta(METRE, b"\x06\x03\x24\x08") + meta(
        TEXT, b"by nobody")
    tune = meta(NAME, b"Voice") + C4 + meta(LYRIC, b"Hal-", 0) + C4 + meta(LYRIC, b"lo", 0) + meta(MARKER, b"Verse") + C4 + meta(
        METRE, b"\x03\x02\x18\x08", 720) + C4
    score = read_midi(midi(conductor, tune))
    assert (score.title, score.tracks[0].name, score.texts) == ("Song", "Voice", ("by nobody",))
    assert score.tempos == (Tempo(0, 100.0),)
    assert score.metres == (Metre(0, 6, 8), Metre(1440, 3, 4))
    assert score.tracks[0].lyrics == (Lyric(240, "Hal", "begin"), Lyric(480, "lo", "end"))


@pytest.mark.parametrize(
    ("fifths", "minor", "key"),
    [(0, 0, Key(0, 0)), (2, 0, Key(0, 2)), (-3, 1, Key(0, 0, "minor")), (7, 0, Key(0, 1)), (-7, 1, Key(0, 8, "minor"))],
)
def test_key_signatures(fifths: int, minor: int, key: Key) -> None:
    assert read_midi(midi(meta(0x59, bytes([fifths & 255, minor])) + C4)).keys == (key,)


@pytest.mark.parametrize("data", [b"\x09\x00", b"\x00\x02", b"\x00", b""])
def test_a_nonsense_key_signature_is_passed_over(data: bytes) -> None:
    assert read_midi(midi(meta(0x59, data) + C4)).keys == ()


def test_overlapping_notes_of_one_pitch_end_in_the_order_they_began() -> None:
    events = b"\x00\x90\x3c\x50\x60\x90\x3c\x40\x60\x80\x3c\x00\x60\x80\x3c\x00"
    assert notes(read_midi(midi(events))) == [(0, 60, 192), (96, 60, 192)]


def test_notes_that_never_end_last_until_their_pitch_returns_or_the_track_ends() -> None:
    events = b"\x00\x90\x3c\x50\x60\x90\x3c\x40\x60\x90\x40\x40\x60\x90\x3c\x40"
    assert notes(read_midi(midi(events + wait(96) + b"\xb0\x07\x40"))) == [
        (0, 60, 96), (96, 60, 192), (192, 64, 192), (288, 60, 96)]


def test_many_notes_that_never_end_are_all_kept() -> None:
    events = b"".join(wait(10) + b"\x99" + bytes([36 + index % 3, 90]) for index in range(3000))
    score = read_midi(midi(events))
    assert len(score.tracks[0].notes) == 3000
    assert [note.duration for note in score.tracks[0].notes[:2996]] == [30] * 2996


def test_only_drums_is_music_but_no_melody() -> None:
    score = read_midi(midi(b"\x00\x99\x24\x50\x60\x89\x24\x00"))
    assert score.note_count == 1
    with pytest.raises(FormatError, match="pitched note"):
        _ = score.melody


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("Jäger".encode(), "Jäger"),
        ("Jäger".encode("latin-1"), "Jäger"),
        ("小星星".encode("gb18030"), "小星星"),
        ("小星星".encode(), "小星星"),
        ("ドラム".encode("cp932"), "ドラム"),
        (b"Piano\x00", "Piano"),
        (b"<script>alert(1)</script>", "<script>alert(1)</script>"),
        (b"\x81\xff\xfe", "\ufffdÿþ"),
    ],
)
def test_names_in_other_encodings(data: bytes, name: str) -> None:
    assert read_midi(midi(b"", meta(NAME, data) + C4)).tracks[0].name == name


def test_a_gap_of_ten_hours_is_read() -> None:
    ticks = 10 * 3600 * 2 * 480
    assert notes(read_midi(midi(C4 + wait(ticks) + b"\x90\x3c\x50\x60\x80\x3c\x00")))[1] == (240 + ticks, 60, 96)


def test_chunks_of_other_kinds_and_bytes_after_the_end_are_passed_over() -> None:
    whole = midi(C4, C4)
    assert read_midi(whole + b"\x00\x01garbage") == read_midi(whole)
    inside = whole[:14] + b"XFIH" + (3).to_bytes(4, "big") + b"abc" + whole[14:]
    assert read_midi(inside[:10] + b"\x00\x02" + inside[12:]) == read_midi(whole)


def test_a_track_without_its_end_event_and_a_message_for_one_machine() -> None:
    assert notes(read_midi(midi()[:10] + b"\x00\x01\x01\xe0" + chunk(b"\x00\xf0\x03\x01\x02\xf7" + C4))) == [(0, 60, 240)]
    assert notes(read_midi(midi(C4 + END + b"\xff\xff\xff"))) == [(0, 60, 240)]


def test_the_file_name_is_the_title_where_there_is_none() -> None:
    assert read_score(midi(C4), "folder/My tune.MID").title == "My tune"


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [(b"", "a.txt", "end in"), (b"", "", "end in"), (bytes(MAX_BYTES + 1), "a.mid", "8 MB"), (b"", "a.mid", "empty")],
)
def test_files_that_are_not_taken(data: bytes, name: str, words: str) -> None:
    from core.errors import InputError

    with pytest.raises(InputError, match=words):
        read_score(data, name)
