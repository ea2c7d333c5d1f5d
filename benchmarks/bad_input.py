"""What becomes of files that are no music, or too much of it: the answer, the time, the memory.

    python -m benchmarks.bad_input

Each file goes through `songloom convert FILE out.mid` in a process of its own. The time is the
process's own CPU seconds and the memory its largest resident set, both with Python and Songloom's
imports in them; the first line is a good file, to compare. What can be read is written again, which
is in the time as well. The limits are the issue's: 2 s, 500 MB.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import struct
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

SECONDS, MEGABYTES = 2.0, 500.0
_NOTE, _END = b"\x00\x90\x3c\x50\x83\x60\x80\x3c\x00", b"\x00\xff\x2f\x00"


def midi(*tracks: bytes, form: int = 1, division: int = 480, announced: int | None = None) -> bytes:
    """A MIDI file of these events; `announced` bytes are claimed for every track."""
    head = b"MThd" + struct.pack(">IHHH", 6, form, len(tracks), division)
    bodies = [events + _END for events in tracks]
    return head + b"".join(b"MTrk" + struct.pack(">I", announced or len(body)) + body for body in bodies)


def meta(kind: int, value: bytes) -> bytes:
    return b"\x00\xff" + bytes((kind, len(value))) + value


def wait(ticks: int) -> bytes:
    """A variable-length quantity."""
    parts = [ticks & 0x7F]
    while ticks := ticks >> 7:
        parts.append(ticks & 0x7F | 0x80)
    return bytes(reversed(parts))


def bomb() -> bytes:
    """Two gigabytes of blanks as an `.mxl` of two megabytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("score.xml", "w") as member:
        for _ in range(2000):
            member.write(b" " * 1_000_000)
    return file.getvalue()


def files() -> dict[str, tuple[str, bytes]]:
    """What a file is, its suffix and its bytes."""
    chance = random.Random(1)
    good = midi(_NOTE)
    entity = b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><score-partwise>&x;</score-partwise>'
    return {
        "a good file": (".mid", good),
        "empty, 0 bytes": (".mid", b""),
        "truncated": (".mid", good[:-6]),
        "not MIDI": (".mid", b"%PDF-1.4 something"),
        "10 MB of random bytes": (".mid", chance.randbytes(10_000_000)),
        "a track that announces 4 GB": (".mid", midi(_NOTE, announced=2**32 - 1)),
        "500,000 notes": (".mid", midi(b"\x00\x90" + b"\x00".join([b"\x3c\x50\x01\x3c\x00"] * 500_000))),
        "no notes": (".mid", midi(meta(0x51, b"\x07\xa1\x20"))),
        "only drums": (".mid", midi(_NOTE.replace(b"\x90", b"\x99").replace(b"\x80\x3c", b"\x89\x3c"))),
        "format 2": (".mid", midi(_NOTE, form=2)),
        "SMPTE time": (".mid", midi(_NOTE, division=0xE728)),
        "division 0": (".mid", midi(_NOTE, division=0)),
        "tempo 0": (".mid", midi(meta(0x51, bytes(3)) + _NOTE)),
        "metre 0/0": (".mid", midi(meta(0x58, b"\x00\x00\x18\x08") + _NOTE)),
        "metre 255/1024": (".mid", midi(meta(0x58, b"\xff\x0a\x18\x08") + _NOTE)),
        "190,000 notes never ended": (".mid", midi(b"\x00\x90" + b"\x01".join([b"\x3c\x50"] * 190_000))),
        "500,000 notes never ended": (".mid", midi(b"\x00\x90" + b"\x01".join([b"\x3c\x50"] * 500_000))),
        "a gap of 10 hours": (".mid", midi(_NOTE + wait(480 * 2 * 36_000) + _NOTE[1:])),
        "a gap of 70 hours": (".mid", midi(_NOTE + wait(480 * 2 * 36_000 * 7) + _NOTE[1:])),
        "a name in Shift-JIS": (".mid", midi(meta(3, "旋律".encode("shift-jis")) + _NOTE)),
        "a name with HTML": (".mid", midi(meta(3, b"<script>alert(1)</script>") + _NOTE)),
        "ABC with nonsense": (".abc", b"X:1\nK:C\n" + b"[|:(3{\"^" * 30_000),
        "MusicXML with an external entity": (".musicxml", entity),
        "a zip bomb in .mxl": (".mxl", bomb()),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """How `songloom convert` ended: exit code, what it said, CPU seconds, megabytes at most."""

    code: int
    said: str
    seconds: float
    megabytes: float


def convert(source: Path, target: Path) -> Outcome:
    """Run `songloom convert` in a process of its own."""
    read, write = os.pipe()
    command = [sys.executable, "-m", "core.cli", "convert", str(source), str(target)]
    redirected = [(os.POSIX_SPAWN_DUP2, write, 1), (os.POSIX_SPAWN_DUP2, write, 2), (os.POSIX_SPAWN_CLOSE, read)]
    process = os.posix_spawn(sys.executable, command, os.environ, file_actions=redirected)
    os.close(write)
    with os.fdopen(read, encoding="utf-8", errors="replace") as words:
        said = words.read().strip()
    _, status, used = os.wait4(process, 0)
    return Outcome(os.waitstatus_to_exitcode(status), said, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def main() -> None:
    argparse.ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    print("| file | bytes | exit code | CPU seconds | MB | answer |\n|---|---|---|---|---|---|")
    beyond: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, (suffix, data) in files().items():
            source = Path(folder) / f"in{suffix}"
            source.write_bytes(data)
            found = convert(source, Path(folder) / "out.mid")
            answered = found.code in (0, 2) and "\n" not in found.said
            if not answered or found.seconds > SECONDS or found.megabytes > MEGABYTES:
                beyond.append(name)
            said = found.said.replace(folder, "").replace("|", "\\|")
            print(f"| {name} | {len(data):,} | {found.code} | {found.seconds:.2f} | {found.megabytes:.0f} | {said} |", flush=True)
    print(f"\nLimits: {SECONDS:g} s, {MEGABYTES:g} MB, exit code 0 or 2, one line. Not kept by: {', '.join(beyond) or 'none'}.")


if __name__ == "__main__":
    main()
