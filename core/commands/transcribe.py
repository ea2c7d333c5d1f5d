"""`songloom transcribe RECORDING --out FILE`."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom transcribe`."""
    from core.audio.transcribe import GRIDS

    parser.add_argument("source", type=Path, metavar="RECORDING", help="one voice: .wav, .flac, .mp3, .ogg or .aiff")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the music file; the suffix decides what")
    parser.add_argument("--tempo", type=float, metavar="BPM", help="the metronome's; without it the beat is found")
    parser.add_argument("--metre", default="4/4", help="such as 3/4 (default: 4/4)")
    parser.add_argument("--key", help="such as D or 'E minor' (default: estimated)")
    parser.add_argument("--grid", choices=tuple(GRIDS), default="sixteenth", help="finest notes (default: sixteenth)")
    parser.add_argument("--strength", type=float, default=1.0, metavar="S", help="0: as it was sung, 1: to the grid (default)")


def run(args: argparse.Namespace) -> int:
    """Hear the melody of a recording and write it.

    Raises:
        FormatError, LimitError: the file is no recording, silent, too short or too long, or holds no melody.
        RequestError: an option cannot be understood.
    """
    from core.audio.recording import RATE, read_recording
    from core.audio.transcribe import check, transcribe
    from core.commands.progress import Bar
    from core.engines.request_io import parse_key, parse_metre
    from core.score import Key
    from core.score.files import export_score

    metre = parse_metre(args.metre)
    tonic, mode = parse_key(args.key) if args.key else (None, None)
    key = None if tonic is None else Key(0, tonic, mode or "major")
    check(args.tempo, metre, args.grid, args.strength)
    samples = read_recording(args.source.read_bytes(), args.source.name)
    with Bar("listening") as progress:
        score = transcribe(samples, RATE, tempo=args.tempo, metre=metre, grid=args.grid, strength=args.strength, key=key,
                           progress=progress)
    args.out.write_bytes(export_score(score, args.out.name))
    print(args.out)
    return 0
