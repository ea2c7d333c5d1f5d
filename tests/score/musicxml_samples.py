"""Small MusicXML texts for tests, written by hand."""

from __future__ import annotations

import io
import zipfile

HEAD = '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE score-partwise PUBLIC "-//X//DTD//EN" "http://x.invalid/p.dtd">'


def note(step: str, octave: int, duration: int, *more: str) -> str:
    """A `<note>`; `more` is put after the duration, "chord" and "grace" in their places."""
    flags = "".join(f"<{flag}/>" for flag in more if flag in ("chord", "grace"))
    alter = {"#": 1, "b": -1}.get(step[1:], 0)
    rest = "".join(part for part in more if part not in ("chord", "grace"))
    length = "" if "grace" in more else f"<duration>{duration}</duration>"
    return (f"<note>{flags}<pitch><step>{step[0]}</step><alter>{alter}</alter><octave>{octave}</octave></pitch>"
            f"{length}{rest}</note>")


def rest(duration: int) -> str:
    return f"<note><rest/><duration>{duration}</duration></note>"


def attributes(
    divisions: int = 4, fifths: int = 0, mode: str = "major", beats: str = "4", kind: str = "4", more: str = ""
) -> str:
    tag = f"<mode>{mode}</mode>" if mode else ""
    return (f"<attributes><divisions>{divisions}</divisions><key><fifths>{fifths}</fifths>{tag}</key>"
            f"<time><beats>{beats}</beats><beat-type>{kind}</beat-type></time>{more}</attributes>")


def part(*measures: str, identity: str = "P1", implicit: tuple[int, ...] = ()) -> str:
    bars = "".join(
        f'<measure number="{i}"{" implicit=" + chr(34) + "yes" + chr(34) if i in implicit else ""}>{text}</measure>'
        for i, text in enumerate(measures)
    )
    return f'<part id="{identity}">{bars}</part>'


def score(*parts: str, heads: str = '<score-part id="P1"><part-name>Flute</part-name></score-part>', before: str = "") -> bytes:
    return f"{HEAD}<score-partwise>{before}<part-list>{heads}</part-list>{''.join(parts)}</score-partwise>".encode()


def mxl(text: bytes, name: str = "score.xml", container: str | None = None) -> bytes:
    """The text zipped with a container that names it."""
    if container is None:
        container = f'<container><rootfiles><rootfile full-path="{name}"/></rootfiles></container>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/container.xml", container)
        archive.writestr(name, text)
    return buffer.getvalue()
