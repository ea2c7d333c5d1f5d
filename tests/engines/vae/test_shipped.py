"""The shipped autoencoders: what comes back, variations in order, the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core import cli
from core.analysis.edit_distance import note_distance
from core.engines.lstm.leadsheet import MODES
from core.engines.obey import violations
from core.engines.vae.attributes import steer
from core.engines.vae.counting import COUNTED
from core.engines.vae.engine import VaeEngine
from core.engines.vae.grid import METRES
from core.engines.vae.morph import STEPS
from core.engines.vae.restyle import restyle
from core.engines.vae.vary import vary
from core.errors import RequestError
from core.score import Note, Score, Track
from core.score.abc_reader import read_abc
from core.score.files import read_score, write_score


@pytest.fixture(scope="module")
def engine() -> VaeEngine:
    return VaeEngine("cpu")


@pytest.fixture(scope="module")
def jig() -> Score:
    tune = "|:dcd A2F|GFG E2A|dcd A2F|GEC D3|faf ded|cAc e2f|gfe dcd|ecA d3:|"
    return read_abc(f"X:1\nT:Jig\nM:6/8\nL:1/8\nK:D\n{tune}\n", unfold=False)


def line(score: Score) -> list[tuple[int, int, int]]:
    return [(note.start, note.pitch, note.duration) for note in score.melody.notes]


def test_a_piece_comes_back(engine: VaeEngine, jig: Score, reel: Score) -> None:
    """Decoded from where it lies, nothing pulled, hardly a note differs."""
    for piece in (jig, reel):
        placed = engine.place(piece)
        made = steer(engine.load(16, False), placed, {"density": 1e-9})
        assert note_distance(placed.piece.seed, made) < 0.25


def test_variations_go_from_near_to_far(engine: VaeEngine, jig: Score) -> None:
    near, far = (vary(engine, jig, strength=strength, takes=3).ordered for strength in (0.1, 0.9))
    for ordered in (near, far):
        assert [one.distance for one in ordered] == sorted(one.distance for one in ordered)
        assert all(violations(one.take) == [] for one in ordered)
    assert near[-1].distance < far[0].distance


@pytest.mark.parametrize("metre", METRES)
@pytest.mark.parametrize("mode", MODES)
def test_a_piece_is_varied_in_its_own_metre_and_mode(engine: VaeEngine, metre: str, mode: str) -> None:
    beats, unit = map(int, metre.split("/"))
    bar = "DFAd"[: 4 if beats % 3 else 3] * 8
    score = read_abc(f"X:1\nM:{metre}\nL:1/{unit}\nK:D {mode}\n" + f"{bar[:beats]}|" * 4 + f"D{beats}|]\n")
    (one,) = vary(engine, score, strength=0.4, takes=1).ordered
    assert str(one.take.score.metres[0]) == metre
    assert one.take.score.key is not None
    assert (one.take.score.key.tonic, one.take.score.key.mode) == (2, mode)


def test_the_same_number_gives_the_same_variations(engine: VaeEngine, jig: Score) -> None:
    one, again = (vary(engine, jig, strength=0.5, takes=2, random_seed=4).ordered for _ in range(2))
    assert [v.take.score for v in one] == [v.take.score for v in again]


def test_a_morph_leaves_one_end_and_comes_to_the_other(engine: VaeEngine, reel: Score) -> None:
    other = vary(engine, reel, strength=1.0, takes=1).ordered[0].take.score
    steps = engine.morph(reel, other).steps(STEPS[1])
    away = [note_distance(reel, step.score) for step in steps]
    assert away[0] == 0
    assert away[1] < away[-1] / 2 + 0.05
    assert steps[-1].score is other


def test_more_density_is_more_notes(engine: VaeEngine, jig: Score) -> None:
    placed, loaded = engine.place(jig), engine.load(16, False)
    few, many = (len(steer(loaded, placed, {"density": amount}).melody.notes) for amount in (-1.0, 1.0))
    assert few < len(jig.melody.notes) < many


def test_every_slider_is_in_both_weight_sets(engine: VaeEngine) -> None:
    for free_only in (False, True):
        assert set(engine.load(16, free_only).config["directions"]) == set(COUNTED)


def test_another_style_is_another_piece(engine: VaeEngine, reel: Score) -> None:
    made = restyle(engine.load(16, True), engine.place(reel, "irish-reel", free_only=True), {"hymn": 1.0})
    assert note_distance(reel, made) > 0.2
    assert made.keys == reel.keys


def test_a_variation_must_be_within_reason(engine: VaeEngine, reel: Score) -> None:
    with pytest.raises(RequestError):
        vary(engine, reel, strength=1.5)


def test_vary_on_the_command_line(tmp_path: Path, jig: Score, capsys: pytest.CaptureFixture[str]) -> None:
    chords = replace(jig, tracks=(replace(jig.tracks[0], notes=(*jig.tracks[0].notes, Note(0, 45, 480))),))
    source = tmp_path / "jig.mid"
    source.write_bytes(write_score(chords, ".mid"))
    assert cli.main(["vary", str(source), "--strength", "0.3", "--takes", "2", "--out", str(tmp_path / "out")]) == 0
    assert "highest line" in capsys.readouterr().err
    facts = json.loads((tmp_path / "out" / "takes.json").read_text())
    apart = [take["distance"] for take in facts["takes"]]
    assert apart == sorted(apart)
    assert facts["request"]["strength"] == 0.3
    for take in facts["takes"]:
        score = read_score((tmp_path / "out" / take["file"]).read_bytes(), take["file"])
        assert note_distance(jig, score) == pytest.approx(take["distance"], abs=1e-3)


def test_morph_on_the_command_line(tmp_path: Path, jig: Score, reel: Score, capsys: pytest.CaptureFixture[str]) -> None:
    for name, score in (("a", jig), ("b", reel)):
        (tmp_path / f"{name}.mid").write_bytes(write_score(score, ".mid"))
    out = tmp_path / "out"
    assert cli.main(["morph", str(tmp_path / "a.mid"), str(tmp_path / "b.mid"), "--steps", "4", "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert "different metres" in said.err
    assert "different keys" in said.err
    files = sorted(path.name for path in out.iterdir())
    assert files == ["all.mid", "step-01.mid", "step-02.mid", "step-03.mid", "step-04.mid", "steps.json"]
    first = read_score((out / "step-01.mid").read_bytes(), "step-01.mid")
    assert line(first) == line(jig)
    assert [row["share"] for row in json.loads((out / "steps.json").read_text())] == [0, 0.3333, 0.6667, 1]


def test_drums_alone_are_refused_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "drums.mid").write_bytes(write_score(Score(tracks=(Track((Note(0, 36, 480),), is_drum=True),)), ".mid"))
    assert cli.main(["vary", str(tmp_path / "drums.mid"), "--out", str(tmp_path / "out")]) == 2
    assert "at least one pitched note" in capsys.readouterr().err
