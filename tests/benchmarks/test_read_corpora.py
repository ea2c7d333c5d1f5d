"""The benchmark of reading counts files and says which failed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import read_corpora
from core.score import Note, Score, Track
from core.score.midi import write_midi


def test_counts_failures_and_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for archive in read_corpora.COLLECTIONS:
        (tmp_path / archive).mkdir()
        (tmp_path / archive / "a.mid").write_bytes(write_midi(Score((Track((Note(0, 60, 480),)),))))
    (tmp_path / "groove" / "b.mid").write_bytes(b"MThd")
    table = tmp_path / "docs" / "table.md"
    monkeypatch.setattr(sys, "argv", ["read_corpora", "--data", str(tmp_path), "--write", str(table)])
    assert read_corpora.main() == 1
    out = capsys.readouterr().out
    assert "| Groove | 2 | 1 | 1 |" in out
    assert "| all | 6 | 1 | 5 |" in out
    assert "- b.mid: A MIDI file" in out
    assert table.read_text().endswith(out.rstrip("\n") + "\n")


def test_missing_data_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["read_corpora", "--data", str(tmp_path)])
    assert read_corpora.main() == 2
    assert "pop909" in capsys.readouterr().err
