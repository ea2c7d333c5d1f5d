from __future__ import annotations

import numpy as np
import pytest

from core.audio.beat import find_beat
from core.audio.notes import HeardNote
from core.audio.recording import RATE
from core.audio.transcribe import Melody, hear_melody, transcribe, written
from core.errors import Cancelled, FormatError, RequestError
from core.score import Key, Metre
from tests.audio.voices import melody, tone

FROG = ([60, 62, 64, 65, 64, 62, 60], [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1.0])


def test_a_tune_comes_back_in_bars() -> None:
    score = transcribe(melody(*FROG), RATE)
    assert [(note.start, note.pitch, note.duration) for note in score.melody.notes] == [
        (0, 60, 480), (480, 62, 480), (960, 64, 480), (1440, 65, 480), (1920, 64, 480), (2400, 62, 480), (2880, 60, 960),
    ]  # fmt: skip
    assert score.tempos[0].bpm == pytest.approx(120, abs=2)
    assert score.key == Key(0, 0, "major")


def test_starts_are_heard_to_a_few_hundredths() -> None:
    heard = hear_melody(melody(*FROG), RATE).notes
    assert [note.start for note in heard] == pytest.approx(0.25 + np.cumsum([0, *FROG[1][:-1]]), abs=0.03)


def test_the_same_note_again_is_a_note_of_its_own() -> None:
    assert [note.pitch for note in hear_melody(melody([67] * 4, [0.4] * 4), RATE).notes] == [67] * 4


def test_vibrato_and_glides_make_no_notes() -> None:
    time = np.arange(int(2.4 * RATE)) / RATE
    glide = np.interp(time, [0, 1.15, 1.25, 2.4], [62, 62, 66, 66])
    vibrato = 0.6 * np.sin(2 * np.pi * 5.5 * time) * np.clip((time % 1.2 - 0.2) / 0.2, 0, 1)
    assert [note.pitch for note in hear_melody(tone(glide + vibrato, 2.4), RATE).notes] == [62, 66]


def test_out_of_tune_is_still_the_nearest_key() -> None:
    heard = hear_melody(melody([pitch + 0.4 for pitch in FROG[0]], FROG[1]), RATE)
    assert [note.pitch for note in heard.notes] == FROG[0]
    assert heard.tuning == pytest.approx(0.4, abs=0.08)


def test_noise_and_clicks_give_notes_or_a_word() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, RATE)
    for sound in (noise, np.eye(1, RATE)[0], np.full(RATE, 0.5)):
        try:
            score = transcribe(sound, RATE)
        except FormatError:
            continue
        assert score.note_count >= 1


@pytest.mark.parametrize("sound", [np.zeros(RATE), np.ones(1), np.zeros(0), np.full(RATE, np.nan), np.zeros((RATE, 2))])
def test_what_is_no_sound_is_refused(sound: np.ndarray) -> None:
    with pytest.raises(FormatError):
        transcribe(sound, RATE)


def test_a_stop_is_obeyed() -> None:
    def stop(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        hear_melody(melody(*FROG), RATE, progress=stop)


def heard(starts: list[float], ends: list[float] | None = None) -> Melody:
    ends = ends or [*starts[1:], starts[-1] + 0.4]
    spans = enumerate(zip(starts, ends, strict=True))
    return Melody(tuple(HeardNote(start, end, 60 + index % 5, -10.0) for index, (start, end) in spans), 0.0, ends[-1])


def test_a_metronome_decides_the_tempo() -> None:
    starts = [0.3 * index for index in range(9)]
    slow, quick = written(heard(starts), tempo=100), written(heard(starts), tempo=200)
    assert [note.duration for note in slow.melody.notes[:-1]] == [240] * 8
    assert [note.duration for note in quick.melody.notes[:-1]] == [480] * 8


def test_strength_keeps_what_was_played_between_the_lines() -> None:
    starts = [0.5 * index + 0.04 * (index % 2) for index in range(8)]
    loose, strict = written(heard(starts), tempo=120, strength=0), written(heard(starts), tempo=120)
    assert all(note.start % 120 == 0 for note in strict.melody.notes)
    assert any(note.start % 120 for note in loose.melody.notes)
    assert [note.start for note in loose.melody.notes] == pytest.approx([note.start for note in strict.melody.notes], abs=40)


def test_a_tempo_that_drifts_is_followed() -> None:
    starts = np.cumsum([0.0, *np.linspace(0.5, 0.6, 23)])
    assert set(np.diff(find_beat(starts, Metre(0, 4, 4), 120).units)) == {4}


@pytest.mark.parametrize("metre", [Metre(0, 3, 4), Metre(0, 6, 8), Metre(0, 2, 2), Metre(0, 5, 4), Metre(0, 3, 8)])
def test_every_metre_is_written(metre: Metre) -> None:
    score = written(heard([0.0, 0.5, 1.0, 1.5, 2.0, 3.0]), metre=metre)
    assert score.metres[0] == metre
    assert score.melody.is_monophonic


@pytest.mark.parametrize("wish", [{"tempo": 5.0}, {"grid": "64th"}, {"strength": 2.0},
                                  {"grid": "eighth", "metre": Metre(0, 3, 16)}])
def test_what_cannot_be_written_is_refused(wish: dict) -> None:
    with pytest.raises(RequestError):
        written(heard([0.0, 0.5]), **wish)


def test_random_notes_are_always_written() -> None:
    draw = np.random.default_rng(1)
    for _ in range(20):
        count = int(draw.integers(1, 12))
        starts = np.cumsum(draw.exponential(0.6, count)) + 0.06 * np.arange(count)
        ends = starts + draw.exponential(0.5, count) + 0.01
        ends[:-1] = np.minimum(ends[:-1], starts[1:])
        score = written(heard(list(starts), list(ends)), grid=str(draw.choice(["eighth", "triplet", "sixteenth"])),
                        strength=float(draw.random()))
        assert score.melody.is_monophonic
        assert 1 <= score.note_count <= count
