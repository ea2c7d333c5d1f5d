from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from core import cli
from core.audio import features as audio
from core.audio.fluid import RATE
from core.audio.synth import render
from core.corpora.catalogue import load
from core.errors import DataMissingError, FormatError, RequestError
from core.score import Tempo
from core.score.files import write_score
from core.taste import recordings_fit
from core.taste.describe import NUMBERS
from core.taste.features import ASSET, FeatureTable, load_table
from core.taste.recordings import WEIGHTS, AudioMapping, describe_recording, learn, load_mapping, save_mapping
from core.taste.recordings_fit import excerpt, fit
from core.taste.similar import describe_file, nearest

FAST, SLOW = "oneill/1176-1275/1180", "essen/han1/6"


@pytest.fixture(scope="module")
def table() -> FeatureTable:
    return load_table(ASSET)


def wav(ident: str, bpm: float, program: int = 73) -> bytes:
    file = io.BytesIO()
    score = replace(load(ident), tempos=(Tempo(0, bpm),))
    soundfile.write(file, render(excerpt(score, 12, program)), RATE, format="WAV")
    return file.getvalue()


@pytest.fixture(scope="module")
def fast() -> bytes:
    return wav(FAST, 200)


def test_a_recording_is_placed_among_its_like(table: FeatureTable, fast: bytes) -> None:
    quick, calm = describe_recording(fast, "a.wav"), describe_recording(wav(SLOW, 80), "b.wav")
    assert quick.words[:2] == ("", "upload")
    assert quick.number("energy") > 0.7 > 0.6 > calm.number("energy")
    energy = table.number("energy")
    found = [table.rows[ident] for ident, _ in nearest(table, quick, 50)]
    assert energy[found].mean() > energy.mean() + 0.2


def test_the_card_states_what_was_measured() -> None:
    card = WEIGHTS.with_suffix(".md").read_text(encoding="utf-8")
    assert "songloom catalogue audio" in card
    assert "correlation of energy" in card


def test_learning_recovers_a_linear_law(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    features = random.normal(size=(300, len(audio.FEATURES))).astype(np.float32)
    law = random.normal(size=(len(audio.FEATURES), len(NUMBERS))).astype(np.float32) / 10
    numbers = features @ law + 3
    mapping, _ = learn(features[:200], numbers[:200], numbers.mean(0), numbers.std(0))
    at = NUMBERS.index("register")
    guessed = [mapping.describe(row).numbers[at] for row in features[200:]]
    assert np.corrcoef(guessed, numbers[200:, at])[0, 1] > 0.95
    save_mapping(mapping, tmp_path / "m.safetensors")
    again = load_mapping(tmp_path / "m.safetensors")
    assert again.describe(features[0]).numbers == pytest.approx(mapping.describe(features[0]).numbers)


def test_missing_and_broken_mappings_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match="songloom catalogue audio"):
        load_mapping(tmp_path / "none")
    (tmp_path / "m").write_bytes(WEIGHTS.read_bytes()[:500])
    with pytest.raises(FormatError, match="cannot be read"):
        load_mapping(tmp_path / "m")
    (tmp_path / "m").write_bytes(ASSET.read_bytes())
    with pytest.raises(FormatError):
        load_mapping(tmp_path / "m")


def test_axes_stay_within_bounds_for_odd_sounds() -> None:
    mapping = load_mapping()
    for value in (-1e6, 0.0, 1e6):
        described = mapping.describe(np.full(len(audio.FEATURES), value, np.float32))
        assert np.isfinite(described.numbers).all()
        assert 0 <= described.number("energy") <= 1


def test_fit_measures_on_tunes_it_did_not_learn_from(table: FeatureTable, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def heard(ident: str, style: str, program: int) -> np.ndarray:
        seen.append(ident)
        return np.resize(table.description(ident).numbers, len(audio.FEATURES))

    monkeypatch.setattr(recordings_fit, "rendered_features", heard)
    mapping, report = fit(table, 60, 20, progress=lambda done, total: None)
    assert isinstance(mapping, AudioMapping)
    assert len(set(seen)) == 80
    assert (report.train, report.test) == (60, 20)
    assert 1 <= report.median_rank <= len(table)


def test_similar_finds_a_tune_by_its_own_file(table: FeatureTable, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tune.mid"
    path.write_bytes(write_score(load(FAST, unfold=False), ".mid"))
    assert cli.main(["catalogue", "similar", str(path), "-k", "20", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 20
    assert [row["likeness"] for row in rows] == sorted((row["likeness"] for row in rows), reverse=True)
    assert set(rows[0]) == {"item", "title", "likeness"}
    assert nearest(table, table.description(FAST), 1)[0] == (FAST, pytest.approx(1, abs=1e-4))


def test_similar_takes_recordings_and_refuses_what_is_none(table: FeatureTable, fast: bytes) -> None:
    assert describe_file(fast, "x.WAV").word("source") == "upload"
    with pytest.raises(FormatError, match="cannot be read"):
        describe_file(b"hello" * 100, "x.wav")
    with pytest.raises(RequestError, match="1 to 1000"):
        nearest(table, table.description(FAST), 0)
