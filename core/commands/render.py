"""`songloom render IN OUT.wav`."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", type=Path, metavar="IN", help="a music file: MIDI, MusicXML or ABC")
    parser.add_argument("target", type=Path, metavar="OUT", help="the sound file: .wav, .flac, .mp3 or .ogg")
    parser.add_argument("--soundfont", metavar="NAME", help="a soundfont of `songloom doctor`, or a path to one")


def run(args: argparse.Namespace) -> int:
    from core.audio.export import render_file
    from core.audio.soundfonts import get_soundfont

    render_file(args.source, args.target, get_soundfont(args.soundfont))
    print(args.target)
    return 0
