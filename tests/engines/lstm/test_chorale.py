"""Chorales obey with any network, and frames keep the notes."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.engines.lstm import chorale_task, compose_chorale
from core.engines.lstm.chorale import VOICES, decode, encode
from core.engines.lstm.leadsheet import parse_metre
from core.engines.obey import violations
from core.engines.protocol import Request, Take, no_progress
from core.score import Key, Note, Score, Track
from core.weights import Weights


def _untrained() -> Weights:
    torch.manual_seed(5)
    net = chorale_task.build(embed=16, hidden=16, layers=1).eval()
    return Weights("w", dict(net.state_dict()), {}, "0")


UNTRAINED = _untrained()


def _request(metre: str, mode: str, tonic: int, bars: int, number: int, **more: object) -> Request:
    return Request("chorale", metre=parse_metre(metre), mode=mode, tonic=tonic, bars=bars, takes=1, random_seed=number,
                   pitch_range=(59, 81), program=19, tempo=80, top_p=1.0, **more)  # type: ignore[arg-type]


def _take(request: Request) -> Take:
    (score, new_from), *_ = compose_chorale.compose(request, UNTRAINED, no_progress)
    return Take(score, request, 0, "0", 0.0, new_from)


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(("4/4", "3/4")), st.sampled_from(("major", "minor")), st.integers(0, 11), st.integers(1, 4),
       st.integers(0, 999), st.sampled_from(("continue", "harmonise")), st.booleans())
def test_any_network_obeys(metre: str, mode: str, tonic: int, bars: int, number: int, how: str, with_seed: bool) -> None:
    first = _take(_request(metre, mode, tonic, bars, number))
    assert violations(first) == []
    assert [track.name for track in first.score.tracks] == list(VOICES)
    seed = Score((first.score.tracks[0],), metres=first.score.metres, keys=first.score.keys, tempos=first.score.tempos)
    second = _take(_request(metre, mode, tonic, bars, number, seed=seed, how=how, with_seed=with_seed))
    assert violations(second) == []


def test_voices_do_not_cross_the_soprano_and_the_bass_ends_on_the_tonic() -> None:
    score = _take(_request("4/4", "major", 7, 4, 1)).score
    assert score.tracks[3].notes[-1].pitch % 12 == 7
    for tick in range(0, score.end, 240):
        sounding = [next((n.pitch for n in t.notes if n.start <= tick < n.end), None) for t in score.tracks]
        pitches = [pitch for pitch in sounding if pitch is not None]
        assert pitches[0] == max(pitches)


@pytest.mark.parametrize("tonic", range(12))
def test_frames_keep_the_notes(tonic: int) -> None:
    voices = ((67, 69, 71), (62, 62, 64), (59, 57, 55), (43, 50, 48))
    tracks = tuple(Track(tuple(Note(i * 480, p + tonic, 480, 74) for i, p in enumerate(line)), VOICES[v])
                   for v, line in enumerate(voices))
    score = Score(tracks, keys=(Key(0, (7 + tonic) % 12),))
    back = decode(encode(score), tonic=(7 + tonic) % 12, tempo=120, program=0)
    assert [[(n.start, n.pitch, n.duration) for n in t.notes] for t in back.tracks] == [
        [(n.start, n.pitch, n.duration) for n in t.notes] for t in score.tracks]
