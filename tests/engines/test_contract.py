"""What every engine must do, with the weights that are shipped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.engines.obey import violations
from core.engines.protocol import Engine, Request
from core.engines.registry import ENGINES, get
from core.engines.request_io import stamped
from core.errors import Cancelled, RequestError
from core.score import Metre, Score
from core.score.abc_reader import read_abc
from core.score.midi import read_midi, write_midi

SEED = "X:1\nT:Seed\nM:4/4\nL:1/8\nK:G\n|:GABc d2B2|c2A2 d4|e2d2 c2B2|A4 G4:|\n"


@pytest.fixture(scope="module", params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> Engine:
    return get(request.param, "cpu")


def _styles(engine: Engine, wanted: str = "") -> list[str]:
    return [style.id for style in engine.styles() if wanted in style.metres or not wanted]


LEAST_STYLES = {"gan": 6}
"""Engines whose styles are bands; the others write in the styles of melodies."""


def test_styles_say_what_they_can_be_asked_for(engine: Engine) -> None:
    styles = engine.styles()
    assert len(styles) >= LEAST_STYLES.get(engine.id, 12)
    assert len({style.id for style in styles}) == len(styles)
    assert all(style.metres and style.modes and style.description and style.description_zh for style in styles)


def test_free_styles_are_some_of_all(engine: Engine) -> None:
    free = {style.id for style in engine.styles(free_only=True)}
    every = {style.id for style in engine.styles()}
    assert free <= every if engine.id in LEAST_STYLES else free < every
    assert len(free) >= 5


def test_every_style_obeys_its_usual_request(engine: Engine) -> None:
    for style in engine.styles():
        request = Request(style.id, bars=4, takes=2, random_seed=5)
        takes = engine.compose(request)
        assert len(takes) == 2
        for take in takes:
            assert violations(take, read_midi(write_midi(take.score))) == [], style.id


def test_takes_differ(engine: Engine) -> None:
    first, second = engine.compose(Request(_styles(engine)[0], bars=8, takes=2))
    assert first.score.melody.notes != second.score.melody.notes


def test_the_same_request_gives_the_same_bytes(engine: Engine) -> None:
    request = Request(_styles(engine)[0], bars=8, takes=2, random_seed=11)
    first, again = ([write_midi(stamped(take)) for take in get(engine.id, "cpu").compose(request)] for _ in range(2))
    assert first == again


def test_another_random_seed_gives_another_piece(engine: Engine) -> None:
    pieces = [engine.compose(Request(_styles(engine)[0], bars=8, takes=1, random_seed=n))[0].score for n in (1, 2)]
    assert pieces[0].melody.notes != pieces[1].melody.notes


@pytest.mark.parametrize("how", ["continue", "answer", "vary", "harmonise"])
@pytest.mark.parametrize("with_seed", [True, False])
def test_seeds_are_kept_or_left_out(engine: Engine, how: str, with_seed: bool) -> None:
    style = next(s for s in _styles(engine, "4/4") if s != "chorale")
    request = Request(style, seed=_seed(), how=how, with_seed=with_seed, bars=4, takes=2)  # type: ignore[arg-type]
    for take in engine.compose(request):
        assert violations(take) == []


def test_a_seed_moves_to_the_key_that_is_asked_for(engine: Engine) -> None:
    style = next(s for s in _styles(engine, "4/4") if s != "chorale")
    take = engine.compose(Request(style, seed=_seed(), tonic=2, takes=1, bars=2))[0]
    moved = [note.pitch for note in take.score.melody.notes][:4]
    assert [b - a for a, b in zip([67, 69, 71, 72], moved, strict=True)] == [-5] * 4
    assert violations(take) == []


def test_another_metre_than_the_seeds_is_refused(engine: Engine) -> None:
    with pytest.raises(RequestError, match="metre of the seed"):
        engine.resolve(Request(_styles(engine, "4/4")[0], seed=_seed(), metre=Metre(0, 3, 4)))


def test_progress_runs_to_the_end_and_cancels(engine: Engine) -> None:
    seen: list[tuple[int, int]] = []
    engine.compose(Request(_styles(engine)[0], bars=4, takes=1), lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] == 4
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)

    def stop(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        engine.compose(Request(_styles(engine)[0], bars=4), stop)


SINGING = ("lstm",)
"""Engines that set words to music."""


def test_words_are_sung_or_refused(engine: Engine) -> None:
    """Never left out in silence."""
    style = next(style.id for style in engine.styles() if style.id != "chorale")
    asked = Request(style, engine=engine.id, words="Sing to me", takes=1)
    if engine.id not in SINGING:
        with pytest.raises(RequestError, match="engine"):
            engine.compose(asked)
        return
    (take,) = engine.compose(asked)
    assert [lyric.text for lyric in take.score.melody.lyrics] == ["Sing", "to", "me"]


@pytest.mark.parametrize("change", [
    {"style": "no-such-style"}, {"bars": 0}, {"bars": 10_000}, {"takes": 0}, {"takes": 99}, {"temperature": 0.0},
    {"top_p": 0.0}, {"tempo": 5}, {"tempo": float("nan")}, {"mode": "locrian"}, {"metre": Metre(0, 11, 8)}, {"tonic": 12},
    {"mix": 1.5}, {"pitch_range": (60, 61)}, {"pitch_range": (80, 60)}, {"program": 200}, {"random_seed": -1},
    {"how": "harmonise"}, {"how": "dance"}, {"style2": "no-such-style", "mix": 0.5},
])
def test_absurd_requests_are_refused(engine: Engine, change: dict[str, object]) -> None:
    with pytest.raises(RequestError):
        engine.compose(replace(Request(_styles(engine)[0]), **change))  # type: ignore[arg-type]


def test_every_request_resolves_to_itself(engine: Engine) -> None:
    for style in engine.styles():
        resolved = engine.resolve(Request(style.id))
        assert engine.resolve(resolved) == resolved


def _seed() -> Score:
    return read_abc(SEED, unfold=False)
