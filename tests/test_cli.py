from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from core import cli
from core.engines import registry
from core.errors import Cancelled
from core.score import Note, Score, Track
from core.score.files import read_score, write_score
from core.score.stamp import STAMP
from tests.fakes import FakeEngine

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def fake_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "ENGINES", {"lstm": partial(FakeEngine, styles=("irish-jig", "pop"))})


@pytest.fixture
def midi(tmp_path: Path) -> Path:
    path = tmp_path / "seed.mid"
    path.write_bytes(write_score(Score((Track(tuple(Note(i * 240, 60 + i, 240) for i in range(8))),)), ".mid"))
    return path


def compose(out: Path, *options: str) -> int:
    return cli.main(["compose", "--engine", "lstm", "--style", "irish-jig", *options, "--out", str(out)])


def refused(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """Run a command that must fail with code 2 and one line on stderr; returns the line."""
    try:
        code = cli.main(list(argv))
    except SystemExit as end:
        code = int(str(end.code))
    out, err = capsys.readouterr()
    assert code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("songloom")
    return err


def test_compose_writes_takes_and_facts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "folder"
    options = "--key F# --mode dorian --meter 6/8 --tempo 110 --bars 8 --takes 2 --range C4-A5 --instrument violin"
    assert compose(out, *options.split(), "--random-seed", "7") == 0
    assert sorted(path.name for path in out.iterdir()) == ["take-1.mid", "take-2.mid", "takes.json"]
    facts = json.loads((out / "takes.json").read_text())
    wanted = {"engine": "lstm", "style": "irish-jig", "weights": "fake0000", "random_seed": 7, "bars": 8, "key": "F# dorian",
              "metre": "6/8", "range": "C4-A5", "seconds": 0.01}
    assert wanted.items() <= facts.items()
    assert facts["request"]["program"] == 40
    assert sorted(take["file"] for take in facts["takes"]) == ["take-1.mid", "take-2.mid"]
    qualities = [take["quality"] for take in facts["takes"]]
    assert qualities == sorted(qualities, reverse=True)
    score = read_score((out / "take-1.mid").read_bytes(), "take-1.mid")
    assert score.tracks[0].program == 40
    assert [text for text in score.texts if text.startswith(STAMP)]
    assert str(out / "take-2.mid") in capsys.readouterr().out


def test_compose_again_gives_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        assert compose(tmp_path / folder, "--random-seed", "3", "--takes", "1") == 0
    assert (tmp_path / "a" / "take-1.mid").read_bytes() == (tmp_path / "b" / "take-1.mid").read_bytes()


def test_compose_from_a_seed(tmp_path: Path, midi: Path) -> None:
    assert compose(tmp_path / "out", "--seed", str(midi), "--how", "vary", "--without-seed") == 0
    request = json.loads((tmp_path / "out" / "takes.json").read_text())["request"]
    assert (request["how"], request["with_seed"], bool(request["seed"])) == ("vary", False, True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--bars 500", "between 1 and 128"),
        ("--bars many", "invalid int"),
        ("--key H", "A key is"),
        ("--key Dm --mode major", "One mode"),
        ("--meter 6/7", "A metre is"),
        ("--range A5-C4", "begins with its lowest"),
        ("--range low", "A range is"),
        ("--instrument kazoophone", "instrument"),
        ("--instrument drums", "pitched"),
        ("--mix 0.3", "--style2"),
        ("--how vary", "--seed"),
        ("--without-seed", "--seed"),
        ("--how sing", "invalid choice"),
        ("--seed /nowhere/in.mid", "/nowhere/in.mid"),
        ("--style tango", "irish-jig"),
        ("--style pop --commercial", "irish-jig"),
        ("--engine magic", "An engine is one of"),
        ("--unknown 1", "unrecognized"),
    ],
)
def test_compose_refuses_in_one_line(options: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["compose", "--engine", "lstm", "--style", "irish-jig", "--out", str(tmp_path / "out"), *options.split()]
    assert said in refused(capsys, *argv)
    assert not (tmp_path / "out").exists()


def test_out_that_is_a_file(midi: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = refused(capsys, "compose", "--engine", "lstm", "--style", "irish-jig", "--out", str(midi))
    assert str(midi) in line


def test_styles_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["styles", "--json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    keys = {"id", "name", "name_zh", "description", "engines", "metres", "modes", "trained_on", "licence", "commercial_use"}
    assert all(set(row) == keys for row in rows.values())
    assert rows["irish-jig"]["engines"] == ["lstm"]
    assert rows["irish-jig"]["commercial_use"] is True
    assert rows["pop"]["commercial_use"] is False
    assert "chorale" not in rows
    assert rows["irish-jig"]["trained_on"] == ["O'Neill's Music of Ireland (1903)"]
    assert rows["pop"]["trained_on"][1:] == ["Nottingham Music Database", "your own files"]
    assert "GPL" in rows["pop"]["licence"]


def test_styles_free_for_commercial_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["styles", "--json", "--commercial"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["id"] for row in rows] == ["irish-jig"]
    assert all("Nottingham" not in name for name in rows[0]["trained_on"])


def test_styles_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["styles"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("style")
    assert any(line.startswith("irish-jig") and "6/8" in line for line in lines)


def test_corpora(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["corpora", "--json", "--no-counts", "--data", str(tmp_path)]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["nottingham"]["at_hand"] is False
    assert rows["nottingham"]["tier"] == "copyleft"
    assert all(row["licence"] and row["address"] for row in rows.values())
    assert cli.main(["corpora", "--no-counts"]) == 0
    assert "nottingham" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["render", "convert"])
def test_sound_file_by_suffix(command: str, midi: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = midi.with_suffix(".flac")
    assert cli.main([command, str(midi), str(target)]) == 0
    assert target.read_bytes()[:4] == b"fLaC"
    assert capsys.readouterr().out == f"{target}\n"


def test_render_refuses(midi: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ".ogg" in refused(capsys, "render", str(midi), str(tmp_path / "out.txt"))
    assert "soundfont" in refused(capsys, "render", str(midi), str(tmp_path / "out.wav"), "--soundfont", "none")
    assert "none.mid" in refused(capsys, "render", str(tmp_path / "none.mid"), str(tmp_path / "out.wav"))
    assert "folder" in refused(capsys, "render", str(midi), str(tmp_path / "no-folder" / "out.wav"))


def test_convert_to_music(midi: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.midi"
    assert cli.main(["convert", str(midi), str(target)]) == 0
    assert read_score(target.read_bytes(), target.name).note_count == 8


def test_convert_refuses(midi: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ".mid" in refused(capsys, "convert", str(midi), str(tmp_path / "out.docx"))
    (tmp_path / "broken.mid").write_bytes(b"not music")
    assert "MIDI" in refused(capsys, "convert", str(tmp_path / "broken.mid"), str(tmp_path / "out.mid"))


def test_wrong_commands_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert "COMMAND" in refused(capsys)
    assert "sing" in refused(capsys, "sing")
    assert "ENGINE" in refused(capsys, "train")
    assert "port" in refused(capsys, "serve", "--port", "99999")


def test_cancelled_is_no_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stop(*_: object) -> None:
        raise Cancelled

    monkeypatch.setattr(FakeEngine, "compose", stop)
    assert compose(tmp_path) == 130
    assert capsys.readouterr().err == "songloom: stopped\n"


def test_bugs_are_not_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(FakeEngine, "compose", broken)
    with pytest.raises(ZeroDivisionError):
        compose(tmp_path)


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m core.cli corpora --no-counts | true"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, core.cli\ntry: core.cli.main(['--help'])\nexcept SystemExit: pass\n" \
           "print([m for m in ('numpy', 'torch', 'streamlit', 'symusic', 'soundfile', 'sqlalchemy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
