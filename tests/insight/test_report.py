"""The report: every part is an answer or a reason, in JSON and on the terminal."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import soundfile

from core.cli import main
from core.errors import Cancelled, FormatError
from core.insight.badge import badge
from core.insight.report import analyse, analyse_file, reasons
from core.insight.said import Said, as_json
from core.insight.words import rows
from core.rights import library
from core.score import Key, Metre, Note, Score, Track
from core.score.files import write_score
from core.score.stamp import with_stamp
from tests.analysis.make import arpeggios, melody
from tests.rights.make import small_library

MAJOR = [(0, "maj"), (5, "maj"), (7, "7"), (0, "maj"), (9, "min"), (2, "min"), (7, "7"), (0, "maj")] * 2
NOTHING: tuple[str, ...] = ()


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small library: the whole one takes seconds to load and is tested with the rights."""
    kept = small_library()
    monkeypatch.setattr(library, "shared", lambda: kept)


def said(score: Score) -> dict[str, str]:
    return dict(rows(analyse(score, only=NOTHING)))


def test_a_lead_sheet_is_told_whole() -> None:
    score = replace(arpeggios(MAJOR, 2), title="Waltz")
    report = analyse(score, only=NOTHING)
    told = dict(rows(report))
    assert told["title"] == "Waltz"
    assert told["key"].startswith("D major")
    assert told["metre"] == "3/4"
    assert told["chords"].startswith("I IV V7 I vi ii V7 I")
    assert told["form"].startswith("A")
    assert {"piano", "violin", "guitar", "voice"} <= set(told)
    found = json.loads(json.dumps(report.as_dict()))
    assert found["music"]["key"]["key"]["name"] == "D major"
    assert found["music"]["chords"]["chords"][2]["numeral"] == "V7"
    assert found["music"]["difficulty"][0]["instrument"] == "piano"
    assert "score" not in found


def test_a_key_of_the_file_that_the_notes_do_not_bear_out_is_said() -> None:
    told = said(replace(arpeggios(MAJOR, 2), keys=(Key(0, 0),)))
    assert told["key"].startswith("D major")
    assert "the file says C major" in told["key"]


def test_a_mode_that_the_file_names_keeps_its_name() -> None:
    first = [(pitch, 1) for pitch in (62, 64, 65, 69, 67, 65, 64, 60)]
    tune = [*first, (62, 2), (69, 2), (71, 1), (69, 1), (65, 1), (62, 1)]
    told = said(melody(tune * 3, key=(2, "dorian")))
    assert told["key"].startswith("D dorian")


def test_what_cannot_be_said_has_its_reason() -> None:
    one = said(melody([(60, 1)], key=None))
    assert "single line" in one["chords"]
    drums = said(Score((Track((Note(0, 36, 240), Note(480, 38, 240)), is_drum=True),)))
    assert all(drums[part].startswith("not said") for part in ("key", "chords", "form", "phrases"))
    assert "piano" not in drums


def test_no_notes_at_all_are_refused() -> None:
    with pytest.raises(FormatError, match="needs notes"):
        analyse(Score())


def test_five_hundred_bars_are_told() -> None:
    score = Score((Track(tuple(Note(at * 480, 60 + (at * 5) % 12, 480) for at in range(2000))),))
    assert said(score)["length"].startswith("500 bars")


def test_the_work_can_be_stopped() -> None:
    def stop(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        analyse(arpeggios(MAJOR), only=NOTHING, progress=stop)


def test_values_become_json() -> None:
    error = FormatError("Notes are needed", "there are none")
    found = as_json([Said(None, error), Said(1.23456), float("nan"), np.array([1, 2]), Metre(0, 3, 4)])
    assert found == [{"reason": "Notes are needed; there are none."}, 1.2346, None, [1, 2], "3/4"]
    with pytest.raises(Cancelled):
        Said.of(lambda: (_ for _ in ()).throw(Cancelled()))


@pytest.mark.parametrize("suffix", [".mid", ".musicxml", ".abc"])
def test_the_command_reads_every_format(suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"waltz{suffix}"
    path.write_bytes(write_score(arpeggios(MAJOR, 2), suffix))
    assert main(["analyse", str(path)]) == 0
    assert "D major" in capsys.readouterr().out
    assert main(["analyse", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["music"]["metre"]["metre"] == "3/4"


@pytest.mark.parametrize(
    ("name", "data"), [("a.mid", b"MThd nothing"), ("a.abc", b"\x00"), ("a.xyz", b""), ("empty.musicxml", b"")]
)
def test_broken_files_are_one_line(name: str, data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / name).write_bytes(data)
    assert main(["analyse", str(tmp_path / name)]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    with pytest.raises(FormatError):
        analyse_file(data, name)


def test_every_part_of_a_melody_is_said() -> None:
    report = analyse(replace(arpeggios(MAJOR, 2), chords=()))
    assert reasons(report) == {}
    told = dict(rows(report))
    assert {"style", "mood", "quality", "originality"} <= set(told)
    found = json.loads(json.dumps(report.as_dict()))
    assert sum(found["style"]["probabilities"].values()) == pytest.approx(1, abs=0.01)
    assert 0 <= found["quality"]["overall"] <= 100


def test_a_recording_is_heard_and_then_told_as_a_score(tmp_path: Path) -> None:
    rate = 22_050
    at = np.arange(rate // 2) / rate
    pitches = (60, 62, 64, 65, 67, 65, 64, 60)
    tones = [np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * at) * np.exp(-3 * at) for pitch in pitches]
    path = tmp_path / "hum.wav"
    soundfile.write(path, 0.5 * np.concatenate(tones), rate)
    report = analyse_file(path.read_bytes(), path.name, only=NOTHING)
    assert report.is_recording
    assert [note.pitch % 12 for note in report.score.melody.notes] == [0, 2, 4, 5, 7, 5, 4, 0]
    assert report.audio.value is not None
    assert "audio" in dict(rows(report))


def test_a_recording_without_sound_is_refused() -> None:
    buffer = BytesIO()
    soundfile.write(buffer, np.zeros(22_050), 22_050, format="WAV")
    with pytest.raises(FormatError):
        analyse_file(buffer.getvalue(), "silence.wav")
    with pytest.raises(FormatError):
        analyse_file(b"this is text", "text.wav")


def test_badges_of_a_take() -> None:
    found = badge(arpeggios(MAJOR, 2), "waltz")
    assert found.style.value == "waltz"
    assert 0 <= found.match <= 1
    assert found.likeness.value is not None
    drums = badge(Score((Track((Note(0, 36, 240),), is_drum=True),)))
    assert drums.overall.reason is not None


def test_quality_is_judged_beside_the_style_in_the_stamp_else_the_recognised_one() -> None:
    tune = melody([(62 + step, 1) for step in (0, 2, 4, 5, 7, 5, 4, 2)] * 8)
    stamped = with_stamp(tune, {"engine": "lstm", "request": {"style": "irish-jig"}})
    for score, asked, style, chosen in (
        (stamped, None, "irish-jig", "file"), (stamped, "waltz", "waltz", "asked"),
        (with_stamp(tune, {"engine": "lstm", "request": {"style": "my own"}}), None, None, "recognised"),
        (with_stamp(tune, {"engine": "", "request": {"style": "irish-jig"}}), None, None, "recognised"),
        (with_stamp(tune, {"engine": "lstm", "request": 3}), None, None, "recognised"),
    ):  # fmt: skip
        found = analyse_file(write_score(score, ".mid"), "tune.mid", style=asked, only=("quality",)).quality.value
        assert found is not None
        assert found.chosen == chosen
        if style:
            assert found.style == style
    told = dict(rows(analyse(stamped, only=("quality",))))["quality"]
    assert "beside irish-jig, the style that the file says it was composed in" in told
