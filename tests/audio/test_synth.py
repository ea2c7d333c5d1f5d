from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.audio import synth
from core.audio.fluid import RATE, load_library
from core.audio.loudness import Samples
from core.audio.soundfonts import Soundfont
from core.audio.synth import render
from core.errors import Cancelled, LimitError, SoundMissingError
from core.score import Note, Score, Tempo, Track
from core.score.clock import Clock


def tune(*pitches: int, **track: object) -> Track:
    return Track(tuple(Note(index * 480, pitch, 440) for index, pitch in enumerate(pitches)), **track)  # type: ignore[arg-type]


def energy(samples: Samples) -> float:
    return float(np.square(samples.astype(np.float64)).sum())


SCORE = Score((tune(60, 64, 67, program=40), tune(48, 43, 36, program=48), tune(36, 38, 42, is_drum=True)))


def test_shape_length_and_sound(font: Soundfont) -> None:
    samples = render(SCORE, font)
    assert samples.dtype == np.float32
    assert samples.shape[1] == 2
    assert len(samples) >= 2.0 * RATE  # one bar of four quarters at 120
    assert len(samples) <= 4.1 * RATE
    assert energy(samples) > 1


def test_same_score_gives_the_same_samples_whatever_was_played_before(font: Soundfont) -> None:
    first = render(SCORE, font)
    render(Score((tune(90, 91, 92, 93, program=80),)), font)
    assert np.array_equal(first, render(SCORE, font))


def test_threads_do_not_disturb_each_other(font: Soundfont) -> None:
    scores = [SCORE, Score((tune(72, 74, program=73),))] * 2
    alone = [render(score, font) for score in scores]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda score: render(score, font), scores))
    assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))


def test_notes_sound_when_the_clock_says(font: Soundfont) -> None:
    score = Score((Track((Note(960, 60, 480),)),), tempos=(Tempo(0, 60.0),))  # two quarters at 60: two seconds in
    loud = np.abs(render(score, font)).max(axis=1) > 1e-3
    assert float(np.argmax(loud)) / RATE == pytest.approx(2.0, abs=0.02)


def test_notes_are_dealt_whole_and_evenly() -> None:
    drums = Track(tuple(Note(i * 120, (42, 46)[i % 2], 60) for i in range(32)), is_drum=True)
    chords = Track(tuple(Note(i * 960, pitch, 960) for i in range(16) for pitch in (60, 64, 67)), program=48)
    lanes = synth._deal([chords, drums], Clock(Score().tempos), lambda program, is_drum, pitch: (1.0, 0.1))
    assert sum(len(track.notes) for lane in lanes for track in lane) == 32 + 48
    assert sum(track.is_drum for lane in lanes for track in lane) == 1
    pitches = [{note.pitch for track in lane if not track.is_drum for note in track.notes} for lane in lanes]
    assert not pitches[0] & pitches[1]
    assert all(pitches)


def test_lanes_are_dealt_by_how_long_an_instrument_rings_on() -> None:
    def work(program: int, is_drum: bool, pitch: int) -> tuple[float, float]:
        return (5.0, 11.5) if program == 48 else (1.0, 0.2)

    strings = Track(tuple(Note(i * 960, pitch, 960) for i in range(16) for pitch in (60, 64, 67, 72)), program=48)
    piano = Track(tuple(Note(i * 240, 48 + i % 24, 240) for i in range(240)))
    lanes = synth._deal([strings, piano], Clock(Score().tempos), work)
    ringing = [sum(len(track.notes) for track in lane if track.program == 48) for lane in lanes]
    assert ringing == [32, 32]


def test_an_instruments_work_is_what_the_synthesizer_computes(font: Soundfont) -> None:
    loaded, *_ = synth.load(font)
    held, ringing = loaded.work(48, False, 60)
    short_held, short_ringing = loaded.work(33, False, 36)
    assert held >= short_held >= 1  # strings in several voices, a bass in one
    assert ringing > 4 * short_ringing > 0
    assert loaded.work(48, False, 60) == (held, ringing)


def test_a_note_inside_an_equal_one_does_not_cut_it_short(font: Soundfont) -> None:
    organ = Track((Note(0, 60, 3840), Note(480, 60, 240)), program=19)
    samples = render(Score((organ,)), font)
    assert energy(samples[int(3.0 * RATE) : int(3.5 * RATE)]) > 1


def test_muted_tracks_are_silent(font: Soundfont) -> None:
    quiet = Score(tuple(replace(track, muted=True) for track in SCORE.tracks))
    assert not np.any(render(quiet, font))


def test_volume_and_pan(font: Soundfont) -> None:
    def one(**changes: int) -> Samples:
        return render(Score((replace(tune(60, 64), **changes),)), font)

    assert energy(one(volume=40)) < energy(one(volume=100)) / 4
    left, right = one(pan=0), one(pan=127)
    assert energy(left[:, 0]) > 4 * energy(left[:, 1])
    assert energy(right[:, 1]) > 4 * energy(right[:, 0])


def test_programs_and_drums_sound_different(font: Soundfont) -> None:
    sounds = [render(Score((tune(40, program=p, is_drum=d),)), font)[:RATE] for p, d in ((0, False), (73, False), (0, True))]
    assert not np.allclose(sounds[0], sounds[1], atol=1e-3)
    assert not np.allclose(sounds[0], sounds[2], atol=1e-3)


def test_unknown_drum_kit_falls_back_to_the_standard_one(font: Soundfont) -> None:
    odd, standard = (render(Score((tune(36, 38, program=p, is_drum=True),)), font) for p in (127, 0))
    assert np.array_equal(odd, standard)


def test_more_than_fifteen_pitched_tracks_keep_their_programs(font: Soundfont) -> None:
    tracks = tuple(replace(tune(40 + i), program=i, volume=127 if i == 19 else 0) for i in range(40))
    loud = render(Score(tracks), font)
    assert energy(loud) > 0.5 * energy(render(Score((tracks[19],)), font))


def test_progress_rises_to_the_end_and_can_cancel(font: Soundfont) -> None:
    seen: list[tuple[int, int]] = []
    samples = render(SCORE, font, lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1] >= len(samples)

    def stop(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        render(SCORE, font, stop)
    assert np.array_equal(samples, render(SCORE, font))


def test_empty_score_is_a_silent_bar(font: Soundfont) -> None:
    samples = render(Score(), font)
    assert len(samples) == 2 * RATE
    assert not np.any(samples)


def test_limits(font: Soundfont) -> None:
    with pytest.raises(LimitError, match="20 minutes"):
        render(Score((Track((Note(480 * 60 * 40, 60, 480),)),), tempos=(Tempo(0, 60.0),)), font)
    with pytest.raises(LimitError, match="256 tracks"):
        render(Score(tuple(tune(60) for _ in range(257))), font)


def test_unreadable_soundfonts(tmp_path: Path) -> None:
    broken = tmp_path / "broken.sf2"
    broken.write_bytes(b"RIFF\x10\x00\x00\x00sfbk" + bytes(64))
    with pytest.raises(SoundMissingError, match="could not be loaded"):
        render(SCORE, Soundfont("broken", broken, "project"))
    with pytest.raises(SoundMissingError, match="cannot be read"):
        render(SCORE, Soundfont("gone", tmp_path / "gone.sf2", "project"))


def test_soundfonts_used_longest_ago_are_let_go(font: Soundfont, tmp_path: Path) -> None:
    synth.clear()
    for index in range(4):
        copy = tmp_path / f"copy{index}.sf2"
        copy.write_bytes(font.path.read_bytes())
        render(Score((tune(60),)), Soundfont(copy.stem, copy, "project"))
    assert [Path(path).stem for path, _ in synth._fonts] == ["copy1", "copy2", "copy3"]
    synth.clear()
    assert energy(render(SCORE, font)) > 1


def test_missing_library_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fluidsynth", None)
    with pytest.raises(SoundMissingError, match="apt-get install fluidsynth"):
        load_library()
