from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from core.audio.evaluation import onset_examples, train_onsets
from core.audio.evaluation.hummed import hum
from core.audio.evaluation.melodies import UNHEARD
from core.audio.evaluation.onset_examples import LEARNED, Labelled, labelled, prepared
from core.audio.evaluation.train_onsets import OnsetTask
from core.audio.hearing import Heard
from core.audio.notes import heard_notes
from core.audio.onset_features import SIZE, features
from core.audio.onset_net import OnsetNet, logits
from core.audio.pitch import FRAME_S, RATE_HEARD, Track
from core.score import Note, Score
from core.score import Track as Line

UNEVEN = slice(54, 60)


def tracked(sound: np.ndarray, pitch: float) -> Track:
    moments = len(sound) // 128
    return Track(np.full(moments, pitch), np.ones(moments), np.full(moments, -10.0), sound.astype(np.float32))


def harmonics(seconds: float, turns: float = 0.0) -> np.ndarray:
    """Three harmonics of 440 Hz; from the middle on their phases are moved by `turns` of a turn."""
    time = np.arange(int(seconds * RATE_HEARD)) / RATE_HEARD
    phase = 2 * np.pi * (440 * time + turns * (time >= seconds / 2))
    return 0.2 * sum(np.sin(number * phase) for number in (1, 2, 3))


def test_a_new_sound_in_the_same_pitch_is_seen_in_the_phases() -> None:
    middle = 62
    steady, again = (features(tracked(harmonics(1, turns), 69))[:, UNEVEN] for turns in (0, 0.37))
    assert np.abs(steady[10:-10, :3]).max() < 0.01
    assert np.abs(again[middle - 4 : middle + 5, :3]).max() > 0.1
    assert np.abs(again[10 : middle - 10, :3]).max() < 0.01


def test_features_do_not_depend_on_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = np.random.default_rng(0).normal(0, 0.1, RATE_HEARD)
    whole = features(tracked(sound, 60))
    monkeypatch.setattr("core.audio.onset_features._BLOCK", 37)
    assert whole.shape == (125, SIZE)
    np.testing.assert_allclose(features(tracked(sound, 60)), whole, atol=1e-5)


def test_logits_do_not_depend_on_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    net, seen = OnsetNet().eval(), np.random.default_rng(0).normal(0, 1, (400, SIZE)).astype(np.float32)
    whole = logits(net, seen)
    monkeypatch.setattr("core.audio.onset_net._BLOCK", 150)
    np.testing.assert_allclose(logits(net, seen), whole, atol=1e-4)


def test_moments_far_away_change_nothing() -> None:
    torch.manual_seed(0)
    net, seen = OnsetNet().eval(), np.zeros((300, SIZE), np.float32)
    other = seen.copy()
    other[150 + net.reach + 1 :] = 5
    assert logits(net, other)[150] == pytest.approx(logits(net, seen)[150], abs=1e-5)
    assert logits(net, other)[151 + net.reach] != pytest.approx(logits(net, seen)[151 + net.reach], abs=1e-5)


def heard(pitches: list[float], starts: list[int], moments: int, odds: float = 3.0) -> Heard:
    """Notes that follow each other without a gap, with a network that is sure of `starts`."""
    begins = np.full(moments, -8.0)
    pitch = np.full(moments, pitches[0])
    for start, one in zip(starts, pitches, strict=True):
        begins[start] = odds
        pitch[start:] = one
    near = np.maximum.reduce([np.roll(begins, by) for by in range(-5, 6)])
    return Heard(pitch, np.full(moments, 0.95), np.full(moments, -10.0), np.zeros(moments * 128, np.float32), begins, near)


def test_a_note_again_begins_where_the_network_says() -> None:
    notes = heard_notes(heard([60, 60, 62], [20, 70, 120], 200))
    assert [note.pitch for note in notes] == [60, 60, 62]
    assert [note.start for note in notes] == pytest.approx([0.16, 0.56, 0.96], abs=0.001)
    assert [note.end for note in notes] == pytest.approx([0.56, 0.96, 1.6], abs=0.01)


def test_what_the_network_does_not_believe_in_is_no_note() -> None:
    assert [note.pitch for note in heard_notes(heard([60, 60], [20, 70], 200, -4.0))][1:] == []


def test_a_note_may_last_longer_than_one_looks_ahead() -> None:
    notes = heard_notes(heard([60, 64], [20, 3_000], 3_200))
    assert [note.pitch for note in notes] == [60, 64]
    assert [note.start for note in notes] == pytest.approx([0.16, 24], abs=0.001)


def test_a_long_silence_between_notes_is_kept() -> None:
    one = heard([60, 64], [20, 3_000], 3_200)
    one.voiced[120:3_000], one.level[120:3_000] = 0.0, -80.0
    first, second = heard_notes(one)
    assert first.end == pytest.approx(0.96, abs=0.05)
    assert second.start == pytest.approx(24, abs=0.001)


def test_examples_say_where_notes_begin_and_sound() -> None:
    found = labelled(tracked(harmonics(1), 69), np.array([[0.2, 0.5], [0.5, 0.9]]))
    begins, sounds = found.truth.T
    assert set(np.flatnonzero(begins > 0.9)) == {25, 62, 63}
    assert sounds.sum() * FRAME_S == pytest.approx(0.7, abs=0.02)


def test_hums_begin_where_they_say() -> None:
    spans = np.array([[0.3, 0.7], [0.7, 1.0], [1.3, 1.8]])
    for seed in range(5):
        sound = hum(spans, np.array([60, 60, 64]), np.random.default_rng(seed))
        assert np.isfinite(sound).all()
        assert np.abs(sound[: int(0.3 * 22_050)]).max() < 0.01 < np.abs(sound[int(0.35 * 22_050) : int(0.5 * 22_050)]).max()


def test_programs_held_out_are_not_learned_from() -> None:
    assert not set(UNHEARD.values()) & set(LEARNED)
    assert {0, 40, 53, 73} < set(LEARNED)


def test_examples_are_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    score = Score((Line(tuple(Note(240 * at, 60 + at % 3, 240) for at in range(8))),))
    first = prepared([("a/1", score)], "hummed", 0, tmp_path, onset_examples.hummed)
    monkeypatch.setattr(onset_examples, "_one", None)
    again = prepared([("a/1", score)], "hummed", 0, tmp_path, onset_examples.hummed)
    np.testing.assert_array_equal(again[0].seen, first[0].seen)


def test_training_learns(monkeypatch: pytest.MonkeyPatch) -> None:
    window = 96
    monkeypatch.setattr(train_onsets, "WINDOW", window)
    draw = np.random.default_rng(0)
    examples = []
    for _ in range(16):
        seen, truth = draw.normal(0, 0.1, (window + 50, SIZE)), np.zeros((window + 50, 2))
        for start in range(20, window, 40):
            seen[start, 0], truth[start, 0] = 2, 1
        examples.append(Labelled(seen.astype(np.float16), truth.astype(np.float16)))
    task = OnsetTask(examples, examples[:2], seed=0)
    assert task.batch_count() == len(list(task.batches(0))) == 1
    before = task.validate(task.net.eval())["nll"]
    optimizer = torch.optim.Adam(task.net.parameters(), 0.02)
    task.net.train()
    for epoch in range(5):
        for batch in task.batches(epoch):
            optimizer.zero_grad()
            task.loss(task.net, batch).backward()
            optimizer.step()
    assert task.validate(task.net.eval())["nll"] < before / 2
