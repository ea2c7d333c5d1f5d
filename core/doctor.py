"""What this machine has of what Songloom needs, and what to do about what it has not."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.errors import SongloomError


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked for: what was found, and what to do where it is missing or could be better."""

    name: str
    ok: bool
    found: str
    todo: str = ""


def examine() -> tuple[Check, ...]:
    """Everything that can be missing, each looked at on its own; changes nothing."""
    checks: list[Check] = []
    for look in (_python, _device, _fluidsynth, _soundfonts, _encoders, _chromaprint, _weights, _data_base, _data_sets):
        checks.extend(_told(look))
    return tuple(checks)


def _told(look: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    """The checks of one function; an error of ours becomes one more of them."""
    try:
        yield from look()
    except SongloomError as error:
        yield Check(look.__name__.strip("_").replace("_", " "), False, f"{error.expected}; {error.got}".rstrip("; "), error.todo)


def _python() -> Iterator[Check]:
    yield Check("Python", sys.version_info >= (3, 11), f"{platform.python_version()}, {sys.executable}", "")


def _device() -> Iterator[Check]:
    import torch

    if torch.cuda.is_available():
        device = f"cuda ({torch.cuda.get_device_name(0)})"
    elif torch.backends.mps.is_available():
        device = "mps (Apple)"
    else:
        device = "cpu"
    threads = f"{torch.get_num_threads()} threads, {os.cpu_count()} cores"
    yield Check("device", True, f"{device}, {threads}, torch {torch.__version__}")


def _fluidsynth() -> Iterator[Check]:
    from core.audio.fluid import version

    yield Check("FluidSynth", True, f"library {version()}")
    program = shutil.which("fluidsynth")
    yield Check(
        "FluidSynth program",
        program is not None,
        program or "not installed; whole files are rendered by the library, without pedals and bends",
        "" if program else "Type: sudo apt-get install fluidsynth",
    )


def _soundfonts() -> Iterator[Check]:
    from core.audio.soundfonts import DROP_IN_FOLDER, available, default_soundfont

    default = default_soundfont()
    small = f"For a fuller sound: sudo apt-get install fluid-soundfont-gm, or put an .sf2 file into {DROP_IN_FOLDER}"
    for font in available():
        size = font.path.stat().st_size / 2**20
        mark = ", the default" if font == default else ""
        yield Check(
            "soundfont",
            True,
            f"{font.name} ({font.source}, {size:.0f} MB{mark})",
            small if font == default and font.source == "package" else "",
        )


def _encoders() -> Iterator[Check]:
    import soundfile

    from core.audio.export import FORMATS, can_write

    missing = [form.name for form in FORMATS.values() if not can_write(form)]
    names = ", ".join(form.name for form in FORMATS.values() if can_write(form))
    yield Check(
        "encoders",
        not missing,
        f"{names} (libsndfile {soundfile.__libsndfile_version__})" + (f"; not {', '.join(missing)}" if missing else ""),
        "Type: pip install --upgrade soundfile" if missing else "",
    )


def _chromaprint() -> Iterator[Check]:
    program = shutil.which("fpcalc")
    try:
        import chromaprint  # noqa: F401 - loads the library
    except ImportError:
        yield Check("Chromaprint", False, "recordings cannot be registered and found again",
                    "Type: sudo apt-get install libchromaprint-tools")
        return
    yield Check("Chromaprint", True, f"library at hand, program {program or 'missing'}")


def _weights(folder: Path | None = None) -> Iterator[Check]:
    from core import weights
    from core.engines.lstm.engine import ALL, CHORALE, FREE

    place = weights.FOLDER if folder is None else folder
    for name in dict.fromkeys((FREE, ALL, CHORALE, *weights.names(place))):
        try:
            loaded = weights.load(name, place)
        except SongloomError as error:
            yield Check(f"weights {name}", False, error.got, error.todo)
            continue
        card = (place / f"{name}.md").is_file()
        size = sum(tensor.numel() for tensor in loaded.tensors.values())
        yield Check(
            f"weights {name}",
            card,
            f"{size / 1e6:.1f} million parameters, hash {loaded.hash} as recorded{'' if card else ', no card beside them'}",
            "" if card else f"Fetch {name}.md with the repository",
        )


def _data_base() -> Iterator[Check]:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    from core.store.database import URL, connect, default_url, home

    try:
        url = make_url(default_url())
    except ArgumentError:
        yield Check("data base", False, f"{URL} is no address of a data base", f"Set {URL} as the README says, or unset it")
        return
    shown = url.render_as_string(hide_password=True)
    in_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    path = Path(url.database or "")
    if in_file and not path.exists():
        parent = next(folder for folder in path.absolute().parents if folder.exists())
        ok = os.access(parent, os.W_OK)
        yield Check("data base", ok, f"{shown}, made at first use" if ok else f"{shown} cannot be made: {parent} is not writable",
                    "" if ok else f"Correct the rights, or set {URL}")
    else:
        connect(default_url()).dispose()
        yield Check("data base", True, f"{shown}, answers")
    folder = home().absolute()
    free = shutil.disk_usage(next(place for place in (folder, *folder.parents) if place.exists())).free / 2**30
    yield Check("data folder", free > 1, f"{folder}, {free:.0f} GB free", "" if free > 1 else "Make room, or set SONGLOOM_HOME")


def _data_sets() -> Iterator[Check]:
    from core.corpora.folder import ENVIRONMENT, DataFolder
    from core.corpora.registry import SOURCES

    folder = DataFolder.find()
    if folder.root is not None and not folder.root.is_dir():
        yield Check("collections", False, f"{ENVIRONMENT} names {folder.root}, which is no folder", f"Correct {ENVIRONMENT}")
        return
    there = [source.name for source in SOURCES if source.is_at_hand(folder)]
    away = [source.name for source in SOURCES if not source.is_at_hand(folder)]
    todo = f"Only training needs the rest ({', '.join(away)}): `songloom corpora` says where each is from" if away else ""
    yield Check("collections", True, f"{len(there)} of {len(SOURCES)} at hand ({', '.join(there)})", todo)
