"""Which soundfonts are at hand: dropped into the project, the system's, and one that always is."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from core.errors import SoundMissingError

DROP_IN_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "soundfonts"
"""Files put here appear in the app without a restart."""

SYSTEM_FOLDERS = tuple(
    Path(root) / name
    for root in ("/usr/share", "/usr/local/share", "/opt/homebrew/share")
    for name in ("sounds/sf2", "sounds/sf3", "soundfonts")
)

SUFFIXES = (".sf2", ".sf3")

SourceName = Literal["project", "system", "package"]


@dataclass(frozen=True, slots=True)
class Soundfont:
    """One soundfont file. `name` is what a user picks it by, unique among those at hand."""

    name: str
    path: Path
    source: SourceName

    @property
    def hash(self) -> str:
        """SHA-256 of the file, as hexadecimal digits; read once per version of the file."""
        status = self.path.stat()
        return _file_hash(self.path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=32)
def _file_hash(path: Path, modified_ns: int, size: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _looks_like_soundfont(path: Path) -> bool:
    """Whether the file begins as RIFF of form `sfbk`, as SoundFont 2 and 3 files do."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError:
        # A dangling link or an unreadable file is not at hand, and so is not offered.
        return False
    return head[:4] == b"RIFF" and head[8:] == b"sfbk"


def _in_folder(folder: Path, source: SourceName) -> Iterator[Soundfont]:
    if folder.is_dir():
        for path in sorted(folder.iterdir(), key=lambda path: path.name.lower()):
            if path.suffix.lower() in SUFFIXES and _looks_like_soundfont(path):
                yield Soundfont(path.stem, path, source)


def _packaged() -> Iterator[Soundfont]:
    """The small General MIDI soundfont inside pretty_midi, found without importing that package."""
    spec = importlib.util.find_spec("pretty_midi")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        yield from _in_folder(Path(folder), "package")


def available(drop_in: Path | None = None, system: tuple[Path, ...] | None = None) -> tuple[Soundfont, ...]:
    """Every soundfont at hand, the default first: drop-ins, then the system's, then the package's.

    Links to a file that was already found are left out; of two with one name the second is called
    by its file name. Pass folders to look elsewhere than in `DROP_IN_FOLDER` and `SYSTEM_FOLDERS`.
    """
    found: dict[Path, Soundfont] = {}
    names: set[str] = set()
    folders: list[tuple[Path, SourceName]] = [(DROP_IN_FOLDER if drop_in is None else drop_in, "project")]
    folders += [(folder, "system") for folder in (SYSTEM_FOLDERS if system is None else system)]
    candidates = [font for folder, source in folders for font in _in_folder(folder, source)]
    # A link such as Debian's default-GM.sf2 would hide the name of the file that it points to.
    for font in sorted((*candidates, *_packaged()), key=lambda font: font.path.is_symlink()):
        real = font.path.resolve()
        if real in found:
            continue
        name = font.name
        if name in names:
            name = font.path.name if font.path.name not in names else str(font.path)
        names.add(name)
        found[real] = Soundfont(name, font.path, font.source)
    order = {"project": 0, "system": 1, "package": 2}
    return tuple(sorted(found.values(), key=lambda font: order[font.source]))


def default_soundfont() -> Soundfont:
    """The one that sounds where none was chosen.

    Raises:
        SoundMissingError: there is no soundfont at all.
    """
    fonts = available()
    if not fonts:
        raise SoundMissingError(
            "Sound needs a General MIDI soundfont (.sf2 or .sf3)",
            f"none is in {DROP_IN_FOLDER}, in the system's folders or in the pretty_midi package",
            f"Put one into {DROP_IN_FOLDER}, or type: sudo apt-get install fluid-soundfont-gm",
        )
    return fonts[0]


def get_soundfont(name: str | None = None) -> Soundfont:
    """The soundfont called `name`, one given as a path to a file, or the default for None.

    Raises:
        SoundMissingError: no soundfont has that name, or the file is none.
    """
    if not name:
        return default_soundfont()
    fonts = available()
    for font in fonts:
        if font.name == name:
            return font
    path = Path(name)
    if path.suffix.lower() in SUFFIXES and path.is_file() and _looks_like_soundfont(path):
        return Soundfont(path.stem, path, "project")
    raise SoundMissingError(
        "A soundfont is chosen by its name or as a path to an .sf2 or .sf3 file",
        f"got {name!r}",
        f"At hand: {', '.join(font.name for font in fonts) or 'none'}",
    )
