from __future__ import annotations

from pathlib import Path

import pytest

from core.audio import soundfonts
from core.audio.soundfonts import Soundfont, available, default_soundfont, get_soundfont
from core.errors import SoundMissingError


@pytest.fixture
def fake(tmp_path: Path) -> Path:
    """A folder with one file that looks like a soundfont, one that does not, and a dangling link."""
    (tmp_path / "Mellow.SF2").write_bytes(b"RIFF\x10\x00\x00\x00sfbk" + bytes(16))
    (tmp_path / "text.sf2").write_text("not a soundfont")
    (tmp_path / "gone.sf3").symlink_to(tmp_path / "nowhere.sf3")
    return tmp_path


def test_the_packaged_soundfont_is_always_there(font: Soundfont) -> None:
    assert font.name == "TimGM6mb"
    assert font in available()


def test_drop_ins_appear_first_and_broken_files_do_not(fake: Path, font: Soundfont) -> None:
    found = available(drop_in=fake, system=())
    assert [entry.name for entry in found] == ["Mellow", font.name]
    assert found[0].source == "project"


def test_a_link_does_not_hide_or_double_the_file_it_points_to(fake: Path) -> None:
    (fake / "default.sf2").symlink_to(fake / "Mellow.SF2")
    assert [entry.name for entry in available(drop_in=fake, system=()) if entry.source == "project"] == ["Mellow"]


def test_names_are_unique(fake: Path, tmp_path: Path) -> None:
    system = tmp_path / "system"
    system.mkdir()
    (system / "Mellow.sf3").write_bytes((fake / "Mellow.SF2").read_bytes())
    names = [entry.name for entry in available(drop_in=fake, system=(system,))]
    assert names[:2] == ["Mellow", "Mellow.sf3"]


def test_hash_follows_the_content(fake: Path) -> None:
    first = available(drop_in=fake, system=())[0]
    before = first.hash
    first.path.write_bytes(first.path.read_bytes() + b"more")
    assert len(before) == 64
    assert first.hash != before


def test_chosen_by_name_or_by_path(fake: Path, font: Soundfont) -> None:
    assert get_soundfont(font.name) == font
    assert get_soundfont(None) == default_soundfont()
    assert get_soundfont(str(fake / "Mellow.SF2")).path == fake / "Mellow.SF2"


@pytest.mark.parametrize("name", ["No such font", "/nowhere/font.sf2"])
def test_unknown_name_lists_those_at_hand(name: str, font: Soundfont) -> None:
    with pytest.raises(SoundMissingError, match=font.name):
        get_soundfont(name)


def test_no_soundfont_at_all_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundfonts, "available", lambda: ())
    with pytest.raises(SoundMissingError, match="apt-get install"):
        default_soundfont()
