from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engines.protocol import Request, Take
from core.engines.request_io import (
    from_json,
    key_text,
    parse_key,
    parse_metre,
    parse_pitch,
    parse_range,
    pitch_text,
    range_text,
    stamped,
    to_json,
)
from core.errors import FormatError, RequestError
from core.score import MODES, Metre, Note, Score, Track
from core.score.stamp import STAMP

SEED = Score((Track((Note(0, 60, 480), Note(480, 62, 480))),))


@pytest.mark.parametrize(
    ("text", "key"),
    [("D", (2, None)), ("bb", (10, None)), ("F#", (6, None)), ("F# minor", (6, "minor")), ("Em", (4, "minor")), ("B", (11, None)),
     ("Cb", (11, None)), ("A dorian", (9, "dorian")), ("B♭ Major", (10, "major")), ("Gmix", (7, "mixolydian")),
     ("B#", (0, None))],
)
def test_keys(text: str, key: tuple[int, str | None]) -> None:
    assert parse_key(text) == key


@pytest.mark.parametrize("text", ["", "H", "D sharp", "C##", "major", "1", "D minor7", "Dx"])
def test_no_keys(text: str) -> None:
    with pytest.raises(RequestError, match="A key is"):
        parse_key(text)


@given(st.integers(0, 11), st.sampled_from(sorted(MODES)))
def test_key_text_is_read_back(tonic: int, mode: str) -> None:
    assert parse_key(key_text(tonic, mode)) == (tonic, mode)


def test_metres() -> None:
    assert parse_metre(" 6 / 8 ") == Metre(0, 6, 8)
    assert parse_metre("C|") == Metre(0, 2, 2)
    for text in ("", "6", "0/0", "255/1024", "6/7", "-3/4", "３/４", "4/4/4"):
        with pytest.raises(RequestError, match="A metre is"):
            parse_metre(text)


@given(st.integers(0, 127))
def test_pitches_are_read_back(pitch: int) -> None:
    assert parse_pitch(pitch_text(pitch)) == pitch


def test_ranges() -> None:
    assert parse_range("C4-A5") == (60, 81)
    assert parse_range("c-1-g9") == (0, 127)
    assert parse_range("Bb3 – F#5") == (58, 78)
    assert range_text((60, 81)) == "C4-A5"
    for text in ("", "C4", "A5-C4", "C4-Z5", "60-81", "C4-G10"):
        with pytest.raises(RequestError):
            parse_range(text)


requests = st.builds(
    Request,
    style=st.text(max_size=10),
    style2=st.none() | st.just("pop"),
    mix=st.floats(0, 1),
    tonic=st.none() | st.integers(0, 11),
    mode=st.none() | st.sampled_from(sorted(MODES)),
    metre=st.none() | st.just(Metre(0, 9, 8)),
    tempo=st.none() | st.floats(20, 300),
    bars=st.integers(1, 128),
    pitch_range=st.none() | st.just((60, 81)),
    program=st.none() | st.integers(0, 127),
    free_only=st.booleans(),
    how=st.sampled_from(["continue", "answer", "vary", "harmonise"]),
    with_seed=st.booleans(),
    pickup=st.booleans(),
)


@given(requests)
def test_requests_go_through_json(request: Request) -> None:
    assert from_json(json.loads(json.dumps(to_json(request)))) == request


def test_seed_goes_through_json() -> None:
    back = from_json(json.loads(json.dumps(to_json(Request("pop", seed=SEED)))))
    assert back.seed
    assert back.seed.tracks[0].notes == SEED.tracks[0].notes


@pytest.mark.parametrize(
    "values",
    [{}, {"style": "pop", "colour": "red"}, {"style": 3}, {"style": None},
     {"style": "pop", "bars": "16"}, {"style": "pop", "bars": True}, {"style": "pop", "bars": None},
     {"style": "pop", "mix": "half"}, {"style": "pop", "pitch_range": [60]},
     {"style": "pop", "pitch_range": [60, "81"]}, {"style": "pop", "metre": "6"}, {"style": "pop", "free_only": 1}],
)
def test_broken_requests(values: dict[str, object]) -> None:
    with pytest.raises(RequestError):
        from_json(values)


@pytest.mark.parametrize("seed", ["***", "AAAA", 7])
def test_broken_seeds(seed: object) -> None:
    with pytest.raises(FormatError):
        from_json({"style": "pop", "seed": seed})


def test_stamp_tells_how_and_stays_equal() -> None:
    take = Take(SEED, Request("pop", seed=SEED, random_seed=7), 1, "abcd", 0.5)
    score = stamped(take)
    facts = json.loads(score.texts[-1].removeprefix(STAMP))
    assert (facts["take"], facts["random_seed"], facts["weights"], facts["request"]["style"]) == (2, 7, "abcd", "pop")
    assert len(facts["request"]["seed_sha256"]) == 64
    assert stamped(replace(take, seconds=9.0, score=score)).texts == score.texts
